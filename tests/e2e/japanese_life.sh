#!/bin/sh
# What else a Japanese person is told in the life of their factors, each once in
# Japanese on a UTF-8 terminal and once where only ASCII can be shown: refusals,
# a deadline, a phone through a real gateway, two kinds, a pass, a reset, a
# remembered key, an app password, and mfactl.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
. tests/e2e/lib_kannel.sh

# policy LINE ...: mfa.conf with these. su and sshd speak Japanese, two cannot.
SENDERS=kannel
policy()
{
	{
		cat <<-END
		language = ja
		qr_program = $NS/bin/mfactl
		sender_program = $NS/bin/mfa-send
		senders = $SENDERS
		numbers = +81
		drift_max = 0
		END
		printf '%s\n' "$@"
		printf '[service %s]\nascii = yes\n' su-l sshd-ascii
	} | config
}

# ja|en USER [WORDS ANSWER] ...: the same person by the one door or the other.
door()
{
	by=$1 who=$2
	shift 2
	# shellcheck disable=SC2086
	talk 'Password: ' "$PASSWORD" "$@" -- setpriv --reuid bob --regid bob \
	    --init-groups --reset-env su $by "$who" -c 'echo I am $(id -un)'
}

ja()
{
	door '' "$@"
}

en()
{
	door -l "$@"
}

in_ascii()
{
	! LC_ALL=C grep -q '[^ -~]' "$OUT"
}

# both NAME STATUS JAPANESE ENGLISH: hanako is told this, presses Enter, and that
# is the end of it.
both()
{
	ok "$1" run "$2" ja hanako "$3" ''
	ok '... in English' run "$2" en hanako "$4" ''
	ok '... in ASCII alone' in_ascii
}

# failures N: wrong codes of hanako in a row, the last just now.
failures()
{
	enrol hanako
	ja hanako '認証アプリの確認コード: ' "$(wrong hanako 1)" \
	    '確認コード (あと2回): ' "$(wrong hanako 2)" '確認コード (あと1回): ' \
	    "$(wrong hanako 3)" >"$OUT"
	sed -i "s/^failures = .*/failures = $1/" /var/lib/mfa/hanako
}

for service in su su-l sshd sshd-ascii; do
	pam_service $service
done
person hanako
person bob
useradd --system --shell /usr/sbin/nologin mfa-send
mkdir -m 700 -p /etc/mfa/secrets
mkdir -m 755 -p /etc/mfa/senders
cp conf/senders/kannel.conf /etc/mfa/senders
ok 'Kannel runs' kannel_start
(umask 077 && echo mfa >/etc/mfa/secrets/kannel.user &&
    echo "$SMSBOX_PASSWORD" >/etc/mfa/secrets/kannel.password)

# --- refusals, and a deadline
policy
both 'nothing is enrolled' 1 \
    'hanako の多要素認証が登録されていません。管理者に連絡して登録 (mfactl add totp hanako) を依頼してください。Enter キーを押してください: ' \
    'No second factor is registered for hanako. Ask your administrator for: mfactl add totp hanako. Press Enter: '
policy '[policy closed]' 'then = deny'
both 'a policy refuses' 1 \
    'このサーバーの設定により、hanako はここからログインできません。' \
    'The policy of this host does not let hanako in here.'
policy 'not_enrolled = enrol' "deadline = $(date -d '3 days' +%F)"
both 'before the deadline' 0 \
    '登録しなくても、あと4日はログインできます。今すぐ登録しますか? a: 認証アプリ, s: SMS でコードを受け取る, c: 音声通話でコードを受け取る, Enter: 後で: ' \
    'You may go on without it for 4 days. Register now? a: authenticator app, s: codes by SMS, c: codes by call; Enter: not now: '
ok '... and is in' says 'I am hanako'

# --- a phone, and then an app besides
policy 'not_enrolled = enrol' 'require_enrolled = app+phone' \
    "deadline = $(date -d '3 days' +%F)"
ok 'ja: a phone, and what is lacking' run 0 ja hanako \
    '今すぐ登録しますか?' s '電話番号の国 (例: 日本 または +81, x: 中止): ' 日本 \
    '日本 (+81) の電話番号 (n: 国を変更, x: 中止): ' ０９０ー００００ー１２３４ \
    '+81 ********34 に確認コードを SMS で送りました。確認コード (r: 再送, s: SMS, c: 音声通話, n: 番号を変更, b: 戻る, x: 中止): ' \
    '|sms-code +819000001234 1' \
    '電話番号 +81 ********34 を登録しました。上の回復コードを書き留めてください。' '' \
    '認証アプリの登録も必要です。' ''
ok '... and is in' says 'I am hanako'
ok '... the SMS was Japanese, and one' eval \
    'sms +819000001234 1 | grep -qx "mfa-testのログイン確認コード(5分間有効)です。誰にも教えないでください: [0-9]\{6\}"'
grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$OUT" >>"$SPENT"
unenrol hanako
rm -f /var/lib/mfa/%sent
ok 'en: the same' run 0 en hanako 'Register now?' s \
    'Country of your phone number, such as Japan or +81 (x: leave): ' japan \
    'Phone number in Japan (+81) (n: other country, x: leave): ' 09000001234 \
    'A code was sent by SMS to +81 ********34. Code (r: send again, s: SMS, c: call, n: other number, b: back, x: leave): ' \
    '|sms-code +819000001234 2' \
    'Your phone +81 ********34 is registered. Write down the recovery codes above' \
    '' 'An authenticator app is required as well. ' ''
