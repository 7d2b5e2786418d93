#!/bin/sh
# OpenSSH: password then code, key then code, code then password, both in one;
# wrong ones, strangers, root, many at once, and clients that go away.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

ASKS_PASSWORD='Password: '

config <<END
drift_max = 0
[service sshd-after]
first_factor = after
[service sshd-joined]
first_factor = joined
END
for who in alice bob carol; do
	person "$who"
done
echo "root:$PASSWORD" | chpasswd

pam_service sshd
pam_stack sshd-key <<END
auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
END
pam_stack sshd-after <<END
auth requisite $NS/pam_mfa.so
auth required pam_unix.so nodelay
END
pam_stack sshd-joined <<END
auth requisite $NS/pam_mfa.so
auth required pam_unix.so nodelay use_first_pass
END

ssh-keygen -q -t ed25519 -N '' -f "$NS/id"
as alice sh -c 'mkdir -m 700 ~/.ssh && cat >~/.ssh/authorized_keys' <"$NS/id.pub"

sshd_start 2201 sshd "$PASSWORD_THEN_CODE"
sshd_start 2202 sshd-key "$PASSWORD_THEN_CODE" \
    'AuthenticationMethods publickey,keyboard-interactive:pam'
sshd_start 2203 sshd-after "$PASSWORD_THEN_CODE" 'PermitRootLogin no'
sshd_start 2204 sshd-joined 'PasswordAuthentication yes' \
    'KbdInteractiveAuthentication no'

# failures USER: what is counted against this person.
failures()
{
	mfactl status "$1" --json >"$NS/status" &&
	    python3 -c 'import json, sys
print(json.load(sys.stdin)["failures"])' <"$NS/status"
}

counted()
{
	[ "$(failures "$1")" = "$2" ]
}

# --- password, then code
enrol alice
used=$(code alice)
ok 'AT-94 password and code let in' run 0 ssh_to 2201 alice \
    "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$used"
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged 'outcome=granted reason=right_code user=alice service=sshd rhost=127\.0\.0\.1 tty=ssh .*method=totp factor=totp-.... failures=0'
ok '... and sshd knows how' logged 'Accepted keyboard-interactive/pam for alice'

clear_log
ok 'in a second session that code is refused, the next is taken' \
    run 0 ssh_to 2201 alice "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$used" \
    'This code was already used. Wait for the next one. Code (2 tries left): ' \
    "$(next_code alice)"
ok '... as that person' says 'I am alice'

enrol alice
ok 'a wrong code is refused, the right one then taken' \
    run 0 ssh_to 2201 alice "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
    "$(wrong alice)" "Wrong code. Check that the phone's clock is right and the account is this host's. Code (2 tries left): " \
    "$(code alice)"
ok '... as that person' says 'I am alice'
ok '... and forgiven' counted alice 0

enrol alice
clear_log
ok 'three wrong codes are refused' run 255 ssh_to 2201 alice \
    "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(wrong alice 1)" \
    'Code (2 tries left): ' "$(wrong alice 2)" \
    'Code (1 try left): ' "$(wrong alice 3)"
ok '... nothing was run' says_not 'I am'
ok '... and counted' counted alice 3
ok '... with an audit line' logged \
    'outcome=refused reason=wrong_code user=alice service=sshd .*failures=3'

ok 'a wrong password is not asked for a code' run 255 ssh_to 2201 alice \
    "$ASKS_PASSWORD" "not-$PASSWORD"
ok '... nor let in' all 'says_not "$PROMPT"' 'says_not "I am"'
sed 's/alice/NAME/g' "$OUT" >"$NS/known"
run 255 ssh_to 2201 nosuch "$ASKS_PASSWORD" "$PASSWORD"
sed 's/nosuch/NAME/g' "$OUT" >"$NS/unknown"
ok 'AT-62 an unknown name sees what a known one does' cmp "$NS/known" "$NS/unknown"

# --- a key, then a code
KEY="-o PreferredAuthentications=publickey,keyboard-interactive -i $NS/id"
key_then()
{
	who=$1
	shift
	# shellcheck disable=SC2046,SC2086
	talk "$@" -- ssh $(opts) $KEY -p 2202 "$who@127.0.0.1" 'echo I am $(id -un)'
}
enrol alice
clear_log
ok 'key and code let in' run 0 key_then alice "$PROMPT" "$(code alice)"
ok '... as that person, without a password' \
    all 'says "I am alice"' 'says_not "$ASKS_PASSWORD"'
ok '... with an audit line' logged 'outcome=granted .*user=alice service=sshd-key '
ok '... and sshd knows both' logged 'Partial publickey for alice|Accepted keyboard-interactive/pam for alice'
ok 'the key alone does not' run 255 key_then alice \
    "$PROMPT" "$(wrong alice 1)" 'tries left): ' "$(wrong alice 2)" \
    'try left): ' "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
enrol bob
ok 'a code without the key does not' run 255 key_then bob
ok '... and is not asked for' all 'says_not "$PROMPT"' 'says_not "I am"'

# --- the code first: everybody who cannot get in sees the same
enrol alice
mfactl reset bob >"$OUT"
clear_log
ok 'code, then password let in' run 0 ssh_to 2203 alice \
    "$PROMPT" "$(code alice)" "$ASKS_PASSWORD" "$PASSWORD"
