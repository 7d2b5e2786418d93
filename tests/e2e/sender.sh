#!/bin/sh
# mfa-send by way of its port, against providers and programs that misbehave.
. tests/e2e/lib.sh
. tests/e2e/lib_sender.sh

LIMIT=1500	# milliseconds; of it, a tenth may be added
LATE=1650

certificates >"$NS/certificates" 2>&1 || { cat "$NS/certificates"; exit 1; }
: >"$REQUESTS"
provider 8081
provider 8443 good
provider 8444 other
provider 8445 expired
provider 8446 own
provider 8447 good 1.0
provider 8448 good mutual
provider 8450 wild
provider 8451 long
provider 8452 subject
provider 8453 mail

# by_path PATH CLASS [WORDS]: what becomes of a message to this path?
by_path()
{
	profile t "http://127.0.0.1:8081/$1"
	send t limit_ms=$LIMIT
	refused "$2" "${3:-}" && took $LATE && [ "$(requests "$1")" -eq 1 ]
}

profile t http://127.0.0.1:8081/ok
send t
ok 'a message is handed over' all handed_over 'field id m-1' 'field provider t'
ok '... and is exactly what the profile says' [ "$(cat "$REQUESTS")" = \
    "POST /ok HTTP/1.1	Host: 127.0.0.1:8081	Content-Type: application/json	Authorization: Bearer $SECRET	Content-Length: 45		{\"to\":\"+15550100\",\"text\":\"Your code: $CODE\"}" ]
ok '... once' [ "$(requests ok)" -eq 1 ]

ok '500: it may have been sent' by_path status/500 unknown
ok '400: it was not' by_path status/400 permanent
ok '401: an administrator has to look' by_path status/401 config
ok '429: later' by_path status/429 transient
for s in 301 302 307 308; do
	ok "AT-54 $s: is not followed" by_path redirect/$s config
done
ok '... to anywhere' [ "$(requests elsewhere)" -eq 0 ]
# Its own watch, or on a busy machine that of the program that waits for it.
ok 'AT-56 headers, a byte at a time' by_path slow_headers unknown 'time'
ok 'AT-56 a body, a byte at a time' by_path drip unknown 'time'
ok 'AT-56 no answer' by_path silence unknown 'time'
ok 'an endless body' by_path endless unknown 'too long'
ok 'endless headers' by_path headers unknown 'too long'
ok 'a hang-up' by_path hang_up unknown
ok 'a reset' by_path reset unknown
ok 'an answer that is cut' by_path cut unknown
ok 'not HTTP' by_path garbage unknown
ok 'broken chunks' by_path chunks unknown

# Taken by its status, and whatever else it holds does no harm.
harmless()
{
	profile t "http://127.0.0.1:8081/$1"
	send t limit_ms=$LIMIT
	took $LATE && field id '' && [ "$(requests "$1")" -eq 1 ]
}
ok 'AT-57 JSON that is cut' harmless bad_json
ok 'AT-57 JSON of 60000 levels' harmless deep_json
ok 'AT-57 JSON with NUL' harmless nul_json
ok 'AT-57 a bomb in its content' harmless bomb
ok 'a bomb in its transfer' harmless transfer_bomb
profile t http://127.0.0.1:8081/control
send t
ok 'control bytes in an id' [ -z "$(tr -d '\n\40-\176' <"$OUT")" ]

# not_sent URL CLASS [WORDS] [LINE ...]: nobody learns anything.
not_sent()
{
	url=$1 class=$2 words=$3
	shift 3
	profile t "$url" "$@"
	send t limit_ms=$LIMIT
	refused "$class" "$words" && took $LATE
}
secure="[profile]
ca_file = $NS/ca/ca.crt"

ok 'nobody listens' not_sent http://127.0.0.1:9/ transient connect
ok 'no such name' not_sent https://nosuch.invalid/ transient resolve
profile t https://localhost:8443/ok "$secure"
send t
ok 'TLS with a good certificate' handed_over
before=$(wc -l <"$REQUESTS")
ok 'a certificate of nobody we know' not_sent https://localhost:8443/ok config ''
ok 'AT-53 a certificate of another host' \
    not_sent https://localhost:8444/ok config '' "$secure"
