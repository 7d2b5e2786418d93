#!/bin/sh
# Races: race.sh [ROUNDS], 1000 if not given. Needs root; touches nothing
# outside its own mount namespace.
cd "$(dirname "$0")/.." || exit 99
B=${B:-build}
timeout 3600 "$B/tests/tool/race" "${1:-1000}" || status=1
timeout 600 "$B/tests/tool/race_rekey" || status=1
exit ${status:-0}
