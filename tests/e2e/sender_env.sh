#!/bin/sh
# Set-uid callers whose environment belongs to the user: nothing of it reaches
# mfa-send, its provider or its programs.
. tests/e2e/lib.sh
. tests/e2e/lib_sender.sh

TRAP=/tmp/trap		# the user's; what does not belong there is found here
certificates >"$NS/certificates" 2>&1 || { cat "$NS/certificates"; exit 1; }
: >"$REQUESTS"
provider 8081
provider 8443 good
provider 8446 own
"$E2E/provider.py" "$NS/proxied" 8090 &
wait_port 8090
: >"$NS/proxied"
person alice
mkdir -m 777 "$TRAP" "$TRAP/home" "$NS/open"
chmod 4755 "$NS/bin/sendone"

# Whoever loads it leaves a file.
cc -shared -fPIC -o "$TRAP/evil.so" -x c - <<END
#include <fcntl.h>
__attribute__((constructor)) static void f(void)
{
	open("$TRAP/loaded", O_CREAT | O_WRONLY, 0666);
}
END
cat >"$TRAP/openssl.cnf" <<END
openssl_conf = init
[init]
providers = list
[list]
evil = evil
[evil]
module = $TRAP/evil.so
activate = 1
END
echo 'machine localhost login trapped password trapped' >"$TRAP/home/.netrc"
echo 'proxy = http://127.0.0.1:8090' >"$TRAP/home/.curlrc"
echo 'sms sms.example.com' >"$TRAP/aliases"
cp "$NS/ca/own.crt" "$TRAP/own.crt"
chmod 644 "$TRAP"/*.* "$TRAP/home"/.[cn]*

# trapped CMD ...: as the user, in that environment.
cat >"$NS/bin/trapped" <<END
#!/bin/sh
exec setpriv --reuid alice --regid alice --init-groups --reset-env \
    env http_proxy=http://127.0.0.1:8090 HTTP_PROXY=http://127.0.0.1:8090 \
    HTTPS_PROXY=http://127.0.0.1:8090 https_proxy=http://127.0.0.1:8090 \
    ALL_PROXY=http://127.0.0.1:8090 all_proxy=http://127.0.0.1:8090 \
    SSLKEYLOGFILE=$TRAP/keys SSL_CERT_FILE=$TRAP/own.crt SSL_CERT_DIR=$TRAP \
    CURL_CA_BUNDLE=$TRAP/own.crt CURL_HOME=$TRAP/home HOME=$TRAP/home \
    NETRC=$TRAP/home/.netrc QLOGDIR=$TRAP OPENSSL_CONF=$TRAP/openssl.cnf \
    OPENSSL_MODULES=$TRAP TZ=:/etc/shadow LD_PRELOAD=$TRAP/evil.so \
    LD_LIBRARY_PATH=$TRAP GCONV_PATH=$TRAP LOCPATH=$TRAP \
    RES_OPTIONS='timeout:30 attempts:9' HOSTALIASES=$TRAP/aliases \
    LOCALDOMAIN=example.com TMPDIR=$TRAP MALLOC_TRACE=$TRAP/malloc \
    PATH=$TRAP MFA_DEBUG=1 "\$@"
END
chmod 755 "$NS/bin/trapped"

send_trapped()
{
	who=$1
	shift
	trapped "$NS/bin/sendone" "$NS/bin/mfa-send" senders="$who" \
	    code="$CODE" text="Your code: $CODE" "$@" >"$OUT" 2>&1
}

files()
{
	find "$TRAP" "$NS/open" /root | sort
}

untouched()
{
	[ "$(files)" = "$before" ] && [ ! -s "$NS/proxied" ]
}

# The traps do catch.
trapped /bin/true
ok 'trap: a library is loaded' [ -e "$TRAP/loaded" ]
trapped /usr/bin/env -u LD_PRELOAD -u OPENSSL_CONF /usr/bin/python3 -c '
import urllib.request
urllib.request.urlopen("http://sms.example.com/ok").read()' 2>/dev/null
ok 'trap: a proxy is asked' [ -s "$NS/proxied" ]

secure="[profile]
ca_file = $NS/ca/ca.crt"
profile plain http://127.0.0.1:8081/ok
profile tls https://localhost:8443/ok "$secure"
profile own https://localhost:8446/ok

rm "$TRAP/loaded"
: >"$NS/proxied"
before=$(files)
send_trapped plain
ok 'a message is handed over' all handed_over 'field id m-1'
ok '... to the configured host' [ "$(requests ok)" -eq 1 ]
send_trapped tls
ok 'with TLS, too' all handed_over "[ $(requests ok) -eq 2 ]"
ok '... without the .netrc' [ -z "$(grep trapped "$REQUESTS")" ]
send_trapped own
ok 'a certificate that the user trusts' refused config ''
ok '... gets nothing' [ "$(requests ok)" -eq 2 ]
ok 'AT-31 no proxy was asked, no file has appeared' untouched

program dump <<'END'
#!/bin/sh
tr '\0' '|' </proc/$$/environ >/run/ns/open/environ
id -un >/run/ns/open/id
echo '{"status":"sent"}'
END
send_trapped dump
ok 'a program sends' handed_over
ok '... with the fixed environment' [ "$(cat "$NS/open/environ")" = \
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|' ]
ok '... as the account of mfa-send' [ "$(cat "$NS/open/id")" = _mfa ]

profile silent http://127.0.0.1:8081/silence
send_trapped silent limit_ms=3000 &
sending=$!
for _ in $(seq 100); do
	pid=$(pgrep -u _mfa -x mfa-send) && [ "$(requests silence)" -ge 1 ] && break
	sleep 0.02
done
tr '\0' '|' <"/proc/$pid/environ" >"$NS/seen"
ok 'AT-31 the environment of mfa-send is the fixed one' [ "$(cat "$NS/seen")" = \
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|' ]
ok '... and it has none of the user'"'"'s libraries' \
    [ -z "$(grep "$TRAP" "/proc/$pid/maps")" ]
keeper=$(sed 's/.*) . //; s/ .*//' "/proc/$pid/stat")
as alice kill -KILL "$pid" "$keeper" 2>/dev/null
ok 'the user can end neither' all "kill -0 $pid" "kill -0 $keeper"
wait "$sending"
ok 'its end comes in time, and not before' all \
    'refused unknown timed' 'took 3300'

