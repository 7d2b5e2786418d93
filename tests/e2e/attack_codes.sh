#!/bin/sh
# Codes used again, guesses, clocks, and what happens at the same time.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
. tests/e2e/lib_attack.sh

doors su su-l sudo sshd many
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"
sshd_start 2202 sshd "$PASSWORD_THEN_CODE" 'MaxAuthTries 1'

failures()
{
	sed -n 's/^failures = //p' /var/lib/mfa/alice
}

# su_in CODE, sudo_in CODE, ssh_in CODE: does it let in?
su_in()
{
	su_to alice "$1"
	in_as alice
}
sudo_in()
{
	printf '%s\n' "$1" | as alice sudo -S -k sh -c 'echo I am $(id -un)' \
	    >"$OUT" 2>&1
	says 'I am root'
}
# answers PORT OPTION ANSWER ...: an ssh whose prompts get these in turn, and then
# the last of them again.
cat >"$NS/bin/answer" <<END
#!/bin/sh
head -n 1 "$NS/typed"
[ "\$(wc -l <"$NS/typed")" -le 1 ] || sed -i 1d "$NS/typed"
END
chmod 755 "$NS/bin/answer"
answers()
{
	port=$1 option=$2
	shift 2
	printf '%s\n' "$@" >"$NS/typed"
	SSH_ASKPASS=$NS/bin/answer SSH_ASKPASS_REQUIRE=force setsid -w \
	    ssh -o NumberOfPasswordPrompts=6 $(opts) -o "$option" -p "$port" \
	    alice@127.0.0.1 'echo I am $(id -un)' </dev/null >"$OUT" 2>&1
}
ssh_in()
{
	answers 2201 TCPKeepAlive=yes "$1"
	in_as alice
}

# --- AT-39: one code, many doors; and the order of steps.
for first in su sudo ssh; do
	enrol alice
	c=$(code alice)
	ok "AT-39 a code used at $first" "${first}_in" "$c"
	for then in su sudo ssh; do
		ok "... is not good at $then" eval "! ${then}_in $c"
	done
done
enrol alice
before=$(at alice -1) now=$(at alice 0) next=$(at alice 1)
ok 'AT-39 after a newer code the ones before are not good' all \
    'su_in "$now"' '! sudo_in "$before"' '! su_in "$before"' 'sudo_in "$next"' \
    '! su_in "$now"' '! su_in "$next"' '! sudo_in "$before"'

# --- AT-38, AT-37: one connection, many connections.
enrol alice
clear_log
answers 2201 KbdInteractiveDevices=pam,pam,pam "$(wrong alice 1)" \
    "$(wrong alice 2)" "$(wrong alice 3)" "$(wrong alice 4)" \
    "$(wrong alice 5)" "$(wrong alice 6)" "$(wrong alice 7)"
ok 'AT-38 restarts in one connection: five guesses are looked at' \
    [ "$(failures)" = 5 ]
ok '... and then not even a right code' eval '! ssh_in "$(code alice)"'
ok '... which is not counted' [ "$(failures)" = 5 ]

enrol alice
clear_log
for i in 1 2 3 4 5 6 7 8; do
	answers 2202 TCPKeepAlive=yes "$(wrong alice $i)"
done
ok 'AT-37 eight connections with guesses: five are looked at' \
    [ "$(failures)" = 5 ]
ok '... and then no door takes a right code' all '! ssh_in "$(code alice)"' \
    '! su_in "$(code alice)"' '! sudo_in "$(code alice)"'
ok '... which is in the log' logged 'outcome=refused reason=too_many_failures user=alice'

# --- AT-51: clocks. A root program whose CLOCK_REALTIME is another.
cat >"$NS/clock.c" <<'END'
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* By the seconds in a file: to be added, or, if they begin with '=', it. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	long long by = 0;
	int r = (int)syscall(SYS_clock_gettime, id, t);
	FILE *f = id == CLOCK_REALTIME ? fopen("/run/ns/clock", "r") : NULL;

	if (f == NULL)
		return r;
	if (fscanf(f, "=%lld", &by) == 1)
		t->tv_sec = (time_t)by;
	else if (fscanf(f, "%lld", &by) == 1)
		t->tv_sec += (time_t)by;
	fclose(f);
	return r;
}
END
cc -shared -fPIC -O1 -o "$NS/clock.so" "$NS/clock.c" || exit 99
# when CLOCK CODE ...: a login at that time.
when()
{
	echo "$1" >"$NS/clock"
	shift
	LD_PRELOAD=$NS/clock.so host many alice "$@" >"$OUT" 2>&1
	r=$?
	rm "$NS/clock"
	return $r
}
# code_at CLOCK: of the app, which has the right time then.
code_at()
{
	case $1 in
	=*)	t=${1#=} ;;
	*)	t=$(($(date +%s) + $1)) ;;
	esac
	oathtool --totp -b -N "@$t" "$(cat "$NS/key/alice")" | tee -a "$SPENT"
}
for to in -7200 7200 =0 =1 =2147483647 =2147483648 =4294967296 =4102444800; do
	enrol alice
	ok "AT-51 the clock at $to: the code of then is good, once" all \
	    "when $to $(code_at $to)" "! when $to $(code_at $to)"
