#!/bin/sh
# tests/fuzz/run.sh SECONDS [NAME]: each fuzz target, or the one, for so many
# seconds, two at a time. It begins with tests/fuzz/corpus/NAME, what it finds
# goes to build/fuzz/corpus/NAME, what breaks to build/fuzz/crash/NAME-*, and
# seconds of processor time to build/fuzz/spent/NAME. With RESUME=1 these count:
# each target runs for what is left, so that a long run can be broken off.
# (AT-70, AT-71)
set -u
cd "$(dirname "$0")/../.." || exit 99
B=build/fuzz

# Profiles that we ship are seeds as well.
seeds()
{
	echo "tests/fuzz/corpus/$1"
	[ "$1" != profile ] || echo conf/senders
}

one()
{
	name=$1 time=$2
	mkdir -p $B/corpus/"$name" $B/crash $B/logs $B/spent
	before=0
	[ -z "${RESUME:-}" ] || before=$(cat $B/spent/"$name" 2>/dev/null ||
	    echo 0)
	time=$((time - before))
	[ $time -gt 0 ] || { echo "done $name, $before s"; return 0; }
	trap : INT TERM HUP
	# shellcheck disable=SC2046
	timeout -k 10 $((time + 120)) $B/tests/fuzz/fuzz_"$name" \
	    -max_total_time="$time" -max_len=4096 -timeout=10 \
	    -rss_limit_mb=1024 -use_value_profile=1 -print_final_stats=1 \
	    -artifact_prefix=$B/crash/"$name"- $B/corpus/"$name" \
	    $(seeds "$name") >$B/logs/"$name".log 2>&1 </dev/null
	status=$?
	# The children's line: "1m2.30s 0m0.04s".
	times >$B/logs/"$name".times
	spent=$(awk -F '[ms ]+' -v n="$before" 'NR == 2 {
	    print int(n + 60 * $1 + $2 + 60 * $3 + $4 + 0.5) }' \
	    $B/logs/"$name".times)
	echo "$spent" >$B/spent/"$name"
	awk -v name="$name" -v status=$status -v spent="$spent" '
	/number_of_executed_units:/ { runs = $NF }
	/ cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
	/Test unit written to/ { file = $NF }
	/does not hold|ERROR: |runtime error:/ && !what { what = $0 }
	END {
		verdict = status ? "FAIL" : "ok"
		printf "%-4s %-9s %9d runs, %5d edges, %5d s\n", verdict, \
		    name, runs, cov, spent
		if (status && !file)
			print "    see build/fuzz/logs/" name ".log"
		if (file) {
			print "    " what
			print "    again: build/fuzz/tests/fuzz/fuzz_" name " " file
		}
	}' $B/logs/"$name".log
	return $status
}

if [ "$1" = --one ]; then
	one "$3" "$2"
	exit
fi
for c in tests/fuzz/fuzz_*.c; do
	basename "$c" .c | sed 's/^fuzz_//'
done | grep -x "${2:-.*}" | xargs -P 2 -n 1 tests/fuzz/run.sh --one "$1"
