#!/bin/sh
# tests/fault.sh [NAME]...: what goes wrong: files, login, sms, enrol, tool,
# alloc, clock, held, send; all of them if none is named. Needs root; touches
# nothing outside its own mount namespaces.
set -u
cd "$(dirname "$0")/.." || exit 99
B=${B:-build}
status=0

[ $# -gt 0 ] || set -- files login sms enrol rekey tool alloc clock held send
for name in "$@"; do
	case $name in
	alloc)	preload=$PWD/$B/tests/preload/alloc_fail.so ;;
	clock | held)
		preload=$PWD/$B/tests/preload/clock.so ;;
	*)	preload= ;;
	esac
	LD_PRELOAD=$preload timeout 900 "$B/tests/tool/fault_$name" || status=1
done
exit $status
