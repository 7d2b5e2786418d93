#!/bin/sh
# mfactl itself: its verbs, who may, what it takes over, what it completes.
. tests/e2e/lib.sh

M=$NS/bin/mfactl
GIVE_UP='Code that the app shows (empty: give up): '
SHOWN_KEY="|sed -n 's/.*secret=\([A-Z2-7]*\).*/\1/p' | head -n 1 |
    xargs oathtool --totp -b"

mkdir -p /etc/mfa/users
chmod 700 /etc/mfa/users
config </dev/null
for who in alice bob carol; do
	person "$who"
done

enrol alice
enrolled=$(cat "$NS/key/alice")
mfactl add recovery alice >"$OUT"
new_key alice | mfactl add totp alice --secret-stdin >"$OUT"

## What is shown.
ok 'status' run 0 mfactl status alice
ok '... names the factors' says_all 'alice has 3 factors:' Phone 'Phone 2' \
    '10 of 10 codes left'
json()
{
	run "$1" mfactl "$2" --json ${4:+"$4"} &&
	    python3 -c "import json; j = json.load(open('$OUT'))
assert $3, j"
}
ok 'status --json' json 0 status \
    "j['user'] == 'alice' and j['policy'] == 'ask' and not j['locked'] and \
    [f['kind'] for f in j['factors']] == ['totp', 'recovery', 'totp'] and \
    j['factors'][1]['codes_left'] == 10" alice
ok 'status --json of nobody' json 1 status \
    "j['factors'] == [] and j['policy'] == 'refuse'" bob
new_key bob | run 0 mfactl add totp bob --secret-stdin --label Tablet \
    --digits 8 --period 60 --algorithm SHA256
ok '--secret-stdin says what it added' says_all 'Added totp-' \
    '(Tablet) for bob.'
ok '... and its parameters count' eval 'oathtool --totp=SHA256 -d 8 -s 60 -b \
    "$(cat "$NS/key/bob")" | tee -a "$SPENT" | run 0 mfactl test bob'
ok 'list' run 0 mfactl list
ok '... has both' eval 'grep -q "^alice .*totp-.*,recovery-.*,totp-" "$OUT" &&
    grep -q "^bob .* totp-" "$OUT"'
ok 'list --json' json 0 list "[p['user'] for p in j] == ['alice', 'bob']"

## Changes.
ok 'rename' run 0 mfactl rename 'phone 2' 'Work phone' alice
ok '... to a label that is taken' run 1 mfactl rename Phone 'work PHONE' alice
ok '... says so' says 'there is a factor "work PHONE" already'
keep
ok 'remove what is not there' run 1 mfactl remove Watch alice
ok '... says how to see what is' says_all '"Watch"' 'mfactl status'
ok '... and changes nothing' unchanged
ok 'remove' run 0 mfactl remove 'Work phone' alice
echo "$enrolled" >"$NS/key/alice"
keep
ok 'test of a right code' eval \
    'at alice 1 | run 0 mfactl test alice'
ok '... twice' eval 'at alice 1 | run 0 mfactl test alice'
ok 'test of a wrong one' eval 'wrong alice | run 1 mfactl test alice'
ok '... uses nothing up' unchanged
printf 'version = 1\nfailures = 50\nfailed_at = 1\n' >/var/lib/mfa/bob
chmod 600 /var/lib/mfa/bob
ok 'status of somebody locked' run 0 mfactl status bob
ok '... says what unlocks' says_all 'Locked after 50' 'mfactl unlock bob'
ok 'unlock' run 0 mfactl unlock bob
ok '... says what it forgot' says '50 wrong codes'
ok '... once' eval 'run 0 mfactl unlock bob && says "nothing was changed"'
ok 'reset' run 0 mfactl reset bob
ok '... leaves nothing' eval '[ ! -e /etc/mfa/users/bob ] &&
    run 1 mfactl status bob && says "no second factor"'
ok 'reset of nobody opens an enrolment' all 'run 0 mfactl reset bob' \
    'says "bob can register a new one at a login"' \
    'run 1 mfactl status bob' 'says "may register a factor at a login until 20"'
echo 'enrol_after_reset = 0' >>/etc/mfa/mfa.conf
rm -f /var/lib/mfa/bob
ok '... if a reset does' run 1 mfactl reset bob
ok '... and says so' says 'bob has no factors'
sed -i '/^enrol_after_reset/d' /etc/mfa/mfa.conf
new_key gone | mfactl add totp carol --secret-stdin >/dev/null
userdel -r carol 2>/dev/null
ok 'reset of an account that is gone' run 0 mfactl reset carol
person carol

