# What the attack tests share, after lib.sh: hosts without a terminal.

cc -std=c11 -D_GNU_SOURCE -O1 -o "$NS/bin/host" tests/e2e/host.c -lpam \
    -lpthread || exit 99

# second_factor NAME: the code alone, so that a person is not asked for more.
second_factor()
{
	pam_stack "$1" <<-END
	auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
	END
}

# doors SERVICE ...: these ask for the code alone, which may be two steps old,
# and refuse at once. People: alice, who may use sudo, and bob.
doors()
{
	printf '%s\n' 'drift_max = 0' 'window_back = 2' | config
	for name; do
		second_factor "$name"
	done
	person alice
	person bob
	echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/mfa-test
	chmod 440 /etc/sudoers.d/mfa-test
	sed -i '/^FAIL_DELAY/d' /etc/login.defs
	echo 'FAIL_DELAY 0' >>/etc/login.defs
}

# su_to USER [ANSWER ...]: bob calls su, the answers are lines on its stdin.
# What hangs ends with 124.
su_to()
{
	who=$1
	shift
	printf '%s\n' "$@" >"$NS/answers"
	timeout -k 1 15 setpriv --reuid bob --regid bob --init-groups \
	    --reset-env su "$who" -c 'echo I am $(id -un)' \
	    <"$NS/answers" >"$OUT" 2>&1
}

# in_as USER: did the last command get in?
in_as()
{
	says "I am $1"
}

# refused_for REASON: nobody is in, and the log says that this is why; another
# host than su or sudo is believed by its words alone.
refused_for()
{
	says_not 'I am' && logged "outcome=refused reason=$1 "
}

# What must not change whatever is planted: everything but the store's own.
outside()
{
	find /etc /home /root /tmp /var/lib/mfa -path /var/lib/mfa -prune -o \
	    -path /etc/mfa -prune -o -path '/home/alice/.mfa*' -prune -o \
	    ! -path /home/alice -printf '%p %y %m %U %G %s %n %T@\n' | sort | sha256sum
	sha256sum /etc/shadow /etc/passwd /home/bob/private
}

keep_outside()
{
	outside >"$NS/outside"
}

clean()
{
	outside | cmp - "$NS/outside"
}
