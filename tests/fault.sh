#!/bin/sh
# Faults: every system call, every allocation, everything that may lie in a
# file's place. Needs root; touches nothing outside its own mount namespaces.
set -u
cd "$(dirname "$0")/.." || exit 99
B=${B:-build}
status=0

${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -Wall -Wextra -fPIC -shared \
	-o "$B/alloc_fail.so" tests/preload/alloc_fail.c || exit 99
timeout 600 "$B/tests/tool/fault_files" || status=1
timeout 600 "$B/tests/tool/fault_calls" || status=1
timeout 600 "$B/tests/tool/fault_send" || status=1
LD_PRELOAD="$PWD/$B/alloc_fail.so" \
	timeout 600 "$B/tests/tool/fault_alloc" || status=1
exit $status
