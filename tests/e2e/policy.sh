#!/bin/sh
# [policy] sections over real doors: who is exempt, refused, or asked for what.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh

for u in alice bob carol; do
	person $u
done
# groupadd takes no blank; what comes from a directory has some.
cat >>/etc/group <<-END
	domain users:x:54320:alice,carol
	guests:x:54319:carol
	END
config </dev/null
pam_service su
pam_service doors
enrol alice

# su_to USER [WORDS ANSWER] ...
su_to()
{
	u=$1
	shift
	talk 'Password: ' "$PASSWORD" "$@" -- setpriv --reuid bob --regid bob \
	    --init-groups --reset-env su "$u" -c 'echo I am $(id -un)'
}

check()
{
	mfactl check "$@"
}

# Groups: all of a person's, with a blank in the name, and negation.
config <<-END
	[policy service accounts]
	service = su
	group = domain users, !guests
	then = skip
	[policy guests]
	group = guests
	then = deny
	END
ok 'a member is exempt' run 0 su_to alice
ok '... and in' says 'I am alice'
ok '... and that is logged' logged \
    'outcome=exempt reason=skip user=alice service=su '
DENIED='The policy of this host does not let carol in here. Ask your administrator for: mfactl check --user carol --service su. Press Enter: '
ok 'one who is in both groups is refused' run 1 su_to carol "$DENIED" ''
ok '... and out' says_not 'I am'
ok '... and that is logged' logged \
    'outcome=refused reason=deny user=carol service=su '
ok 'nobody else is exempt' run 1 su_to bob \
    'No second factor is registered for bob. Ask your administrator for: mfactl add totp bob. Press Enter: ' ''

ok 'check explains the exemption' run 0 check --user alice --service su
ok '... line by line' says_all 'Policy     service accounts' \
    '[policy service accounts] is met' \
    '[policy guests] is not looked at any more' \
    'then = skip, from [policy service accounts]' \
    'Result     no code is asked (then = skip), and that is logged'
ok 'check explains the refusal' run 1 check --user carol --service su
ok '... line by line' says_all 'Policy     guests' \
    '[policy service accounts] is not met: group = domain users, !guests' \
    '[policy guests] is met' 'Result     refused, whatever is typed (then = deny)'

# A group that cannot be looked up makes nothing easier, whoever asks.
config <<-END
	[policy ghosts]
	group = !ghosts
	then = skip
	END
ok 'AT-95 a group that is not there exempts nobody' run 0 su_to alice \
    "$PROMPT" "$(code alice)"
ok 'check tells that it could not be told' run 0 check --user alice --service su
ok '... and why' says \
    '[policy ghosts] cannot be told: group = !ghosts (a group cannot be looked up): only what is stricter holds'

# A group of 100,000, the person the last of them.
{
	printf 'crowd:x:54321:'
	seq -f 'somebody%.0f,' 100000 | tr -d '\n'
	echo alice
} >>/etc/group
config <<-END
	[policy crowd]
	group = crowd
	then = skip
	END
ok 'AT-95 the last of 100,000 members is exempt' run 0 su_to alice
ok '... and who is none is not' run 1 check --user bob --service su
ok '... by the group' says '[policy crowd] is not met: group = crowd'
sed -i '/^crowd:/d' /etc/group

# Networks, over a real sshd.
sshd_start 2201 doors "$PASSWORD_THEN_CODE"
config <<-END
	[policy inside]
	service = doors
	from = ::1, 127.0.0.0/8
	then = skip
	END
ok 'a login from inside is exempt' run 0 ssh_to 2201 alice \
    'Password: ' "$PASSWORD"
ok '... and in' says 'I am alice'
ok '... by where it came from' logged \
    'outcome=exempt reason=skip user=alice service=doors rhost=127.0.0.1 '
config <<-END
	[policy inside]
	service = doors
	from = 127.0.0.0/8, !127.0.0.1
	then = skip
	END
enrol alice
ok 'a login from elsewhere is not' run 0 ssh_to 2201 alice \
    'Password: ' "$PASSWORD" "$PROMPT" "$(code alice)"
ok '... but in, with a code' says 'I am alice'
ok 'check tells both apart' run 0 check --user alice --service doors \
    --rhost 127.0.0.9
ok '... the one' says '[policy inside] is met'
ok '... and the other' run 0 check --user alice --service doors \
    --rhost www.example.com --tty tty1
