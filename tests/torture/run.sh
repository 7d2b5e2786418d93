#!/bin/sh
# tests/torture/run.sh [--short] [PART] ...: what takes long; TAP and figures.
# Each part is bounded. --short: the numbers of make check. SEED=N: what soak
# draws its logins from, for the same once more. Needs root; touches nothing
# outside namespaces of its own.
set -u
cd "$(dirname "$0")/../.." || exit 99
B=${B:-build}
T=$B/tests/torture
SEED=${SEED:-$(date +%s)}
CLOCK=$PWD/$B/tests/preload/clock.so
short=
[ "${1:-}" != --short ] || { short=yes; shift; }

# n FULL SHORT: the number that is meant.
n()
{
	[ "$short" ] && echo "$2" || echo "$1"
}

grind()
{
	valgrind -q --keep-debuginfo=yes --num-callers=20 \
	    --suppressions=tests/valgrind.supp "$@"
}

# What memcheck reports is counted by the program, and meant to be seen once.
taint()
{
	grind --log-file=/dev/null "$T/taint"
}

# The layout of memory that ThreadSanitizer knows is one without surprises.
threads()
{
	TSAN_OPTIONS='suppressions=tests/torture/tsan.supp exitcode=66' \
	    setarch -R build/tsan/tests/torture/threads "$@"
}

# ... which sees a race where there is one, or it could not fail.
sees_a_race()
{
	threads race >"$B/race.log" 2>&1
	[ $? -eq 66 ] && grep -q 'data race.*make_a_mistake' "$B/race.log" ||
	    echo -n 'not '
	echo 'ok 1 - AT-24 ThreadSanitizer sees a race that is made on purpose'
	echo 1..1
}

# part NAME: runs it.
part()
{
	case $1 in
	races)	tests/race.sh "$(n 10000 200)" ;;
	soak-one)
		# No stock of freed memory: what is in use is what is held.
		GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0 \
		    LD_PRELOAD=$CLOCK "$T/soak" one "$(n 100000 3000)" "$SEED" ;;
	soak-many)
		LD_PRELOAD=$CLOCK "$T/soak" many "$(n 100000 1500)" "$SEED" ;;
	ssh)	NS_TIMEOUT=1500 tests/ns.sh tests/torture/ssh.sh "$(n 500 10)" \
		    "$(n 500 20)" ;;
	threads)
		sees_a_race && threads "$(n 50 3)" ;;
	reload)	grind "$T/callers" reload "$(n 1000 30)" ;;
	many)	"$T/callers" many ;;
	forks)	"$T/callers" forks "$(n 10000 300)" ;;
	times)	"$T/times" $(n 1000 '') ;;
	taint)	taint ;;
	faults)	tests/fault.sh ;;
	esac
}

# A part, and the seconds it may take on a machine that has other work, too.
parts()
{
	cat <<-END
	races		3600
	soak-one	2400
	soak-many	3600
	ssh		1500
	threads		1800
	reload		1800
	many		300
	forks		900
	times		600
	taint		600
	faults		3600
	END
}

if [ "${1:-}" = --part ]; then
	part "$2"
	exit
fi
[ "$(id -u)" -eq 0 ] || { echo "torture: needs root" >&2; exit 1; }
[ $# -gt 0 ] || set -- $(parts | cut -f1)
bad=0
for name; do
	limit=$(parts | awk -v n="$name" '$1 == n { print $2 }')
	[ "$limit" ] || { echo "torture: no part $name" >&2; exit 2; }
	[ "$short" ] || echo "# --- $name, at most $limit s"
	start=$(date +%s)
	timeout -k 5 "$limit" env SEED="$SEED" B="$B" "$0" \
	    ${short:+--short} --part "$name"
	status=$?
	if [ $status -ne 0 ]; then
		bad=$((bad + 1))
		echo "# --- $name: exit status $status; SEED=$SEED"
	fi
	[ "$short" ] || echo "# --- $name: $(($(date +%s) - start)) s"
done
[ "$short" ] || echo "# $bad parts failed"
[ $bad -eq 0 ]
