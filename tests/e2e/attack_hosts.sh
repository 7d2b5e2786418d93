#!/bin/sh
# The programs that load the module: what they have been through before, what
# they are like, and what they are left with. tests/e2e/{ssh,sudo,su,login,
# dovecot}.sh have those that people use every day.
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
. tests/e2e/lib_attack.sh

doors su su-l sudo login sshd locker many cron
sed -i 's/^LOGIN_RETRIES.*/LOGIN_RETRIES 1/' /etc/login.defs
sshd_start 2201 sshd "$PASSWORD_THEN_CODE"

# --- AT-20: what the session has open, with the module and without.
cat >"$NS/bin/list" <<'END'
#!/bin/sh
ls -l /proc/self/fd | sed -n 's/.* \([0-9]* -> .*\)/FDS \1/p' |
    sed 's,/proc/[0-9]*,/proc/N,; s/:\[[0-9]*\]//; s,pts/[0-9]*,pts/N,'
END
chmod 755 "$NS/bin/list"

# open_in NAME WORDS ANSWER: the descriptors of a session that it begins, after
# this answer.
open_in()
{
	case $1 in
	su)	talk "$2" "$3" -- setpriv --reuid bob --regid bob \
		    --init-groups --reset-env su alice -c "$NS/bin/list" ;;
	sudo)	talk "$2" "$3" -- setpriv --reuid alice --regid alice \
		    --init-groups --reset-env sudo -k "$NS/bin/list" ;;
	login)	talk 'login: ' alice "$2" "$3" '$ ' "$NS/bin/list; exit" -- \
		    login ;;
	sshd)	talk "$2" "$3" -- ssh $(opts) -p 2201 alice@127.0.0.1 \
		    "$NS/bin/list" ;;
	esac 2>&1 | grep -a '^FDS'
}
for name in su sudo login sshd; do
	enrol alice
	open_in $name "$PROMPT" "$(code alice)" >"$NS/with"
	pam_stack $name <<-END
	auth required pam_unix.so nodelay
	END
	open_in $name assword "$PASSWORD" >"$NS/without"
	second_factor $name
	ok "AT-20 $name: a session has open what it has without the module" \
	    all '[ -s "$NS/with" ]' 'cmp "$NS/with" "$NS/without"'
done

# --- AT-21, AT-24: one process that lives long, and many threads.
enrol alice
host -d -n 1000 many alice >"$OUT" 2>&1
ok 'AT-21 a thousand dialogues leave a process as it was' \
    [ "$(grep -c '^state:' "$OUT")" = 2 -a \
    "$(grep '^state:' "$OUT" | sort -u | wc -l)" = 1 ]
for i in $(seq 0 15); do
	useradd -M "u$i" 2>/dev/null
	mfactl add totp "u$i" --secret-stdin <"$NS/key/alice" >"$OUT" 2>&1
done
host -t -u -n 16 many u "$(code alice)" >"$OUT" 2>&1
ok 'AT-24, AT-94 gdm: 16 threads log 16 people in at once' says 'result 0 x16 '
host -t -n 16 many alice "$(at alice 1)" >"$OUT" 2>&1
ok '... and 16 with one code: one of them' says 'result 0 x1 '
host -t -d -n 64 many alice >"$OUT" 2>&1
ok '... and leave nothing' \
    [ "$(sed -n 's/^state: \([0-9]*\) desc.*/\1/p' "$OUT" | sort -u | wc -l)" = 1 ]

# --- AT-27: a kernel that forbids what the module needs, in a real program.
# forbidden SYSCALL [WHEN]
forbidden()
{
	enrol alice
	strace -f -qq -o "$NS/trace" -e trace="$1" -e inject="$1:error=EPERM" \
	    host many alice "$(code alice)" >"$OUT" 2>&1
	r=$?
	grep -q INJECTED "$NS/trace" && [ $r -eq 1 ] && says 'result ' &&
	    logged 'outcome=refused'
}
clear_log
ok 'AT-27 fsync, rename or locks are forbidden' all 'forbidden fsync' \
    'forbidden renameat' 'forbidden fcntl'
ok '... each is a refusal with its line' \
    [ "$(grep -c outcome=refused "$NS/log")" = 3 ]

# --- AT-32: what is in PAM's own environment is no code.
enrol alice
c=$(code alice)
run 1 host -e "MFA_CODE=$c" many alice
ok 'AT-32 a code in the environment of PAM is none' \
    says_all "$PROMPT" 'result 19 '
run 1 host -e "MFA_PASSCODE=$c" many alice ''
ok '... nor is an empty answer then one' says 'result 19 '

# --- AT-34: signals at the prompt. The echo comes back, nothing is counted.
at_prompt()
{
	talk "$@" -- sh -c 'trap : INT QUIT; setpriv --reuid bob --regid bob --init-groups \
	    --reset-env su alice -c "echo I am \$(id -un)"
	    stty -a | grep -qw -e -echo || echo echoes'
}
find_su='$(cat /proc/[0-9]*/stat | sed -n "s/^\([0-9]*\) (su) .*/\1/p")'
for sig in INT TERM HUP QUIT; do
	enrol alice
	clear_log
	run 0 at_prompt "$PROMPT" "|kill -$sig $find_su; echo"
	ok "AT-34 SIG$sig at the prompt: out, with echo" all says_not\ 'I\ am' \
	    'says echoes' '! grep -q outcome=granted "$NS/log"'
