#!/bin/sh
# The grace of a session: sudo on two terminals, out of time, without a
# terminal, as another person.
. tests/e2e/lib.sh

config <<END
drift_max = 0
[service sudo]
grace = 5m
END
pam_service sudo
for who in alice bob; do
	person "$who"
	echo "$who ALL=(ALL) ALL" >>/etc/sudoers.d/mfa-test
done
chmod 440 /etc/sudoers.d/mfa-test

ASKS_PASSWORD='[sudo] password for alice: '

# shell [WORDS ANSWER] ... : a shell of alice's on a terminal of its own, whose
# lines are answers too; "PROMPT> " is its prompt.
shell()
{
	talk "$@" -- setpriv --reuid alice --regid alice --init-groups \
	    --reset-env env 'PS1=PROMPT> ' sh -i
}
SUDO='sudo -k sh -c "echo I am \$(id -un), \$PPID"'
DONE='I am root'

enrol alice
ok 'the second sudo of a session asks for no code' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code alice)" \
    "$DONE" - 'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$DONE" - \
    'PROMPT> ' 'exit 0'
ok '... and is let in' [ "$(grep -c '^I am root' "$OUT")" -eq 2 ]
ok '... with an audit line' logged 'outcome=granted reason=grace user=alice service=sudo .*tty=[^ ]*pts/.* method=- factor=- '
ok '... a wrong password is still wrong' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "not-$PASSWORD" \
    "$ASKS_PASSWORD" "not-$PASSWORD" "$ASKS_PASSWORD" "not-$PASSWORD" \
    'PROMPT> ' 'exit 0'
ok '... and lets nobody in' says_not "$DONE"

# The first shell is gone, but its record is not.
ok 'there is a record' run 0 mfactl devices alice
ok '... of a session' says_all session 'sudo, since' 'last used 20'
ok 'sudo on another terminal is asked' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
    "$(next_code alice)" "$DONE" - 'PROMPT> ' 'exit 0'
ok '... and is a session of its own' [ "$(grep -c '^\[trust' \
    /var/lib/mfa/alice)" -eq 2 ]

# setsid: the same person, another session, no terminal.
enrol alice
ok 'another session from the same terminal is asked' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code alice)" \
    "$DONE" - 'PROMPT> ' \
    "printf '$PASSWORD\\n\\n' | setsid -w sudo -S -k id -un" \
    "$PROMPT" - 'PROMPT> ' 'exit 0'
ok '... and not let in' logged 'outcome=refused reason=conversation user=alice service=sudo '

# Changed, taken back.
enrol alice
cat >"$NS/bin/age" <<END
#!/bin/sh
sed -i '/^\[trust/,\$s/^since_at = .*/since_at = 1/' /var/lib/mfa/alice
END
chmod 755 "$NS/bin/age"
ok 'a record with another time is none' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code alice)" \
    "$DONE" - 'PROMPT> ' "sudo $NS/bin/age" "$ASKS_PASSWORD" "$PASSWORD" \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
    "$(next_code alice)" "$DONE" - 'PROMPT> ' 'exit 0'
enrol alice
ok 'what was forgotten is asked for' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code alice)" \
    "$DONE" - 'PROMPT> ' "sudo $(command -v mfactl) --self forget --all" \
    "$ASKS_PASSWORD" "$PASSWORD" 'Forgotten: 1 of alice.' - \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
    "$(next_code alice)" "$DONE" - 'PROMPT> ' 'exit 0'

config <<END
drift_max = 0
END
enrol alice
ok 'by default every sudo asks' run 0 shell \
    'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" "$(code alice)" \
    "$DONE" - 'PROMPT> ' "$SUDO" "$ASKS_PASSWORD" "$PASSWORD" "$PROMPT" \
    "$(next_code alice)" "$DONE" - 'PROMPT> ' 'exit 0'
ok 'no code, key or password is in the log' log_is_clean
finish
