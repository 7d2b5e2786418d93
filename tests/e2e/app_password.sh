#!/bin/sh
# An app password where a program cannot ask: dovecot for IMAP, and postfix for
# submission, which asks dovecot. It opens those two, and no other door.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

config <<END
drift_max = 0
[service imap]
app_passwords = yes
[service smtp]
app_passwords = yes
[service calendar]
app_passwords = yes
END
for service in imap smtp; do
	sed "s|pam_mfa.so|$NS/pam_mfa.so|" conf/pam.d/app-password \
	    >"/etc/pam.d/$service"
done
pam_service su
pam_service sshd-app
person alice
person bob
person carol

cat >"$NS/dovecot.conf" <<END
protocols = imap
base_dir = $NS/dovecot
instance_name = mfa-test
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_verbose = yes
auth_failure_delay = 0
auth_cache_size = 0
mail_location = maildir:~/Maildir
service imap-login {
  inet_listener imap {
    port = 1143
  }
  inet_listener imaps {
    port = 0
  }
}
service auth {
  unix_listener $NS/postfix/spool/private/auth {
    mode = 0660
    user = postfix
    group = postfix
  }
}
# Without this, each refusal makes the next login from the address wait longer.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = pam
  args = max_requests=0 *
}
userdb {
  driver = passwd
}
END

# postfix with all that is its own in $NS; mail for here goes to Maildir.
mkdir -p "$NS/postfix/etc" "$NS/postfix/spool" "$NS/postfix/data"
chown postfix "$NS/postfix/data"
cat >"$NS/postfix/etc/main.cf" <<END
compatibility_level = 3.6
queue_directory = $NS/postfix/spool
data_directory = $NS/postfix/data
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mfa-test.example.com
mydestination = example.com
alias_maps =
alias_database =
local_recipient_maps =
home_mailbox = Maildir/
maillog_file =
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_auth_enable = yes
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_error_sleep_time = 0
END
cat >"$NS/postfix/etc/master.cf" <<END
127.0.0.1:1587 inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
local unix - n n - - local
anvil unix - - n - 1 anvil
END
postfix -c "$NS/postfix/etc" check >"$OUT" 2>&1 || sed 's/^/# /' "$OUT"
/usr/lib/postfix/sbin/master -c "$NS/postfix/etc" -d </dev/null >/dev/null 2>&1 &
postfix_pid=$!
wait_port 1587
dovecot -F -c "$NS/dovecot.conf" </dev/null &
dovecot_pid=$!
wait_port 1143

# imap USER SECRET: asks for the inbox; 67 is curl's word for a refusal.
imap()
{
	curl -sS -m 20 --config - imap://127.0.0.1:1143/INBOX <<-END
	user = "$1:$2"
	request = "EXAMINE INBOX"
	END
}

# smtp USER SECRET [SUBJECT]: hands a message to bob over; 67 as above.
smtp()
{
	printf 'From: %s@example.com\nSubject: %s\n\nHello\n' "$1" \
	    "${3:-none}" >"$NS/message"
	curl -sS -m 20 --config - --mail-from "$1@example.com" \
	    --mail-rcpt bob@example.com --upload-file "$NS/message" \
	    smtp://127.0.0.1:1587/mfa-test <<-END
	user = "$1:$2"
	END
}

# make USER ARGUMENT ...: an app password, into $APP; its id into $ID.
make()
{
	who=$1
	shift
	mfactl add app-password "$@" "$who" >"$OUT" 2>&1 || return
	APP=$(grep -oE '^  ([0-9A-Z]{4}-){6}[0-9A-Z]{4}$' "$OUT" | tr -d ' ')
	ID=$(sed -n 's/^App password \([^ ]*\) .*/\1/p' "$OUT")
	echo "$APP" >>"$SPENT"
	echo "$APP" | tr -d - >>"$SPENT"
}

