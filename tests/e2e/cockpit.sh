#!/bin/sh
# cockpit's login page: a real cockpit-ws on loopback, spoken to as the page
# does. Password and code, a wrong code, a first login, Japanese people.
. tests/e2e/lib.sh

PORT=1090
MORE='More information is required to protect your account. '
READY='Have the authenticator app on your phone ready and press Enter (x: leave): '
SHOWN='Code that the app shows (k: key as text, q: other QR code, x: leave): '
KEY='Type this key in the authenticator app: '
WRITTEN='Press Enter when you have them: '

# The example, the module's path apart; Debian's account and session lines want
# more of a host than there is here.
sed "s|pam_mfa.so|$NS/pam_mfa.so|; s|^auth.*pam_unix.so|& nodelay|" \
    conf/pam.d/cockpit >/etc/pam.d/cockpit
mkdir -p "$NS/xdg/cockpit"
printf '[WebService]\nAllowUnencrypted = true\n' >"$NS/xdg/cockpit/cockpit.conf"
: >"$NS/journal"
chmod 600 "$NS/journal"
XDG_CONFIG_DIRS="$NS/xdg" /usr/lib/cockpit/cockpit-ws --no-tls \
    --address 127.0.0.1 --port $PORT </dev/null >"$NS/journal" 2>&1 &
COCKPIT=$!
wait_port $PORT

# conf LINE ...: mfa.conf with these for cockpit, as the example says.
conf()
{
	config <<-END
	drift_max = 0
	qr_program = $NS/bin/mfactl
	$(printf '%s\n' "$@")
	[service cockpit]
	ascii = yes
	qr = none
	END
}

# page USER [WORDS ANSWER] ...: the password is right.
page()
{
	who=$1
	shift
	python3 "$E2E/cockpit.py" $PORT "$who" "$PASSWORD" "$@"
}

# "|app USER": what the app shows, after the key was typed in.
cat >"$NS/bin/app" <<END
#!/bin/sh
sed -n 's/.*app: \(\([A-Z2-7]\{4\}[ .]*\)\{8\}\).*/\1/p' | tail -n 1 |
    tr -d ' .' | tee -a "$SPENT" >"$NS/key/\$1"
oathtool --totp -b "\$(cat "$NS/key/\$1")" | tee -a "$SPENT"
END
chmod 755 "$NS/bin/app"

# What cockpit was told and wrote down has nothing secret either.
journal_is_clean()
{
	! sort -u "$SPENT" | grep -oFf - "$NS/journal" &&
	    ! grep -oF -e "$PASSWORD" -e otpauth "$NS/journal"
}

ascii()
{
	! LC_ALL=C grep -q '[^ -~]' "$OUT"
}

# keep_codes: the recovery codes that were shown.
CODE='([0-9A-Z]{4}-){3}[0-9A-Z]{4}'
keep_codes()
{
	grep -oE "$CODE" "$OUT" | tee "$NS/codes" >>"$SPENT"
}

person alice
person bob
person hanako
conf ''
enrol alice
ok 'password and code let in' run 0 page alice "$PROMPT" "$(code alice)"
ok '... to a session' says 'cockpit: logged in'
ok '... which is alice' logged 'session opened for user alice\(uid='
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=cockpit rhost=127\.0\.0\.1 .*method=totp'
clear_log
ok 'a wrong password ends it before any code' run 1 \
    python3 "$E2E/cockpit.py" $PORT alice "not-$PASSWORD"
ok '... and nothing is said of one' all 'says_not Code' \
    '! grep -q pam_mfa "$NS/log"'
enrol alice
ok 'a wrong code is told, a right one lets in' run 0 page alice "$PROMPT" \
    "$(wrong alice)" \
    "Wrong code. Check that the phone's clock is right and the account is this host's. Code (2 tries left): " \
    "$(code alice)"
ok 'a used one and wrong ones do not' run 1 page alice "$PROMPT" \
    "$(code alice)" 'This code was already used. Wait for the next one. ' \
    "$(wrong alice 2)" '(1 try left): ' "$(wrong alice 3)"
ok '... and there is no session' says 'cockpit: refused (401)'
ok '... as the log says' logged \
    'outcome=refused reason=wrong_code user=alice service=cockpit '

# --- the first login
conf 'not_enrolled = enrol'
keep
ok 'first login: left half-way' run 1 page bob "$MORE$READY" '' "$SHOWN" x \
    'Nothing was saved. To start again, log in again. Press Enter: ' ''
ok '... leaves every byte' unchanged
ok 'the key and the URI come as text' run 0 page bob "$MORE$READY" '' \
    'otpauth://totp/mfa-test:bob@mfa-test?secret=' - "$KEY" - "$SHOWN" \
    000000 'Wrong code. Check that' '|app bob' 'Recovery codes:' - \
    "$WRITTEN" ''
keep_codes
ok '... and let in' says 'cockpit: logged in'
ok '... with ten recovery codes' [ "$(wc -l <"$NS/codes")" -eq 10 ]
ok '... and it is registered' grep -qxF "secret = $(cat "$NS/key/bob")" \
    /etc/mfa/users/bob
ok '... and logged' logged \
    'event=enrol outcome=registered user=bob service=cockpit .*method=totp'
ok 'the next login asks for a code' run 0 page bob "$PROMPT" "$(next_code bob)"
ok '... and takes a recovery code' run 0 page bob "$PROMPT" \
    "$(head -n 1 "$NS/codes")"

# --- in Japanese, where it cannot be shown
conf 'not_enrolled = enrol' 'language = ja'
ok 'a Japanese host: the first login is English' run 0 page hanako \
    "$MORE$READY" '' "$KEY" - "$SHOWN" '|app hanako' "$WRITTEN" ''
ok '... and in ASCII alone' ascii
keep_codes
mfactl language ja hanako >"$OUT"
ok 'Japanese, as she chose, falls back to English' run 0 page hanako \
    "$PROMPT" "$(wrong hanako)" 'Wrong code. Check that' \
    "$(next_code hanako)"
ok '... in ASCII alone' ascii
config <<END
drift_max = 0
END
enrol hanako
mfactl language ja hanako >"$OUT"
ok 'without ascii = yes Japanese cannot be read' run 0 page hanako \
    "$(printf '認証アプリの確認コード: ' | iconv -f latin1 -t utf-8)" \
    "$(code hanako)"
ok '... mfactl check says so' run 1 mfactl check
ok '... and what to write' says_all "cockpit can show nothing but ASCII" \
    '[service cockpit] with ascii = yes'

kill $COCKPIT
ok 'nothing secret is in the log' log_is_clean
ok '... nor in what cockpit wrote down' journal_is_clean
finish