ok '... as that person' says 'I am alice'

# guarded USER: three wrong codes; what was seen, without the name.
guarded()
{
	run 255 ssh_to 2203 "$1" "$PROMPT" 100001 'Wrong code. Code: ' 100002 \
	    'Wrong code. Code: ' 100003
	sed "s/$1/NAME/g" "$OUT" >"$NS/seen.$1"
}
enrol alice
ok 'three wrong codes of an enrolled person are refused' guarded alice
for who in bob nosuch root; do
	guarded "$who"
	ok "AT-62 $who sees what an enrolled person does" \
	    cmp "$NS/seen.alice" "$NS/seen.$who"
done
ok '... with an audit line each' all \
    'logged "outcome=refused reason=wrong_code user=alice"' \
    'logged "outcome=refused reason=.* user=bob"' \
    'logged "outcome=refused reason=.* user=nosuch"' \
    'logged "outcome=refused reason=.* user=root"'

# Whatever root types, sshd hands on rubbish of that length.
enrol root
clear_log
right=$(code root)
ok 'AT-47 root, whom sshd does not let in, is refused with the right code' \
    run 255 ssh_to 2203 root "$PROMPT" "$right" 'Wrong code. Code: ' "$right" \
    'Wrong code. Code: ' "$right"
ok '... with an audit line' \
    logged 'outcome=refused reason=refused_by_sshd user=root'
ok '... without a guess being counted' counted root 0
ok '... and nothing was run' says_not 'I am'

# --- password and code in one answer
ASKS_BOTH="alice@127.0.0.1's password: "
enrol alice
clear_log
used=$(code alice)
ok 'password and code in one answer let in' run 0 ssh_to 2204 alice \
    "$ASKS_BOTH" "$PASSWORD$used"
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=sshd-joined '
ok 'that code is good once' run 255 ssh_to 2204 alice \
    "$ASKS_BOTH" "$PASSWORD$used"
ok '... and the next one with a wrong password is not good' \
    run 255 ssh_to 2204 alice "$ASKS_BOTH" "not-$PASSWORD$(next_code alice)"
enrol alice
ok 'the password without a code is refused' run 255 ssh_to 2204 alice \
    "$ASKS_BOTH" "$PASSWORD"
ok 'the code without the password is refused' run 255 ssh_to 2204 alice \
    "$ASKS_BOTH" "$(code alice)"
ok 'a wrong code is refused' run 255 ssh_to 2204 alice \
    "$ASKS_BOTH" "$PASSWORD$(wrong alice)"
ok '... and nothing was run' says_not 'I am'

# --- sftp and scp
# shellcheck disable=SC2046
transfer()
{
	c=$1
	shift
	talk "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$c" -- "$@"
}
enrol alice
echo 'what was sent' >"$NS/file"
echo "put $NS/file by-sftp" >"$NS/batch"
# shellcheck disable=SC2046
ok 'sftp' run 0 transfer "$(code alice)" sftp $(opts) -o BatchMode=no \
    -b "$NS/batch" -P 2201 alice@127.0.0.1
ok '... brings the file' cmp "$NS/file" /home/alice/by-sftp
# shellcheck disable=SC2046
ok 'scp' run 0 transfer "$(next_code alice)" scp $(opts) -P 2201 "$NS/file" \
    alice@127.0.0.1:by-scp
ok '... brings the file' cmp "$NS/file" /home/alice/by-scp

# --- ten at once
crowd='u0 u1 u2 u3 u4 u5 u6 u7 u8 u9'
for who in $crowd; do
	person "$who"
	enrol "$who"
done
clear_log
pids=
for who in $crowd; do
	ssh_to 2201 "$who" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
	    "$(code "$who")" >"$NS/crowd.$who" 2>&1 &
	pids="$pids $!"
done
for pid in $pids; do
	wait "$pid"
done
everybody()
{
	for who in $crowd; do
		grep -q "I am $who" "$NS/crowd.$who" ||
		    { sed "s/^/# $who: /" "$NS/crowd.$who"; return 1; }
	done
}
ok 'ten logins at once: all get in' everybody
ok '... with an audit line each' \
    [ "$(grep -c 'outcome=granted' "$NS/log")" -eq 10 ]

# --- a client that goes away when asked for the code
enrol carol
clear_log
cat >"$NS/bin/hang-up" <<END
#!/bin/sh
case \$1 in
*'$ASKS_PASSWORD') echo '$PASSWORD' ;;
*) kill -KILL \$PPID ;;
esac
END
chmod 755 "$NS/bin/hang-up"
vanish()
{
	# shellcheck disable=SC2046
	SSH_ASKPASS=$NS/bin/hang-up SSH_ASKPASS_REQUIRE=force setsid -w \
	    ssh $(opts) -p 2201 carol@127.0.0.1 id </dev/null
}
ok 'a client goes away in the middle' run 137 vanish
ok '... sshd notices' logged 'Connection (closed|reset) by .*user carol'
ok '... nothing is counted' counted carol 0
ok '... and the next login works' run 0 ssh_to 2201 carol \
    "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code carol)"
ok '... as that person' says 'I am carol'
ok 'no code, key or password is in the log' log_is_clean
finish
