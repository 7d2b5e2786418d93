#!/bin/sh
# make cov: lines and branches that the tests run, by gcov, in build/gcov: the C
# tests, the corpora of fuzzing, and the tests end to end. Needs root. Fails
# under the floors of tests/cov.floor.
#
# Whoever a process is and wherever, what it counts goes to /run/ns/gcda, where
# tests/ns.sh puts build/gcov/gcda. What ends by _exit: tests/cov/exit.c.
set -eu
cd "$(dirname "$0")/.."
B=build/gcov
CC=${CC:-cc}
export B

# one CMD ...: a test, on a machine of its own.
one()
{
	log=$B/logs/$(echo "$1" | tr / -)
	NS_TIMEOUT=300 tests/ns.sh "$@" >"$log" 2>&1 </dev/null ||
		echo "cov: $1 failed: see $log" >&2
}

c_tests()
{
	for c in tests/unit/test_*.c tests/sys/test_*.c tests/flow/test_*.c \
	    tests/pam/test_*.c tests/send/test_*.c; do
		echo "$B/${c%.c}"
	done
	for c in tests/fuzz/fuzz_*.c; do
		name=$(basename "$c" .c)
		echo "$B/tests/fuzz/$name tests/fuzz/corpus/${name#fuzz_}"
	done
}

end_to_end()
{
	for t in tests/e2e/*.sh; do
		case $t in
		*/lib*.sh | */demo.sh) ;;
		*) echo "$t" ;;
		esac
	done
}

if [ "${1:-}" = --one ]; then
	shift
	one "$@"
	exit 0
fi

rm -rf $B/gcda $B/logs
mkdir -p $B/logs
mkdir -m 777 $B/gcda
$CC -c -o $B/exit.o tests/cov/exit.c
make --no-print-directory -j "$(nproc)" B=$B HARDEN= WARN=-w OPT="-O0 -g" \
    LDFLAGS="-Wl,--wrap=_exit $PWD/$B/exit.o" \
    SANITIZE="--coverage -fprofile-dir=/run/ns/gcda" tests fuzzers >&2
find $B -name '*.gcda' -delete

# The C tests make the files that everybody may then write to.
c_tests | xargs -P "$(nproc)" -L 1 tests/cov.sh --one
chmod -R a+rw $B/gcda
end_to_end | xargs -P "$(nproc)" -L 1 tests/cov.sh --one

# "#home#x#build#gcov#send#net.gcda" belongs beside send/net.gcno.
for f in $B/gcda/*.gcda; do
	name=$(basename "$f" | tr '#' /)
	mv "$f" "$B/${name#"$PWD/$B/"}"
done
tests/gcov.sh cov $B pam_mfa send enroll
