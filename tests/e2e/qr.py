"""qr.py <TEXT >PGM: the half blocks of a terminal as a picture for zbarimg."""
import re
import sys

INK = {" ": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}
DOT = 4  # pixels a module is wide

text = re.sub(r"\x1b\[[0-9;]*m", "", sys.stdin.read())
rows = []
for line in text.splitlines():
    if line and not set(line) - set(INK):
        cells = [INK[c] for c in line]
        rows += [[top for top, _ in cells], [low for _, low in cells]]
width = max(map(len, rows))
picture = b"".join(
    b"".join(bytes([255 * dot]) * DOT for dot in row + [0] * (width - len(row)))
    * DOT for row in rows)
sys.stdout.buffer.write(
    b"P5 %d %d 255\n" % (width * DOT, len(rows) * DOT) + picture)
