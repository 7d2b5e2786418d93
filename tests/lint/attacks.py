#!/usr/bin/env python3
"""attacks.py: prints what is wrong with the table of attacks in README.md, or
with what it says of the tests; silence is good."""
import os
import re
import sys

TESTS = 'tests'
# The numbers of the catalogue.
NUMBERS = [n for first, last in ((1, 18), (20, 21), (24, 24), (26, 27),
                                 (30, 35), (37, 40), (42, 47), (49, 57),
                                 (59, 66), (70, 74), (80, 86), (90, 96))
           for n in range(first, last + 1)]
NONE = 'does not apply yet: '


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def rows():
    for line in read(os.path.join(TESTS, 'README.md')).split('\n'):
        m = re.match(r'\| AT-(\d\d) \| (.*?) \| (.*) \|$', line)
        if m:
            yield int(m.group(1)), m.group(2).split(), m.group(3)


def row(number, files, why):
    name = f'AT-{number:02}'
    if files == ['-']:
        if not why.startswith(NONE):
            yield f'{name} has neither a test nor "{NONE}" and a reason'
        return
    for f in files:
        path = os.path.join(TESTS, f)
        if not os.path.exists(path):
            yield f'{name}: there is no {path}'
        elif not re.search(rf'{name}\b|\bat(\d\d_at)*{number:02}_', read(path)):
            yield f'{name} is not in {path}'


def main():
    table = list(rows())
    have = [number for number, _, _ in table]
    bad = [f'AT-{n:02} is not in the table' for n in NUMBERS if n not in have]
    bad += [f'AT-{n:02} is in no catalogue, or here twice' for n in set(have)
            if n not in NUMBERS or have.count(n) > 1]
    bad += [finding for r in table for finding in row(*r)]
    for finding in bad:
        print(finding)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
