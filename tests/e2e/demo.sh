#!/bin/sh
# The demo by itself, and the QR code in it as a phone sees it.
. tests/e2e/lib.sh

ok 'the demo ends well by itself' run 0 tests/demo.sh --inside auto UTF-8
ok '... enrols an app' says 'Added totp-'
ok '... types a wrong code, a used one and a right one' all \
    'says "Wrong code. Check"' 'says "This code was already used."' \
    'says "guest@demo"'
ok '... logs in as guest' grep -qx guest "$OUT"
ok '... and shows the audit line' says \
    'outcome=granted reason=right_code user=guest service=sshd rhost=127.0.0.1'

python3 tests/e2e/grid2pgm.py <"$OUT" >"$NS/qr.pgm"
ok 'the QR code can be read' \
    sh -c 'zbarimg --nodbus -q --raw "$NS/qr.pgm" >"$NS/qr.txt" && [ -s "$NS/qr.txt" ]'
ok '... and is the URI that is shown' \
    grep -qxF "  $(cat "$NS/qr.txt")" "$OUT"
finish
