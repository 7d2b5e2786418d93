#!/bin/sh
# A Japanese person: at su on a UTF-8 terminal, at a service that shows ASCII
# only, and with mfactl; and others at their first login. No Japanese locale is
# installed, and none is needed.
. tests/e2e/lib.sh

config <<END
[service su-l]
ascii = yes
END
pam_service su
pam_service su-l
person hanako
person bob

as_bob()
{
	talk 'Password: ' "$PASSWORD" "$@"
}

su_hanako()
{
	as_bob "$@" -- setpriv --reuid bob --regid bob --init-groups \
	    --reset-env su hanako -c 'echo I am $(id -un)'
}

ASK='認証アプリの確認コード: '
! locale -a | grep -q ja || echo '# a Japanese locale is installed'

enrol hanako
ok 'mfactl language: kept with the factors' run 0 mfactl language ja hanako
ok '... and said in the language of the administrator' \
    says 'For hanako it is now ja.'

ok 'password and code let in' run 0 su_hanako "$ASK" "$(code hanako)"
ok '... as that person' says 'I am hanako'

used=$(code hanako)
next=$(codes hanako -1 1 | tee -a "$SPENT")
wide=$(printf %s "$next" | sed 's/0/０/g; s/1/１/g; s/2/２/g; s/3/３/g; s/4/４/g
    s/5/５/g; s/6/６/g; s/7/７/g; s/8/８/g; s/9/９/g')
ok 'a used code is refused in Japanese, one in wide digits is taken' \
    run 0 su_hanako "$ASK" "$used" \
    'このコードは使用済みです。次のコードが表示されるまでお待ちください。確認コード (あと2回): ' \
    "$wide"
ok '... as that person' says 'I am hanako'
ok 'and is used up' run 1 su_hanako "$ASK" "$next" \
    'このコードは使用済みです。次のコードが表示されるまでお待ちください。確認コード (あと2回): ' \
    "$wide" '確認コード (あと1回): ' "$next" \
    '確認コードが違います。新しいコードでログインし直してください。' -

enrol hanako
mfactl language ja hanako >"$OUT"
clear_log
ok 'a wide question mark helps' run 1 su_hanako "$ASK" '？' \
    '認証アプリに表示されたこのサーバー用の数字か、回復コードを入力してください。' \
    "$(wrong hanako 1)" \
    '確認コードが違います。スマートフォンの時刻と、このサーバーのアカウントのコードかどうかをご確認ください。確認コード (あと2回): ' \
    "$(wrong hanako 2)" '確認コード (あと1回): ' "$(wrong hanako 3)" \
    '確認コードが違います。新しいコードでログインし直してください。' -
ok '... and the log is in English' logged \
    'outcome=refused reason=wrong_code user=hanako service=su '

enrol hanako
mfactl language ja hanako >"$OUT"
ok 'a service that shows ASCII only is spoken to in English' run 0 \
    as_bob "$PROMPT" "$(code hanako)" -- setpriv --reuid bob --regid bob \
    --init-groups --reset-env su -l hanako -c 'echo I am $(id -un)'
ok '... in nothing but ASCII' eval '! LC_ALL=C grep -q "[^ -~]" "$OUT"'

# Nobody learns from the language whose name they typed.
code_first()
{
	talk "$@" -- setpriv --reuid bob --regid bob --init-groups \
	    --reset-env su hanako -c true
}

cat >/etc/pam.d/su <<END
auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
auth requisite pam_unix.so nodelay
account required pam_unix.so
session required pam_unix.so
END
config <<END
[service su]
first_factor = after
END
ok 'code first: in the language of the host' run 1 code_first \
    "$PROMPT" "$(wrong hanako 1)" 'Wrong code. Code: ' "$(wrong hanako 2)" \
    'Wrong code. Code: ' "$(wrong hanako 3)"
config <<END
[service su]
first_factor = after
language = ja
END
mfactl language en hanako >"$OUT"
ok '... or of the service, whoever they are' run 1 code_first \
    "$ASK" "$(wrong hanako 1)" '確認コードが違います。確認コード: ' \
    "$(wrong hanako 2)" '確認コードが違います。確認コード: ' \
    "$(wrong hanako 3)"

# mfactl: what the person chose, else the name of the locale.
config </dev/null
enrol hanako
hers()
{
	SUDO_USER=hanako SUDO_UID=$(id -u hanako) mfactl --self "$@"
}

ok 'mfactl speaks the language of the locale, installed or not' \
    run 0 env LANG=ja_JP.UTF-8 mfactl status hanako
ok '... here' says 'hanako の認証方法は1個です:'
mfactl language ja hanako >"$OUT"
ok '... and to her what she chose' run 0 hers status
ok '... here' says 'hanako の認証方法は1個です:'
ok '... but for --language' run 0 hers status --language en
ok '... here' says 'hanako has 1 factor:'
ok '... and English where the terminal shows no UTF-8' \
    eval 'LC_ALL=C hers status >"$OUT"; says "hanako has 1 factor:"'
code hanako >"$NS/typed"
ok 'codes for a rainy day' \
    eval 'hers add recovery <"$NS/typed" >"$OUT" 2>&1'
ok '... are announced in Japanese' says \
    'hanako の回復コードです。認証アプリの確認コードの代わりに、それぞれ1回だけ使えます。'
sed -n 's/^ *[0-9]*  \([0-9A-Z-]*\)$/\1/p' "$OUT" >>"$SPENT"

# The first login. "|app USER": what the app shows, after the key was typed in.
cat >"$NS/bin/app" <<END
#!/bin/sh
sed -n 's/.*\(キー\|app:\) \(\([A-Z2-7]\{4\}[ .]*\)\{8\}\).*/\2/p' | tail -n 1 |
    tr -d ' .' | tee -a "$SPENT" >"$NS/key/\$1"
oathtool --totp -b "\$(cat "$NS/key/\$1")" | tee -a "$SPENT"
END
chmod 755 "$NS/bin/app"
pam_service su
person taro
person jiro
policy()
{
	config <<-END
	qr_program = $NS/bin/mfactl
	not_enrolled = enrol
	drift_max = 0
	$1
	END
}

su_taro()
{
	as_bob "$@" -- setpriv --reuid bob --regid bob --init-groups \
	    --reset-env su taro -c 'echo I am $(id -un)'
}

SHOWN='認証アプリに表示された確認コード (k: キーを文字で表示, q: QR コードの表示を切り替え, x: 中止): '
READY='アカウントを保護するため、追加の情報が必要です。スマートフォンの認証アプリを用意して Enter キーを押してください (x: 中止): '
policy '[service su]
language = ja'
clear_log
ok 'first login: left half-way' run 1 su_taro "$READY" '' "$SHOWN" 'ｘ' \
    '何も登録されていません。登録をやり直すには、ログインし直してください。Enter キーを押してください: ' ''
ok '... nothing is kept' [ ! -e /etc/mfa/users/taro ]
ok 'an app is registered, by a code in wide digits' run 0 su_taro \
    "$READY" '' '認証アプリでこの QR コードを読み取るか、キー ' - '▄▄▄' - \
    "$SHOWN" '１２３' '確認コードではありません。認証アプリに表示された数字を入力してください。' \
    "|app taro | sed 's/0/０/g; s/1/１/g; s/2/２/g; s/3/３/g; s/4/４/g
    s/5/５/g; s/6/６/g; s/7/７/g; s/8/８/g; s/9/９/g'" \
    '認証アプリを登録しました。上の回復コードを書き留めてください。' ''
sed -n 's/^ *[0-9]*  \([0-9A-Z-]*\)$/\1/p' "$OUT" >>"$SPENT"
ok '... and lets in' says_all 'I am taro' '回復コード:'
ok '... its line in the log is in English' logged \
    'event=enrol outcome=registered user=taro service=su .*method=totp'
ok '... its names are Japanese' all \
    'grep -qx "label = スマートフォン" /etc/mfa/users/taro' \
    'grep -qx "label = 回復コード" /etc/mfa/users/taro'
policy ''
ok 'who registered in Japanese is spoken to in it' run 0 su_taro "$ASK" \
    "$(next_code taro)"
ok '... as that person' says 'I am taro'

policy 'language = ja
[service su-l]
ascii = yes'
ok 'a service that shows ASCII only shows the key in letters' run 0 as_bob \
    'Have the authenticator app on your phone ready and press Enter' '' \
    'Type this key in the authenticator app: ' - \
    '. Code that the app shows (k: key as text, q: other QR code, x: leave): ' \
    '|app jiro' \
    'Press Enter when you have them: ' '' -- setpriv --reuid bob \
    --regid bob --init-groups --reset-env su -l jiro -c 'echo I am $(id -un)'
ok '... and lets in' says 'I am jiro'
ok '... in nothing but ASCII' eval '! LC_ALL=C grep -q "[^ -~]" "$OUT"'
sed -n 's/^ *[0-9]*  \([0-9A-Z-]*\)$/\1/p' "$OUT" >>"$SPENT"
ok '... which is not taken for their language' \
    eval '! grep -q language /etc/mfa/users/jiro'
ok 'no code, key or password is in the log' log_is_clean
finish
