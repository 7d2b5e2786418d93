#!/usr/bin/env python3
"""source.py CHECK FILE ...: prints what breaks the rule; silence is good."""
import os
import re
import sys
import unicodedata

FILE_LINES = 400
TEST_LINES = 700	# its tables may be long
FUNCTION_LINES = 70
PARAMETERS = 5
COLUMNS = 80

# These have more, and may not grow further.
MORE_PARAMETERS = {'check_find': 6, 'courier_send': 6, 'file_lock': 6,
                   'hint_offset': 6, 'lock_once': 7, 'open_judged': 6,
                   'profile_fail': 6, 'totp_window_at': 7}

# Folder -> folders whose headers it may include, besides its own.
MAY_INCLUDE = {
    'pam_mfa/core': [],
    'pam_mfa/sys': ['pam_mfa/core'],
    'send': ['pam_mfa/core', 'pam_mfa/sys'],
    'pam_mfa': ['pam_mfa/core', 'pam_mfa/sys'],
    'enroll': ['pam_mfa/core', 'pam_mfa/sys'],
}

# Core decides and transforms: nothing here opens, asks or waits.
# arpa/inet.h is for inet_pton(), which only reads an address from a text.
CORE_SYSTEM = set('arpa/inet.h inttypes.h limits.h stdarg.h stdbool.h '
                  'stddef.h stdint.h stdio.h stdlib.h string.h '
                  'sys/types.h'.split())

# Headers of libraries, and where alone they may be seen.
LIBRARY = [
    (r'openssl/', r'(pam_mfa/core/crypto|send/certificate)\.c$'),
    (r'curl/', r'send/'),
    (r'expat\.h', r'send/xml\.c$'),
    (r'seccomp\.h', r'send/sandbox\.c$'),
    (r'security/', r'pam_mfa/[^/]*$'),
    (r'jansson\.h', r'(enroll|send)/'),
    (r'qrencode\.h', r'enroll/qr\.c$'),
]


def lines_of(path):
    with open(path, encoding='utf-8') as f:
        return f.read().split('\n')[:-1]


def width(line):
    n = 0
    for c in line:
        if c == '\t':
            n += 8 - n % 8
        elif not unicodedata.combining(c):
            n += 2 if unicodedata.east_asian_width(c) in 'WF' else 1
    return n


def check_layout(path):
    with open(path, 'rb') as f:
        raw = f.read()
    if not raw.endswith(b'\n') or raw.endswith(b'\n\n'):
        yield f'{path}: ends in other than one line end'
    if b'\r' in raw:
        yield f'{path}: has a carriage return'
    lines = lines_of(path)
    most = TEST_LINES if path.startswith('tests/') else FILE_LINES
    if len(lines) > most:
        yield f'{path}: {len(lines)} lines, over {most}'
    for n, line in enumerate(lines, 1):
        if width(line) > COLUMNS:
            yield f'{path}:{n}: {width(line)} columns, over {COLUMNS}'
        if line != line.rstrip():
            yield f'{path}:{n}: blanks at the end'
        if re.match(r'\t* {8}', line) or re.match(r' +\t', line):
            yield f'{path}:{n}: indented by blanks, not tabs'


def parameters(head):
    """How many; head is all from the return type to the '{'. Bytes and their
    number (keylen, len, cap) are one."""
    depth, words = 0, ['']
    for c in head[head.index('('):]:
        depth += (c in '([{') - (c in ')]}')
        if depth == 0:
            break
        if c == ',' and depth == 1:
            words.append('')
        else:
            words[-1] += c
    return sum(not re.search(r'size_t \w*(len|cap)$', w) for w in words)


def check_functions(path):
    lines = lines_of(path)
    start = None
    for n, line in enumerate(lines):
        if line == '{':
            start = n
        elif line == '}' and start is not None:
            head = start
            while head > 0 and re.match(r'[\w\s]', lines[head - 1]):
                head -= 1
            head = ' '.join(lines[head:start])
            name = re.search(r'(\w+)\s*\(', head)
            if name is None:
                continue
            where = f'{path}:{start}: {name.group(1)}()'
            if n - start - 1 > FUNCTION_LINES:
                yield f'{where} has {n - start - 1} lines, over ' \
                    f'{FUNCTION_LINES}'
            plain = name.group(1).removeprefix('__wrap_')
            most = MORE_PARAMETERS.get(plain, PARAMETERS)
            if parameters(head) > most:
                yield f'{where} has {parameters(head)} parameters, over {most}'
            start = None


def check_includes(path):
    here = os.path.dirname(path)
    for n, line in enumerate(lines_of(path), 1):
        m = re.match(r'#\s*include\s+([<"])([^">]+)', line)
        if m is None:
            continue
        kind, name = m.groups()
        if kind == '"':
            there = os.path.dirname(os.path.normpath(os.path.join(here, name)))
            if there != here and there not in MAY_INCLUDE[here]:
                yield f'{path}:{n}: {here} may not include {there}: {name}'
            continue
        for library, place in LIBRARY:
            if re.match(library, name) and not re.match(place, path):
                yield f'{path}:{n}: <{name}> only in {place}'
        if here == 'pam_mfa/core' and name not in CORE_SYSTEM and \
                not name.startswith('openssl/'):
            yield f'{path}:{n}: <{name}> is not for the core'


def main():
    check = globals()['check_' + sys.argv[1]]
    bad = [finding for path in sys.argv[2:] for finding in check(path)]
    for finding in bad:
        print(finding)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
