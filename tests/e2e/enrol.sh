#!/bin/sh
# The first login: an app and a phone are registered in the dialogue of a real
# sshd, su and login, before a deadline and after, one kind and two; and what
# is left half-way leaves nothing.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
. tests/e2e/lib_kannel.sh
. tests/e2e/lib_terminal.sh

MORE='More information is required to protect your account. '
ANEW="Your second factors were reset by an administrator on $(date -u +%F): register anew, or tell them if you did not ask for that. "
app

DRAWS=$NS/bin/mfactl
# policy LINE ...: mfa.conf with these.
policy()
{
	{
		cat <<-END
		qr_program = $DRAWS
		sender_program = $NS/bin/mfa-send
		numbers = +81
		drift_max = 0
		END
		printf '%s\n' "$@"
	} | config
}

# login USER [WORDS ANSWER] ...: over ssh, after the password.
login()
{
	who=$1
	shift
	ssh_to 2201 "$who" 'Password: ' "$PASSWORD" "$@"
}

stored()
{
	[ "$(sed -n 's/^kind = //p' "/etc/mfa/users/$1" | tr '\n' ' ')" = "$2" ]
}

# days N: the date in so many days.
days()
{
	date -d "$1 days" +%F
}

mkdir -m 700 -p /etc/mfa/users
for who in alice bob carol dave erin frank gail hugo ivan; do
	person "$who"
done
pam_service sshd
pam_service su
pam_service login
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"

# --- an app, by its QR code, on a terminal
policy 'not_enrolled = enrol'
terminal C.UTF-8
keep
types "ssh $(opts) -t -p 2201 alice@127.0.0.1 'echo I am \$(id -un)'"
ok 'ssh: the password is asked for' shows 'Password:'
types "$PASSWORD"
ok '... then more information' shows "$MORE"
ok '... and nothing is shown before an answer' says_not 'Scan this'
types ''
ok 'the QR code is shown' shows "${SHOWN% }"
URI=$(qr -)
ok '... and read by a scanner' eval 'echo "$URI" | grep -qxE \
    "otpauth://totp/mfa-test:alice@mfa-test[?]secret=[A-Z2-7]{32}&issuer=mfa-test"'
echo "$URI" | sed 's/.*secret=\([A-Z2-7]*\).*/\1/' | tee -a "$SPENT" \
    >"$NS/key/alice"
ok 'AT-83 nothing is written yet' unchanged
types "$(wrong alice)"
ok 'AT-83 a wrong code is told' shows 'Wrong code. Check that'
ok '... and nothing is written' unchanged
first=$(code alice)
types "$first"
ok 'the right one registers' shows 'is registered.'
ok '... and shows ten recovery codes' eval \
    '[ "$(grep -cE "^ +[0-9]+  ([0-9A-Z]{4}-){3}[0-9A-Z]{4}" "$OUT")" -eq 10 ]'
recovery=$(sed -n 's/^ *3  \([0-9A-Z-]*\).*/\1/p' "$OUT" | tail -n 1)
sed -n 's/^ *[0-9]*  \(\([0-9A-Z]\{4\}-\)\{3\}[0-9A-Z]\{4\}\).*/\1/p' "$OUT" \
    >>"$SPENT"
types ''
ok '... and lets in' shows 'I am alice'
ok '... with the key that was scanned' \
    [ "$(stored_key alice)" = "$(cat "$NS/key/alice")" ]
ok '... and its lines in the log' all \
    'logged "event=enrol outcome=registered user=alice service=sshd rhost=127.0.0.1 method=totp factor=totp-.... to=- recovery=recovery-...."' \
    'logged "outcome=granted reason=enrolled_now user=alice .* method=totp factor=totp-"'
ok 'the first code is used up, the next is taken' run 0 login alice \
    "$PROMPT" "$first" 'already used' "$(next_code alice)"
ok 'a recovery code lets in' run 0 login alice "$PROMPT" "$recovery"
ok '... by that name' says 'I am alice'


# --- without any factor the next login enrols again
for factor in $(sed -n 's/^\[factor \(.*\)\]/\1/p' /etc/mfa/users/alice); do
	mfactl remove "$factor" alice >"$OUT"
