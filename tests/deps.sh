#!/bin/sh
# tests/deps.sh build|demo|check: the Debian packages that this needs. Nothing
# is done if all are there; missing ones are installed, which takes root. No
# service that comes with them is started.
set -eu

# For what, the package, why. A demo needs what the build needs as well, and the
# tests what the demo needs.
packages()
{
	cat <<-END
	build gcc                  the compiler; the sanitizers come with it
	build make                 runs the Makefile
	build libc6-dev            headers of the C library
	build libpam0g-dev         the module is one of Linux-PAM
	build libssl-dev           HMAC, PBKDF2, AES and random numbers; certificates
	build libqrencode-dev      the QR code of mfactl add totp
	build libjansson-dev       mfactl --json, and what providers answer
	build libcurl4-openssl-dev mfa-send speaks HTTPS
	build libexpat1-dev        what providers answer in XML
	build libseccomp-dev       mfa-send gives up system calls
	demo  python3              a syslog in the private namespaces
	demo  iproute2             their loopback
	demo  openssh-server       the door of the demo
	demo  openssh-client       who knocks there
	demo  expect               types where nobody sits at a terminal
	demo  oathtool             the phone: codes not made by our own code
	check libcmocka-dev        unit tests in C
	check liboath-dev          codes in C that are not made by our own code
	check sudo                 a real application
	check dovecot-imapd        a real application, many logins a process
	check postfix              submission of mail, which asks dovecot
	check curl                 the client of both
	check cockpit-ws           its login page, a dialogue over HTTP
	check cockpit-bridge       the session behind it
	check openssl              certificates for the tests
	check zbar-tools           reads the QR code as a phone would
	check tmux                 a terminal to show it on
	check valgrind             memory errors in the PAM stack test
	check libc6-dbg            valgrind needs the symbols of ld.so
	check strace               which system calls an application makes
	check mandoc               lint of the manual pages
	check clang                the compiler of make fuzz
	check libclang-rt-14-dev   libFuzzer itself, and its sanitizers
	check clang-format         lint of the source
	check clang-tidy           lint of the source
	check cppcheck             lint of the source
	check kannel               a real SMS gateway
	check kannel-extras        a fake SMS centre behind it
	check libpam-google-authenticator  make bench compares with it
	check libpam-oath          make bench compares with it
	END
}

case ${1:-} in
build)	for='build' ;;
demo)	for='build|demo' ;;
check)	for='build|demo|check' ;;
*)	echo "usage: tests/deps.sh build|demo|check" >&2; exit 2 ;;
esac

# shellcheck disable=SC2086,SC2046
missing()
{
	names=$(packages | awk -v for_="^($for)$" '$1 ~ for_ { print $2 }')
	there=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' $names \
	    2>/dev/null | sed -n 's/^installed //p')
	for name in $names; do
		case " $(echo $there) " in
		*" $name "*) ;;
		*) echo "$name" ;;
		esac
	done
}

# Debian starts a new service at once; this is its way to say no (exit 101).
# One that an administrator has put there stays.
policy=/usr/sbin/policy-rc.d
ours=
no_services()
{
	[ ! -e $policy ] || return 0
	ours=yes
	trap leave EXIT
	trap 'exit 130' INT TERM HUP
	printf '#!/bin/sh\nexit 101\n' >$policy
	chmod 755 $policy
}

leave()
{
	[ -z "$ours" ] || rm -f $policy
}

apt()
{
	DEBIAN_FRONTEND=noninteractive apt-get -q -y \
	    -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" </dev/null
}

install()
{
	apt install --no-install-recommends "$@"
}

command -v dpkg-query >/dev/null ||
    { echo "deps: not a Debian; install by hand:"; packages; exit 1; } >&2
need=$(missing)
[ -n "$need" ] || exit 0
# shellcheck disable=SC2086
set -- $need
[ "$(id -u)" -eq 0 ] ||
    { echo "deps: needs root: apt-get install $*" >&2; exit 1; }
echo "deps: installing $*"
no_services
log=$(mktemp)
# Where there are no package lists, or old ones: fetch them, once.
install "$@" >"$log" 2>&1 || { apt update && install "$@"; } >"$log" 2>&1 ||
    { cat "$log"; rm -f "$log"; exit 1; } >&2
rm -f "$log"
