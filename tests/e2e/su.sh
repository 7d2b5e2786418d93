#!/bin/sh
# su on a pseudo-terminal.
. tests/e2e/lib.sh

echo "drift_max = 0" | config
pam_service su
pam_service su-l
person alice
person bob

su_alice()
{
	talk 'Password: ' "$PASSWORD" "$@" -- \
	    setpriv --reuid bob --regid bob --init-groups --reset-env \
	    su alice -c 'echo I am $(id -un)'
}

enrol alice
used=$(code alice)
ok 'AT-94 password and code let in' run 0 su_alice "$PROMPT" "$used"
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=su .*tty=[^ ]*pts/.* ruser=bob method=totp factor=totp-.... failures=0'

ok 'a used code is refused, the next is taken' run 0 su_alice \
    "$PROMPT" "$used" \
    'This code was already used. Wait for the next one. Code (2 tries left): ' \
    "$(next_code alice)"
ok '... as that person' says 'I am alice'

enrol alice
clear_log
ok 'three wrong codes are refused' run 1 su_alice \
    "$PROMPT" "$(wrong alice 1)" \
    "Wrong code. Check that the phone's clock is right and the account is this host's. Code (2 tries left): " \
    "$(wrong alice 2)" 'Code (1 try left): ' "$(wrong alice 3)" \
    'Wrong code. Log in again with a new code.' -
ok '... and nothing was run' says_not 'I am'
ok '... and counted' logged \
    'outcome=refused reason=wrong_code user=alice service=su .*failures=3'

ok 'a wrong password is not asked for a code' run 1 \
    talk 'Password: ' "not-$PASSWORD" -- setpriv --reuid bob --regid bob \
    --init-groups --reset-env su alice -c 'echo I am $(id -un)'
ok '... nor let in' all 'says_not "$PROMPT"' 'says_not "I am"'

unenrol alice
clear_log
ok 'AT-47 without a factor su is refused' run 1 su_alice \
    'No second factor is registered for alice. Ask your administrator for: mfactl add totp alice. Press Enter: ' ''
ok '... and nothing was run' says_not 'I am'
ok '... with an audit line' logged 'outcome=refused reason=not_enrolled user=alice'
ok 'no code, key or password is in the log' log_is_clean
finish