## Who may.
keep
ok 'somebody else is root'"'"'s to name' run 3 as alice "$M" status bob
ok '... says so' says 'bob: only root may name another person'
ok 'list is for administrators' run 3 as alice "$M" list
ok '... says so' says_all 'list is for administrators' 'sudo mfactl list'
ok 'the store is root'"'"'s to read' run 3 as alice "$M" status
ok '... says the way' says 'sudo mfactl --self'
ok '--self without sudo' run 3 mfactl --self status
ok 'an unknown account' run 1 mfactl add totp nobody-here
ok '... says so' says 'nobody-here: there is no such account'
ok 'nobody to ask' eval 'run 5 mfactl add totp bob </dev/null'
ok '... says so' says 'no answer; nothing was changed'
ok 'no verb' run 2 mfactl
ok 'half a verb' run 2 mfactl add
ok 'a mistyped one' run 2 mfactl lsit
ok '... says the right one' says 'did you mean list?'
ok 'an operand too few' run 2 mfactl remove
ok '... says the usage' says 'usage: mfactl remove FACTOR [USER]'
ok 'an operand too many' run 2 mfactl list alice
ok 'an option of another verb' run 2 mfactl list --label x
ok 'an unknown option' run 2 mfactl list --colour
ok 'a number that is none' run 2 mfactl add totp bob --digits five
echo 'store = nowhere' | config
ok 'a configuration that is wrong' run 3 mfactl status alice
ok '... says where' says '/etc/mfa/mfa.conf:1: store = nowhere'
config </dev/null
chmod 755 /etc/mfa/users
ok 'a store that is open' run 4 mfactl status alice
ok '... says what to do' says_all /etc/mfa/users chmod
chmod 700 /etc/mfa/users
ok '... all of which changed nothing' unchanged
ok 'a full disk' eval 'run 4 sh -c "mfactl add recovery bob >/dev/full"'
ok '... is told' says 'stdout'
mfactl reset bob >/dev/null

## sudo mfactl --self
echo "ALL ALL=(root) NOPASSWD: $M --self *" >/etc/sudoers.d/mfactl
chmod 440 /etc/sudoers.d/mfactl
self()
{
	setpriv --reuid alice --regid alice --init-groups --reset-env \
	    sudo -n "$M" --self "$@"
}
HAVE='A code you have now (app or recovery): '
keep
ok '--self reads no files as root' run 3 self import google-authenticator \
    /etc/shadow
ok '... says so' says 'import does not go with --self'
ok '--self shows oneself' run 0 self status
ok '... alone' run 3 self status bob
ok '... with the configuration there is' run 3 self status --conf /tmp/x
ok '... and with no key of their choice' run 3 self add totp --secret-stdin
ok '... says so' says '--secret-stdin is for root'
ok '... all of which changed nothing' unchanged
used=$(at alice 1)
ok '--self asks for a code before a change' eval \
    'echo "$used" | run 0 self rename Phone "My phone"'
ok '... which is used up' eval \
    'echo "$used" | run 5 self rename "My phone" Phone'
ok '... and says so' says 'This code was already used.'
cp /etc/mfa/users/alice "$NS/factors"
ok 'a wrong one changes nothing' eval \
    'wrong alice | run 5 self rename "My phone" Phone &&
    cmp /etc/mfa/users/alice "$NS/factors"'
ok '... and is counted' eval 'run 0 self status && says "1 wrong code in"'
mfactl reset alice >/dev/null
ok 'the first factor needs none' run 0 talk "$GIVE_UP" "$SHOWN_KEY" -- \
    setpriv --reuid alice --regid alice --init-groups --reset-env \
    sudo -n "$M" --self add totp
ok '... and is enrolled' says_all 'Added totp-' 'for alice.'

## Other modules' files.
for who in gina gustav; do
	person "$who"
done
cd /home/gina
as gina google-authenticator -t -d -f -C -q -r 3 -R 30 -w 3 >/dev/null 2>&1
cd "$NS/src"
ok 'import of what google-authenticator wrote' run 0 mfactl import \
    google-authenticator /home/gina/.google_authenticator gina
ok '... says what was left out' says_all '(Imported) for gina' \
    'mfactl add recovery gina'
sed -n 1p /home/gina/.google_authenticator | tee -a "$SPENT" >"$NS/key/gina"
ok '... its codes are right' eval 'code gina | run 0 mfactl test gina'
ok '... once only' run 1 mfactl import google-authenticator \
    /home/gina/.google_authenticator gina
ok '... says so' says 'this key is enrolled already'
step=$(($(date +%s) / 30))
printf '%s\n" TOTP_AUTH\n" DISALLOW_REUSE %d %d\n' "$(new_key gustav)" \
    "$((step - 1))" "$((step + 2))" >"$NS/ga"
ok 'import of one by hand' run 0 mfactl import google-authenticator "$NS/ga" \
    gustav --label Old
ok '... what was used there is used here' eval \
    'code gustav | run 1 mfactl test gustav && says "Already used"'
keep
printf 'GEZDGNBVGY3TQOJQ\n" TOTP_AUTH\n' >"$NS/ga"
ok 'a key of 80 bits' run 1 mfactl import google-authenticator "$NS/ga" bob
ok '... says why, and what to do' says_all "$NS/ga: line 1" '80 bits' \
    'mfactl add totp'
ok 'a file that is not there' run 1 mfactl import oath /nonexistent
ok '... says so' says '/nonexistent: cannot open'
ok 'something else than a file' run 4 mfactl import oath /dev/zero
ok '... all of which changed nothing' unchanged

