#!/bin/sh
# Remembered keys at a real sshd: used, run out, taken back, another key, a
# record that was copied or changed, a reset.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

REMEMBER='Remember this key for 14 days? y/N '

config <<END
drift_max = 0
[service sshd]
remember = 14d
END
for who in alice bob; do
	person "$who"
	enrol "$who"
done
pam_stack sshd <<END
auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
END
for key in one two; do
	ssh-keygen -q -t ed25519 -N '' -f "$NS/$key"
done
for who in alice bob; do
	as $who sh -c 'mkdir -m 700 ~/.ssh && cat >~/.ssh/authorized_keys' \
	    <<-END
	$(cat "$NS/one.pub" "$NS/two.pub")
	END
done
sshd_start 2201 sshd "$PASSWORD_THEN_CODE" \
    'AuthenticationMethods publickey,keyboard-interactive:pam'

# with KEY USER [WORDS ANSWER] ...: from the address FROM.
FROM=127.0.0.1
with()
{
	key=$1 u=$2
	shift 2
	# shellcheck disable=SC2046
	talk "$@" -- ssh $(opts) -b "$FROM" -i "$NS/$key" -p 2201 \
	    -o PreferredAuthentications=publickey,keyboard-interactive \
	    "$u@127.0.0.1" 'echo I am $(id -un)'
}

fingerprint()
{
	ssh-keygen -lf "$NS/$1.pub" | cut -d ' ' -f 2
}

# field NAME: of alice's one record.
field()
{
	sed -n "/^\[trust/,\$s/^$1 = //p" /var/lib/mfa/alice
}

# The seal as it is documented, by the host's key and with openssl.
seal()
{
	printf 'of = %s\nservice = %s\nfrom = %s\nlasts = %s\nsince_at = %s\nsince_boottime = %s\nsince_boot = %s\nfactor = %s\nuser = %s' \
	    "$(field of)" "$(field service)" "$(field from)" \
	    "$(field lasts)" \
	    "$(field since_at)" "$(field since_boottime)" \
	    "$(field since_boot)" \
	    "$(sed -n 's/^\[factor \(.*\)\]/\1/p' /etc/mfa/users/alice)" alice |
	    openssl dgst -sha256 -mac HMAC -macopt \
	    "hexkey:$(od -An -v -tx1 /var/lib/mfa/%key | tr -d ' \n')" |
	    sed 's/.* //'
}

# set_field NAME VALUE: in alice's record.
set_field()
{
	sed -i "/^\[trust/,\$s|^$1 = .*|$1 = $2|" /var/lib/mfa/alice
}

# It is asked for a code, given none; nobody is let in.
asks()
{
	run 255 with "$1" "$2" "$PROMPT" "$(wrong "$2" 1)" 'tries left): ' \
	    "$(wrong "$2" 2)" 'try left): ' "$(wrong "$2" 3)" &&
	    says_not 'I am' && mfactl unlock "$2" >/dev/null
}

# --- offered, not taken, taken
ok 'a key and a code let in; No is the default' run 0 \
    with one alice "$PROMPT" "$(code alice)" "$REMEMBER" ''
ok '... as that person' says 'I am alice'
ok '... and nothing is remembered' run 1 mfactl devices alice
ok '... nor is there a key of the host' [ ! -e /var/lib/mfa/%key ]
ok 'so the next login asks' asks one alice

enrol alice
ok 'yes is taken' run 0 \
    with one alice "$PROMPT" "$(code alice)" "$REMEMBER" y
ok '... as that person' says 'I am alice'
ok '... the host has a key of its own' [ "$(stat -c '%u %a %s' \
    /var/lib/mfa/%key)" = '0 600 32' ]
ok '... and it is listed' run 0 mfactl devices alice
ok '... by its fingerprint' all 'says "$(fingerprint one)"' 'says sshd' \
    'says "last used never"'
ok '... the seal is the one that is documented' \
    [ "$(field seal)" = "$(seal)" ]

# --- used
clear_log
ok 'a remembered key needs no code' run 0 with one alice
ok '... and lets in' all 'says "I am alice"' 'says_not Code'
ok '... with an audit line' logged "outcome=granted reason=remembered user=alice service=sshd rhost=127\.0\.0\.1 .* method=key factor=- .* key=$(fingerprint one | sed 's/+/./g')"
ok '... the use is known' all 'run 0 mfactl devices alice' \
    'says_not "last used never"'
ok 'another key of the same person is asked' asks two alice
ok 'the same key of another person is asked' asks one bob