ok 'AT-53 a certificate for a name, asked by address' \
    not_sent https://127.0.0.1:8443/ok config '' "$secure"
ok 'AT-53 a certificate that has expired' \
    not_sent https://localhost:8445/ok config '' "$secure"
ok 'AT-53 a certificate that signed itself' \
    not_sent https://localhost:8446/ok config '' "$secure"
ok 'AT-53 a certificate for *, asked by address' \
    not_sent https://127.0.0.1:8450/ok config '' "$secure"
ok 'AT-53 a certificate with its name in the subject alone' \
    not_sent https://localhost:8452/ok config 'hostname mismatch' "$secure"
ok 'AT-53 ... and with the name of a mailbox beside it' \
    not_sent https://localhost:8453/ok config 'hostname mismatch' "$secure"
ok 'AT-53 a chain of 100 KiB that leads nowhere' \
    not_sent https://localhost:8451/ok config '' "$secure"
ok 'AT-53 TLS 1.0 alone' not_sent https://localhost:8447/ok transient '' "$secure"
ok 'no TLS where there should be' \
    not_sent https://localhost:8081/ok transient '' "$secure"
ok '... and nothing was sent to any of them' \
    [ "$(wc -l <"$REQUESTS")" -eq "$before" ]

profile t https://localhost:8448/ok "$secure" "client_cert = $NS/ca/good.crt" \
    "client_key = file:$NS/ca/good.key"
send t
ok 'a certificate of our own' handed_over
profile t https://localhost:8448/ok "$secure"
before=$(wc -l <"$REQUESTS")
send t
ok '... is asked for' [ "$(wc -l <"$REQUESTS")" -eq "$before" ]
chmod 644 "$NS/ca/good.key"
profile t https://localhost:8448/ok "$secure" "client_cert = $NS/ca/good.crt" \
    "client_key = file:$NS/ca/good.key"
send t
ok '... and its key is for root alone' refused config 'chmod 0600'

profile t http://127.0.0.1:8081/ok '[profile]' 'proxy = http://127.0.0.1:8081'
send t limit_ms=$LIMIT
ok 'the proxy of the profile is asked' \
    grep -q '^POST http://127.0.0.1:8081/ok ' "$REQUESTS"
profile t https://localhost:8443/ok "$secure" 'proxy = http://127.0.0.1:8081'
send t limit_ms=$LIMIT
ok '... for a tunnel if it is TLS' grep -q '^CONNECT localhost:8443 ' "$REQUESTS"
ok '... and if there is none nothing was sent' refused transient

cp "$NS/ca/ca.crt" \
    "/etc/ssl/certs/$(openssl x509 -noout -hash -in "$NS/ca/ca.crt").0"
profile t https://localhost:8443/ok
send t
ok "a certificate of the system's authorities" handed_over
not_sent https://localhost:8446/ok config '' "[profile]
ca_file = $NS/ca/own.crt.nosuch"
ok 'a ca_file that is not there' refused config
ok "a ca_file is instead of the system's" \
    not_sent https://localhost:8443/ok config '' "[profile]
ca_file = $NS/ca/own.crt"

# A name that changes its mind between profile and connection.
echo '192.0.2.1 sms.example.com' >>/etc/hosts
echo '169.254.169.254 metadata.example.com' >>/etc/hosts
ok 'AT-55 without TLS only to loopback and the networks that are listed' \
    not_sent http://192.0.2.1/ config ''
ok '... by name, too' not_sent http://sms.example.com/ config '' \
    '[profile]' 'allow_http = 127.0.0.0/8'
ok 'AT-55 to no link-local address' \
    not_sent https://metadata.example.com/ config 'no provider'