done
ok 'removing the last one is told' says 'The next login leads to an enrolment'
ok '... and it does' run 0 login alice "$MORE$READY" '' "$SHOWN" '|app' \
    "$WRITTEN" ''
ok '... and lets in' all 'says "I am alice"' 'stored alice "totp recovery "'

# --- leaving half-way
keep
ok 'leaving half-way is no login' run 255 login bob "$MORE$READY" '' \
    "$SHOWN" x 'Nothing was saved. To start again, log in again. Press Enter: ' ''
ok '... and Enter ends it' says 'Permission denied'
ok '... leaves every byte' unchanged
ok '... and is logged' logged \
    'outcome=refused reason=enrol_left user=bob service=sshd'
ok 'five wrong codes end it' run 255 login bob "$MORE$READY" '' \
    "$SHOWN" 000000 'added. ' 000000 'added. ' 000000 'added. ' 000000 \
    'added. ' 000000 'Too many wrong codes. Nothing was saved.' ''
ok '... leave no factor' [ ! -e /etc/mfa/users/bob ]
ok 'a wrong password shows nothing of it' run 255 ssh_to 2201 bob \
    'Password: ' wrong
ok '... at all' says_not 'More information'

# --- no QR code
ok 'the key as text, and the QR code in ASCII' run 0 login bob "$MORE$READY" '' \
    "$SHOWN" k 'Type this key in the authenticator app: ' - "$SHOWN" q \
    '####' - "$SHOWN" '|app' "$WRITTEN" ''
ok '... let in' says 'I am bob'
ok '... with the URI in words' says 'otpauth://totp/mfa-test:bob@mfa-test'
mfactl reset bob >"$OUT" 2>&1
DRAWS=/usr/bin/true
policy 'not_enrolled = enrol'
ok 'a host that cannot draw shows the key' run 0 login bob "$ANEW$READY" '' \
    "$SHOWN" '|app' "$WRITTEN" ''
ok '... in the prompt' says 'Type this key in the authenticator app: '
ok '... and logs why' logged 'mfactl (ended without|gave no)'

DRAWS=$NS/bin/mfactl

# --- su, on a pseudo-terminal
policy 'not_enrolled = enrol' '[service su]' 'qr = ascii'
ok 'su registers as well' run 0 talk 'Password: ' "$PASSWORD" "$MORE$READY" \
    '' '####' - "$SHOWN" '|app' "$WRITTEN" '' -- \
    setpriv --reuid alice --regid alice --init-groups --reset-env \
    su carol -c 'echo I am $(id -un)'
ok '... and lets in' all 'says "I am carol"' 'stored carol "totp recovery "'
ok '... in ASCII alone' eval '! LC_ALL=C grep -q "[^ -~	]" "$OUT"'

# --- login(1), with its alarm for the whole dialogue
sed -i 's/^LOGIN_RETRIES.*/LOGIN_RETRIES 1/' /etc/login.defs
ok 'login registers as well' run 0 talk 'login: ' gail 'Password: ' \
    "$PASSWORD" "$MORE$READY" '' '▄▄▄' - "$SHOWN" '|app' "$WRITTEN" '' '$ ' \
    'echo I am $(id -un); exit' -- login
ok '... and lets in' all 'says "I am gail"' 'stored gail "totp recovery "'
keep
ring='|kill -ALRM $(cat /proc/[0-9]*/stat |
    sed -n "s/^\([0-9]*\) (login) .*/\1/p" | tail -n 1)'
ok 'its alarm in the middle' run 0 talk 'login: ' hugo 'Password: ' \
    "$PASSWORD" "$MORE$READY" '' "$SHOWN" "$ring" -- login
ok '... ends it, and leaves every byte' all 'says "Login timed out"' unchanged

# --- before the deadline, and after
policy 'not_enrolled = enrol' "deadline = $(days 3)"
ok 'before the deadline Enter goes on' run 0 login dave \
    "${MORE}You may go on without it for 4 days. Register now? " ''
ok '... as that person' all 'says "I am dave"' '[ ! -e /etc/mfa/users/dave ]' \
    'logged "outcome=exempt reason=before_deadline user=dave"'
