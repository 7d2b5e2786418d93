#!/bin/sh
# ssh.sh [LOGINS [SESSIONS]]: real logins by the hundred. One after another, each
# with a fresh code; fifty people at once against the MaxStartups that sshd has
# by itself; and AT-37, a guesser who has the password, and connects again for
# each guess, at two services in turn. Codes are of tokens with a counter, so
# that no clock says how many there may be.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

LOGINS=${1:-10}
SESSIONS=${2:-20}
CROWD=50
DELAY=30	# seconds, of the first wait
FREE=5

config <<END
tries = 1
look_ahead = 5
drift_max = 0
free_failures = $FREE
delay_first = ${DELAY}s
lock_after = 50
END

# token USER: in place of whatever there was, with a key of their own.
token()
{
	head -c 20 /dev/urandom | od -An -v -tx1 | tr -d ' \n' >"$NS/key/$1"
	mfactl reset "$1" >"$OUT" 2>&1
	echo "HOTP/E/6 $1 - $(cat "$NS/key/$1")" >"$NS/users.oath"
	chmod 600 "$NS/users.oath"
	mfactl import oath "$NS/users.oath" >"$OUT" 2>&1 ||
	    { cat "$OUT"; exit 1; }
}

# tokens USER FROM N: so many codes, a line each.
tokens()
{
	oathtool --hotp -c "$2" -w $(($3 - 1)) "$(cat "$NS/key/$1")" |
	    tee -a "$SPENT"
}

# What ssh asks for its answers: the code is in a file named after the client.
cat >"$NS/bin/answer" <<END
#!/bin/sh
case \$1 in
*assword*) echo '$PASSWORD' ;;
*) cat "\$CODE" ;;
esac
END
chmod 755 "$NS/bin/answer"

# login PORT USER CODEFILE: who they are, if they get in.
login()
{
	# shellcheck disable=SC2046
	CODE=$3 SSH_ASKPASS=$NS/bin/answer SSH_ASKPASS_REQUIRE=force \
	    timeout 60 setsid -w ssh $(opts) -o KexAlgorithms=curve25519-sha256 \
	    -p "$1" "$2@127.0.0.1" 'echo I am $(id -un)' </dev/null 2>&1
}

pam_service sshd
pam_service sshd-two
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"
one=$!
sshd_start 2202 sshd-two "$PASSWORD_THEN_CODE" 'MaxAuthTries 1'
sshd_start 2203 sshd "$PASSWORD_THEN_CODE" 'MaxAuthTries 1'
# By itself 10:30:100. (Of this key, unlike of others, the last line counts.)
sshd_start 2204 sshd "$PASSWORD_THEN_CODE" 'MaxStartups 10:30:100'
person alice
person bob

seconds()
{
	cut -d. -f1 /proc/uptime
}

# --- one after another
held()
{
	find "/proc/$one/fd" -mindepth 1 | wc -l
	wc -l <"/proc/$one/maps"
}
token alice
clear_log
tokens alice 0 "$LOGINS" >"$NS/codes"
start=$(seconds)
in=0
n=0
while read -r code; do
	echo "$code" >"$NS/code"
	login 2201 alice "$NS/code" >"$OUT"
	if [ "$(cat "$OUT")" = 'I am alice' ]; then
		in=$((in + 1))
	else
		sed 's/^/# said: /' "$OUT"
	fi
	n=$((n + 1))
	[ $n -ne 5 ] || held >"$NS/held"
done <"$NS/codes"
echo "# $LOGINS logins in a row: $(($(seconds) - start)) s"
ok "$LOGINS ssh logins in a row, each with a fresh code: $in get in" \
    [ "$in" -eq "$LOGINS" ]
ok '... with an audit line each' \
    [ "$(grep -c 'outcome=granted .*user=alice' "$NS/log")" -eq "$LOGINS" ]
held >"$OUT"
ok '... and sshd holds as many descriptors and mappings as after five' \
    cmp "$OUT" "$NS/held"
ok '... the last code is used up' all \
    '[ "$(login 2201 alice "$NS/code")" != "I am alice" ]' \
    'logged "reason=used_code user=alice"'

# --- many at once
i=0
while [ $i -lt $CROWD ]; do
	person "u$i"
	token "u$i"
	tokens "u$i" 0 1 >"$NS/code.u$i"
	i=$((i + 1))
done
clear_log

