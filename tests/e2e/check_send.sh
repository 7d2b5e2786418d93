#!/bin/sh
# mfactl check: what is wrong with sending codes is named with its remedy.
. tests/e2e/lib.sh

mkdir -p -m 700 /etc/mfa/users
mkdir -m 700 /etc/mfa/secrets
mkdir -m 755 /etc/mfa/senders
person alice
person bob

# conf LINE ...: mfa.conf, and what check says about it. It may have found
# other things to say about this host: only what is asked for is looked at.
conf()
{
	{
		echo "sender_program = $NS/bin/mfa-send"
		printf '%s\n' "$@"
	} | config
	mfactl check >"$OUT" 2>&1
	[ $? -le 1 ]
}

# finds LEVEL WORDS: a line of that level with the words.
finds()
{
	grep "^$1" "$OUT" | grep -qF -- "$2"
}

no_error()
{
	! grep -E '^(error|warning)' "$OUT" | grep -E 'send|phone|numbers'
}

ok 'without senders there is nothing to say' conf ''
ok '... and nothing is said' no_error

mfactl add phone alice +819000001234 --unverified >"$OUT" 2>&1
ok 'a phone, but no sender' conf 'numbers = +81'
ok '... is told' all \
    'finds warning "1 person has a phone, but this host sends no codes"' \
    'says "see senders in mfa.conf(5)"'

cat >/etc/mfa/senders/hook.conf <<END
[secret]
token = file:/etc/mfa/secrets/hook.token
[sms]
url = http://127.0.0.1:8099/ok
header = Authorization: Bearer {secret.token}
form = to = {to}
form = text = {text}
ok_status = 200
END
ok 'no account to send as' conf 'senders = hook' 'numbers = +81'
ok '... is told with the command' all \
    'finds error "there is no account mfa-send"' \
    'says "useradd --system --shell /usr/sbin/nologin mfa-send"'
eval "$(sed -n 's/^ *-> \(useradd .*\)/\1/p' "$OUT")"
ok '... which works' run 0 getent passwd mfa-send
ok 'a secret that is not there' conf 'senders = hook' 'numbers = +81'
ok '... is told' finds error /etc/mfa/secrets/hook.token
echo s3cret-9 >/etc/mfa/secrets/hook.token
chmod 644 /etc/mfa/secrets/hook.token
echo s3cret-9 >>"$SPENT"
ok 'a secret that all may read' conf 'senders = hook' 'numbers = +81'
ok '... is told, and not shown' all \
    'finds error /etc/mfa/secrets/hook.token' 'says_not s3cret-9'
chmod 600 /etc/mfa/secrets/hook.token
ok 'a profile in order' conf 'senders = hook' 'numbers = +81'
ok '... is told' finds ok 'profile and secrets are in order'
ok '... and what was sent' finds ok \
    '0 SMS, 0 calls in the last 24 hours; host_daily = 1000'
ok '... and nothing else' no_error
printf 'version = 1\nwritten_at = %s\nwritten_boottime = 1\n%s\n%s\n' \
    "$(date +%s)" 'written_boot = another' \
    'sent = 5 sms +819000001234 alice' >/var/lib/mfa/%sent
chmod 600 /var/lib/mfa/%sent
ok 'a limit of the host is reached' conf 'senders = hook' 'numbers = +81' \
    'host_daily = 1'
ok '... is told, and what to do' all \
    'finds warning "host_daily: no code is sent now: this limit is reached"' \
    'says "wait, or raise it in mfa.conf; mfactl list shows for whom"'
ok 'a limit that is not' conf 'senders = hook' 'numbers = +81' 'host_daily = 2'
ok '... is not' no_error
rm /var/lib/mfa/%sent
ok 'no numbers' conf 'senders = hook'
ok '... is told' finds error 'mfa.conf has senders, but no numbers'
mfactl add phone bob +447700900123 --unverified >"$OUT" 2>&1
ok 'a number that is not allowed' conf 'senders = hook' 'numbers = +81'
ok '... is told, by the person' finds warning \
    'numbers does not allow theirs, 1 in all: bob'
ok '... and not by the number' says_not 447700900123
ok 'factors in the homes' conf 'senders = hook' 'numbers = +81' 'store = home'
ok '... are told' finds warning 'no code is sent with store = home'
sed -i 's/^ok_status/ok_statsu/' /etc/mfa/senders/hook.conf
ok 'a mistake in a profile' conf 'senders = hook' 'numbers = +81 +44'
ok '... is told by its line' finds error /etc/mfa/senders/hook.conf:8
ok 'a sender without a profile' conf 'senders = nosuch' 'numbers = +81 +44'
ok '... is told' finds error /etc/mfa/senders/nosuch.conf
rm "$NS/bin/mfa-send"
ok 'no mfa-send' conf 'senders = hook, nosuch' 'numbers = +81 +44'
ok '... is told, once' all 'finds error "$NS/bin/mfa-send"' \
    '[ "$(grep -c "^error.*send" "$OUT")" -eq 1 ]'
echo garbage >/var/lib/mfa/%sent
chmod 600 /var/lib/mfa/%sent
ok 'a ledger that is broken' conf 'senders = hook' 'numbers = +81'
ok '... is told' finds error /var/lib/mfa/%sent
ok 'list goes on without it' run 4 mfactl list
ok '... and has everybody' all 'says alice' 'says bob' 'says %sent'
ok 'no secret is in the log' log_is_clean
finish