policy 'not_enrolled = enrol' "deadline = $(days 0)"
ok 'the last day is told' run 0 login dave 'Today is the last day' ''
policy 'not_enrolled = enrol' "deadline = $(days -1)"
ok 'after it nobody goes on without' run 255 login dave "$READY" x \
    'To start again' ''
ok '... but may still register' run 0 login dave "$READY" '' "$SHOWN" '|app' \
    "$WRITTEN" ''
ok '... and is in' all 'says "I am dave"' 'stored dave "totp recovery "'

# --- the same date, and the clock turned: su as root keeps the preload
cc -shared -fPIC -o "$NS/clock.so" -x c - <<END
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *ts)
{
	int r = syscall(SYS_clock_gettime, id, ts);
	if (!r && id == CLOCK_REALTIME)
		ts->tv_sec += 86400L * atoi(getenv("TURNED"));
	return r;
}
END
# turned DAYS [WORDS ANSWER] ...: ivan logs in, so many days from now.
turned()
{
	days=$1
	shift
	talk 'Password: ' "$PASSWORD" "$@" -- env TURNED="$days" \
	    LD_PRELOAD="$NS/clock.so" su ivan -c 'echo I am $(id -un)'
}
policy 'not_enrolled = enrol' "deadline = $(days 40)"
ok 'forty days before its end' run 0 turned 0 \
    "${MORE}You may go on without it for 41 days. Register now? " ''
ok '... four' run 0 turned 36 'You may go on without it for 5 days.' ''
ok '... the day itself' run 0 turned 40 'Today is the last day' ''
ok '... as that person' says 'I am ivan'
ok 'the day after, the same person must' run 1 turned 41 "$MORE$READY" x \
    'To start again' ''
ok '... and is not in' says_not 'I am'
ok 'a month after, they still can' run 0 turned 70 "$MORE$READY" '' "$SHOWN" \
    "|TURNED=70 app" "$WRITTEN" ''
ok '... and are in' all 'says "I am ivan"' 'stored ivan "totp recovery "'

# --- a phone, through a real gateway; and two kinds
useradd --system --shell /usr/sbin/nologin mfa-send
mkdir -m 700 -p /etc/mfa/secrets
mkdir -m 755 -p /etc/mfa/senders
cp conf/senders/kannel.conf /etc/mfa/senders
ok 'Kannel runs' kannel_start
(umask 077 && echo mfa >/etc/mfa/secrets/kannel.user &&
    echo "$SMSBOX_PASSWORD" >/etc/mfa/secrets/kannel.password)
policy 'not_enrolled = enrol' 'senders = kannel' 'methods = totp, sms, recovery'
ok 'a phone is chosen, typed and proved' run 0 login erin \
    'a: authenticator app (or Enter), s: codes by SMS; x: leave: ' s \
    'Country of your phone number' japan 'Phone number in Japan (+81)' \
    090-0000-1234 'sent by SMS to +81 ********34' \
    '|sms-code +819000001234 1' "$WRITTEN" ''
ok '... and lets in' all 'says "I am erin"' 'stored erin "phone recovery "' \
    'logged "event=enrol outcome=registered user=erin .* method=sms factor=phone-.... to=\+81\*{8}34 recovery="'
rm -f /var/lib/mfa/%sent
policy 'senders = kannel' 'country = JP' 'require_enrolled = app+phone'
ok 'who has one kind is led to the other' run 0 login erin \
    'sent by SMS to' '|sms-code +819000001234 2' \
    "An authenticator app is required as well. $READY" '' "$SHOWN" '|app'
ok '... and has both' all 'says "I am erin"' \
    'stored erin "phone recovery totp "'
policy 'not_enrolled = enrol' 'senders = kannel' 'country = JP' \
    'require_enrolled = app+phone' 'methods = totp, sms'
ok 'both at once' run 0 login frank "${MORE}Register one of these" a \
    'Code that the app shows' '|app' \
    'A phone is required as well. ' s 'Country' '' 'Phone number in Japan' \
    090-0000-5678 'sent by SMS' '|sms-code +819000005678 1'
ok '... and is in with both' all 'says "I am frank"' 'stored frank "totp phone "'
kannel_stop
ok 'nothing secret is in the log' log_is_clean
screen kill-server
finish
