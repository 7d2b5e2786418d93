#!/bin/sh
# tests/fault.sh [NAME]...: what goes wrong: files, login, sms, tool, alloc,
# send; all of them if none is named. Needs root; touches nothing outside its
# own mount namespaces.
set -u
cd "$(dirname "$0")/.." || exit 99
B=${B:-build}
status=0

[ $# -gt 0 ] || set -- files login sms tool rekey alloc send
for name in "$@"; do
	preload=
	[ "$name" != alloc ] || preload=$PWD/$B/tests/preload/alloc_fail.so
	LD_PRELOAD=$preload timeout 900 "$B/tests/tool/fault_$name" || status=1
done
exit $status
