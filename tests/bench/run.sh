#!/bin/sh
# make bench: prints the table. Needs root, and the peers' Debian packages
# (tests/deps.sh check). A few minutes; on tmpfs a million files for a while.
set -eu
cd "$(dirname "$0")/../.."
B=${B:-build}

make --no-print-directory all "$B/tests/bench/bench" "$B/tests/bench/commit" \
    "$B/tests/bench/send" "$B/tests/tool/sendone" >&2
printf 'Machine: %s, %s CPUs, Linux %s, %s on disk.\n' \
	"$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" \
	"$(nproc)" "$(uname -r)" "$(stat -f -c %T "$B")"
timeout 900 "$B/tests/bench/bench" tmpfs
timeout 900 "$B/tests/bench/bench" disk
timeout 900 "$B/tests/bench/commit"
tests/ns.sh build/tests/bench/send /run/ns/bin/mfa-send
rm -rf "$B/host"
