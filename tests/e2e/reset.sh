#!/bin/sh
# A lost phone: a pass to read out, and a reset, also with a login under way.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

ASKS_PASSWORD='Password: '
ASKS_PASS='One-time pass: '
TOLD="Your second factors were reset by an administrator on $(date -u +%F)"
NOTICE="$TOLD. If you did not ask for that, tell them."
ANEW="$TOLD: register anew, or tell them if you did not ask for that. "
MORE='More information is required to protect your account. '
app

# ago USER SECONDS: the reset was so long before now, and in another boot.
ago()
{
	sed -i "s/^reset_at = .*/reset_at = $(($(date +%s) - $2))/
	    s/^reset_boot = .*/reset_boot = another/" "/var/lib/mfa/$1"
}

cat >"$NS/bin/sendmail" <<END
#!/bin/sh
{ echo "args: \$*"; env; cat; } >"$NS/mail"
END
chmod 755 "$NS/bin/sendmail"
config <<END
drift_max = 0
mail_program = $NS/bin/sendmail
END
person alice
pam_service sshd
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"

login()
{
	ssh_to 2201 alice "$ASKS_PASSWORD" "$PASSWORD" "$@"
}

# pass [OPTION ...]: a new one for alice, on stdout.
pass()
{
	mfactl pass alice "$@" >"$OUT" || cat "$OUT" >&2
	grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$OUT" | tee -a "$SPENT"
}

# --- a pass in place of the phone
enrol alice
clear_log
one=$(pass --reason 'phone "left" at home')
ok 'a pass is made, and logged with who and why' all \
    '[ -n "$one" ]' 'says "for one login within 24 hours"' \
    "logged 'mfactl.*: by=root event=pass user=alice hours=24 reason=\"phone .left. at home\"'"
ok '... it is not kept as it is' all \
    '! grep -qF "$one" /var/lib/mfa/alice' 'grep -q "^\[pass " /var/lib/mfa/alice'
ok 'it lets in once' run 0 login "$PROMPT" \
    "$(echo "$one" | tr 'A-Z-' 'a-z ')"
ok '... as that person' says 'I am alice'
ok '... with an audit line' logged 'outcome=granted reason=right_code user=alice service=sshd .* method=pass factor=- failures=0'
ok 'it is good once' run 255 login "$PROMPT" "$one" 'tries left): ' "$one" \
    'try left): ' "$one"
ok '... and nothing was run' says_not 'I am'
ok '... and it was counted' logged 'outcome=refused reason=wrong_code user=alice .*failures=1'
mfactl unlock alice >"$OUT"

one=$(pass)
two=$(pass --hours 1)
ok 'a new pass replaces the one before' all 'says "The pass before this one is void."' \
    'run 0 login "$PROMPT" "$one" "tries left): " "$two"' 'says "I am alice"'
one=$(pass)
clear_log
ok 'a pass can be taken back' run 0 mfactl pass alice --revoke --reason found
ok '... which is logged' logged 'by=root event=pass_revoked user=alice reason="found"'
ok '... and it lets nobody in' run 255 login "$PROMPT" "$one" 'tries left): ' \
    "$(wrong alice 2)" 'try left): ' "$(wrong alice 3)"
ok 'there is none to take back' run 1 mfactl pass alice --revoke
mfactl unlock alice >"$OUT"
one=$(pass --hours 2)
sed -i '/^\[pass/,$s/^since_at = .*/since_at = '"$(($(date +%s) - 7201))/" \
    /var/lib/mfa/alice
ok 'a pass runs out' run 255 login "$PROMPT" "$one" \
    'This pass has run out. Ask your administrator for another. Code (2 tries left): ' \
    "$(wrong alice 2)" 'try left): ' "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
ok 'hours have bounds' all 'run 2 mfactl pass alice --hours 0' \
    'run 2 mfactl pass alice --hours 169'

# --- a reset
enrol alice
rm -f "$NS/mail"
clear_log
one=$(pass)
ok 'a reset' run 0 mfactl reset alice --reason 'lost phone'
ok 'AT-84 it is logged with who and why' logged \
    'by=root event=reset user=alice reason="lost phone" enrol_seconds=86400$'
