#!/bin/sh
# Attacks on files, at a real su: what a person, or a disk, puts where we read
# and write; and with store = home all of it in the home. not_enrolled = allow
# throughout: what is taken for "no factors" would get in.
. tests/e2e/lib.sh
. tests/e2e/lib_attack.sh

second_factor su
second_factor many
for who in alice bob carol; do
	person "$who"
done
echo 'what only bob may know' >/home/bob/private
chown bob: /home/bob/private
chmod 600 /home/bob/private
SHADOW=$(sed -n 's/^alice:\([^:]*\):.*/\1/p' /etc/shadow)
echo "$SHADOW" >>"$SPENT"
echo 'what only bob may know' >>"$SPENT"

# Who is refused is not kept waiting.
sed -i '/^FAIL_DELAY/d' /etc/login.defs
echo 'FAIL_DELAY 0' >>/etc/login.defs

config_with()
{
	config <<-END
	not_enrolled = allow
	drift_max = 0
	home_program = $NS/bin/mfactl
	$1
	END
}

# enrolled STORE: alice has an app there, and has logged in once, so that all of
# the files are there; and what was made so is kept.
enrolled()
{
	config_with "store = $1"
	new_key alice >"$NS/new"
	case $1 in
	home)
		{ cat "$NS/new"; echo '" TOTP_AUTH'; } >/home/alice/.import
		chown alice: /home/alice/.import
		chmod 600 /home/alice/.import
		as alice "$NS/bin/mfactl" import google-authenticator \
		    /home/alice/.import ;;
	*)
		mfactl add totp alice --secret-stdin <"$NS/new" ;;
	esac >"$OUT" 2>&1 || { cat "$OUT"; exit 1; }
	su_to alice "$(at alice -1)"
	in_as alice || { echo "# $1: no login without an attack"; cat "$OUT"; exit 1; }
	: >/var/lib/mfa/.tmp.alice
	chmod 600 /var/lib/mfa/.tmp.alice
	mkdir "$NS/kept.$1"
	cp -a /etc/mfa "$NS/kept.$1/etc"
	cp -a /var/lib/mfa "$NS/kept.$1/var"
	cp -a "$NS/key/alice" "$NS/kept.$1/key"
	[ "$1" != home ] || cp -a /home/alice/.mfa "$NS/kept.$1/home"
}