send_trapped silent limit_ms=20000 &
for _ in $(seq 200); do
	pid=$(pgrep -u _mfa -x mfa-send) && [ "$(requests silence)" -ge 2 ] && break
	sleep 0.02
done
keeper=$(sed 's/.*) . //; s/ .*//' "/proc/$pid/stat")
kill -KILL "$(sed 's/.*) . //; s/ .*//' "/proc/$keeper/stat")"
for _ in $(seq 50); do
	pgrep -u _mfa >/dev/null || break
	sleep 0.02
done
ok 'AT-34 a caller that dies takes mfa-send with it' [ -z "$(pgrep -u _mfa)" ]
# The same at the real doors: su and sudo, in the user's environment. The
# program keeps the code for the answer, and what it was started with.
program keep <<'END'
#!/bin/sh
tr '\0' '|' </proc/$$/environ >/run/ns/open/environ
grep -o '"code":"[0-9]*"' | tr -dc 0-9 >/run/ns/open/code
echo '{"status":"sent"}'
END
config <<END
senders = keep
sender_program = $NS/bin/mfa-send
sender_user = _mfa
numbers = +1
END
pam_service su
pam_service sudo
person bob
echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/mfa-test
chmod 440 /etc/sudoers.d/mfa-test
ok 'phones are enrolled' all \
    'run 0 mfactl add phone alice +12125550101 --unverified' \
    'run 0 mfactl add phone bob +12125550102 --unverified'

# door WORDS CMD ...: what alice calls there asks for the code that was sent.
door()
{
	words=$1
	shift
	rm -f "$NS/open/environ" "$NS/open/code"
	talk "$words" "$PASSWORD" 'A code was sent by SMS to ' \
	    "|tee -a $SPENT <$NS/open/code" -- "$NS/bin/trapped" "$@"
}

fixed()
{
	[ "$(cat "$NS/open/environ")" = \
	    'PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|' ]
}

for who in su sudo; do
	case $who in
	su)	run 0 door 'Password: ' /bin/su bob -c '/usr/bin/id -un' ;;
	sudo)	run 0 door '[sudo] password for alice: ' \
		    /usr/bin/sudo -k /usr/bin/id -un ;;
	esac
	ok "AT-31 $who sends in the user's environment, and lets in" [ $? -eq 0 ]
	ok '... with the fixed environment' fixed
done
ok 'both doors were granted' all 'logged service=su.*method=sms' \
    'logged service=sudo.*method=sms'
ok 'no code or secret is in the log' log_is_clean
finish
