#!/bin/sh
# tests/demo.sh [auto]: enrol an authenticator app and log in with it, at a
# real sshd, on a machine that is this one but of which nothing is kept. auto,
# or no terminal: a script types.
set -u

# --- outside: get ready, then go in
if [ "${1:-}" != --inside ]; then
	cd "$(dirname "$0")/.." || exit 1
	if [ "$(id -u)" -ne 0 ]; then
		echo "demo: needs root, for a private copy of /etc and an sshd:" \
		    "sudo make demo" >&2
		exit 1
	fi
	mode=auto
	[ "${1:-}" = auto ] || [ ! -t 0 ] || [ ! -t 1 ] || mode=person
	tests/deps.sh demo || exit 1
	mkdir -p build
	echo "Building ... (build/demo.log)"
	make --no-print-directory -j "$(nproc)" all >build/demo.log 2>&1 ||
	    { tail -n 20 build/demo.log >&2; exit 1; }
	NS_TIMEOUT=3600 exec tests/ns.sh tests/demo.sh --inside "$mode" \
	    "$(locale charmap 2>/dev/null)"
fi

# --- inside
mode=$2
[ "$3" = UTF-8 ] || export LANG=C
[ -t 1 ] || export TERM=dumb
. tests/e2e/lib.sh
. tests/e2e/lib_ssh.sh
PASSWORD=guest
PORT=2222

# What a person may give up, a script must not.
by_itself=0
[ "$mode" = person ] || by_itself=1
bold=
plain=
[ ! -t 1 ] || bold=$(printf '\033[1m') plain=$(printf '\033[m')

head_line()
{
	printf '\n%s%s%s\n\n' "$bold" "$*" "$plain"
}

# What would be typed at a shell's prompt.
shown()
{
	printf '%s%s %s%s\n' "$bold" "$1" "$2" "$plain"
}

# leave STATUS WORDS: before the end.
leave()
{
	printf '\n%s\nNothing of the demo is left on this machine.\n' "$2"
	exit "$1"
}

# The phone, for a script: the key is in what mfactl showed.
phone()
{
	cat <<-'END'
	|sed -n 's/^  \([A-Z2-7]\{4\}\( [A-Z2-7]*\)*\)$/\1/p' | head -n 1 |
	    tr -d ' ' >$NS/key/guest
	oathtool --totp -b "$(cat $NS/key/guest)" | tee $NS/used
	END
}

prepare()
{
	hostname demo
	echo "127.0.0.1 localhost demo" >/etc/hosts
	config <<-END
	issuer = pam_mfa demo
	END
	useradd -m -s /bin/bash guest
	echo "guest:$PASSWORD" | chpasswd
	pam_service sshd
	sshd_start "$PORT" sshd "$PASSWORD_THEN_CODE" ||
	    leave 1 "The sshd did not start; see above."
	clear_log
}

enrol_app()
{
	shown '#' 'mfactl add totp guest'
	if [ "$mode" = auto ]; then
		talk 'give up): ' "$(phone)" -- mfactl add totp guest
	else
		mfactl add totp guest
	fi
}

log_in()
{
	shown '$' "ssh -p $PORT guest@127.0.0.1"
	# shellcheck disable=SC2046
	set -- ssh -o NumberOfPasswordPrompts=3 $(opts) -p "$PORT" guest@127.0.0.1
	if [ "$mode" = auto ]; then
		talk 'Password: ' "$PASSWORD" \
		    "$PROMPT" "$(wrong guest)" 'tries left): ' "$(cat "$NS/used")" \
		    'try left): ' "$(next_code guest)" \
		    'guest@demo' 'id -un; exit' -- "$@"
	else
		"$@"
	fi
}

prepare
head_line "pam_mfa: a second factor for the doors of a Linux machine"
cat <<END
This is a private copy of this machine; nothing in it outlives the demo. There
is a user here, guest, whose password is "$PASSWORD", and a real sshd on loopback
whose PAM stack asks for the password, then pam_mfa for a code.
END

head_line "1. The administrator enrols guest's authenticator app"
if [ "$mode" = person ]; then
	cat <<END
Scan the QR code with any authenticator app. No phone at hand? In another
terminal, with the key that is shown: oathtool --totp -b "KEY"

END
fi
enrol_app || leave $by_itself "No app was enrolled, so there is nothing to log \
in with. Again: make demo"

head_line "2. Guest logs in: the password ($PASSWORD), then a code"
cat <<END
A code is good once, so the one that enrolled the app is refused now: wait until
the app shows the next. Try a wrong one too. Once logged in, "exit" leaves.

END
until log_in; do
	[ "$mode" = person ] ||
	    leave 1 "The login failed: that is a fault, not part of the demo."
	printf '\nNot let in. Enter: try again, q: leave the demo. '
	read -r again || again=q
	[ "$again" != q ] || leave 0 "Good-bye."
done

head_line "3. What the administrator sees"
shown '#' 'mfactl list'
mfactl list
echo
shown '#' 'grep pam_mfa /var/log/auth.log'
sed -n 's/^<[0-9]*>\(.*pam_mfa(.*\)/\1/p' "$NS/log"

head_line "That was all, and nothing of it is left on this machine."
cat <<END
To install it on a host without locking yourself out: README.md.
To see everything tested: make check.
END
