#!/bin/sh
# Codes by SMS through a real gateway: Debian's Kannel, whose SMS centre is a
# fake, at a real sshd. Enrolling, wrong and late ones, resending, Japanese, no
# gateway, another provider, and what is not sent.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
. tests/e2e/lib_kannel.sh

ASKS_PASSWORD='Password: '
ALICE=+819000001234
HANAKO=+819000005678
CAROL=+819000004321
ASKS_APP='Code from your authenticator app (s: SMS, ?: help): '
SENT_ALICE='A code was sent by SMS to +81 ********34. Code (r: send again, ?: other ways): '
ASKS_SMS='Code (r: send again, n: other number, empty: give up): '
HOOK=$NS/hook.log		# what the second provider was asked

# senders NAMES [LINE ...]: mfa.conf with these, and more.
senders()
{
	names=$1
	shift
	{
		cat <<-END
		senders = $names
		sender_program = $NS/bin/mfa-send
		numbers = +81
		country = JP
		drift_max = 0
		END
		[ $# -eq 0 ] || printf '%s\n' "$@"
	} | config
}

# As if nothing had been sent today; as if all had been sent so long ago.
forget_sent()
{
	rm -f /var/lib/mfa/%sent
}
AGE_SENT="sed -Ei 's/^(sent|proof) = [0-9]* /\\1 = $((15 * 60)) /' /var/lib/mfa/%sent"

login()
{
	who=$1
	shift
	ssh_to 2201 "$who" "$ASKS_PASSWORD" "$PASSWORD" "$@"
}

# secret NAME: from standard input, as an administrator would.
secret()
{
	(umask 077 && cat >"/etc/mfa/secrets/$1")
}

mkdir -m 700 -p /etc/mfa/users /etc/mfa/secrets
mkdir -m 755 /etc/mfa/senders
useradd --system --shell /usr/sbin/nologin mfa-send
for who in alice hanako carol; do
	person "$who"
done
pam_service sshd
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"
ok 'Kannel runs' kannel_start

# --- what an administrator does
cp conf/senders/kannel.conf /etc/mfa/senders
senders kannel
clear_log
ok 'without its secrets a profile is refused' run 1 mfactl sender check
ok '... by the name of the file' says '/etc/mfa/secrets/kannel.user'
echo mfa | secret kannel.user
echo "$SMSBOX_PASSWORD" | secret kannel.password
ok 'with them it is in order' run 0 mfactl sender check
ok '... and says so' says 'kannel: in order.'
ok 'what would be sent is shown' run 0 mfactl sender show kannel \
    --to 090-0000-1234
ok '... without the secrets' all 'says "X-Kannel-To: $ALICE"' \
    'says "X-Kannel-Password: MASKED_password"' \
    'says_not "$SMSBOX_PASSWORD"'
ok '... and nothing was sent' [ "$(messages)" -eq 0 ]
ok 'a message to try it' run 0 mfactl sender test kannel --to 090-0000-1234
ok '... arrives' [ "$(sms $ALICE 1)" = 'Login to mfa-test. Never tell anybody this code, which is good for 5 minutes: 123456' ]
echo wrong-password | secret kannel.password
ok 'a wrong password' run 1 mfactl sender test kannel --to 090-0000-1234
ok '... is the configuration, in the words of Kannel' \
    says 'kannel: config: HTTP 403: Authorization failed for sendsms -> see mfa-sender(5)'
echo "$SMSBOX_PASSWORD" | secret kannel.password

# --- enrolling
enrol alice
cat >/etc/sudoers.d/mfactl <<END
ALL ALL = (root) NOPASSWD: $NS/bin/mfactl --self *
END
chmod 440 /etc/sudoers.d/mfactl
as_carol()
{
	talk "$@" -- setpriv --reuid carol --regid carol --init-groups \
	    --reset-env sudo "$NS/bin/mfactl" --self add phone
}
ok 'a person enrols their phone' run 0 as_carol \
    'Country of the number (empty: Japan (+81)): ' '' \
    'Number (empty: give up): ' '090-0000-4321' \
    'A code was sent by SMS to +81 ********21. ' - \
    'empty: give up): ' 000000 'Wrong code. Type the one that came last.' - \
    'empty: give up): ' "|sms-code $CAROL 1"
ok '... after its number was shown and its cost told' all \
    'says "The number is $CAROL (Japan)."' 'says "cost money"'
ok '... the log tells what was sent, and by whom' logged 'by=carol event=send outcome=sent user=carol service=mfactl method=sms factor=- to=\+81\*{8}21 provider=kannel'
ok '... and it is there' all 'says "Added phone-"' \
    'mfactl status carol | grep -qF "+81 ********21"'

forget_sent
ok 'without the right code nothing is enrolled' run 5 talk \
    'Country of the number (empty: Japan (+81)): ' 'Japan' \
    'Number (empty: give up): ' '090 0000 5678' \
    'empty: give up): ' 000000 'empty: give up): ' '' \
    -- mfactl add phone hanako
ok '... and it says what to look at' says "Check the number, the phone's signal"
ok '... and nobody is there' run 1 mfactl status hanako
forget_sent
ok 'a number elsewhere is refused' run 1 \
    mfactl add phone hanako +447700900123
ok '... with the key of mfa.conf, and what to do' all \
    'says "numbers in mfa.conf"' 'says "to allow it, add its country, as +81"'
ok 'root enrols numbers of others without a code' all \
    'run 0 mfactl add phone hanako 090-0000-5678 --unverified' \
    'run 0 mfactl language ja hanako' \
    'run 0 mfactl add phone alice 090-0000-1234 --unverified'
ok '... which the log knows' logged 'by=root event=add user=hanako factor=phone-.... verified=no'

# --- a login by SMS
forget_sent
clear_log
ok 'password and SMS let in' run 0 login alice \
    "$ASKS_APP" s "$SENT_ALICE" "|sms-code $ALICE 2"
ok '... as that person' says 'I am alice'
ok '... the number is masked' says_not "$ALICE"
ok '... with a line about what was sent' logged 'event=send outcome=sent user=alice service=sshd method=sms factor=phone-.... to=\+81\*{8}34 provider=kannel id=- class=- limit=- reason=-'
ok '... and an audit line' logged 'outcome=granted reason=right_code user=alice service=sshd .*method=sms factor=phone-....'
ok 'status tells of it' run 0 mfactl status alice
ok '... with the phone and the count' all \
    'says "+81 ********34 by SMS"' \
    'says "Sent in the last 24 hours: 1 SMS, 0 calls"' 'says_not "$ALICE"'
ok 'list, too' run 0 mfactl list
ok '... with that of the host' all 'says "(+81 ********34 by SMS)"' \
    'says "Sent in the last 24 hours by this host: 1 SMS, 0 calls"'

used=$(sms-code $ALICE 2)
forget_sent
ok 'the code of the login before is wrong, and 000000, then the new one is right' \
    run 0 login alice "$ASKS_APP" s "$SENT_ALICE" "$used" \
    'Wrong code. Type the one that came last. ' 000000 \
    'Wrong code. Type the one that came last. ' "|sms-code $ALICE 3"
ok '... as that person' says 'I am alice'

# --- again
forget_sent
clear_log
sent=$(messages)
ok 'a second one is not sent at once' run 0 login alice \
    "$ASKS_APP" s "$SENT_ALICE" r \
    'The code sent by SMS to +81 ********34 a moment ago is still good; a new one can be sent in ' \
    "|sms-code $ALICE 4"
ok '... and the first is good' says 'I am alice'
ok '... which the log knows' logged 'event=send outcome=earlier user=alice .*limit=resend_after'
ok '... and one was sent' [ "$(messages)" -eq $((sent + 1)) ]

forget_sent
ok 'after the pause it is, and takes the place of the first' run 0 login alice \
    "$ASKS_APP" s "$SENT_ALICE" "|$AGE_SENT; echo r" \
    "$SENT_ALICE" "|sms-code $ALICE 6 >/dev/null; sms-code $ALICE 5" \
    'Wrong code. Type the one that came last. ' "|sms-code $ALICE 6"
ok '... as that person' says 'I am alice'

# --- no app: it comes by itself, in their language
forget_sent
clear_log
ok 'who has only a phone is sent one at once' run 0 login hanako \
    '+81 ********78 に確認コードを SMS で送りました。確認コード (r: 再送, ?: ほかの方法): ' \
    "|sms-code $HANAKO 2"
ok '... as that person' says 'I am hanako'
ok '... and it arrives as it was written' [ "$(sms $HANAKO 2)" = \
    "mfa-testのログイン確認コード(5分間有効)です。誰にも教えないでください: $(sms-code $HANAKO 2)" ]

# --- what is not sent
forget_sent
sent=$(messages)
ok 'a wrong password sends nothing' run 255 \
    ssh_to 2201 hanako "$ASKS_PASSWORD" "not-$PASSWORD"
ok '... nor does a stranger' run 255 \
    ssh_to 2201 nosuch "$ASKS_PASSWORD" "$PASSWORD"
senders kannel 'user_hourly = 1'
clear_log
ok 'at the limit of a person nothing is sent' run 0 login alice \
    "$ASKS_APP" s "$SENT_ALICE" "|$AGE_SENT; echo r" \
    'a new one can be sent in 45 minutes. ' "$(code alice)"
ok '... the app still lets in' says 'I am alice'
ok '... and the log names the key' \
    logged 'event=send outcome=earlier user=alice .*limit=user_hourly'
senders kannel 'host_hourly = 1'
clear_log
ok 'at the limit of the host nothing is sent' run 255 login carol \
    'No SMS: this host has sent as many as it may for now. Use another way, or tell your administrator. ' \
    000000 'tries left' 000001 'try left' 000002
ok '... and the log names the key' \
    logged 'event=send outcome=host_limit user=carol .*limit=host_hourly'
forget_sent
run 0 login hanako '確認コードを SMS で送りました。' "|sms-code $HANAKO 3"
ok 'the last one before it alerts' logged 'event=alert limit=host_hourly'
ok '... and is all that was sent besides' [ "$(messages)" -eq $((sent + 2)) ]

# --- no gateway
kannel_stop
forget_sent
senders kannel
clear_log
ok 'without a gateway it says so, and the app lets in' run 0 login alice \
    "$ASKS_APP" s \
    'No SMS to +81 ********34: the provider cannot be reached now; try again in a minute. ' \
    "$(next_code alice)"
ok '... as that person' says 'I am alice'
ok '... the log has the reason' logged 'event=send outcome=refused user=alice .*provider=kannel id=- class=transient limit=- reason=[^-]'
ok '... and nothing was counted' [ "$(mfactl status alice --json |
    python3 -c 'import json, sys; print(json.load(sys.stdin)["sent"])')" = \
    "{'sms': 0, 'voice': 0}" ]

# --- another provider
sed 's|^url = .*|url = http://127.0.0.1:8099/ok|' conf/senders/webhook.conf \
    >/etc/mfa/senders/webhook.conf
echo token-7 | secret webhook.token
echo token-7 >>"$SPENT"
: >"$HOOK"
chmod 600 "$HOOK"
python3 "$E2E/provider.py" "$HOOK" 8099 &
HOOK_PID=$!
wait_port 8099
cat >"$NS/bin/hook-code" <<END
#!/bin/sh
sed -n 's/.*: \([0-9]\{6\}\)".*/\1/p' "$HOOK" | tail -n 1 | tee -a "$SPENT"
END
chmod 755 "$NS/bin/hook-code"
senders 'kannel, webhook'
forget_sent
clear_log
ok 'the next provider is asked where the first did not take it' run 0 \
    login alice "$ASKS_APP" s "$SENT_ALICE" '|hook-code'
ok '... as that person' says 'I am alice'
ok '... once' [ "$(wc -l <"$HOOK")" -eq 1 ]
ok '... with its own words' grep -qF '{"kind":"sms","to":"+819000001234","text":"Login to mfa-test.' "$HOOK"
ok '... and the log tells both' logged 'event=send outcome=sent user=alice .*provider=webhook id=m-1 class=- limit=- reason=kannel'
ok '... and it is counted once' all 'run 0 mfactl status alice' \
    'says "Sent in the last 24 hours: 1 SMS, 0 calls"'
kill "$HOOK_PID"

ok 'no code, password or secret is in the log' log_is_clean
ok '... and no whole number' [ "$(grep -cE '0-?000-?(1234|5678|4321)|81900000' "$NS/log")" -eq 0 ]
finish