# until_in USER: sshd hangs up on some before they are asked for anything.
until_in()
{
	for try in $(seq 60); do
		login 2204 "$1" "$NS/code.$1" >"$NS/crowd.$1"
		echo "$try" >"$NS/tries.$1"
		! grep -q "^I am $1\$" "$NS/crowd.$1" || return 0
		grep -qE 'closed|reset|aborted' "$NS/crowd.$1" || return 1
	done
	return 1
}
# Ten who say nothing: from now on, sshd hangs up on three in ten and more.
python3 -c 'import signal, socket
idle = [socket.create_connection(("127.0.0.1", 2204)) for i in range(10)]
print(*[s.recv(80) for s in idle], flush=True)
signal.pause()' >"$NS/idle" &
idle=$!
while [ ! -s "$NS/idle" ]; do
	kill -0 "$idle" || exit 1
	sleep 0.05
done
start=$(seconds)
pids=
i=0
while [ $i -lt $CROWD ]; do
	until_in "u$i" &
	pids="$pids $!"
	i=$((i + 1))
done
in=0
for pid in $pids; do
	! wait "$pid" || in=$((in + 1))
done
kill "$idle"
turned=$(cat "$NS"/tries.* | awk '{ n += $1 - 1 } END { print n }')
echo "# $CROWD at once: $(($(seconds) - start)) s, hung up on $turned times"
ok "$CROWD people at once, MaxStartups 10:30:100: $in get in" \
    [ "$in" -eq $CROWD ]
ok '... each once' all \
    '[ "$(grep -c outcome=granted "$NS/log")" -eq $CROWD ]' \
    '! grep -q outcome=refused "$NS/log"'
ok '... some after sshd had hung up on them' [ "$turned" -gt 0 ]

# --- AT-37
token bob
clear_log
# No code that is right in reach.
tokens bob 0 40 >"$NS/right"
seq 100000 "$((100000 + SESSIONS * 2))" | grep -vFf "$NS/right" |
    head -n "$SESSIONS" >"$NS/guesses"

# guess CODE: at one service or the other.
guess()
{
	echo "$1" >"$NS/guess.$1"
	if [ "$(login $((2202 + $1 % 2)) bob "$NS/guess.$1")" = 'I am bob' ]
	then
		echo "$1" >>"$NS/got-in"
	fi
	rm "$NS/guess.$1"
}

# In fours: one file of four at a time.
: >"$NS/got-in"
start=$(seconds)
while read -r a; do
	read -r b && read -r c && read -r d
	pids=
	for code in $a ${b:-} ${c:-} ${d:-}; do
		guess "$code" &
		pids="$pids $!"
	done
	for pid in $pids; do
		wait "$pid"
	done
	b='' c='' d=''
done <"$NS/guesses"
took=$(($(seconds) - start))

failures()
{
	mfactl status bob --json | python3 -c 'import json, sys
print(json.load(sys.stdin)["failures"])'
}
# After five, one more for each wait that is over, and waits double.
most=$FREE
wait=$DELAY
left=$((took + 1))
while [ $left -ge $wait ]; do
	left=$((left - wait))
	wait=$((wait * 2))
	most=$((most + 1))
done
counted=$(failures)
compared=$(grep -c 'reason=wrong_code user=bob' "$NS/log")
# One that had to wait is refused as such.
turned=$(grep -cE 'reason=[a-z_]* user=bob' "$NS/log")
echo "# $SESSIONS sessions: $took s, $compared codes compared, $((turned - \
compared)) refused unseen, failures = $counted"
ok "AT-37 $SESSIONS guesses, each in a session of its own, at two services" \
    [ "$turned" -eq "$SESSIONS" ]
ok '... nobody gets in' [ ! -s "$NS/got-in" ]
ok "... as many are counted as were compared, of $most that the limit has" \
    all '[ "$counted" -eq "$compared" ]' '[ "$compared" -le "$most" ]' \
    '[ "$compared" -ge $FREE ]'
head -n 1 "$NS/right" >"$NS/code"
ok '... and meanwhile the right code is refused' all \
    '[ "$(login 2202 bob "$NS/code")" != "I am bob" ]' \
    '[ "$(failures)" -eq "$counted" ]'
ok '... until an administrator unlocks: it is still good' all \
    'run 0 mfactl unlock bob' \
    '[ "$(login 2202 bob "$NS/code")" = "I am bob" ]' \
    '[ "$(failures)" -eq 0 ]'
ok 'no code, key or password is in the log' log_is_clean
finish