ok 'AT-84 and told by mail' all 'grep -qx "args: -oi -- alice" "$NS/mail"' \
    'grep -qx "To: alice" "$NS/mail"' 'grep -q "removed all second factors of alice on 20..-..-..\.$" "$NS/mail"'
ok '... without our environment' all '! grep -q "^HOME=" "$NS/mail"' \
    'grep -qx "LANG=C" "$NS/mail"'
ok '... the pass before it is void' run 255 login "$ANEW$READY" x \
    'Nothing was saved. To start again, log in again. Press Enter: ' ''
ok '... and until when it is open is shown' all 'run 1 mfactl status alice' \
    'says "may register a factor at a login until $(date -u -d tomorrow +%F)T"'
one=$(pass --hours 48)
until=$(date -u -d '2 days' +%F)T
ok 'a pass is shown, and until when' all 'run 1 mfactl status alice' \
    'says "Has a pass, good for one login until $until"' \
    'says "A login asks for a code"' 'run 1 mfactl status alice --json' \
    'says "\"pass_until\": \"$until"' \
    '! mfactl check --user alice --service sshd >"$OUT"' \
    'says "good for one login until $until"' 'says "a right code is accepted"'
ok '... and is no factor' all 'run 1 mfactl report' \
    'grep -qE "^alice +any +20..-..-..T..:..:..Z +$until..:..:..Z +- +-" "$OUT"' \
    'run 1 mfactl report --csv' \
    'grep -qE "^\"alice\",any,20..-..-..T..:..:..Z,,\"\",$until..:..:..Z" "$OUT"' \
    'run 1 mfactl report --json' \
    'grep -qF "\"pass_until\": \"$until" "$OUT"'
# shellcheck disable=SC2046
ok 'somebody without a factor logs in with a pass' run 0 \
    talk "$ASKS_PASSWORD" "$PASSWORD" "$ASKS_PASS" "$one" \
    "$NOTICE Press Enter: " '' '$ ' 'echo I am $(id -un); exit 0' -- ssh $(opts) -p 2201 alice@127.0.0.1
ok '... as that person' says 'I am alice'
ok '... and is told of the reset' says "$NOTICE"
ok '... and it is gone' all 'run 1 mfactl status alice' 'says_not "a pass,"' \
    'run 1 mfactl report' 'grep -qE "^alice +any +20..-..-..T..:..:..Z +- +- +-" "$OUT"'
ok '... and is not in without' run 255 login "$MORE$READY" x \
    'Nothing was saved.' ''
enrol alice
mfactl reset alice >"$OUT"
one=$(pass)
ok 'a session without a terminal is told, too' run 0 login "$ASKS_PASS" "$one" \
    "$NOTICE Press Enter: " ''
ok '... and is in' says 'I am alice'

# --- the time to register anew; bob was never reset
person bob
ago alice 86300
clear_log
ok 'in its last minutes people register' run 0 login "$MORE$READY" '' \
    "$SHOWN" '|app' "$WRITTEN" ''
ok '... and are in' all 'says "I am alice"' \
    'logged "event=enrol outcome=registered user=alice .* opened=reset$"' \
    '! grep -q ^reset /var/lib/mfa/alice'
for policy in deny enrol; do
	config <<-END
	not_enrolled = $policy
	deadline = 9999-12-31
	END
	mfactl reset alice >"$OUT"
	ago alice 86400
	clear_log
	ok "not_enrolled = $policy: after it nobody does" run 255 login \
	    'The time to register a second factor after the reset is over. Ask your administrator to open it again: mfactl reset alice. Press Enter: ' ''
	ok '... which is logged' logged \
	    'outcome=refused reason=enrol_closed user=alice .* policy=-$'
	ok '... and shown' all 'run 1 mfactl status alice' \
	    'says "could register a factor until 20"' \
	    'run 1 mfactl report' 'grep -qE "^alice +any +closed " "$OUT"' \
	    'run 1 mfactl check --user alice --service sshd' \
	    'says "the time to enrol after the reset ended"'
