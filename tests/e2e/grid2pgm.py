"""grid2pgm.py <screen >picture: what a terminal shows as a picture of pixels.

Of the text (tmux capture-pane -p) only the lines of a QR code count: half
blocks, two modules in one character, or '##', one in two. Ink is light.
"""
import sys

SCALE = 6
HALVES = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def rows(lines, width):
    for line in lines:
        line = line.ljust(width)
        if "#" in line:
            yield [c == "#" for c in line[::2]]
        else:
            yield [HALVES[c][0] for c in line]
            yield [HALVES[c][1] for c in line]


def main():
    text = sys.stdin.buffer.read().decode()
    lines = [s for s in text.split("\n")
             if s.strip() and not set(s) - set(HALVES)]
    if not lines:
        lines = [s for s in text.split("\n")
                 if "##" in s and not set(s) - set("# ")]
    grid = [r for r in rows(lines, max(map(len, lines)))]
    out = b"P5\n%d %d\n255\n" % (len(grid[0]) * SCALE, len(grid) * SCALE)
    for row in grid:
        out += b"".join((b"\xff" if on else b"\0") * SCALE
                        for on in row) * SCALE
    sys.stdout.buffer.write(out)


main()
