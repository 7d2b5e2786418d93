#!/bin/sh
# Names that no administrator would give: of accounts, hosts, terminals, and in
# the lists of policies.
. tests/e2e/lib.sh
. tests/e2e/lib_attack.sh

echo 'drift_max = 0' | config
second_factor many
person alice
new_key alice >"$NS/new"
mfactl add totp alice --secret-stdin <"$NS/new" >"$OUT" 2>&1

long()
{
	head -c "$1" /dev/zero | tr '\0' x
}

# (But for the states that unknown names share, see pam_mfa/sys/store_file.c.)
files()
{
	ls -A /etc/mfa/users /var/lib/mfa /etc/mfa /var/lib /etc /tmp |
	    grep -v '^\(\.lock\.\)\{0,1\}%unknown'
}

# records: each line in the log is one, of bytes that can be printed.
records()
{
	! grep -avE '^<[0-9]+>[A-Z][a-z]{2} [ 0-9]{2} ' "$NS/log" &&
	    ! LC_ALL=C grep -aq '[^ -~]' "$NS/log"
}

# --- AT-43: there is no such account. Each is refused like the others, in one
# line of the log, and leaves no file.
ask_unknown()
{
	clear_log
	host many "$1" "$(code alice)" '' '' >"$OUT" 2>&1
	r=$(sed -n 's/^result \([0-9]*\) .*/\1/p' "$OUT")
	[ "$r" = 7 ] && logged 'outcome=refused' && records &&
	    [ "$(grep -ac 'outcome=' "$NS/log")" = 1 ] ||
	    { echo "# $1: $r"; cat "$NS/log"; return 1; }
}
run 1 host many nosuch "$(code alice)" '' ''
before=$(files)
nl='
'
ok 'AT-43 names that are options, or for a shell' all \
    'ask_unknown -schallenge' 'ask_unknown -n' 'ask_unknown --help' \
    'ask_unknown "a;id"' "ask_unknown '\$(id)'" "ask_unknown '\`id\`'" \
    "ask_unknown '%n%s%n%s'" 'ask_unknown "a b"' "ask_unknown \"a'b\""
ok 'AT-43 names that are paths' all 'ask_unknown ..' 'ask_unknown ../alice' \
    'ask_unknown ../users/alice' 'ask_unknown .' 'ask_unknown /' \
    'ask_unknown alice/' 'ask_unknown ./alice' 'ask_unknown %unknown' \
    'ask_unknown %sent' 'ask_unknown .lock.alice' 'ask_unknown %61lice'
ok 'AT-43 names with bytes that show nothing' all 'ask_unknown "root$nl"' \
    'ask_unknown "alice$nl"' 'ask_unknown "alice${nl}outcome=granted"' \
    "ask_unknown '$(printf '\033[2J')'" "ask_unknown '$(printf '\377\376')'" \
    "ask_unknown '$(printf 'al\303ice')'" "ask_unknown '$(printf '\342\200\256x')'"
ok 'AT-43 names that are long' all "ask_unknown $(long 32)" \
    "ask_unknown $(long 33)" "ask_unknown $(long 256)" \
    "ask_unknown $(long 4096)"
ok "AT-43 names that are somebody's nearly" all 'ask_unknown ALICE' \
    'ask_unknown Alice' "ask_unknown 'DOMAIN\\alice'" \
    'ask_unknown alice@example.com' "ask_unknown $(id -u alice)" \
    'ask_unknown "alice "' 'ask_unknown " alice"'
ok '... and they leave no file' [ "$(files)" = "$before" ]

