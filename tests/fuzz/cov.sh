#!/bin/sh
# tests/fuzz/cov.sh [grown]: lines of core and send that the fuzz targets alone
# run, by gcov in build/fuzzcov, on the committed corpora; grown: and on what
# make fuzz has added in build/fuzz. Fails under the floor of tests/cov.floor.
set -eu
cd "$(dirname "$0")/../.."
B=build/fuzzcov

make --no-print-directory -j "$(nproc)" B=$B LDFLAGS= HARDEN= WARN=-w \
    OPT="-O0 -g" SANITIZE=--coverage fuzzers $B/send/main.o >&2
find $B -name '*.gcda' -delete
for c in tests/fuzz/fuzz_*.c; do
	name=$(basename "$c" .c)
	name=${name#fuzz_}
	set -- "${1:-}" tests/fuzz/corpus/"$name"
	[ "$name" != profile ] || set -- "$@" conf/senders
	[ "$1" != grown ] || [ ! -d build/fuzz/corpus/"$name" ] ||
	    set -- "$@" build/fuzz/corpus/"$name"
	what=$1
	shift
	timeout 600 $B/tests/fuzz/fuzz_"$name" "$@" >/dev/null 2>&1 ||
		echo "cov: $name failed" >&2
	set -- "$what"
done
tests/gcov.sh fuzz $B pam_mfa/core send
