#!/bin/sh
# tests/ns.sh CMD ...: runs CMD as root on a machine that is this one, but of
# which nothing is kept: /etc and /var are overlays, /home /root /run /tmp /dev
# are new, there is a network with a loopback only, and a syslog. With CMD ends
# everything that it started. CMD runs in the project's folder, read-only, with
#	$NS		a folder of its own: pam_mfa.so, bin/, log
#	$NS/gcda	for make cov
# NS_TIMEOUT bounds it (seconds); B is the build folder.
set -eu

if [ "${1:-}" != --inside ]; then
	cd "$(dirname "$0")/.."
	[ "$(id -u)" -eq 0 ] || { echo "ns.sh: needs root" >&2; exit 1; }
	[ $# -gt 0 ] || { echo "usage: tests/ns.sh CMD ..." >&2; exit 2; }
	exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
	    TERM="${TERM:-dumb}" HOME=/root B="${B:-build}" \
	    timeout --foreground -s KILL "${NS_TIMEOUT:-120}" \
	    unshare -m -p -f -n -i -u --kill-child --mount-proc \
	    --propagation private "$PWD/tests/ns.sh" --inside "$@"
fi
shift
B=$(realpath "$B")
NS=/run/ns
PATH=$NS/bin:$PATH
export NS

fresh()
{
	mount -t tmpfs -o "mode=$2" tmpfs "$1"
}

overlay()
{
	mkdir -p "$NS/overlay/$1/upper" "$NS/overlay/$1/work"
	mount -t overlay -o "lowerdir=/$1,upperdir=$NS/overlay/$1/upper,workdir=$NS/overlay/$1/work" \
	    overlay "/$1"
}

device()
{
	: >"$NS/dev/$1"
	mount --bind "/dev/$1" "$NS/dev/$1"
}

# A /dev of our own, for a /dev/log and for pseudo-terminals nobody else has.
devices()
{
	mkdir -m 755 "$NS/dev"
	fresh "$NS/dev" 755
	for d in null zero full random urandom tty; do
		device "$d"
	done
	[ ! -c /dev/fuse ] || device fuse
	mkdir "$NS/dev/pts" "$NS/dev/shm"
	mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts \
	    "$NS/dev/pts"
	fresh "$NS/dev/shm" 1777
	ln -s pts/ptmx "$NS/dev/ptmx"
	ln -s /proc/self/fd "$NS/dev/fd"
	ln -s /proc/self/fd/0 "$NS/dev/stdin"
	ln -s /proc/self/fd/1 "$NS/dev/stdout"
	ln -s /proc/self/fd/2 "$NS/dev/stderr"
	mount --rbind "$NS/dev" /dev
}

# The folder we are in may lie under one that is about to be covered, so it
# is mounted as ".", and the build is copied by way of a descriptor.
tool=$B/tests/tool/sendone
[ -e "$tool" ] || tool=/dev/null
exec 3<"$B/pam_mfa.so" 4<"$B/mfactl" 5<"$B/mfa-send" 6<"$tool"
fresh /run 755
mkdir -m 755 "$NS" "$NS/src" "$NS/bin" /run/lock /run/sshd
cat <&3 >"$NS/pam_mfa.so"
cat <&4 >"$NS/bin/mfactl"
cat <&5 >"$NS/bin/mfa-send"
cat <&6 >"$NS/bin/sendone"
exec 3<&- 4<&- 5<&- 6<&-
chmod 755 "$NS/pam_mfa.so" "$NS/bin/mfactl" "$NS/bin/mfa-send" "$NS/bin/sendone"
mount -c --bind . "$NS/src"
mount -o remount,bind,ro "$NS/src"
if [ -d "$B/gcda" ]; then
	mkdir "$NS/gcda"
	mount -c --bind "$B" "$NS/src/${B#"$PWD/"}"
	mount -c --bind "$B/gcda" "$NS/gcda"
fi
cd "$NS/src"

overlay etc
overlay var
devices
fresh /home 755
fresh /root 700
fresh /tmp 1777
mkdir -p /etc/mfa /var/lib/mfa
fresh /etc/mfa 755
mkdir -m 700 /etc/mfa/users
fresh /var/lib/mfa 700

hostname mfa-test
echo "127.0.0.1 localhost mfa-test" >/etc/hosts
ip link set lo up
: >"$NS/log"
chmod 600 "$NS/log"
python3 tests/e2e/syslog.py /dev/log "$NS/log" &
while [ ! -S /dev/log ]; do
	kill -0 $! || { echo "ns.sh: no syslog" >&2; exit 1; }
	sleep 0.02
done

unset B
"$@"