done
enrol alice
run 0 at_prompt "$PROMPT" "$(printf '|printf "\\003"')"
ok 'AT-34 Ctrl-C at the prompt' all 'says echoes' 'says_not "I am"'
run 0 at_prompt "$PROMPT" "$(printf '|printf "\\004"')"
ok 'AT-34 Ctrl-D at the prompt' all 'says echoes' 'says_not "I am"'
c=$(code alice)
run 0 at_prompt "$PROMPT" "|kill -WINCH $find_su; kill -CONT $find_su; echo $c"
ok 'AT-34 SIGWINCH and SIGCONT do no harm' says 'I am alice'
ok '... and the code that was typed is used up' \
    eval 'su_to alice "$c"; says_not "I am"'

# --- AT-49: a locker calls setcred and acct_mgmt, and asks again.
enrol alice
host -l locker alice "$(code alice)" "$(at alice 1)" >"$OUT" 2>&1
ok 'AT-49, AT-94 a locker unlocks twice on one handle' \
    [ "$(grep -c '^authenticate 0 ' "$OUT")" = 2 ]
ok '... and its setcred succeeds' says_all 'setcred 0 ' 'acct_mgmt 0 '
ok '... the second time not with the first code' eval \
    'enrol alice; c=$(code alice); ! host -l locker alice "$c" "$c" >"$OUT" &&
    says_all "authenticate 0 " "result 19 "'

# --- AT-94: programs that are not root, in a sandbox, without a person.
clear_log
setpriv --reuid alice --regid alice --init-groups "$NS/bin/host" locker alice \
    "$(code alice)" >"$OUT" 2>&1
ok 'AT-94 swaylock: not root, and so refused, not "not enrolled"' all \
    'says "result 9 "' 'logged "outcome=refused reason=store user=alice"'
enrol alice
clear_log
unshare -m -n sh -c 'mount --bind /var/lib /var/lib &&
    mount -o remount,bind,ro /var/lib && mount --bind /etc /etc &&
    mount -o remount,bind,ro /etc && mount -t tmpfs none /home &&
    exec setpriv --no-new-privs host many alice "$1"' - "$(code alice)" \
    >"$OUT" 2>&1
ok 'AT-94 polkit: nothing to write to and no network: refused, and said so' \
    all '! says "result 0 "' 'logged "outcome=refused reason=[a-z]* user=alice"'
run 0 host -c cron alice
ok 'AT-94 cron asks nobody, and runs' all 'says "result 0 "' \
    'says_not "$PROMPT"'

# --- AT-91: what make install leaves, with one line in the stack.
export LC_ALL=C
make -s install DESTDIR="$NS/root" >"$OUT" 2>&1 || cat "$OUT"
cp "$NS/root/etc/mfa/mfa.conf" /etc/mfa/mfa.conf
so=$(find "$NS/root" -name pam_mfa.so)
pam_stack su <<-END
	auth [success=ok default=die] $so
	END
enrol alice
ok 'AT-91 as installed: a code lets in' eval \
    'su_to alice "$(code alice)"; in_as alice'
ok '... and wrong ones do not' eval 'su_to alice "$(wrong alice 1)" \
    "$(wrong alice 2)" "$(wrong alice 3)"; says_not "I am"'
ok '... are counted, and wait after five' eval 'su_to alice "$(wrong alice 4)" \
    "$(wrong alice 5)" "$(wrong alice 6)"; su_to alice "$(next_code alice)";
    says_not "I am" && logged "failures=5"'
unenrol alice
ok '... and nobody without a factor gets in' all '! su_to alice ""' \
    'says_not "I am"' 'logged reason=not_enrolled'
ok '... nor is anything for others to read' [ -z "$(find "$NS/root/etc/mfa" \
    "$NS/root/var" \( -perm /022 -o -path '*/secrets' -perm /077 -o \
    -path '*/users' -perm /077 -o -path '*/lib/mfa' -perm /077 \))" ]

# --- AT-93: while it is installed again and again nobody finds it missing.
: >"$NS/stop"
(while [ -e "$NS/stop" ]; do
	make -s install DESTDIR="$NS/root" >/dev/null 2>&1 || echo failed
done >"$NS/install") &
installing=$!
missing=0
for _ in $(seq 200); do
	for f in "$so" "$NS/root/usr/bin/mfactl" \
	    "$NS/root/usr/libexec/pam_mfa/mfa-send"; do
		[ "$(head -c 4 "$f" 2>/dev/null | tail -c 3)" = ELF ] &&
		    [ -x "$f" -o "$f" = "$so" ] || missing=$((missing + 1))
	done
done
pam_stack again <<-END
	auth [success=ok default=die] $so
	END
enrol alice
host -n 1000 again alice >"$OUT" 2>&1
rm "$NS/stop"
wait $installing
ok 'AT-93 a thousand dialogues while it is installed' says 'result 19 x1000 '
ok '... and no program of it was ever missing' [ "$missing" -eq 0 ]
ok '... nor did an installation fail' [ ! -s "$NS/install" ]
ok 'no code, key or password is in the log' log_is_clean
finish