ip addr add 192.0.2.1/32 dev lo
profile t http://sms.example.com:8081/ok '[profile]' 'allow_http = 192.0.2.0/24'
send t limit_ms=$LIMIT
ok 'a listed network is reached' refused transient 'connect'

# DNS that swallows every question: the answer comes all the same.
python3 -c '
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.53", 53))
while True:
    s.recv(512)' &
for _ in $(seq 200); do
	grep -q '3500007F:0035' /proc/net/udp && break
	sleep 0.05
done
printf 'nameserver 127.0.0.53\n' >/etc/resolv.conf
ok 'AT-56 DNS that never answers' \
    not_sent https://api.example.com/ transient 'timed out'
profile first https://api.example.com/ '[profile]' 'total_limit = 1'
profile second http://127.0.0.1:8081/ok
send 'first second' limit_ms=5000
ok '... and the next provider is asked' all handed_over 'field provider second'

profile down http://127.0.0.1:9/
profile up http://127.0.0.1:8081/ok
profile unclear http://127.0.0.1:8081/hang_up
profile broken http://127.0.0.1:8081/ok 'nonsense'
send 'down up'
ok 'the first is down: the second is asked' all handed_over \
    'field provider up' 'grep -q ^reason=down:.*connect '"$OUT"
send 'broken up'
ok 'a broken profile does not stop the next' all handed_over \
    'grep -q ^reason=broken:.*senders/broken.conf '"$OUT"
send 'nosuch ../../etc/passwd up'
ok 'neither does one that is not there, or none at all' handed_over
before=$(requests ok)
send 'unclear up'
ok 'after an unclear answer nobody else is asked' refused unknown
ok '... indeed' [ "$(requests ok)" -eq "$before" ]
send 'down broken'
ok 'nobody takes it: each reason is told' \
    refused config 'down: '
send ''
ok 'no sender at all' refused config 'no sender is configured'

# OAuth2: one token for many messages, and a new one when it is not taken.
cat >"$SENDERS/oauth.conf" <<END
[secret]
key = file:/etc/mfa/secrets/key
[oauth2]
url = http://127.0.0.1:8081/token
form = grant_type = client_credentials
form = client_secret = {secret.key}
[sms]
url = http://127.0.0.1:8081/guarded
header = Authorization: Bearer {token}
json = {"text": "{text}"}
ok_status = 200
id = /id
END
chmod 644 "$SENDERS/oauth.conf"
send oauth
ok 'a token is fetched' all handed_over
send oauth
ok '... and used again' all handed_over "[ $(requests token) -eq 1 ]"
ok '... from a file of root alone' \
    [ "$(stat -c '%a %U' /var/lib/mfa/.token.oauth)" = '600 root' ]
wget -q -O /dev/null --post-data= http://127.0.0.1:8081/token ||
    curl -s -o /dev/null -d '' http://127.0.0.1:8081/token
send oauth
ok 'a token that is not taken is replaced' handed_over
ok '... by one new token' [ "$(requests token)" -eq 3 ]
send oauth
ok '... that is kept' [ "$(requests token)" -eq 3 ]
echo other >/etc/mfa/secrets/key
send oauth
ok 'another secret, another token' [ "$(requests token)" -eq 4 ]
echo "$SECRET" >/etc/mfa/secrets/key
sed -i s,/token,/no_token, "$SENDERS/oauth.conf"
send oauth
ok 'no token: nothing is sent' refused config invalid_client
rm /var/lib/mfa/.token.oauth
mkfifo /var/lib/mfa/.token.oauth
sed -i s,/no_token,/token, "$SENDERS/oauth.conf"
send oauth
ok 'a FIFO in place of the file: no matter' handed_over

