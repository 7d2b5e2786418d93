#!/bin/sh
# mfactl check: a good host passes, each bad set-up is named with its remedy.
. tests/e2e/lib.sh

# The kernel's word on the clock is the machine's; here it is ours.
clock_says()
{
	cc -shared -fPIC -o "$NS/clock$1.so" -x c - <<-END
	#include <sys/timex.h>
	int adjtimex(struct timex *tx) { tx->status = $2; return $1; }
	END
}
clock_says 0 STA_PLL
clock_says 5 STA_UNSYNC
CLOCK=0

check()
{
	LD_PRELOAD=$NS/clock$CLOCK.so mfactl check "$@"
}

pam()
{
	cat >"/etc/pam.d/$1"
}

MFA="auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so"

good_pam()
{
	for s in su sshd sudo sudo-i; do
		pam_service $s
	done
}

good_sshd()
{
	cat >/etc/ssh/sshd_config <<-END
	UsePAM yes
	KbdInteractiveAuthentication yes
	PasswordAuthentication no
	AuthenticationMethods publickey,keyboard-interactive:pam keyboard-interactive:pam
	END
}

config </dev/null
chmod 755 /etc /var /var/lib
good_pam
good_sshd
person alice
person bob
enrol alice

ok 'a good host passes' run 0 check
ok '... and says so' says 'All is well.'
ok '... with the doors that ask' says 'a code is asked by: sshd su su-l sudo sudo-i'
ok '... and those that do not' says 'a password, but no code, is asked by: chfn chsh'
ok '... and how many are enrolled' says '/etc/mfa/users: 1 person is enrolled'
ok 'only root may' run 3 as alice "$NS/bin/mfactl" check
ok '--service alone is a mistake' run 2 check --service su

both()
{
	says "$1" && says "$2"
}

# bad WHAT FINDING REMEDY: after it, the host is as it was.
bad()
{
	ok "$1 is found" run 1 check
	ok '... and named' says "$2"
	ok '... with what to do' says "$3"
}

CLOCK=5
bad 'an unsynchronised clock' 'warning  clock: nothing keeps it right' \
    'NTP client'
CLOCK=0

printf '[policy p]\ngroup = bob, !bobs\n' | config
bad 'a group that is not there' 'there is no group "bobs": what is said of it' \
    'getent group'
printf 'tries = 3\nwindow_bak = 1\n' | config
bad 'a mistake in mfa.conf' \
    'error    /etc/mfa/mfa.conf: /etc/mfa/mfa.conf:2: unknown key "window_bak"' \
    'did you mean "window_back"'
config </dev/null
chmod 666 /etc/mfa/mfa.conf
bad 'a writable mfa.conf' 'error    /etc/mfa/mfa.conf: ' \
    'chmod 0644 /etc/mfa/mfa.conf'
config </dev/null
mkdir /etc/mfa/mfa.conf.d
chmod 777 /etc/mfa/mfa.conf.d
bad 'a writable mfa.conf.d' '/etc/mfa/mfa.conf.d has mode 0777' \
    'chmod 0755 /etc/mfa/mfa.conf.d'
rmdir /etc/mfa/mfa.conf.d
chmod 777 /etc/mfa
bad 'a writable /etc/mfa' 'error    /etc/mfa/mfa.conf: /etc/mfa has mode 0777' \
    'chmod 0755 /etc/mfa'
chmod 755 /etc/mfa
chmod 755 /etc/mfa/users
bad 'a directory of factors that others see' \
    'error    /etc/mfa/users: nobody can log in' 'chmod 0700 /etc/mfa/users'
chmod 700 /etc/mfa/users
chown alice /var/lib/mfa
bad 'a directory of states that is not root'"'"'s' \
    'error    /var/lib/mfa: nobody can log in' 'chown 0 /var/lib/mfa'
chown root /var/lib/mfa

chmod 640 /etc/mfa/users/alice
bad 'a factor file that others read' 'error    alice: cannot log in' \
    'chmod 0600 /etc/mfa/users/alice'
chmod 600 /etc/mfa/users/alice
cp /etc/mfa/users/alice "$NS/alice"
echo 'colour = blue' >>/etc/mfa/users/alice
bad 'a factor file that does not parse' 'error    alice: cannot log in: the factors: line ' \
    'mfactl reset alice'
cat "$NS/alice" >/etc/mfa/users/alice
echo 'failures = x' >/var/lib/mfa/bob
chmod 600 /var/lib/mfa/bob
bad 'a state that does not parse' 'error    bob: cannot log in: the state: line ' \
    'mfactl reset bob'
printf 'version = 1\nfailures = 50\nfailed_at = 1\nfailed_boottime = 1\nfailed_boot = x\n' \
    >/var/lib/mfa/alice
chmod 600 /var/lib/mfa/alice
rm /var/lib/mfa/bob
ok 'a locked person is a note' run 0 check
ok '... with what to do' both \
    'locked after too many wrong codes, 1 in all: alice' '-> mfactl unlock NAME'
ok 'a locked login is explained' run 1 check --user alice --service su
ok '... with what to do' both \
    'Limit      locked after 50' 'Result     refused until it is unlocked -> mfactl unlock alice'
