#!/bin/sh
# A shared account: five people, each with an authenticator of a name.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

config <<END
drift_max = 0
END
person office
pam_service sshd
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"
for who in anna ben chiyo david emi; do
	new_key "$who" | mfactl add totp office --secret-stdin --label "$who" \
	    >"$OUT" 2>&1
done
ok 'five authenticators, each by its name' all 'run 0 mfactl status office' \
    'says "office has 5 factors"' 'says_all anna ben chiyo david emi'

# id LABEL: of that factor.
id()
{
	mfactl status office | sed -n "s/^  \([^ ]*\) *$1,.*/\1/p"
}

for who in chiyo anna emi ben david; do
	clear_log
	ok "$who logs in" run 0 ssh_to 2201 office 'Password: ' "$PASSWORD" \
	    "$PROMPT" "$(code "$who")"
	ok '... and the log says whose code it was' all 'says "I am office"' \
	    'logged "outcome=granted reason=right_code user=office .* method=totp factor=$(id "$who") "'
done

# Whoever adds one has to answer with one that is there.
self()
{
	talk "$@" -- setpriv --reuid office --regid office --init-groups \
	    --reset-env sudo "$NS/bin/mfactl" --self add totp --label frank
}
echo "office ALL=(root) NOPASSWD: $NS/bin/mfactl --self *" \
    >/etc/sudoers.d/mfa-test
chmod 440 /etc/sudoers.d/mfa-test
ASKS='A code you have now (app or recovery): '
ok 'adding one needs one' run 5 self "$ASKS" "$(wrong anna 1)" \
    "$ASKS" "$(wrong anna 2)" "$ASKS" "$(wrong anna 3)"
ok '... and there are five still' all 'run 0 mfactl status office' \
    'says "office has 5 factors"' 'says_not frank'
mfactl unlock office >"$OUT"
ok 'one that is removed lets in no more' all \
    'run 0 mfactl remove ben office' 'run 255 ssh_to 2201 office "Password: " "$PASSWORD" "$PROMPT" "$(next_code ben)" "tries left): " 000000 "try left): " 111111'
ok 'no code, key or password is in the log' log_is_clean
finish
