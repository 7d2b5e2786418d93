# What the end-to-end tests share. Each runs under tests/ns.sh and prints TAP.
set -u
E2E=tests/e2e
PASSWORD='correct-horse-7'
PROMPT='Code from your authenticator app: '
TESTS=0
FAILED=0
OUT=$NS/out		# what the last command said
SPENT=$NS/spent		# all codes, keys and passwords: none may be in a log

mkdir -p -m 711 "$NS/key"
: >"$SPENT"
chmod 600 "$SPENT"

# Run last: the exit status of the script.
finish()
{
	echo "1..$TESTS"
	[ "$FAILED" -eq 0 ] && [ "$TESTS" -gt 0 ]
	exit
}

# ok NAME CMD ...: CMD is to succeed.
ok()
{
	name=$1
	shift
	TESTS=$((TESTS + 1))
	if "$@"; then
		echo "ok $TESTS - $name"
	else
		echo "not ok $TESTS - $name"
		FAILED=$((FAILED + 1))
		echo "# failed: $*"
		[ ! -f "$OUT" ] || sed 's/^/# said: /' "$OUT"
		tail -n 8 "$NS/log" | sed 's/^/# log: /'
	fi
}

# run STATUS CMD ...: its output goes to $OUT; is its exit status this one?
run()
{
	want=$1
	shift
	"$@" >"$OUT" 2>&1
	got=$?
	[ "$got" -eq "$want" ] || { echo "# status $got, not $want"; return 1; }
}

says()
{
	grep -qF -- "$1" "$OUT"
}

says_not()
{
	! says "$1"
}

# all WORDS ...: each is a command, as it would stand in a script.
all()
{
	while [ $# -gt 0 ]; do
		eval "$1" || { echo "# not true: $1"; return 1; }
		shift
	done
}

talk()
{
	"$E2E/talk.exp" talk "$@"
}

# as USER CMD ...
as()
{
	who=$1
	shift
	setpriv --reuid "$who" --regid "$who" --init-groups --reset-env "$@"
}

person()
{
	useradd -m -s /bin/sh "$1"
	echo "$1:$PASSWORD" | chpasswd
}

config()
{
	cat >/etc/mfa/mfa.conf
	chmod 644 /etc/mfa/mfa.conf
}

# pam_stack NAME: these auth lines; nothing else that could take time.
pam_stack()
{
	{
		cat
		echo 'account required pam_unix.so'
		echo 'session required pam_unix.so'
	} >"/etc/pam.d/$1"
}

# pam_service NAME: password, then code.
pam_service()
{
	pam_stack "$1" <<-END
	auth requisite pam_unix.so nodelay
	auth [success=ok ignore=ignore default=die] $NS/pam_mfa.so
	END
}

new_key()
{
	head -c 20 /dev/urandom | base32 | tee "$NS/key/$1" | tee -a "$SPENT"
}

# unenrol USER: as one who never had a factor.
unenrol()
{
	mfactl reset "$1" >"$OUT" 2>&1
	rm -f "/var/lib/mfa/$1"
}

# enrol USER: only an app with a new key; so a code of now is not yet used.
enrol()
{
	unenrol "$1"
	new_key "$1" | mfactl add totp "$1" --secret-stdin >"$OUT" 2>&1 ||
	    { cat "$OUT"; exit 1; }
}

# codes USER BACK AHEAD: the codes of the steps around now, a line each.
codes()
{
	oathtool --totp -b -N "@$(($(date +%s) - $2 * 30))" -w $(($2 + $3)) \
	    "$(cat "$NS/key/$1")"
}

# code USER: of now.
code()
{
	codes "$1" 0 0 | tee -a "$SPENT"
}

# What an enrolment at login asks for an app, where nothing else is offered.
READY='Have the authenticator app on your phone ready and press Enter (x: leave): '
SHOWN='Code that the app shows (k: key as text, q: other QR code, x: leave): '
WRITTEN='Press Enter when you have them: '

# "|app" is an answer of talk: what the app shows, after the key was typed in.
app()
{
	cat >"$NS/bin/app" <<-END
	#!/bin/sh
	key=\$(sed -n 's/.* key[a-z ]*[: ] *\(\([A-Z2-7]\{4\}[ .:]*\)\{8\}\).*/\1/p' |
	    tail -n 1 | tr -d ' .:')
	echo "\$key" >>"$SPENT"
	oathtool --totp -b -N "\${TURNED:-0} days" "\$key" | tee -a "$SPENT"
	END
	chmod 755 "$NS/bin/app"
}

# next_code USER: of the next step, which is taken already; with drift_max = 0,
# for a code that came late before would else be taken for a slow clock.
next_code()
{
	codes "$1" -1 1 | tee -a "$SPENT"
}

# wrong USER [N]: a code that cannot be right; different N, different codes.
wrong()
{
	near=$(codes "$1" 4 4)
	c=$((100000 + ${2:-1} * 1111))
	while echo "$near" | grep -q "$c"; do
		c=$((c + 1))
	done
	echo "$c" | tee -a "$SPENT"
}

# Waits until the log has a line that matches; a child may still be writing.
logged()
{
	for _ in $(seq 100); do
		grep -qE -- "$1" "$NS/log" && return
		sleep 0.05
	done
	return 1
}

clear_log()
{
	: >"$NS/log"
}

# No code, key or password that was used is in the log; the password not even
# as part of a word, as where a code follows it.
log_is_clean()
{
	! sort -u "$SPENT" | grep -owFf - "$NS/log" &&
	    ! grep -oF -- "$PASSWORD" "$NS/log"
}

# wait_port PORT: until somebody listens.
wait_port()
{
	hex=$(printf ':%04X' "$1")
	for _ in $(seq 200); do
		grep -q "$hex 00000000:0000 0A" /proc/net/tcp && return
		sleep 0.05
	done
	echo "# nobody listens on port $1"
	return 1
}

# says_all WORDS ...: did the last command say each of them?
says_all()
{
	for words; do
		says "$words" || { echo "# not said: $words"; return 1; }
	done
}

# at USER STEPS: the code so many steps from now.
at()
{
	oathtool --totp -b -N "@$(($(date +%s) + $2 * 30))" \
	    "$(cat "$NS/key/$1")" | tee -a "$SPENT"
}

# Every byte of factors and state.
bytes()
{
	find /etc/mfa/users /var/lib/mfa /home/*/.mfa -type f \
	    ! -name '.lock.*' -exec sha256sum {} + 2>/dev/null | sort
}

keep()
{
	bytes >"$NS/kept"
}

unchanged()
{
	bytes | cmp -s - "$NS/kept"
}
