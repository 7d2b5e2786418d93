#!/bin/sh
# tests/fuzz/cov.sh: lines of core and send that the fuzz targets alone run, by
# gcov, on the committed corpora and on what make fuzz has added in build/fuzz.
set -eu
cd "$(dirname "$0")/../.."
B=build/fuzzcov

make --no-print-directory -j2 B=$B LDFLAGS= HARDEN= WARN=-w OPT="-O0 -g" \
    SANITIZE=--coverage fuzzers >&2
find $B -name '*.gcda' -delete
for c in tests/fuzz/fuzz_*.c; do
	name=$(basename "$c" .c)
	name=${name#fuzz_}
	set -- tests/fuzz/corpus/"$name" build/fuzz/corpus/"$name"
	[ -d "$2" ] || set -- "$1"
	[ "$name" != profile ] || set -- "$@" conf/senders
	timeout 600 $B/tests/fuzz/fuzz_"$name" "$@" >/dev/null 2>&1 ||
		echo "cov: $name failed" >&2
done

# Of send, what talks to the network and to the system cannot be fed so.
find $B/pam_mfa/core $B/send -name '*.gcno' -exec gcov -n {} + 2>/dev/null |
awk '
	/^File / { file = $2; gsub("\047", "", file) }
	/^Lines executed:/ && file ~ /^(pam_mfa\/core|send)\/.*\.c$/ {
		split($2, p, /[:%]/)
		if (file in seen)
			next
		seen[file] = 1
		printf "%6.1f %%  %4d  %s\n", p[2], $4, file | "sort -n"
		part = file ~ /^pam_mfa/ ? "core" : file ~ \
		    /(exec|http|main|sandbox|sender|token)\.c$/ ? \
		    "send, input and output" : "send, the rest"
		lines[part] += $4
		run[part] += p[2] / 100 * $4
	}
	END {
		close("sort -n")
		for (part in lines)
			printf "%-24s %5.1f %% of %d lines\n", part,
			    100 * run[part] / lines[part], lines[part]
	}'
