#!/bin/sh
# make lint: what can be told without running the product. A line for each
# check, and under a "not ok" what is wrong. Half a minute, most of it
# clang-tidy's.
set -u
cd "$(dirname "$0")/../.." || exit 99
export B=${B:-build} LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
CC=${CC:-cc}
FLAGS='-std=c11 -D_GNU_SOURCE -Wall -Wextra -Werror'
tests=0
failed=0

# check NAME CMD ...: CMD prints what it found, and fails if it found any.
check()
{
	name=$1
	shift
	tests=$((tests + 1))
	if found=$("$@" 2>&1); then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		failed=$((failed + 1))
	fi
	[ -z "$found" ] || printf '%s\n' "$found" | head -n 40 | sed 's/^/# /'
}

# A tree without .git, as a release has it, is looked at all the same.
files()
{
	find "$@" -name '*.[ch]' ! -path '*/.*' | sort
}

headers()
{
	bad=0
	for h in $(files pam_mfa send enroll tests | grep '\.h$'); do
		printf '#include "%s"\n#include "%s"\n' "$h" "$h" |
		    $CC $FLAGS -I. -fsyntax-only -x c - || bad=1
	done
	return $bad
}

# Another machine has other pages installed; nothing else is forgiven.
man_pages()
{
	command -v mandoc >/dev/null || { echo 'no mandoc'; return 1; }
	! mandoc -T lint -W style man/*.[158] 2>/dev/null |
	    grep -v 'STYLE: referenced manual not found'
}

scripts()
{
	bad=0
	for s in $(find tests .ci -type f \( -name '*.sh' -o -name run \)); do
		case $(head -n 1 "$s") in
		*bash*) bash -n "$s" || bad=1 ;;
		*) dash -n "$s" || bad=1 ;;
		esac
	done
	return $bad
}

# Built for another prefix, it looks for its programs there.
elsewhere()
{
	o=$B/elsewhere/pam_mfa/core/conf_key.o
	make -s B="$B/elsewhere" prefix=/opt/x "$o" >/dev/null || return 1
	for p in bin/mfactl libexec/pam_mfa/mfa-send; do
		strings "$o" | grep -qx "/opt/x/$p" || { echo "not $p"; return 1; }
	done
}

product=$(files pam_mfa send enroll)
sources=$(printf '%s\n' $product | grep '\.c$')
source=tests/lint/source.py
docs=tests/lint/docs.py
symbols=tests/lint/symbols.sh

make -s "$B/tests/lint/keys" || exit 99

check 'lines: 80 columns, tabs; files: 400 lines' \
    $source layout $product $(files tests)
check 'functions: 70 lines, 5 parameters' \
    $source functions $product $(files tests)
check 'includes run one way' $source includes $product
check 'every header compiles alone' headers
check 'scripts parse' scripts

check 'the core calls pure functions only' $symbols core
check 'AT-24, AT-30 the module calls nothing that changes its host' $symbols module
check 'the module needs libpam and libcrypto only' $symbols libraries
check 'only sys/file.c opens files' $symbols files
check 'AT-50 only sys/child.c starts processes' $symbols processes
check 'mfactl calls nothing that is never needed' $symbols mfactl
check 'AT-74 exports are exactly the entry points' $symbols exports
check 'built files are hardened' tests/lint/harden.sh

check 'manual pages are clean' man_pages
check 'conf/mfa.conf has the keys of the code, at their defaults' $docs conf
check 'mfa.conf(5) has the keys, kinds, defaults and bounds of the code' \
    $docs conf_page
check 'mfactl(1) has the verbs and options of mfactl --help' $docs verbs
check 'completion has them, too' $docs completion
check 'mfactl(1) has the events that mfactl logs' $docs events
check 'pam_mfa(8) has the reasons and fields of the audit line' $docs reasons
check 'pam_mfa(8) has what a person is told' $docs messages
check 'every text has its translations, and they fit' tests/lint/po.py check
check 'another prefix is followed' elsewhere
check 'PAM examples use the module as pam_mfa(8) says' $docs pam

check 'every attack of the catalogue has its test, or a reason' \
    tests/lint/attacks.py

check 'cppcheck' tests/lint/analyse.sh cppcheck $sources
check 'gcc -fanalyzer' tests/lint/analyse.sh gcc $sources
check 'clang-tidy' tests/lint/analyse.sh clang-tidy $sources

echo "1..$tests"
[ $failed -eq 0 ]