# fresh STORE: that again.
fresh()
{
	rm -rf /home/alice/.mfa* /etc/mfa/* /var/lib/mfa/* /var/lib/mfa/.[lt]*
	mkdir -m 700 /etc/mfa/users
	[ -d "$NS/kept.$1" ] || enrolled "$1"
	rm -rf /etc/mfa/* /home/alice/.mfa* /var/lib/mfa/* /var/lib/mfa/.[lt]*
	cp -a "$NS/kept.$1/etc/." /etc/mfa
	cp -a "$NS/kept.$1/var/." /var/lib/mfa
	cp -a "$NS/kept.$1/key" "$NS/key/alice"
	[ "$1" != home ] || cp -a "$NS/kept.$1/home" /home/alice/.mfa
	clear_log
}

FACTORS=/etc/mfa/users/alice
AT_HOME=/home/alice/.mfa/factors

# put THING PLACE: the thing takes the place of the file.
put()
{
	cp -a "$2" "$NS/was"
	cp -a "$2" "${2%/*}/victim"
	cp /etc/shadow "${2%/*}/victim"
	rm -f "$2"
	case $1 in
	shadow)		ln -s /etc/shadow "$2" ;;
	other)		ln -s /home/bob/private "$2" ;;
	dangling)	ln -s /tmp/appears "$2" ;;
	loop)		ln -s "$2" "$2" ;;
	itself)		mv "$NS/was" "$2.real"; ln -s "$2.real" "$2" ;;
	hardlink)	ln "${2%/*}/victim" "$2" ;;
	second)		mv "$NS/was" "$2"; ln "$2" "$2.second" ;;
	fifo)		mkfifo -m 600 "$2" ;;
	socket)		python3 -c 'import socket, sys
socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$2"; chmod 600 "$2" ;;
	device)		mknod -m 600 "$2" c 1 5 ;;
	directory)	mkdir -m 700 "$2" ;;
	sparse)		truncate -s 10G "$2"; chmod 600 "$2" ;;
	nothing)	: >"$2"; chmod 600 "$2" ;;
	growing)	dd if=/dev/zero of="$2" bs=65537 count=1 2>/dev/null
			chmod 600 "$2" ;;
	esac
	case $2,$1 in
	/home/*,fifo|/home/*,socket|/home/*,directory|/home/*,sparse|/home/*,nothing|/home/*,growing|/home/*,device)
		chown alice: "$2" ;;
	esac
}

# one PLACE STORE THING: refused at once, for the reason of that place; what is
# replaced anyway may let in.
one()
{
	fresh "$2"
	put "$3" "$1"
	keep_outside
	su_to alice "$(at alice 0)"
	if [ $? -eq 124 ]; then
		echo "# $3 in the place of $1: hangs"
		return 1
	fi
	case $1,$3 in
	*/.tmp.alice,*)	ok=y; in_as alice || refused_for store || ok= ;;
	*/.lock.alice,sparse|*/.lock.alice,nothing|*/.lock.alice,growing)
		ok=y; in_as alice || refused_for store || ok= ;;
	*/mfa.conf,nothing)	# no line, no exemption
		ok=y; in_as alice || refused_for '[a-z_]*' || ok= ;;
	*/mfa.conf,*)	ok=y; refused_for configuration || ok= ;;
	*/var/lib/mfa/alice,nothing)
		ok=y; in_as alice || refused_for '[a-z_]*' || ok= ;;
	*)	ok=y; refused_for '(store|state|factors)[a-z_]*' || ok= ;;
	esac
	if [ -z "$ok" ] || ! clean || [ -e /tmp/appears ]; then
		echo "# $3 in the place of $1:"
		sed 's/^/# /' "$OUT"
		tail -n 3 "$NS/log" | sed 's/^/# log: /'
		return 1
	fi
	! grep -qF -e "$SHADOW" -e 'what only bob' "$OUT" "$NS/log"
}

# every THINGS PLACE STORE
every()
{
	bad=0
	for thing in $1; do
		one "$2" "$3" "$thing" || bad=1
	done
	[ $bad -eq 0 ]
}

for place in $FACTORS /var/lib/mfa/alice /var/lib/mfa/.lock.alice \
    /var/lib/mfa/.tmp.alice /etc/mfa/mfa.conf $AT_HOME; do
	store=system
	[ $place != $AT_HOME ] || store=home
	ok "AT-01 links in the place of $place" \
	    every 'shadow other dangling loop itself' $place $store
	ok "AT-06 hard links in the place of $place" \
	    every 'hardlink second' $place $store
	ok "AT-10 things in the place of $place" \
	    every 'fifo socket device directory' $place $store
	ok "AT-11 sizes of $place" every 'sparse nothing growing' $place $store
done

# --- AT-02: what we make is made in root's own folders; where a name there is
# taken, what it leads to is not touched. In a home only its person writes.
taken()
{
	fresh system
	rm -f "/var/lib/mfa/$1"
	put "$2" "/var/lib/mfa/$1" 2>/dev/null
	keep_outside
	su_to alice "$(at alice 0)"
	clean && [ ! -e /tmp/appears ]
}
for name in .tmp.alice .lock.alice .tmp.%key .lock.%sent; do
	ok "AT-02 $name is taken" all "taken $name shadow" \
	    "taken $name dangling" "taken $name device" "taken $name directory"