mfactl unlock alice >"$OUT"
cp "$NS/alice" '/etc/mfa/users/alice~'
ok 'a copy of keys is a note' run 0 check
ok '... and named' says 'note     /etc/mfa/users/alice~: is nobody'"'"'s'
rm '/etc/mfa/users/alice~'

pam su <<END
auth requisite pam_unix.so
auth sufficient $NS/pam_mfa.so
END
bad 'sufficient' 'error    /etc/pam.d/su:2: a wrong code lets in' "-> auth [success=ok"
pam su <<END
auth sufficient pam_unix.so
$MFA
END
bad 'a way round it' 'error    /etc/pam.d/su:1: with sufficient pam_unix.so no code is asked' \
    'make this line requisite'
pam su <<END
@include common-nothing
$MFA
END
bad 'an include of nothing' 'error    /etc/pam.d/su:1: includes "common-nothing"' \
    'correct the name'
pam su <<END
auth requisite pam_unix.so
$MFA debug
END
bad 'an unknown argument' 'error    /etc/pam.d/su:2: unknown argument "debug"' \
    'conf=/PATH is the only argument'
ok '... also where a login is explained' run 1 check --user alice --service su
ok '... as what is in its way' both 'But        not all is well' \
    'error    /etc/pam.d/su:2: unknown argument "debug"'
printf 'auth requisite pam_unix.so\nauth required pam_mfa.so\n' | pam su
bad 'a module that is not installed' \
    'error    /etc/pam.d/su:2: pam_mfa.so is not there' 'make install'
good_pam
chmod 777 "$NS/pam_mfa.so"
bad 'a module that all may write' "$NS/pam_mfa.so has mode 0777" \
    "chmod 0755 $NS/pam_mfa.so"
chmod 755 "$NS/pam_mfa.so"
chmod 666 /etc/pam.d/su
bad 'a writable stack' 'error    /etc/pam.d/su: /etc/pam.d/su has mode 0666' \
    'chmod 0644 /etc/pam.d/su'
chmod 644 /etc/pam.d/su
echo 'auth requisite pam_unix.so' | pam sudo-i
bad 'an open twin' 'warning  /etc/pam.d/sudo-i: asks for no code, though sudo does' \
    'put the line'
good_pam
echo 'not_enrolled = allow' | config
pam su <<END
auth requisite pam_unix.so
auth [success=ok default=die] $NS/pam_mfa.so
END
bad 'an exemption that the stack forbids' \
    'warning  /etc/pam.d/su:2: not_enrolled = allow lets nobody in' 'ignore=ignore'
good_pam
printf '[service su]\nfirst_factor = after\n' | config
bad 'a wrong first_factor' 'but first_factor = after for su' \
    'first_factor = before in [service su]'
config <<END
store = home
home_program = $NS/bin/mfactl
END
bad 'store = home with sudo' 'store = home does not protect su' \
    'store = system'
as bob "$NS/bin/mfactl" add recovery >"$NS/codes"
sed -n 's/^ *[0-9]*  //p' "$NS/codes" >>"$SPENT"
chmod 755 /home/bob/.mfa
bad 'a ~/.mfa that others see' 'error    bob: cannot log in: /home/bob/.mfa has mode 0755' \
    'chmod 0700 /home/bob/.mfa'
ok '... and nobody else is bothered' says '1 error, 1 warning.'
chmod 700 /home/bob/.mfa
ok 'factors at home are counted' run 1 check
ok '... one' both '~/.mfa: 1 person is enrolled' '0 errors, 1 warning.'
config </dev/null

sed -i 's/^UsePAM.*/UsePAM no/' /etc/ssh/sshd_config
bad 'sshd without PAM' 'error    sshd: UsePAM is no' '-> UsePAM yes'
good_sshd
sed -i '/^AuthenticationMethods/d' /etc/ssh/sshd_config
bad 'a key without a code' 'warning  sshd: no code is asked of who logs in by public key' \
    '-> AuthenticationMethods publickey,keyboard-interactive:pam'
printf 'UsePAM yes\nKbdInteractiveAuthentication no\nPasswordAuthentication no\n' \
    >/etc/ssh/sshd_config
bad 'sshd without a prompt' 'error    sshd: no code is ever asked' '-> KbdInteractiveAuthentication yes'
echo 'Nonsense yes' >/etc/ssh/sshd_config
bad 'an sshd_config that sshd refuses' 'sshd -T says: /etc/ssh/sshd_config' \
    'make sshd -t succeed'
good_sshd
printf 'Match Address 192.0.2.0/24\nAuthenticationMethods publickey\n' \
    >>/etc/ssh/sshd_config
ok 'a login from elsewhere is explained' run 0 check --user alice \
    --rhost 198.51.100.7
ok '... with its methods' says_not 'no code is asked'
ok 'a login from inside is explained' run 0 check --user alice \
    --rhost 192.0.2.7
ok '... with what is missing' says 'AuthenticationMethods publickey: no code is asked there'
good_sshd