done
enrol alice
c=$(code alice)
ok 'AT-51 a used code, and the clock set back: it stays used' all \
    "when 0 $c" "when 600 $(code_at 600)" "! when 0 $c" "! when -60 $c" \
    "! when -7200 $(code_at -7200)"
enrol alice
when 0 "$(wrong alice 1)" "$(wrong alice 2)" "$(wrong alice 3)"
when 0 "$(wrong alice 4)" "$(wrong alice 5)" "$(wrong alice 6)"
for to in -7200 7200 =0 =4294967296; do
	ok "AT-51 waiting, and the clock at $to: it goes on" all \
	    "! when $to $(code_at $to)" '[ "$(failures)" = 5 ]'
done
# The last failure was in a far future, at another boot: nobody is shut out
# for ever by it.
sed -i 's/^failed_at = .*/failed_at = 9999999999/; s/^failed_boot = .*/failed_boot = 00000000-0000-0000-0000-000000000000/
    s/^failed_boottime = .*/failed_boottime = 1/' /var/lib/mfa/alice
grep '^failed' /var/lib/mfa/alice >"$NS/failed"
ok 'AT-51 a failure in the far future locks nobody for ever' all \
    'grep -q 9999999999 "$NS/failed"' "when 0 $(code_at 0)"

# --- AT-15: enrolled anew all the time while people log in.
enrol alice
new_key other >/dev/null
cp "$NS/key/alice" "$NS/key/first"
: >"$NS/stop"
(while [ -e "$NS/stop" ]; do
	for k in other first; do
		mfactl reset alice
		mfactl add totp alice --secret-stdin <"$NS/key/$k"
	done
done) >/dev/null 2>&1 &
changing=$!
host -n 500 many alice "$(code first)" >"$OUT" 2>&1
rm "$NS/stop"
wait $changing
# In, wrong or used, a limit, or (between the two) not enrolled; no conversation
# goes on with what is gone, and nothing is unreadable.
ok 'AT-15 each login sees the old factors or the new' all \
    '[ -z "$(sed -n "s/^result \([0-9]*\) .*/\1/p" "$OUT" |
    grep -vE "^(0|7|11|19)$")" ]' 'says "result 0 "'

# --- AT-83: two that enrol at once. Nothing is lost.
enrol alice
for i in $(seq 8); do
	new_key "many$i" | mfactl add totp alice --label "phone $i" \
	    --secret-stdin >"$NS/add.$i" 2>&1 &
	eval "add$i=\$!"
done
added=1
for i in $(seq 8); do
	eval "wait \$add$i" && added=$((added + 1))
done
ok 'AT-83 eight that enrol at once: what was said to be added is there' \
    [ "$(grep -c '^\[factor' /etc/mfa/users/alice)" = $added -a $added -gt 1 ]

# --- AT-16: a thousand people, one of them with a broken state.
mfactl reset alice >"$OUT" 2>&1
mfactl add totp alice --secret-stdin <"$NS/key/first" >"$OUT" 2>&1
for i in $(seq 0 999); do
	echo "p$i:x:$((10000 + i)):100::/nonexistent:/bin/sh"
done >>/etc/passwd
for i in $(seq 0 999); do
	cp -p /etc/mfa/users/alice "/etc/mfa/users/p$i"
done
printf 'nonsense\n' >/etc/mfa/users/p500
mkfifo -m 600 /var/lib/mfa/p501
host -u -n 1000 many p "$(code first)" >"$OUT" 2>&1
ok 'AT-16 of a thousand people the two with broken files are refused' \
    says_all 'result 0 x998 ' 'result 9 x2 '

# --- AT-61: modes, also of what a kill leaves behind.
private()
{
	[ -z "$(find /etc/mfa/users /etc/mfa/secrets /var/lib/mfa /home/*/.mfa \
	    \( -type f -perm /077 -o -type d -perm /077 -o ! -user root -o \
	    -name '*~' -o -name '*.bak' \) -print 2>/dev/null | tee "$NS/found")" ] ||
	    { sed 's/^/# /' "$NS/found"; return 1; }
}
umask 0
enrol bob
mfactl add recovery bob >"$OUT" 2>&1
mfactl pass bob >"$OUT" 2>&1
host many bob "$(code bob)" >"$OUT" 2>&1
ok 'AT-61 with an open umask all files are for root alone' private
left=0
for call in openat write fsync renameat unlinkat; do
	for n in 1 2 3 4; do
		strace -f -qq -o "$NS/trace" -P /var/lib/mfa -P /etc/mfa/users \
		    -e trace=$call -e inject=$call:signal=KILL:when=$n \
		    host many bob "$(wrong bob)" >/dev/null 2>&1
		strace -f -qq -o "$NS/trace" -P /var/lib/mfa -P /etc/mfa/users \
		    -e trace=$call -e inject=$call:signal=KILL:when=$n \
		    mfactl rename phone "$call $n" bob >/dev/null 2>&1
		private || left=1
	done
done
ok 'AT-61 nor is what a kill leaves behind for others' [ $left -eq 0 ]
umask 022
ok 'no code, key or password is in the log' log_is_clean
finish
