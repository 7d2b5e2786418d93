#!/bin/sh
# tests/check.sh [WORD]: every test that there is, or those with WORD in their
# name, as many at once as there are processors. Needs root; touches nothing
# outside namespaces of its own. A program is believed if its plan, its results
# and its exit status (TAP) agree. The logs are in build/logs.
set -u
cd "$(dirname "$0")/.." || exit 99
LOGS=build/logs

# A line: name, seconds it may take, command. The long ones come first. Of the
# allocations, and of the calls of rekey, each seventh fails: the others with
# make torture.
programs()
{
	for t in send alloc sms enrol rekey clock held tool login files; do
		echo "fault/$t 900 env FAULT_EVERY=7 tests/fault.sh $t"
	done
	echo "race 600 tests/race.sh 1000"
	for t in soak-many soak-one ssh threads reload taint many forks times
	do
		echo "torture/$t 300 tests/torture/run.sh --short $t"
	done
	for t in tests/e2e/*.sh; do
		case $t in
		*/lib*.sh) ;;
		*) echo "e2e/$(basename "$t" .sh) 180 tests/ns.sh $t" ;;
		esac
	done
	echo "valgrind/test_stack 300 valgrind -q --error-exitcode=97" \
	    "--leak-check=full --errors-for-leak-kinds=definite" \
	    "--keep-debuginfo=yes --suppressions=tests/valgrind.supp" \
	    "build/tests/pam/test_stack"
	echo "fuzz/cov 600 tests/fuzz/cov.sh"
	for c in tests/fuzz/fuzz_*.c; do
		name=$(basename "$c" .c)
		echo "fuzz/$name 180 build/asan/tests/fuzz/$name" \
		    "tests/fuzz/corpus/${name#fuzz_}"
	done
	c_programs build ''
	c_programs build/asan asan/
}

c_programs()
{
	for c in tests/pam/test_*.c tests/sys/test_*.c tests/flow/test_*.c \
	    tests/send/test_*.c tests/unit/test_*.c; do
		name=${c%.c}
		name=${name#tests/}
		[ -f "$c" ] || continue
		# The sanitizers' own symbols and mappings are not ours.
		[ "$2$name" != asan/pam/test_exports ] || continue
		echo "$2$name 180 $1/tests/$name"
	done
}

# verdict STATUS <LOG: passed, failed, and what is wrong besides "not ok".
verdict()
{
	awk -v status="$1" '
	/^1\.\.[0-9]+/ { plan += substr($1, 4) }
	/^ok / && !/# SKIP/ { passed++ }
	/^ok .*# SKIP/ { skipped++ }
	/^not ok / { failed++ }
	END {
		done = passed + skipped + failed
		if (status == 124 || status == 137)
			why = "took too long"
		else if (!plan)
			why = "has no plan"
		else if (done != plan)
			why = "has " done " of " plan " results"
		else if (status && !failed)
			why = "exit status " status
		else if (!status && failed)
			why = "exit status 0 in spite of that"
		else if (skipped)
			why = skipped " skipped; nothing may be"
		print passed + 0, failed + (why != ""), why
	}'
}

# What to look at first in the log of a program that failed: each "not ok" with
# the lines after it, and the last few before it.
excerpt()
{
	if grep -q '^not ok' "$1"; then
		awk '
		/^(ok |not ok |1\.\.)/ {
			for (i = n > 6 ? n - 6 : 0; /^not/ && !p && i < n; i++)
				print before[i]
			p = /^not/
			n = 0
		}
		p { print; next }
		!/^ok / { before[n++] = $0 }' "$1" | head -n 60
	else
		tail -n 30 "$1"
	fi | sed 's/^/    /'
	echo "    (all of it: $1)"
}

# one NAME SECONDS CMD ...: a line about it, and in $LOGS its log and count.
one()
{
	name=$1 limit=$2
	shift 2
	log=$LOGS/$(echo "$name" | tr / -)
	start=$(date +%s%N)
	timeout -k 5 "$limit" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	    LANG=C.UTF-8 HOME=/root CMOCKA_MESSAGE_OUTPUT=TAP "$@" \
	    >"$log.log" 2>&1 </dev/null &
	trap 'kill $!' INT TERM HUP
	wait $!
	verdict $? <"$log.log" >"$log.count"
	read -r passed failed why <"$log.count"
	ds=$((($(date +%s%N) - start) / 100000000))
	report=$(printf '%-4s  %-28s %4d passed %3d failed %4d.%d s  %s' \
	    "$([ "$failed" -eq 0 ] && echo ok || echo FAIL)" "$name" "$passed" \
	    "$failed" $((ds / 10)) $((ds % 10)) "$why")
	[ "$failed" -eq 0 ] || report=$(echo "$report"; excerpt "$log.log")
	# Two must not speak at once.
	{ flock 9; echo "$report"; } 9>"$LOGS/lock"
}

if [ "${1:-}" = --one ]; then
	shift
	one "$@"
	exit 0
fi

[ "$(id -u)" -eq 0 ] || { echo "check: needs root" >&2; exit 1; }
rm -rf "$LOGS"
mkdir -p "$LOGS"
programs | grep -e "${1:-}" | xargs -P "$(nproc)" -L 1 tests/check.sh --one
set -- $(cat "$LOGS"/*.count 2>/dev/null |
    awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
[ "$1" -gt 0 ] || echo "check: no tests"
echo "$1 passed, $2 failed"
[ "$1" -gt 0 ] && [ "$2" -eq 0 ]