done
fresh home
rm -rf /home/alice/.mfa
as alice sh -c 'mkdir -m 700 .mfa; ln -s /home/bob/private .mfa/.tmp.factors;
    ln -s /etc/passwd .mfa/factors~' 2>/dev/null || as alice sh -c 'cd ~
    mkdir -m 700 .mfa; ln -s /home/bob/private .mfa/.tmp.factors;
    ln -s /etc/passwd .mfa/factors~'
keep_outside
as alice "$NS/bin/mfactl" import google-authenticator /home/alice/.import \
    >"$OUT" 2>&1
ok "AT-02 a person's own, when mfactl writes for them" all clean \
    '[ ! -L /home/alice/.mfa/.tmp.factors ]'

# --- AT-03, AT-07, AT-08, AT-09: folders. In sh, as root, in /home/alice.
# folder STORE RESULT CMD: in (let in), none (as if without factors: exempt),
# or the reason of the refusal.
folder()
{
	fresh "$1"
	(cd /home/alice && eval "$3")
	su_to alice "$(at alice 0)"
	usermod -d /home/alice alice >/dev/null 2>&1
	case $2 in
	in)	r=0; in_as alice && logged outcome=granted || r=1 ;;
	none)	r=0; logged 'outcome=exempt reason=not_enrolled' || r=1 ;;
	*)	r=0; refused_for "$2" || r=1 ;;
	esac
	# What was moved away or changed for it comes back.
	[ ! -d /home/alice.was ] || { rm -rf /home/alice; mv /home/alice.was /home/alice; }
	chown alice: /home/alice
	chmod 755 /home/alice /home /etc/mfa /var/lib /var/lib/mfa
	chown root /etc/mfa /var/lib /var/lib/mfa
	chmod 700 /var/lib/mfa
	[ $r -eq 0 ] || { echo "# $3:"; sed 's/^/# /' "$OUT"; tail -n 3 "$NS/log"; }
	return $r
}

# acl FILE: uid 4711 may read it, too; as setfacl would write it.
acl()
{
	python3 -c 'import os, struct, sys
os.setxattr(sys.argv[1], "system.posix_acl_access", struct.pack("<I", 2) +
    b"".join(struct.pack("<HHI", *e) for e in ((1, 6, 2**32 - 1), (2, 4, 4711),
    (4, 0, 2**32 - 1), (16, 4, 2**32 - 1), (32, 0, 2**32 - 1))))' "$1"
}

ok 'AT-03 ~/.mfa is a link' all \
    "folder home store 'mv .mfa .mfa-real; ln -s .mfa-real .mfa'" \
    "folder home store 'rm -r .mfa; ln -s /root .mfa'" \
    "folder home store 'rm -r .mfa; ln -s /home/bob .mfa'" \
    "folder home store 'rm -r .mfa; ln -s nowhere .mfa'"
ok 'AT-03 a home that is a link is the person'"'"'s home' \
    folder home in 'mv /home/alice /home/alice.was; ln -s alice.was /home/alice'
ok 'AT-03 a home where others write' all \
    "folder home store 'chmod 777 .'" "folder home store 'chmod 775 .'" \
    "folder home store 'chmod 1777 .'"
ok "AT-03 a home, or ~/.mfa, that is another's" all \
    "folder home store 'chown carol .'" "folder home store 'chown root .'" \
    "folder home store 'chown carol .mfa'" \
    "folder home store 'chown root .mfa'"
ok 'AT-03 a folder of ours that is a link' all \
    "folder system store 'mv /etc/mfa/users /etc/mfa/u; ln -s u /etc/mfa/users'" \
    "folder system store 'mv /etc/mfa/users /etc/mfa/u; ln -s /home /etc/mfa/users'"
ok 'AT-03 a folder of ours, or above it, where others write' all \
    "folder system store 'chmod 770 /etc/mfa/users'" \
    "folder system store 'chmod 702 /var/lib/mfa'" \
    "folder system configuration 'chmod 775 /etc/mfa'" \
    "folder system configuration 'chown carol /etc/mfa'" \
    "folder system store 'chmod 777 /var/lib'" \
    "folder system store 'chown carol /var/lib'"