# Programs.
program echo_json <<'END'
#!/bin/sh
cat >/run/ns/open/stdin
printf '%s|' "$0" "$@" >/run/ns/open/argv
tr '\0' '|' </proc/$$/environ >/run/ns/open/environ
(cd /proc/$$/fd; echo *) >/run/ns/open/fds
id >/run/ns/open/id
grep -E 'NoNewPrivs|Seccomp:|SigIgn|SigBlk' /proc/$$/status >/run/ns/open/status
ulimit -c >/run/ns/open/core
echo '{"status":"sent","id":"p-1"}'
END
mkdir -m 777 "$NS/open"
send echo_json text="quote \" back \\ {code} %s $CODE"
ok 'a program sends' all handed_over 'field id p-1'
ok '... a JSON object' python3 -c "
import json
j = json.load(open('$NS/open/stdin'))
assert j.pop('nonce') == '00112233445566778899aabbccddeeff'
assert j == {'v': 1, 'op': 'send', 'kind': 'sms', 'to': '+15550100',
    'extension': '', 'text': 'quote \" back \\\\ {code} %s $CODE',
    'code': '$CODE', 'lang': 'en', 'user': 'alice', 'service': 'su',
    'rhost': '', 'host': 'test.example.com', 'ttl': 300}, j"
ok '... with v1 alone on its command line' \
    [ "$(cat "$NS/open/argv")" = "$NS/bin/echo_json|v1|" ]
ok '... with a fixed environment' [ "$(cat "$NS/open/environ")" = \
    'PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|' ]
ok '... no descriptor but its own' [ "$(cat "$NS/open/fds")" = '0 1 10 2' ]
ok '... no rights' [ "$(cat "$NS/open/id")" = \
    "uid=$(id -u _mfa)(_mfa) gid=$(id -g _mfa)(_mfa) groups=$(id -g _mfa)(_mfa)" ]
ok '... and none to be had' all "grep -q NoNewPrivs:.1 $NS/open/status" \
    "grep -q Seccomp:.2 $NS/open/status" "grep -q SigIgn:.0*$ $NS/open/status" \
    "[ $(cat "$NS/open/core") = 0 ]"

# by_program CLASS WORDS: what becomes of this script's message?
by_program()
{
	program p
	send p limit_ms=$LIMIT
	refused "$1" "$2" && took $LATE
}
ok 'a program that fails' by_program unknown 'failed' <<'END'
#!/bin/sh
echo '{"status":"sent"}'
exit 1
END
ok 'a program that crashes' by_program unknown 'failed' <<'END'
#!/bin/sh
echo '{"status":"sent"}'
kill -SEGV $$
END
ok 'a program that asks for patience' by_program transient 'later' <<'END'
#!/bin/sh
exit 75
END
ok 'a program that says what is wrong' by_program quota 'no credit' <<'END'
#!/bin/sh
echo '{"status":"failed","class":"quota","detail":"no credit"}'
END
ok 'a program that does not say which way it failed' by_program unknown '' <<'END'
#!/bin/sh
echo '{"status":"failed","class":"whatever"}'
END
ok 'a program that says something else' by_program unknown 'neither' <<'END'
#!/bin/sh
echo '{"status":"maybe"}'
END
ok 'a program that does not speak JSON' by_program unknown 'JSON' <<'END'
#!/bin/sh
echo sent
END
ok 'a program that says too much' by_program unknown 'too much' <<'END'
#!/bin/sh
exec yes '{"status":"sent"}'
END
ok 'a program that does not end' by_program unknown 'in time' <<'END'
#!/bin/sh
echo $$ >/run/ns/open/pid
sleep 60 &
echo $! >/run/ns/open/pid2
echo '{"status":"sent"}'
sleep 60
END
gone()
{
	! kill -0 "$(cat "$NS/open/$1")" 2>/dev/null
}
ok '... is ended, with what it started' all 'gone pid' 'gone pid2'
program p <<'END'
#!/bin/sh
sleep 60 &
exec <&- 2>&-
echo '{"status":"sent","id":"p-2"}'
END
send p limit_ms=$LIMIT
ok 'a program that leaves something running' all handed_over 'took 1000'
ok 'a program that cannot be executed' by_program config 'cannot run' <<'END'
#!/nonexistent
END
printf '#!/bin/sh\n' >"$NS/open/p"
chmod 755 "$NS/open/p"
printf '[sms]\nexec = %s\n' "$NS/open/p" >"$SENDERS/p.conf"
send p
ok 'a program where others can write' refused config "chmod 0755 $NS/open"
program p <<'END'
#!/bin/sh
END
chmod 4755 "$NS/bin/p"
send p
ok 'a program that is set-uid' refused config "chmod 0755 $NS/bin/p"
chmod 755 "$NS/bin/p"
chown _mfa "$NS/bin/p"
send p
ok "a program that is not root's" refused config "belongs to uid"
mv "$NS/bin/p" "$NS/bin/p2"
ln -s p2 "$NS/bin/p"
send p
ok 'a program that is a link' refused config

