#!/bin/sh
# dovecot: password and code in the one box that a mail program has; one
# process, whose memory is bounded, sees many logins.
. tests/e2e/lib.sh

config <<END
drift_max = 0
[service imap]
first_factor = joined
END
pam_stack imap <<END
auth requisite $NS/pam_mfa.so
auth required pam_unix.so nodelay use_first_pass
END
person alice
person bob
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
# Without this, each refusal makes the next login from the address wait longer.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
passdb {
  driver = pam
  args = max_requests=0 imap
}
userdb {
  driver = passwd
}
END
dovecot -F -c "$NS/dovecot.conf" </dev/null &
wait_port 1143

# imap USER ANSWER: asks for the inbox; 67 is curl's word for a refusal.
imap()
{
	curl -sS -m 20 --config - imap://127.0.0.1:1143/INBOX <<-END
	user = "$1:$2"
	request = "EXAMINE INBOX"
	END
}

enrol alice
used=$(code alice)
ok 'password and code in one answer let in' \
    run 0 imap alice "$PASSWORD$used"
ok '... to the inbox' says 'EXISTS'
ok '... with an audit line' logged \
    'outcome=granted reason=right_code user=alice service=imap rhost=127\.0\.0\.1 tty=dovecot ruser=alice method=totp factor=totp-.... failures=0'
ok 'that code is good once' run 67 imap alice "$PASSWORD$used"
ok '... with the reason in the log' logged 'outcome=refused reason=used_code user=alice'
ok 'the next one is good' run 0 imap alice "$PASSWORD$(next_code alice)"

enrol alice
clear_log
ok 'the password without a code is refused' run 67 imap alice "$PASSWORD"
cp "$OUT" "$NS/refused"
ok 'a wrong code is refused' run 67 imap alice "$PASSWORD$(wrong alice)"
ok '... and looks the same' cmp "$OUT" "$NS/refused"
ok '... with the reason in the log' logged 'outcome=refused reason=wrong_code user=alice service=imap'
ok 'a right code with a wrong password is refused' \
    run 67 imap alice "not-$PASSWORD$(code alice)"
ok '... and looks the same' cmp "$OUT" "$NS/refused"
ok 'an unknown name looks the same' run 67 imap nosuch "$PASSWORD$(wrong alice)"
ok '... to the letter' cmp "$OUT" "$NS/refused"
ok 'who is not enrolled looks the same' run 67 imap bob "$PASSWORD$(wrong alice)"
ok '... to the letter' cmp "$OUT" "$NS/refused"

# A recovery code is stretched; a process of 256 MiB has to have room for it.
enrol alice
mfactl add recovery alice >"$NS/recovery" 2>&1
grep -oE '([0-9A-Z]{4}-){3}[0-9A-Z]{4}' "$NS/recovery" >"$NS/codes"
cat "$NS/codes" >>"$SPENT"
ok 'there are ten recovery codes' [ "$(wc -l <"$NS/codes")" -eq 10 ]
ok 'password and recovery code in one answer let in' \
    run 0 imap alice "$PASSWORD$(sed -n 1p "$NS/codes")"
ok '... to the inbox' says 'EXISTS'
ok '... once' run 67 imap alice "$PASSWORD$(sed -n 1p "$NS/codes")"

# "auth -w" is the process that has the module's logins: it grows by nothing.
workers()
{
	grep -lzsx -e '-[w]' /proc/[0-9]*/cmdline | cut -d / -f 3
}
state_of()
{
	for w in $(workers); do
		echo "$w fds=$(ls "/proc/$w/fd" | wc -l)" \
		    "maps=$(grep -c pam_mfa "/proc/$w/maps")"
	done
}
state_of >"$NS/before"
ok 'there is one worker' [ "$(wc -l <"$NS/before")" -eq 1 ]
several()
{
	for n in 2 3 4 5 6 7 8 9; do
		imap alice "$PASSWORD$(sed -n ${n}p "$NS/codes")" || return 1
		imap alice "$PASSWORD$(wrong alice "$n")" && return 1
	done
	return 0
}
ok 'sixteen more logins through it, right and wrong' run 0 several
state_of >"$OUT"
ok '... leave no descriptor and no module behind' cmp "$NS/before" "$OUT"
ok 'no code, key or password is in the log' log_is_clean
finish