# delivered SUBJECT: is the message in bob's Maildir?
delivered()
{
	for _ in $(seq 200); do
		grep -qrxF "Subject: $1" /home/bob/Maildir 2>/dev/null &&
		    return
		sleep 0.05
	done
	return 1
}

# used ID: does mfactl know a time when it was?
used()
{
	mfactl status alice | grep -F "$1" | grep -q 'last used 2'
}

unused()
{
	mfactl status alice | grep -F "$1" | grep -q 'last used never'
}

# stored WORDS: does a file of ours have them?
stored()
{
	grep -rqF -e "$1" -e "$(echo "$1" | tr -d -)" /etc/mfa /var/lib/mfa
}

not_stored()
{
	! stored "$1"
}

enrol alice
ok 'an app password is made' make alice 'Mail on phone' --service imap,smtp
both=$APP both_id=$ID
ok '... and was never used' unused "$ID"
ok '... and is not stored as it is' all "not_stored $both" "stored $ID"

ok 'IMAP: it lets in' run 0 imap alice "$both"
ok '... to the inbox' says 'EXISTS'
ok '... with an audit line' logged \
    "outcome=granted reason=right_code user=alice service=imap rhost=127\\.0\\.0\\.1 tty=dovecot ruser=alice method=app factor=$both_id failures=0"
ok '... again, in small letters and without its dashes' run 0 imap alice \
    "$(echo "$both" | tr -d - | tr A-Z a-z)"
ok '... and it is known to be used' used "$both_id"
ok 'SMTP: it lets in and the message arrives' \
    run 0 smtp alice "$both" arrived-1
ok '... at its recipient' delivered arrived-1
ok '... with an audit line' logged \
    "outcome=granted reason=right_code user=alice service=smtp .*method=app factor=$both_id"

# Refusals: each has its reason in the log, and none is told from another.
refused()
{
	clear_log
	ok "$1: IMAP refuses" run 67 imap "$3" "$4"
	[ -f "$NS/imap" ] || cp "$OUT" "$NS/imap"
	ok '... like every other' cmp "$OUT" "$NS/imap"
	ok '... and the log says why' logged \
	    "outcome=refused reason=$2 user=$3 service=imap"
	clear_log
	ok "$1: SMTP refuses" run 67 smtp "$3" "$4"
	[ -f "$NS/smtp" ] || cp "$OUT" "$NS/smtp"
	ok '... like every other' cmp "$OUT" "$NS/smtp"
	ok '... and the log says why' logged \
	    "outcome=refused reason=$2 user=$3 service=smtp"
}
wrong_app=0000-0000-0000-0000-0000-0000-0000
refused 'a wrong one' wrong_code alice "$wrong_app"
ok '... and that is one failure, for it was the same' \
    grep -qx 'app_failures = 1' /var/lib/mfa/alice
refused "the account's password" not_a_code alice "$PASSWORD"
refused 'a code' not_a_code alice "$(code alice)"
refused 'password and code' not_a_code alice "$PASSWORD$(code alice)"
refused 'who has none' no_app_password carol "$both"
refused "somebody else's" no_app_password bob "$both"
refused 'who does not exist' unknown_user nosuch "$both"

make alice 'Calendar on phone' --service calendar
refused "another service's" other_service alice "$APP"

make alice 'Mail reader' --service imap
ok 'one for IMAP reads mail' run 0 imap alice "$APP"
ok '... and sends none' run 67 smtp alice "$APP"
ok '... and the log says why' logged \
    "reason=other_service user=alice service=smtp .*method=app factor=$ID"

make alice 'Mail of last year' --service imap,smtp --expires 60
ok 'one that expires lets in before' run 0 imap alice "$APP"
sed -i "/^\\[factor $ID\\]/,\$s/^expires = .*/expires = $(date +%s)/" \
    /etc/mfa/users/alice
refused 'an expired one' expired_code alice "$APP"
ok '... and was not counted' run 0 imap alice "$both"

