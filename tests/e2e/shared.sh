#!/bin/sh
# A shared account: five people with an app each. Who adds one shows another
# first, the log tells which was used, and who leaves takes only theirs along.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

PEOPLE='anna bert chiyo dora emil'
PROVE='A code you have now (app or recovery): '
SHOWS='Code that the app shows (empty: give up): '

# Ahead of the clock are the codes that are used here, one after the other.
config <<END
drift_max = 0
window_ahead = 10
END
person desk
pam_service sshd
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"

# "|app NAME": what the app of NAME shows, after the key was typed in.
cat >"$NS/bin/app" <<END
#!/bin/sh
grep -oE '([A-Z2-7]{4} ){7}[A-Z2-7]{4}' | tail -n 1 | tr -d ' ' |
    tee -a "$SPENT" >"$NS/key/\$1"
oathtool --totp -b "\$(cat "$NS/key/\$1")" | tee -a "$SPENT"
END
chmod 755 "$NS/bin/app"

# desk WORDS ... -- VERB ...: sudo mfactl --self, by somebody at that account.
desk()
{
	pairs=
	while [ "$1" != -- ]; do
		pairs="$pairs '$1'"
		shift
	done
	shift
	eval "talk $pairs -- env SUDO_USER=desk SUDO_UID=$(id -u desk) \
	    mfactl --self \"\$@\""
}

login()
{
	ssh_to 2201 desk 'Password: ' "$PASSWORD" "$@"
}

id_of()
{
	sed -n "/^\[factor/h; /^label = $1\$/{g; s/^\[factor \(.*\)\]/\1/p}" \
	    /etc/mfa/users/desk
}

ok 'the first app needs none before it' run 0 desk "$SHOWS" '|app anna' -- \
    add totp --label anna
before=anna
for who in bert chiyo dora emil; do
	ok "$who is added by a code of $before" run 0 desk "$PROVE" \
	    "$(at $before 1)" "$SHOWS" "|app $who" -- add totp --label $who
	before=$who
done
ok 'all five are there' run 0 mfactl status desk
ok '... by their names' says_all 'desk has 5 factors:' $PEOPLE

cp /etc/mfa/users/desk "$NS/factors"
ok 'a code that is none of theirs adds nobody' run 5 desk \
    "$PROVE" "$(wrong anna 1)" "$PROVE" "$(wrong anna 2)" \
    "$PROVE" "$(wrong anna 3)" -- add totp --label mallory
ok '... and says so' says_all 'wrong codes; nothing was changed'
ok '... nor is anything shown' says_not otpauth
ok '... the factors are as they were' eval \
    '[ "$(sha256sum </etc/mfa/users/desk)" = "$(sha256sum <"$NS/factors")" ]'
mfactl unlock desk >"$OUT"

for who in $PEOPLE; do
	clear_log
	ok "$who logs in" run 0 login "$PROMPT" "$(at $who 2)"
	ok '... to the shared account' says 'I am desk'
	ok '... and the log tells whose app it was' logged \
	    "outcome=granted reason=right_code user=desk .*method=totp factor=$(id_of $who) "
done

# --- one of them leaves
gone=$(id_of bert)
ok 'who leaves is removed by a code of another' run 0 desk "$PROVE" \
    "$(at anna 3)" -- remove bert
ok '... and says so' says "Removed $gone (bert) of desk."
ok '... their code lets nobody in' run 255 login "$PROMPT" "$(at bert 3)" \
    'tries left): ' "$(at bert 4)" 'try left): ' "$(at bert 5)"
ok '... and nothing was run' says_not 'I am'
ok '... the others are let in' run 0 login "$PROMPT" "$(at emil 3)"
ok '... as before' says 'I am desk'
ok 'no code, key or password is in the log' log_is_clean
finish
