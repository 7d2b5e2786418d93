#!/bin/sh
# make cov: lines of the product that the C tests run, by gcov, in build/cov.
set -eu
cd "$(dirname "$0")/.."
B=build/cov

make --no-print-directory B="$B" LDFLAGS= HARDEN= OPT="-O0 -g" \
	SANITIZE=--coverage tests >&2
find "$B" -name '*.gcda' -delete
for t in "$B"/tests/unit/test_* "$B"/tests/sys/test_* "$B"/tests/flow/test_* \
    "$B"/tests/pam/test_*; do
	case $t in
	*.[do] | *.gc*) continue ;;
	esac
	[ -x "$t" ] || continue
	CMOCKA_MESSAGE_OUTPUT=TAP timeout 300 "$t" >>"$B/tests.log" 2>&1 ||
		echo "cov: $t failed" >&2
done

# gcov prints "File 'X'" and then "Lines executed:P% of N".
find "$B/pam_mfa" "$B/enroll" -name '*.gcno' -exec gcov -n {} + 2>/dev/null |
awk '
	/^File / { file = $2; gsub("\047", "", file) }
	/^Lines executed:/ && file ~ /^(pam_mfa|enroll)\/.*\.c$/ {
		split($2, p, /[:%]/)
		if (file in seen)
			next
		seen[file] = 1
		hit = p[2] / 100 * $4
		printf "%6.1f %%  %4d  %s\n", p[2], $4, file | "sort -n"
		part = file ~ /^pam_mfa\/core\// ? "core" : \
		    file ~ /^enroll\// ? "mfactl" : "module and sys"
		lines[part] += $4; run[part] += hit
		lines["all"] += $4; run["all"] += hit
	}
	END {
		close("sort -n")
		for (part in lines)
			printf "%-16s %5.1f %% of %d lines\n", part,
			    100 * run[part] / lines[part], lines[part]
	}'