ok '... in ASCII alone' in_ascii
ok '... the SMS is Japanese all the same' eval \
    'sms +819000001234 2 | grep -q "^mfa-testのログイン確認コード"'
grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$OUT" >>"$SPENT"
kannel_stop

# --- wrong codes: a wait, a lock; a kind that is not taken here
SENDERS=
ASK='認証アプリの確認コード: '
policy

HANG_UP='|printf "\004"'
failures 12
ok 'a wait after wrong codes' run 1 ja hanako "$ASK" 000000 \
    '分待ってから次のコードを入力してください。確認コード: ' \
    "$HANG_UP"
ok '... why' says '確認コードの間違いが続きました。'
ok '... in English' run 1 en hanako "$PROMPT" 000000 \
    ' minutes before you type the next one. Code: ' \
    "$HANG_UP"
ok '... why' says 'Too many wrong codes. Wait '
ok '... in ASCII alone' in_ascii
failures 50
ok 'a lock' run 1 ja hanako "$ASK" 000000 \
    '確認コードを50回間違えたためロックされています。管理者に連絡して解除 (mfactl unlock hanako) を依頼してください。Enter キーを押してください: ' ''
ok '... in English' run 1 en hanako "$PROMPT" 000000 \
    'Locked after 50 wrong codes. Ask your administrator for: mfactl unlock hanako. Press Enter: ' ''
ok '... in ASCII alone' in_ascii
enrol hanako
mfactl add recovery hanako >"$OUT" 2>&1
recovery=$(grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$OUT" | tee -a "$SPENT" |
    head -n 1)
policy 'methods = totp'
ok 'a recovery code where none is taken' run 0 ja hanako "$ASK" "$recovery" \
    'ここでは回復コードは使えません。' "$(code hanako)"
ok '... in English' run 0 en hanako "$PROMPT" "$recovery" \
    'Recovery codes are not accepted here. ' "$(next_code hanako)"
ok '... in ASCII alone' in_ascii
policy
other=$(grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$SPENT" | tail -n 1)
ok 'a recovery code where it is' run 0 ja hanako "$ASK" "$other"
ok '... and how many are left' says '回復コードを使いました。残りは9個です。'
ok '... in English' run 0 en hanako "$PROMPT" "$recovery"
ok '... how many are left' says 'Recovery code accepted. 8 remain.'

# --- a pass, and what a reset leaves behind
DATE="$(date -u +%Y年%m月%d日)"
pass()
{
	mfactl reset hanako >"$OUT" 2>&1
	mfactl pass hanako | grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' |
	    tee -a "$SPENT"
}
ok 'a pass' run 0 ja hanako '一時アクセス パス: ' "$(pass)"
ok '... and the notice of a reset' says_all 'I am hanako' \
    "${DATE}に管理者が認証方法をリセットしました。心当たりがない場合は管理者に連絡してください。"
enrol hanako
ok '... in English' run 0 en hanako 'One-time pass: ' "$(pass)"
ok '... the notice too' says_all 'I am hanako' \
    "Your second factors were reset by an administrator on $(date -u +%F). If you did not ask for that, tell them."
ok '... in ASCII alone' in_ascii

# --- a key to be remembered, over ssh
policy 'remember = 14d'
ssh-keygen -q -t ed25519 -N '' -f "$NS/key1"
as hanako sh -c 'mkdir -m 700 ~/.ssh && cat >~/.ssh/authorized_keys' \
    <"$NS/key1.pub"
for port in 2201 2202; do
	service=sshd
	[ $port = 2201 ] || service=sshd-ascii
	pam_stack $service <<-END
	auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
	END
	sshd_start $port $service "$PASSWORD_THEN_CODE" \
	    'AuthenticationMethods publickey,keyboard-interactive:pam'
done
with_key()
{
	port=$1
	shift
	# shellcheck disable=SC2046
	talk "$@" -- ssh $(opts) -i "$NS/key1" -p "$port" \
	    -o PreferredAuthentications=publickey,keyboard-interactive \
	    hanako@127.0.0.1 'echo I am $(id -un)'
}
enrol hanako
ok 'a key to be remembered' run 0 with_key 2201 "$ASK" "$(code hanako)" \
    'この鍵を記憶して、確認コードを省略しますか (期間: 14日)? y/N ' ''
enrol hanako
ok '... in English' run 0 with_key 2202 "$PROMPT" "$(code hanako)" \
    'Remember this key for 14 days? y/N ' ''
ok '... in ASCII alone' in_ascii

# --- mfactl: an app password, a pass, a lock
printf '[service imap]\napp_passwords = yes\n' >>/etc/mfa/mfa.conf
# Its words are in the language of whoever reads them: an administrator.
tool()
{
	LC_ALL=$1 mfactl "$2" "$3" "$4" "$5" "$6" "$7" >"$OUT" 2>&1
	status=$?
	grep -oE '([0-9A-Z]{4}-){6}[0-9A-Z]{4}' "$OUT" >>"$SPENT"
	return $status
}
ok 'an app password' tool ja_JP.UTF-8 add app-password 'Mail on phone' \
    hanako --service imap
ok '... is announced in Japanese' says_all 'のアプリ パスワード' \
    'アプリのパスワード欄に入力してください。'
ok '... in English' tool C add app-password 'Mail on tablet' hanako \
    --service imap
ok '... where the terminal is not UTF-8' says 'It is good until it is removed.'
ok '... in ASCII alone' in_ascii
ok 'nothing secret is in the log' log_is_clean
finish