# --- the network
config <<END
drift_max = 0
[service sshd]
remember = 14d
remember_prefix = 24 56
END
ok 'with a prefix the key counts where it was remembered' run 0 with one alice
ok '... and lets in' says 'I am alice'
FROM=127.0.0.77
ok '... and from the same network' run 0 with one alice
ok '... and lets in' says 'I am alice'
FROM=127.0.1.1
ok '... but from no other' asks one alice
FROM=127.0.0.1
sed -i 's/^from = .*/from = 127.0.1.1/' /var/lib/mfa/alice
FROM=127.0.1.1
ok '... also if the record is said to be from there' asks one alice
FROM=127.0.0.1
sed -i 's/^from = .*/from = 127.0.0.1/' /var/lib/mfa/alice
ok 'it is listed with its address' all 'run 0 mfactl devices alice' \
    'says "sshd from 127.0.0.1, since"'

# --- an enrolment that is due
config <<END
drift_max = 0
require_enrolled = app+phone
deadline = 9999-12-31
[service sshd]
remember = 14d
END
ok 'who may put an enrolment off is let in by the key' run 0 with one alice
ok '... and is in' says 'I am alice'
sed -i '/^deadline/d' /etc/mfa/mfa.conf
ok 'who may not is asked, and led to enrol' run 255 with one alice "$PROMPT" \
    "$(next_code alice)" 'A phone is required as well. ' ''
ok '... and is not in' says_not 'I am'
enrol alice
config <<END
drift_max = 0
[service sshd]
remember = 14d
END
ok 'remembered anew' run 0 \
    with one alice "$PROMPT" "$(code alice)" "$REMEMBER" y
ok '... as that person' says 'I am alice'

# --- limits hold
config <<END
drift_max = 0
lock_after = 6
[service sshd]
remember = 14d
END
sed -i 's/^failures = .*/failures = 6/' /var/lib/mfa/alice
ok 'somebody who is locked is not let in by a key' run 255 \
    with one alice "$PROMPT" 000000 'Press Enter: ' ''
ok '... but told' all 'says "Locked after 6 wrong codes."' 'says_not "I am"'
mfactl unlock alice >/dev/null
ok 'unlocked, it is' run 0 with one alice
ok '... as that person' says 'I am alice'

# --- copied, changed
cp -p /var/lib/mfa/alice "$NS/alice.state"
sed -n '/^\[trust/,$p' /var/lib/mfa/alice >>/var/lib/mfa/bob
ok "AT-85 a record copied to another person is none" all 'asks one bob' \
    'run 1 mfactl devices bob'
set_field lasts 7776000
ok 'AT-85 a record that was made longer is none' asks one alice
cp -p "$NS/alice.state" /var/lib/mfa/alice
mv /var/lib/mfa/%key "$NS/%key"
ok 'AT-85 a record of another host is none' asks one alice
mv "$NS/%key" /var/lib/mfa/%key
cp -p "$NS/alice.state" /var/lib/mfa/alice
ok 'the record itself still is one' run 0 with one alice
ok '... and lets in' says 'I am alice'

# --- run out: its times are moved back, and it is sealed anew
back()
{
	cp -p "$NS/alice.state" /var/lib/mfa/alice
	set_field since_at $(($(field since_at) - $1))
	set_field since_boot another-boot
	set_field seal "$(seal)"
}
back $((14 * 86400 - 3600))
ok 'an hour before its end a record is good' run 0 with one alice
ok '... and lets in' says 'I am alice'
back $((14 * 86400 + 1))
ok 'a second after it, it is not' all 'asks one alice' \
    'run 1 mfactl devices alice'
back -3600
ok 'AT-85 nor with a clock before its making' asks one alice

# --- taken back
cp -p "$NS/alice.state" /var/lib/mfa/alice
config <<END
drift_max = 0
[service sshd]
remember = 0
END
ok 'what is not allowed any more is not honoured' asks one alice
config <<END
drift_max = 0
[service sshd]
remember = 14d
END
cp -p "$NS/alice.state" /var/lib/mfa/alice
clear_log
ok 'forget of what there is not' run 1 mfactl forget 00000000 alice
ok 'forget of one' run 0 mfactl forget "$(fingerprint one)" alice
ok '... is logged' logged 'by=root event=forget user=alice device=SHA256'
ok '... and the key is asked' asks one alice
cp -p "$NS/alice.state" /var/lib/mfa/alice
ok 'forget of all' run 0 mfactl forget --all alice
ok '... and the key is asked' asks one alice

cp -p "$NS/alice.state" /var/lib/mfa/alice
new_key second | mfactl add totp alice --secret-stdin --label Second \
    >"$OUT" 2>&1
ok 'AT-85 a new enrolment ends it' asks one alice
cp -p "$NS/alice.state" /var/lib/mfa/alice
mfactl reset alice >"$OUT" 2>&1
ok 'a reset ends it' run 1 mfactl devices alice

ok 'no code, key or password is in the log' log_is_clean
finish
