#!/bin/sh
# Races: race.sh [ROUNDS], 1000 if not given. Needs root; touches nothing
# outside its own mount namespace.
cd "$(dirname "$0")/.." || exit 99
exec timeout 3600 "${B:-build}/tests/tool/race" "${1:-1000}"
