# Debian's Kannel with its fake SMS centre, on loopback; after lib.sh.
KANNEL=$NS/kannel		# its logs hold codes and whole numbers
KANNEL_PIDS=

kannel_config()
{
	cat <<-END
	group = core
	admin-port = 13000
	admin-password = none
	admin-interface = 127.0.0.1
	admin-allow-ip = 127.0.0.1
	smsbox-port = 13001
	smsbox-interface = 127.0.0.1
	box-allow-ip = 127.0.0.1
	dlr-storage = internal
	log-file = $KANNEL/bearerbox.log

	group = smsc
	smsc = fake
	smsc-id = FAKE
	port = 10000
	connect-allow-ip = 127.0.0.1

	group = smsbox
	bearerbox-host = 127.0.0.1
	sendsms-port = 13013
	sendsms-interface = 127.0.0.1
	log-file = $KANNEL/smsbox.log

	group = sendsms-user
	username = mfa
	password = $SMSBOX_PASSWORD
	max-messages = 3
	concatenation = true
	END
}

# kannel_start: is over when smsbox takes messages.
kannel_start()
{
	mkdir -p -m 700 "$KANNEL"
	SMSBOX_PASSWORD=$(head -c 9 /dev/urandom | base64 | tr '+/' 'xy')
	echo "$SMSBOX_PASSWORD" >>"$SPENT"
	kannel_config >"$KANNEL/kannel.conf"
	bearerbox -v 4 "$KANNEL/kannel.conf" >"$KANNEL/out" 2>&1 &
	KANNEL_PIDS=$!
	wait_port 10000 && wait_port 13001 || return
	/usr/lib/kannel/test/fakesmsc -H 127.0.0.1 -r 10000 -m 0 \
	    '0 0 text nop' >"$KANNEL/received" 2>&1 &
	KANNEL_PIDS="$! $KANNEL_PIDS"
	smsbox -v 4 "$KANNEL/kannel.conf" >>"$KANNEL/out" 2>&1 &
	KANNEL_PIDS="$! $KANNEL_PIDS"
	wait_port 13013
}

kannel_stop()
{
	for pid in $KANNEL_PIDS; do
		kill -KILL "$pid"
		wait "$pid"
	done 2>/dev/null
	return 0
}

# sms NUMBER N: the text of the N-th message for it; waits until it is there.
sms()
{
	python3 "$E2E/sms.py" "$KANNEL/received" "$1" "$2"
}

# messages: how many have arrived in all.
messages()
{
	grep -c 'Got message' "$KANNEL/received"
}

# "|sms-code NUMBER N" is an answer of talk: the code of that message.
cat >"$NS/bin/sms-code" <<END
#!/bin/sh
python3 "$PWD/$E2E/sms.py" "$KANNEL/received" "\$@" |
    grep -o '[0-9]*\$' | tee -a "$SPENT"
END
chmod 755 "$NS/bin/sms-code"