# No other door.
su_as()
{
	user=$1
	shift
	talk 'Password: ' "$PASSWORD" "$@" -- \
	    setpriv --reuid bob --regid bob --init-groups --reset-env \
	    su "$user" -c 'echo I am $(id -un)'
}
ok 'su: password and app password do not let in' run 1 su_as alice \
    "$PROMPT" "$both" 'That is not a code.' "$(wrong alice 1)" \
    '(2 tries left)' "$(wrong alice 2)" '(1 try left)' "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
ok 'su: nor does it in place of the password' run 1 talk 'Password: ' "$both" \
    -- setpriv --reuid bob --regid bob --init-groups --reset-env \
    su alice -c 'echo I am $(id -un)'
ok '... and nothing was run' says_not 'I am'
enrol alice
make alice 'Mail on phone' --service imap,smtp
both=$APP both_id=$ID
ok 'su: password and code do' run 0 su_as alice "$PROMPT" "$(code alice)"

ok 'a person with an app password only' make carol 'Mail on phone' \
    --service imap
carol_app=$APP
ok '... reads mail' run 0 imap carol "$carol_app"
clear_log
ok '... and is not enrolled elsewhere' run 1 su_as carol \
    'No second factor is registered for carol.' ''
ok '... as the log says' logged \
    'outcome=refused reason=not_enrolled user=carol service=su'
ok '... nor by mfactl' run 1 mfactl status carol
ok '... which says so' says_all 'carol has no second factor.' \
    'carol has 1 app password:'

sshd_start 2222 sshd-app "$PASSWORD_THEN_CODE"
sshd_pid=$!
enrol alice
make alice 'Mail on phone' --service imap,smtp
both=$APP both_id=$ID
ok 'ssh: password and code let in' run 0 ssh_to 2222 alice \
    'Password: ' "$PASSWORD" "$PROMPT" "$(code alice)"
ok '... as that person' says 'I am alice'
clear_log
ok 'ssh: an app password is no code' run 255 ssh_to 2222 alice \
    'Password: ' "$PASSWORD" "$PROMPT" "$both" 'That is not a code.' \
    "$(wrong alice 1)" '(2 tries left)' "$(wrong alice 2)" '(1 try left)' \
    "$(wrong alice 3)"
ok '... and nothing was run' says_not 'I am'
ok 'ssh: nor the password' run 255 ssh_to 2222 alice 'Password: ' "$both"
ok '... and nothing was run' says_not 'I am'

# Removed: refused at once, and its program may go on trying.
ok 'it still lets in' run 0 imap alice "$both"
ok 'mfactl remove' run 0 mfactl remove 'mail on phone' alice
rm -f "$NS/imap" "$NS/smtp"
refused 'a removed one' no_app_password alice "$both"
many()
{
	for _ in 1 2 3 4 5 6 7 8; do
		imap alice "$both" && return 1
	done
	return 0
}
make alice 'New phone mail' --service imap
ok 'the old phone tries eight times' run 0 many
ok '... and the new one is let in' run 0 imap alice "$APP"
ok '... and so is a code' run 0 su_as alice "$PROMPT" \
    "$(next_code alice)"

# Guesses are counted under the same limits as codes.
guesses()
{
	for n in 1 2 3 4 5; do
		imap alice "1111-1111-1111-1111-1111-1111-111$n" && return 1
	done
	return 0
}
ok 'five guesses are refused' run 0 guesses
clear_log
ok '... then a right one, too' run 67 imap alice "$APP"
ok '... and the log says why' logged \
    'outcome=refused reason=too_many_failures user=alice service=imap'
ok '... until mfactl unlock' run 0 mfactl unlock alice
ok '... and it is let in' run 0 imap alice "$APP"

ok 'mfactl check explains it' run 0 mfactl check --user alice --service imap
ok '... line by line' says_all 'app_passwords = yes, from [service imap]' \
    'App password: ' 'a right app password for this service is accepted'
ok 'no app password, code, key or password is in the log' log_is_clean
kill "$postfix_pid" "$dovecot_pid" "$sshd_pid"
finish