ok '... as a name' says_all 'Terminal   tty1' \
    '(the host is a name, and names are not looked up)'

# The host's local time, whatever the person's TZ says.
ln -sf /usr/share/zoneinfo/Asia/Tokyo /etc/localtime
hour=$(TZ=Asia/Tokyo date +%-H)
config <<-END
	[policy now]
	time = $(printf '%02d:00-%02d:00' $(((hour + 23) % 24)) $(((hour + 2) % 24)))
	then = skip
	END
ok 'a time of the day exempts' run 0 su_to alice
ok '... in the zone of the host' run 0 \
    talk 'Password: ' "$PASSWORD" -- env TZ=America/New_York \
    setpriv --reuid bob --regid bob --init-groups su alice -c true
config <<-END
	[policy then]
	time = $(printf '%02d:00-%02d:00' $(((hour + 8) % 24)) $(((hour + 16) % 24)))
	then = skip
	END
ok 'another time does not' run 0 check --user alice --service su
ok '... and check says so' says '[policy then] is not met: time = '
echo nonsense >/etc/zone
ln -sf /etc/zone /etc/localtime
ok 'no time is not the time' run 0 check --user alice --service su
ok '... and check says so' says '(the local time is not known)'
rm /etc/localtime

# Methods: a recovery code is not for this door, and good at another.
config <<-END
	drift_max = 0
	[service su]
	methods = totp
	END
enrol alice
mfactl add recovery alice </dev/null >"$OUT" 2>&1
recovery=$(grep -oE '([A-Z0-9]{4}-){3}[A-Z0-9]{4}' "$OUT" | head -n 1 |
    tee -a "$SPENT")
ok 'a recovery code is not accepted here' run 0 su_to alice \
    "$PROMPT" "$recovery" \
    'Recovery codes are not accepted here. Code (3 tries left): ' \
    "$(code alice)"
ok '... but the app is' says 'I am alice'
ok '... it was not spent' run 0 ssh_to 2201 alice 'Password: ' "$PASSWORD" \
    "$PROMPT" "$recovery"
ok '... and good elsewhere' says 'I am alice'
config <<-END
	[service su]
	methods = sms
	END
ok 'who has nothing for a door is told what it takes' run 1 su_to alice \
    'None of your second factors is accepted here: su takes codes by SMS. Ask your administrator for: mfactl add phone alice. Press Enter: ' ''
ok '... and that is logged' logged 'outcome=refused reason=no_method user=alice'

# Who lacks what.
config <<-END
	not_enrolled = enrol
	deadline = 9999-12-31
	[group guests]
	deadline = 2020-01-01
	[group domain users]
	require_enrolled = app+phone
	END
ok 'the report finds who lacks something' run 1 mfactl report
ok '... what, and until when' all \
    'grep -qE "^alice +phone +9999-12-31 +- +totp,recovery +domain users" "$OUT"' \
    'grep -qE "^bob +any +9999-12-31 +- +- +-" "$OUT"' \
    'grep -qE "^carol +app\+phone +now +- +- +guests, domain users" "$OUT"'
ok '... and counts by group' all \
    'grep -qE "^  guests +1 of 1$" "$OUT"' \
    'grep -qE "^  domain users +2 of 2$" "$OUT"'
ok 'the report of one group' run 1 mfactl report --group guests --csv
ok '... is of that group, as CSV' all '[ "$(wc -l <"$OUT")" = 2 ]' \
    'says "\"carol\",app+phone,now,,\"guests;domain users\","'
ok 'the report as JSON' run 1 mfactl report --group 'domain users' --json
ok '... is JSON' all 'python3 -m json.tool "$OUT" >"$NS/json"' \
    'grep -q "\"user\": \"carol\"" "$NS/json"' \
    '! grep -q "\"user\": \"bob\"" "$NS/json"'
ok 'a group that is not there is a mistake' run 1 mfactl report --group ghosts
ok '... and said' says 'mfactl: ghosts: there is no such group'

# A mistake names the place, and what was meant.
printf '[policy a]\n\ngruop = staff\n' | config
ok 'a mistyped condition is found' run 1 check --user alice --service su
ok '... with its line and the right word' says \
    '/etc/mfa/mfa.conf:3: unknown key "gruop"; did you mean "group"?'
ok 'no code, key or password is in the log' log_is_clean
finish