# Files.
profile t http://127.0.0.1:8081/ok
before=$(requests ok)
chmod 644 /etc/mfa/secrets/key
send t
ok 'a secret that others can read' refused config 'chmod 0600'
chmod 600 /etc/mfa/secrets/key
chmod 666 "$SENDERS/t.conf"
send t
ok 'a profile that others can write' refused config 'chmod 0644'
chmod 644 "$SENDERS/t.conf"
rm -f "$SENDERS/fifo.conf"
mkfifo -m 644 "$SENDERS/fifo.conf"
send fifo
ok 'a profile that is a FIFO' all 'refused config' 'took 1000'
send t run_as=nosuch
ok 'no account to send as' refused config useradd
send t run_as=root
ok 'root as the account' refused config "is root's"
ok 'nothing was sent meanwhile' [ "$(requests ok)" -eq "$before" ]
as _mfa "$NS/bin/sendone" "$NS/bin/mfa-send" senders=t >"$OUT" 2>&1
ok 'not started by root' refused config 'by root'

send t op=check
ok 'check: all is in order' handed_over
send 'broken t' op=check
ok 'check: what is not' refused config broken.conf
send t kind=voice op=check
ok 'check: no section for it' refused config voice
send t op=show
ok 'show: the request' grep -q 'POST http://127.0.0.1:8081/ok' "$OUT"
ok '... without its secrets' says_not "$SECRET"
ok '... and nothing is sent' [ "$(requests ok)" -eq "$before" ]

# While a message is on its way.
profile t http://127.0.0.1:8081/silence
rm -f /core*
sendone "$NS/bin/mfa-send" senders=t code="$CODE" limit_ms=3000 \
    run_as=_mfa >"$OUT" 2>&1 &
sending=$!
for _ in $(seq 100); do
	pid=$(pgrep -u _mfa -x mfa-send) && [ "$(requests silence)" -ge 2 ] && break
	sleep 0.02
done
ok 'mfa-send runs as its account' [ -n "$pid" ]
tr '\0' '|' <"/proc/$pid/cmdline" >"$NS/seen"
tr '\0' '|' <"/proc/$pid/environ" >>"$NS/seen"
ok '... with no word on its command line, and a fixed environment' \
    [ "$(cat "$NS/seen")" = \
    'mfa-send|PATH=/usr/sbin:/usr/bin:/sbin:/bin|LANG=C.UTF-8|' ]
ok 'AT-60 not to be looked into by its own account' \
    [ "$(stat -c %U "/proc/$pid/environ")" = root ]
ok '... under a filter' grep -q 'Seccomp:.2' "/proc/$pid/status"
ok '... without capabilities' grep -q 'CapPrm:.0000000000000000' "/proc/$pid/status"
ok 'AT-60 without a core' grep -q 'core file size *0 *0' "/proc/$pid/limits"
kill -ABRT "$pid"
wait "$sending"
ok 'a crash: it may have been sent' refused unknown
ok '... and leaves nothing' [ -z "$(ls -d /core* 2>/dev/null)" ]
ok 'nobody is left' [ -z "$(pgrep -u _mfa)" ]
ok 'no code or secret is in the log' log_is_clean
finish