ok 'AT-03 sticky above is fine' folder system in 'chmod 1777 /var/lib'

ok 'AT-07 modes and owners of the factors' all \
    "folder system in 'chmod 400 $FACTORS'" \
    "folder system store 'chmod 640 $FACTORS'" \
    "folder system store 'chmod 644 $FACTORS'" \
    "folder system store 'chown alice $FACTORS'" \
    "folder home in 'chmod 400 $AT_HOME'" \
    "folder home store 'chmod 640 $AT_HOME'" \
    "folder home store 'chmod 604 $AT_HOME'" \
    "folder home store 'chown root $AT_HOME; chmod 644 $AT_HOME'" \
    "folder home store 'chown carol $AT_HOME'"
ok 'AT-07 an access list that lets another read' all \
    "folder system store 'acl $FACTORS'" "folder home store 'acl $AT_HOME'"
ok 'AT-08 homes that no path is' all \
    "folder home in 'usermod -d /home/bob/../alice alice'" \
    "folder home in 'usermod -d /home//alice/ alice'" \
    "folder home store 'sed -i s,:/home/alice:,:home/alice:, /etc/passwd'"
ok 'AT-08 a home of 5000 bytes, or not in UTF-8' all \
    "folder home '[a-z_]*' 'sed -i s,:/home/alice:,:/$(head -c 5000 /dev/zero | tr '\0' x):, /etc/passwd'" \
    "folder home store 'sed -i s,:/home/alice:,:/home/al\\xff\\xc3:, /etc/passwd'"
ok 'AT-09 homes that are none' all \
    "folder home store 'usermod -d / alice'" \
    "folder home store 'usermod -d /nonexistent alice'" \
    "folder home store 'usermod -d /dev/null alice'" \
    "folder home store 'mv /home/alice /home/alice.was'"
ok 'AT-09 no ~/.mfa in a home that is there is no factors' all \
    "folder home none 'rm -r .mfa'" "folder home none 'rm .mfa/factors'"

# No home at all, which su does not take.
fresh home
sed -i s,:/home/alice:,::, /etc/passwd
run 1 host many alice "$(at alice 0)"
ok 'AT-09 no home' says 'result 9 '
usermod -d /home/alice alice >/dev/null 2>&1

# --- AT-04, AT-05: somebody who changes it all the time, while many log in.
# Root's folder has factors, too; nobody is to be asked by them, or be exempt.
fresh home
rm -rf /root/trap
cp -a /home/alice/.mfa /root/trap
chown -R root: /root/trap
keep_outside
ownership()
{
	find /root/trap /home/alice/.mfa* -printf '%p %U %G %m %l\n' | sort
}
# only RESULTS: of many logins each ended in one of these, and each was seen.
only()
{
	[ "$(sed -n 's/^result \([0-9]*\) .*/\1/p' "$OUT" | xargs)" = "$1" ]
}
ln -s /root/trap /home/alice/.mfa-other
ownership >"$NS/owned"
setpriv --reuid alice --regid alice --clear-groups python3 -c '
import ctypes, os
libc = ctypes.CDLL(None)
os.chdir("/home/alice")
while True:
    for i in range(2):
        libc.renameat2(-100, b".mfa", -100, b".mfa-other", 2)' &
exchanging=$!
host -n 1000 many alice >"$OUT" 2>&1
kill $exchanging
wait $exchanging 2>/dev/null
ok 'AT-04 ~/.mfa and a link change places all the time' only '9 19'
[ ! -L /home/alice/.mfa ] || python3 -c 'import ctypes
ctypes.CDLL(None).renameat2(-100, b"/home/alice/.mfa", -100, b"/home/alice/.mfa-other", 2)'
ok '... and nothing else has changed' all clean \
    "ownership | cmp - $NS/owned"
rm /home/alice/.mfa-other