# --- AT-44: accounts that have such names are people of their own.
# own NAME: enrolled with a key of their own, in a file of their own.
uid=3000
own()
{
	uid=$((uid + 1))
	printf '%s:x:%d:%d::/nonexistent:/bin/sh\n' "$1" $uid $uid >>/etc/passwd
	printf '%s:*:19000::::::\n' "$1" >>/etc/shadow
	new_key other >"$NS/new"
	mfactl add totp --secret-stdin -- "$1" <"$NS/new" >"$OUT" 2>&1 ||
	    { cat "$OUT"; return 1; }
	host many "$1" "$(code alice)" '' >"$OUT" 2>&1 &&
	    { echo "# $1 is taken for alice"; return 1; }
	host many "$1" "$(code other)" >"$OUT" 2>&1 && records
}
before=$(ls /etc/mfa/users | wc -l)
# glibc itself takes no name that begins with '-' from /etc/passwd.
odd='a;id $(id) %n%s .. . ../x a/b a%2fb a%2Fb DOMAIN\alice ALICE alice@d %sent %unknown .lock.alice 1001'
n=0
for name in $odd; do
	ok "AT-43, AT-44 an account $name" own "$name"
	n=$((n + 1))
done
ok '... each has a file of its own, in its place' \
    [ "$(ls -A /etc/mfa/users | wc -l)" = $((before + n)) ]
ok '... and alice is alice' run 0 host many alice "$(code alice)"
logged 'outcome=granted .*user=alice '

# --- AT-65: what the application says of where somebody comes from.
clear_log
for item in rhost tty ruser; do
	for what in "a${nl}<86>Jan  1 00:00:00 su: outcome=granted user=root" \
	    "$(printf '\033]0;x\007\033[31m')" '%n%n%s%s' "$(long 9000)" \
	    'x outcome=granted reason=right_code user=root' \
	    "$(printf '\200\377')"; do
		host -i "$item=$what" many alice '' >"$OUT" 2>&1
	done
done
ok 'AT-65 rhost, tty and ruser are one field of one record each' all records \
    'logged "ruser=[?][?] "' \
    '[ "$(grep -c outcome= "$NS/log")" = 18 ]' '! grep -q " outcome=granted" "$NS/log"' \
    '[ "$(grep -o " user=[^ ]*" "$NS/log" | sort -u)" = " user=alice" ]'

# --- AT-95: lists of policies.
exempt()
{
	clear_log
	host many "$1" >"$OUT" 2>&1
	logged 'outcome=exempt'
}
asked()
{
	clear_log
	host many "$1" >"$OUT" 2>&1
	says 'result 19 ' && ! grep -q outcome=exempt "$NS/log"
}
# policy LINES: config with them.
policy()
{
	printf '[policy test]\n%s\nthen = skip\n' "$1" | config
}
policy "user = $(id -u alice)"
ok 'AT-95 a number in a list is a name, not a uid' asked alice
policy 'user = alice, alice, nobody-here'
ok 'AT-95 twice, and with one that is not there: a name is a name' exempt alice
policy 'user = Alice, ALICE, alic, alice2'
ok 'AT-95 nearly is not' asked alice
groupadd -g 4711 staff2
usermod -a -G staff2 alice
policy 'group = staff2'
ok 'AT-95 a group' exempt alice
policy 'group = 4711'
ok 'AT-95 a number in a list is no gid' asked alice
policy 'group = !staff2'
ok 'AT-95 all but a group' asked alice
for bad in 'user = @staff2' 'group = @staff2' \
    'user = !' 'group =' 'user = alice bob, '; do
	policy "$bad"
	clear_log
	host many alice >"$OUT" 2>&1
	ok "AT-95 $bad: nobody is exempt by it" all \
	    '! grep -q outcome=exempt "$NS/log"' 'logged outcome=refused'
done
policy 'group = staff2'
sed -i 's/^group:.*/group: nosuchservice/' /etc/nsswitch.conf
ok 'AT-95 no service knows groups: nobody is exempt by one' asked alice
policy 'group = !ghosts'
ok '... nor by not being in one' asked alice
sed -i 's/^group:.*/group: files/' /etc/nsswitch.conf
mv /etc/group "$NS/group"
mkdir /etc/group
policy 'group = !staff2'
ok '... nor when the file of groups cannot be read' asked alice
rmdir /etc/group
mv "$NS/group" /etc/group
ok 'no code, key or password is in the log' log_is_clean
finish