hex=3132333435363738393031323334353637383930
cat >"$NS/users.oath" <<END
# type user password key counter last
HOTP bob - $hex 5 $(oathtool -c 5 $hex) 2026-01-01T00:00:00L

HOTP/T60/8 carol - 4142434445464748494a4b4c4d4e4f5051525354
TOTP gina - $hex
HOTP/T30 nobody-here - $hex
HOTP gustav - 31323334
END
ok 'import oath takes what is good' run 1 mfactl import oath \
    "$NS/users.oath"
ok '... and names what is not' says_all "$NS/users.oath: line 5: unknown" \
    'nobody-here: there is no such account' 'line 6: not taken over' 'line 7: the key has 32 bits' \
    '3 lines were not taken over'
ok '... and says who was' says_all 'for bob.' 'for carol.'
ok '... the used code of a counter is used' eval \
    'oathtool -c 5 $hex | run 1 mfactl test bob'
ok '... the next is not' eval 'oathtool -c 6 $hex | run 0 mfactl test bob'
ok '... a TOTP is one' eval 'oathtool --totp -d 8 -s 60 \
    4142434445464748494a4b4c4d4e4f5051525354 | run 0 mfactl test carol'

## store = home
config <<END
store = home
home_program = $NS/bin/mfactl
END
rm -rf /home/*/.mfa
ok 'store = home: as the person' run 0 talk "$GIVE_UP" "$SHOWN_KEY" -- \
    setpriv --reuid carol --regid carol --init-groups --reset-env "$M" add totp
ok '... in the home, for nobody else to read' eval \
    '[ "$(stat -c "%a %U" /home/carol/.mfa/factors)" = "600 carol" ]'
ok '... status' run 0 as carol "$M" status
ok '... says what only root knows' says 'known to root only'
ok 'root does not write there' run 3 mfactl add totp carol
ok '... says who does' says 'run it as carol, without sudo'
ok 'list passes over the others' eval \
    'run 0 mfactl list && [ "$(wc -l <"$OUT")" -eq 2 ]'
ok 'remove' run 0 as carol "$M" remove phone
ok '... says what follows' says 'Logins are now refused'
talk "$GIVE_UP" "$SHOWN_KEY" -- setpriv --reuid carol --regid carol \
    --init-groups --reset-env "$M" add totp >/dev/null
as gina sh -c 'cat >/home/gina/.mfa-import' <<END
$(cat "$NS/key/gina")
" TOTP_AUTH
END
ok 'everybody imports their own' run 0 as gina "$M" import \
    google-authenticator /home/gina/.mfa-import
ok '... and nothing of others' run 3 as gina "$M" import \
    google-authenticator /home/gina/.mfa-import carol
ok '... and its codes are right' eval 'code gina | run 0 as gina "$M" test'
ok 'root resets' run 0 mfactl reset carol
ok '... so that nothing is left' [ ! -e /home/carol/.mfa/factors ]

## Help, and what the shell completes.
ok '--help' run 0 mfactl --help
ok '... has every verb' says_all 'status [USER]' 'add totp [USER]' \
    'import google-authenticator FILE [USER]'
ok 'help about a verb' run 0 mfactl add totp --help
ok '... has its options' says_all '--label TEXT' '--secret-stdin'
ok '... and is about no other' says_not 'add recovery'

# completes WANT WORD ...: are these, in any order, what the last word may be?
completes()
{
	want=$1
	shift
	bash -c '. completion/mfactl
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_mfactl
	printf "%s\n" "${COMPREPLY[@]}"' - mfactl "$@" >"$OUT" 2>&1
	[ "$(sort "$OUT" | paste -sd ' ')" = "$want" ]
}
every_verb_completes()
{
	mfactl --help | sed -n '/^Verbs:/,/^$/s/^  \([a-z].*\)/\1/p' |
	    sed 's/   *.*//; s/ [^ ]*[[A-Z|].*//' >"$NS/verbs"
	[ "$(wc -l <"$NS/verbs")" -ge 11 ] || return 1
	while read -r first second; do
		completes "$first" "$first" &&
		    { [ -z "$second" ] || completes "$second" $first "$second"; } ||
		    { echo "# not completed: $first $second"; return 1; }
	done <"$NS/verbs"
}
ok 'every verb completes' every_verb_completes
ok 'half a verb completes' completes \
    'app-password phone recovery totp' add ''
ok 'options complete, the ones of the verb' completes \
    '--conf --help --json --language --self' list --
ok '... and what they take' completes '6 7 8' add totp --digits ''
ok '... and words that a verb takes' completes 'sms totp voice' first ''
mkdir -p /etc/mfa/senders
touch /etc/mfa/senders/kannel.conf
ok '... and the profiles of providers' completes kannel sender show ''
ok 'people complete' completes alice reset ali
ok '... after an option with its text' completes alice add totp --label x ali
ok 'files complete' completes Makefile import oath Make
ok 'a name that is made up does not' completes '' rename x ali
ok 'no key or code is in a log' log_is_clean
finish
