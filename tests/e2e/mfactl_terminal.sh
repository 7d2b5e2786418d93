#!/bin/sh
# mfactl on a terminal of 80x24, as a person and their phone see it.
. tests/e2e/lib.sh
. tests/e2e/lib_terminal.sh

GIVE_UP='Code that the app shows (empty: give up): '

# The shell itself goes by the Ctrl-C as well, so it is asked anew.
interrupt()
{
	screen send-keys C-c
	types 'printf "after: %s\n" $?'
	shows 'after: 130'
}

echo_is_on()
{
	types 'stty -a | grep -qw -- -echo; printf "no echo: %s\n" $?'
	shows 'no echo: 1'
}

# Enrols alice on the terminal; $URI is what a phone reads off it.
scan()
{
	types 'mfactl add totp alice; echo status=$?'
	shows "$GIVE_UP" || return 1
	URI=$(qr "$1") || return 1
	echo "$URI" | sed 's/.*secret=\([A-Z2-7]*\).*/\1/' |
	    tee -a "$SPENT" >"$NS/key/alice"
}

uri_is_whole()
{
	echo "# $URI"
	echo "$URI" | grep -qxE "otpauth://totp/mfa-test:alice@mfa-test[?]\
secret=[A-Z2-7]{32}&issuer=mfa-test"
}

uri_is_stored()
{
	[ "$(stored_key alice)" = "$(cat "$NS/key/alice")" ]
}

mkdir -p /etc/mfa/users
chmod 700 /etc/mfa/users
config </dev/null
person alice
person bob

## A terminal that can do UTF-8: all of it on one screen.
terminal C.UTF-8
keep
ok 'UTF-8: the QR code on 80x24 is read by a scanner' scan 0
ok '... with all of the URI' uri_is_whole
ok '... with the prompt below it on the same screen' \
    eval 'screen capture-pane -p | grep -qF "${GIVE_UP% }"'
ok '... which is in words too' says "$URI"
ok '... and nothing is written yet' unchanged
types "$(wrong alice)"
ok 'a wrong code is told' shows "Is the phone's clock right?"
ok '... and nothing is written' unchanged
types "$(at alice 4)"
ok 'a code of a wrong clock is told to be one' shows \
    'The code fits a clock that is about 2 minutes ahead.'
used=$(code alice)
types "$used"
ok 'the right code enrols' shows status=0
ok '... says what it added' says_all 'Added totp-' '(Phone) for alice.'
ok '... the key that was scanned' uri_is_stored
ok '... and the terminal has its echo' echo_is_on
ok '... and that code is used up' eval \
    'echo "$used" | run 1 mfactl test alice && says "Already used"'

terminal C.UTF-8
keep
ok 'Ctrl-C at the code' all 'scan 0' interrupt
ok '... leaves every byte as it was' unchanged
ok '... and the echo on' echo_is_on
terminal C.UTF-8
types 'mfactl add totp bob --secret-stdin; echo status=$?'
ok 'a key is typed unseen' shows 'Key (base 32):'
screen send-keys -l GEZDGNBVGY3TQ
ok '... Ctrl-C ends it' interrupt
ok '... and it was not on the screen' says_not GEZD
ok '... leaves every byte as it was' unchanged
ok '... and the echo on' echo_is_on
terminal C.UTF-8
types 'mfactl add recovery alice; echo status=$?'
ok 'recovery codes are shown' shows status=0
ok '... all ten' eval \
    '[ "$(grep -cE "^ +[0-9]+  ([0-9A-Z]{4}-){3}[0-9A-Z]{4}$" "$OUT")" -eq 10 ]'
keep
terminal C.UTF-8
types 'mfactl add recovery alice; echo status=$?'
ok 'new ones come after a question' shows 'Make new ones? [y/N]'
types n
ok '... of which no is an answer' all 'shows status=5' unchanged

## One that cannot: by its width alone, the rest can be scrolled to.
terminal C
ok 'C locale: the QR code is read by a scanner' scan -
ok '... with all of the URI' uri_is_whole
ok '... in ASCII alone' eval '! LC_ALL=C grep -q "[^ -~]" "$OUT"'
types "$(code alice)"
ok '... and its code enrols' all 'shows status=0' uri_is_stored
screen kill-server
ok 'no key or code is in a log' log_is_clean
finish
