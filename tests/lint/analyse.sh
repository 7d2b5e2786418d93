#!/bin/sh
# analyse.sh TOOL FILE ...: what clang-tidy, cppcheck or gcc's analyser find,
# but for what tests/lint/known names; silence is good.
set -u
tool=$1
shift
FLAGS='-std=c11 -D_GNU_SOURCE'
command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 1; }

clang_tidy()
{
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} clang-tidy --quiet \
	    --config-file=tests/lint/clang-tidy.yaml {} -- $FLAGS 2>/dev/null |
	    sed -nE "s|^$PWD/||; /: (warning|error): /p"
}

# What it may say about style is a matter of taste; variableScope contradicts
# declarations at the head of a block.
cppcheck_()
{
	cppcheck -q --std=c11 -D_GNU_SOURCE -j "$(nproc)" \
	    --enable=warning,performance,portability --inline-suppr \
	    --suppress=unusedStructMember \
	    --template='{file}:{line}: warning: {message} [{id}]' "$@" 2>&1
}

gcc_()
{
	printf '%s\n' "$@" | xargs -P "$(nproc)" -I{} gcc $FLAGS -O2 \
	    -fanalyzer -fdiagnostics-plain-output -c -o /dev/null {} 2>&1 |
	    sed -nE '/: (warning|error): /p'
}

# "FILE CHECK" of each line; a line that no known one covers is printed.
unknown()
{
	awk 'NR == FNR { if ($0 !~ /^#/) known[$1 " " $2]; next }
		NF == 0 { next }
		{
			file = $0; sub(/:.*/, "", file)
			check = $0; sub(/.*\[/, "", check); sub(/[],].*/, "", check)
			if (!((file " " check) in known)) { print; bad = 1 }
		}
		END { exit bad }' tests/lint/known -
}

case $tool in
clang-tidy) clang_tidy "$@" ;;
cppcheck) cppcheck_ "$@" ;;
gcc) gcc_ "$@" ;;
esac | sort -u | unknown