done
ok 'others go on as before' run 0 ssh_to 2201 bob "$ASKS_PASSWORD" \
    "$PASSWORD" "${MORE}You may go on without it for" ''
ok '... and are in' says 'I am bob'
ok 'another reset opens it again' all 'run 0 mfactl reset alice' \
    'says "Until 20"' 'run 1 mfactl report' \
    'grep -qE "^alice +any +20..-..-..T..:..:..Z " "$OUT"'
ok '... and no deadline lets them go on without' run 255 login "$READY" x \
    'Nothing was saved.' ''
config <<END
drift_max = 0
mail_program = $NS/bin/sendmail
END

# --- the notice: once, to whoever has proved to be the person
enrol alice
mfactl reset alice >"$OUT"
new_key alice | mfactl add totp alice --secret-stdin >"$OUT" 2>&1
pam_service sudo
echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/mfa-test
chmod 440 /etc/sudoers.d/mfa-test
sudo_alice()
{
	talk '[sudo] password for alice: ' "$PASSWORD" "$@" -- \
	    setpriv --reuid alice --regid alice --init-groups --reset-env \
	    sudo -k sh -c 'echo I am $(id -un)'
}
ok 'the next login after a reset' run 0 sudo_alice "$PROMPT" \
    "$(wrong alice)" 'tries left): ' "$(code alice)"
ok '... is told of it' says_all "$NOTICE" 'I am root'
ok 'the one after that' run 0 sudo_alice "$PROMPT" "$(next_code alice)"
ok '... is not' all 'says "I am root"' 'says_not "$NOTICE"'

# --- with a login under way: the reset is made while the code is asked for
enrol alice
c=$(code alice)
cat >"$NS/bin/reset-then" <<END
#!/bin/sh
mfactl reset alice --reason test >/dev/null
echo $c
END
chmod 755 "$NS/bin/reset-then"
clear_log
ok 'AT-84 a reset with a login under way' run 255 login "$PROMPT" \
    "|$NS/bin/reset-then"
ok '... ends that login' all 'says_not "I am"' \
    'logged "outcome=refused reason=factors_removed user=alice"'

# --- in their language, as a mail program reads it
enrol alice
mfactl language ja alice >"$OUT"
ok 'a reset of somebody who has chosen Japanese' run 0 mfactl reset alice
ok '... is told in Japanese, to who reads the mail' run 0 python3 - "$NS/mail" <<'END'
import email, email.policy, re, sys
text = open(sys.argv[1], 'rb').read()
text = text[text.index(b'To: '):]
mail = email.message_from_bytes(text, policy=email.policy.default)
assert not mail.defects and text.isascii(), mail.defects
assert mail['Subject'] == '多要素認証の登録がリセットされました', mail['Subject']
assert mail['To'] == 'alice'
body = mail.get_content()
assert 'alice さんの多要素認証の登録をすべて削除しました。' in body, body
assert re.match(r'20..年..月..日に、', body), body
END

# --- mail that hangs, and mail that fails
cat >"$NS/bin/sendmail" <<END
#!/bin/sh
sleep 1000
END
enrol alice
ok 'mail that hangs does not keep a reset' run 0 mfactl reset alice
ok '... and is told' says_all 'the mail to alice did not go' 'Reset: alice'

config <<END
drift_max = 0
mail_program = $NS/bin/nothing
END
enrol alice
ok 'mail that fails does not keep a reset' run 0 mfactl reset alice
ok '... and is told' says_all 'the mail to alice did not go' 'Reset: alice'
ok '... the factors are gone' run 1 mfactl status alice

# --- groups count for a reset as they do at a login
echo 'desk:x:4711:alice' >>/etc/group
config <<END
[group desk]
enrol_after_reset = 0
END
enrol alice
ok 'a reset of whom a group keeps from enrolling' run 0 mfactl reset alice
ok '... promises no enrolment' says_not Until
ok '... and the login has none' run 255 login \
    'No second factor is registered for alice. Ask your administrator for: mfactl add totp alice. Press Enter: ' ''
ok 'no code, key, pass or password is in the log' log_is_clean
finish