mounted()
{
	fresh home
	mount $1 /home/alice/$2
	su_to alice "$(at alice 0)"
	umount /home/alice/$2
	refused_for store
}
mkdir -m 700 /home/bob/.mfa
chown bob: /home/bob/.mfa
ok 'AT-05 something else is mounted there' all \
    "mounted '--bind /root/trap' .mfa" "mounted '--bind /home/bob/.mfa' .mfa" \
    "mounted '--bind /etc/shadow' .mfa/factors" \
    "mounted '--bind /dev/zero' .mfa/factors"
fresh home
while :; do
	mount --bind /root/trap /home/alice/.mfa
	umount /home/alice/.mfa
done 2>/dev/null &
mounting=$!
host -n 1000 many alice >"$OUT" 2>&1
kill $mounting
wait $mounting 2>/dev/null
umount /home/alice/.mfa 2>/dev/null
ok 'AT-05 and comes and goes' only '9 19'

# --- AT-12, AT-13, AT-14, AT-26: locks, and file systems that refuse.
fresh system
ok 'AT-12 nobody but root can open what is locked' all \
    '! as alice sh -c ": >>/var/lib/mfa/.lock.alice" 2>/dev/null' \
    '! as alice sh -c ": </var/lib/mfa/.lock.alice" 2>/dev/null'

# disk CALL ERROR PATH [WHEN]: a root program whose CALL about PATH fails so.
disk()
{
	strace -f -qq -o "$NS/trace" ${3:+-P "$3"} -e trace="$1" \
	    -e inject="$1:error=$2${4:+:when=$4}" host many alice "$(at alice 0)" \
	    >"$OUT" 2>&1
	grep -q INJECTED "$NS/trace" && says 'result 9 ' &&
	    logged 'outcome=refused reason=store '
}
# errors PATH [WHEN]
errors()
{
	bad=0
	for error in EACCES EPERM EIO ESTALE ETIMEDOUT ENOTCONN ENAMETOOLONG \
	    ENODEV EMFILE; do
		fresh home
		disk openat $error "$1" "${2:-}" ||
		    { bad=1; echo "# $1: $error"; cat "$OUT"; }
	done
	[ $bad -eq 0 ]
}
ok 'AT-13, AT-14 a home that root may not read, or that is stale' \
    errors /home/alice/.
ok '... nor its .mfa' errors /home/alice/.mfa 1
ok '... nor the file' errors /home/alice/.mfa 2
fresh home
ok 'AT-26 no rights of the person can be taken' disk setresuid EPERM ''
fresh home
ok '... nor of their group' disk setresgid EPERM ''
fresh home
ok '... nor of the others they are in' disk setgroups EPERM ''
fresh home
strace -qq -o "$NS/trace" -e trace=%creds host many alice "$(at alice 0)" \
    >"$OUT" 2>&1
ok '... and the program itself takes none' all 'says "result 0 "' \
    '! grep -q "^set" "$NS/trace"'

# hangs COMMAND ...: with a home that never answers; ended after five seconds.
hangs()
{
	mkfifo "$NS/until"
	"$E2E/hanging_disk.py" "$1" <"$NS/until" >"$NS/mounted" &
	disk=$!
	exec 4>"$NS/until"
	while ! grep -q mounted "$NS/mounted"; do
		kill -0 $disk || return 1
		sleep 0.02
	done
	shift
	"$@"
	exec 4>&-
	wait $disk
	rm "$NS/until"
}
# Where there is no FUSE, sys/test_home_proc has the same from a process.
fresh home
if [ -c /dev/fuse ]; then
	hangs /home/alice su_to alice "$(at alice 0)"
	ok 'AT-14 a home that never answers' refused_for store
	ok '... is named' \
	    logged '/home/alice/.mfa: nothing came from there in 5 seconds'
	umount -l /home/alice
	su_to alice "$(at alice 0)"
	ok '... and lets in again when it answers' in_as alice
fi
ok 'no code, key or secret of another is in the log' log_is_clean
finish
