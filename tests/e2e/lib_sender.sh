# What the tests of mfa-send share: profiles, certificates, one call of the port.
SENDERS=/etc/mfa/senders
SECRET=sk-9f2c41d07be6
CODE=907214
REQUESTS=$NS/requests	# a line for each request that the provider saw

useradd --system --no-create-home _mfa
mkdir -m 755 "$SENDERS" "$NS/ca"
mkdir -m 700 /etc/mfa/secrets
echo "$SECRET" >/etc/mfa/secrets/key
chmod 600 /etc/mfa/secrets/key
echo "$SECRET" >>"$SPENT"
echo "$CODE" >>"$SPENT"

# profile NAME URL [LINE ...]: a JSON web service; lines go before [sms].
profile()
{
	to=$SENDERS/$1.conf at=$2
	shift 2
	{
		for line; do
			echo "$line"
		done
		cat <<-END
		[secret]
		key = file:/etc/mfa/secrets/key
		[sms]
		url = $at
		header = Authorization: Bearer {secret.key}
		json = {"to": "{to}", "text": "{text}"}
		ok_status = 200
		id = /id
		END
	} >"$to"
	chmod 644 "$to"
}

# program NAME <<END: the sender NAME is this script.
program()
{
	cat >"$NS/bin/$1"
	chmod 755 "$NS/bin/$1"
	printf '[sms]\nexec = %s\n' "$NS/bin/$1" >"$SENDERS/$1.conf"
	chmod 644 "$SENDERS/$1.conf"
}

# send SENDERS [NAME=VALUE ...]
send()
{
	who=$1
	shift
	"$NS/bin/sendone" "$NS/bin/mfa-send" senders="$who" code="$CODE" \
	    text="Your code: $CODE" "$@" >"$OUT" 2>&1
}

# What the last answer said: is NAME this VALUE?
field()
{
	grep -qxF "$1=$2" "$OUT" || { grep "^$1=" "$OUT"; return 1; }
}

handed_over()
{
	field handed_over yes
}

# refused CLASS [WORDS]: and the reason has these words.
refused()
{
	field handed_over no && field class "$1" || return
	[ $# -lt 2 ] || grep '^reason=' "$OUT" | grep -qF -- "$2"
}

# took AT_MOST milliseconds.
took()
{
	[ "$(sed -n 's/^ms=//p' "$OUT")" -le "$1" ] || { grep ^ms= "$OUT"; return 1; }
}

# How many requests for this path?
requests()
{
	grep -c "^[A-Z]* /$1 " "$REQUESTS"
}

# certificate NAME SUBJECT_ALT_NAME [DAYS]: signed by our CA. The subject is
# localhost, too.
certificate()
{
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$NS/ca/$1.key" -out "$NS/ca/$1.csr" -subj /CN=localhost
	printf '%s\n' "${2:+subjectAltName=$2}" >"$NS/ca/ext"
	openssl x509 -req -in "$NS/ca/$1.csr" -CA "$NS/ca/ca.crt" \
	    -CAkey "$NS/ca/ca.key" -CAcreateserial -days "${3:-2}" \
	    -extfile "$NS/ca/ext" -out "$NS/ca/$1.crt"
}

certificates()
{
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$NS/ca/ca.key" -out "$NS/ca/ca.crt" -subj /CN=Test -days 2
	certificate good DNS:localhost
	certificate other DNS:other.example.com
	certificate expired DNS:localhost -1
	certificate subject ''
	certificate mail email:localhost@example.com
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
	    -keyout "$NS/ca/own.key" -out "$NS/ca/own.crt" -subj /CN=localhost \
	    -addext subjectAltName=DNS:localhost -days 2
	# What names any host, and what has much beside it.
	certificate wild DNS:*.0.0.1,DNS:*
	cp "$NS/ca/own.key" "$NS/ca/long.key"
	for _ in $(seq 180); do
		cat "$NS/ca/own.crt"
	done >"$NS/ca/long.crt"
	chmod 755 "$NS/ca"
	chmod 644 "$NS/ca"/*.crt
}

# provider PORT [CERTIFICATE [TLS]]
provider()
{
	if [ $# -gt 1 ]; then
		"$E2E/provider.py" "$REQUESTS" "$1" "$NS/ca/$2.crt" \
		    "$NS/ca/$2.key" ${3:+"$3"} &
	else
		"$E2E/provider.py" "$REQUESTS" "$1" &
	fi
	wait_port "$1"
}