# Keys that do nothing where they stand, or that something else undoes.
printf '[service su]\nremember = 14d\n' | config
bad 'remember where no key is known' \
    'warning  /etc/mfa/mfa.conf:2: remember does nothing in [service su]' \
    'there is grace'
printf '[service sshd]\nremember = 14d\n' | config
ok 'remember with a key first passes' run 0 check
sed -i 's/^AuthenticationMethods.*/AuthenticationMethods keyboard-interactive:pam/' \
    /etc/ssh/sshd_config
bad 'remember without a key' \
    'warning  /etc/mfa/mfa.conf:2: nothing can be remembered: sshd verifies no key' \
    'AuthenticationMethods publickey,keyboard-interactive:pam'
good_sshd
mkdir /etc/mfa/mfa.conf.d
printf '\nnot_enrolled = enrol\n' >/etc/mfa/mfa.conf.d/a.conf
config </dev/null
bad 'an enrolment that sshd cuts off' \
    'warning  /etc/mfa/mfa.conf.d/a.conf:2: sshd ends a login after 2 minutes (LoginGraceTime)' \
    '-> LoginGraceTime 600'
echo 'LoginGraceTime 10m' >>/etc/ssh/sshd_config
ok '... and in time it passes' run 0 check
cp /etc/pam.d/login "$NS/login"
pam_service login
sed -i 's/^LOGIN_TIMEOUT.*/LOGIN_TIMEOUT 70/' /etc/login.defs
bad 'an enrolment that login cuts off' \
    'warning  /etc/mfa/mfa.conf.d/a.conf:2: login ends a login after 70 seconds (LOGIN_TIMEOUT)' \
    '-> LOGIN_TIMEOUT 600'
cp "$NS/login" /etc/pam.d/login
rm -r /etc/mfa/mfa.conf.d
good_sshd
printf '[service dovecot]\napp_passwords = yes\n' | config
bad 'app passwords that nobody asks for' \
    'warning  /etc/mfa/mfa.conf:2: no app password is ever asked for by dovecot' \
    '/etc/pam.d/dovecot'
echo 'mail_program = /usr/sbin/sendmail-of-nobody' | config
bad 'mail without a program' \
    'warning  /etc/mfa/mfa.conf:1: nobody is told of a reset by mail' \
    'correct the path'
cp /bin/true "$NS/bin/sendmail"
chmod 777 "$NS/bin/sendmail"
echo "mail_program = $NS/bin/sendmail" | config
bad 'mail by a program that all may write' \
    "error    /etc/mfa/mfa.conf:1: $NS/bin/sendmail is run as root" 'chmod go-w'
config </dev/null

# Everything the explanation tells, and that it is told without a trace.
printf '[service su]\ntries = 2\n[group bob]\nnot_enrolled = allow\n' | config
find /etc/mfa /var/lib/mfa -printf '%p %T@ %i\n' | sort >"$NS/before"
ok 'a login is explained' run 0 check --user alice --service su --rhost 192.0.2.7
for line in 'Account    alice, uid ' 'From       192.0.2.7' \
    'Door       su, by way of /etc/pam.d/su:2' 'Factors    totp-' \
    'Policy     there is no [policy] section' '[service su] holds' \
    'first_factor = before, the default' 'not_enrolled = deny, the default' \
    'methods = totp, sms, call, recovery, the default' \
    'tries = 2, from [service su]' \
    'Limit      0 wrong codes in a row' "Prompt     $PROMPT" \
    'Result     a right code is accepted'; do
	ok "... with: $line" says "$line"
done
ok 'an exemption is explained' run 0 check --user bob --service su
ok '... and where it stands' says 'not_enrolled = allow, from [group bob]'
ok '... and what it does' says 'Result     no code is asked (not_enrolled = allow)'
echo 'not_enrolled = enrol' | config
ok 'an enrolment is explained' run 0 check --user bob --service su
ok '... as what comes' says 'Result     enrols at this login'
ok '... without a prompt that does not' says_not 'Prompt '
config </dev/null
find /etc/mfa /var/lib/mfa ! -name mfa.conf -printf '%p %T@ %i\n' | sort >"$NS/after"
grep -v mfa.conf "$NS/before" >"$NS/before2"
ok 'nothing was written' cmp "$NS/before2" "$NS/after"
ok 'nobody enrolled is explained' run 1 check --user bob --service su
ok '... with what to do' says 'Result     refused: nothing is enrolled -> mfactl add totp bob'
ok 'an unknown person is explained' run 1 check --user carol
ok '... as refused' both 'there is no carol' 'Result     refused, whatever is typed'
ok 'a door without the module is explained' run 0 check --user alice --service login
ok '... as open' says 'Result     no code is asked'
chmod 640 /etc/mfa/users/alice
ok 'a broken store is explained' run 1 check --user alice --service su
ok '... with what to do' says 'Result     refused: /etc/mfa/users/alice has mode 0640: chmod 0600'
chmod 600 /etc/mfa/users/alice
echo 'trees = 3' | config
ok 'a broken configuration is explained' run 1 check --user alice
ok '... with the line' says 'Result     refused, like everybody: /etc/mfa/mfa.conf:1: unknown key "trees"'
finish
