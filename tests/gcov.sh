#!/bin/sh
# gcov.sh RUN B FOLDER ...: what was run of the sources in these folders, as
# compiled in the build folder B: for each file and part lines, and branches
# that were taken at least once. Fails under the floors of RUN in cov.floor;
# the last two lines are TAP.
set -eu
run=$1 B=$2
shift 2

for d; do
	find "$B/$d" -name '*.gcno'
done | xargs gcov -n -b 2>/dev/null | awk -v run="$run" '
	function add(part) {
		lines[part] += nlines; lrun[part] += lines_run
		branches[part] += nbranches; brun[part] += taken
	}
	function flush() {
		if (file !~ /^(pam_mfa|enroll|send)\/.*\.c$/ || file in seen)
			return
		seen[file] = 1
		printf "%6.1f %6.1f  %4d  %s\n", 100 * lines_run / nlines,
		    nbranches ? 100 * taken / nbranches : 100, nlines,
		    file | "sort -n"
		add(file ~ /\/core\// ? "core" : file ~ /\/sys\// ? "sys" : \
		    file ~ /^enroll/ ? "mfactl" : file ~ /^send/ ? "send" : \
		    "module")
		add("all")
	}
	# "Lines executed:P% of N"
	function counted(what) {
		sub(/^[^:]*:/, "", what)
		n = what; sub(/.* of /, "", n)
		return what / 100 * n
	}
	FILENAME != "-" {
		if ($1 == run) {
			lfloor[$2] = $3; bfloor[$2] = $4
		}
		next
	}
	/^File / {
		flush()
		file = $2; gsub("\047", "", file)
		nlines = lines_run = nbranches = taken = 0
	}
	/^Lines executed:/ && !nlines { lines_run = counted($0); nlines = n }
	/^Taken at least once:/ { taken = counted($0); nbranches = n }
	END {
		flush()
		close("sort -n")
		n = split("core sys module send mfactl all", parts)
		for (i = 1; i <= n; i++) {
			p = parts[i]
			if (!lines[p])
				continue
			l = 100 * lrun[p] / lines[p]
			b = 100 * brun[p] / branches[p]
			printf "%-8s %5.1f %% of %5d lines, %5.1f %% of %5d " \
			    "branches\n", p, l, lines[p], b, branches[p]
			if (l < lfloor[p] || b < bfloor[p]) {
				printf "%s is under its floor in " \
				    "tests/cov.floor: %s %% of lines, %s %% " \
				    "of branches\n", p, lfloor[p], bfloor[p]
				bad = 1
			}
		}
		bad = bad || !lines["all"]
		print (bad ? "not ok" : "ok") " 1 - no part is under its floor"
		print "1..1"
		exit bad
	}' tests/cov.floor -
