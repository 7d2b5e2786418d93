#!/usr/bin/env python3
"""po.py check: prints where code and catalogues differ; silence is good.
po.py new [po/NAME.po]: a catalogue with all texts, with what NAME.po has."""
import glob
import os
import re
import subprocess
import sys

# Functions that look a text up, and which argument it is, from 0. mfa_fail
# does so, too, where the sentence may be for a person: in these files.
SPEAK = {'say': 1, 'tool_say': 1, 'tool_warn': 1, 'tool_ask': 1,
         'tool_refuse': 2}
PERSONAL = re.compile(r'core/(phone_parse|record_new)\.c|enroll/(add|add_app|add_phone|'
                      r'add_totp|add_recovery|edit|remove|rename|prefer)\.c')

PAM_MAX_MSG_SIZE = 512	# bytes, NUL included

HEAD = '''msgid ""
msgstr ""
"Language: %s\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
'''


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def arguments(text, at):
    """The arguments of a call whose '(' is at text[at]."""
    depth, args, start, i = 0, [], at + 1, at
    while True:
        if text[i] == '"':
            i = re.compile(r'"(?:[^"\\]|\\.)*"').match(text, i).end()
            continue
        if text[i] == "'":
            i = re.compile(r"'(?:[^'\\]|\\.)*'").match(text, i).end()
            continue
        depth += (text[i] in '([{') - (text[i] in ')]}')
        if depth == 1 and text[i] == ',' or depth == 0:
            args.append(text[start:i])
            start = i + 1
            if depth == 0:
                return args
        i += 1


def outside_calls(arg):
    """Without the arguments of calls in it: those are not what is said."""
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', arg)
    arg = re.sub(r'"(?:[^"\\]|\\.)*"', '"', arg)
    parts = re.split(r'(")', arg)
    strings = iter(strings)
    arg = ''.join(f'"{next(strings).encode().hex()}"' if p == '"' else p
                  for p in parts)
    while True:
        less = re.sub(r'\w+\([^()]*\)', '', arg)
        if less == arg:
            break
        arg = less
    return re.sub(r'"(\w*)"', lambda m: bytes.fromhex(m.group(1)).decode(),
                  arg)


def literals(arg, macros):
    for run in re.findall(r'"(?:[^"\\]|\\.)*"(?:\s*"(?:[^"\\]|\\.)*")*',
                          outside_calls(arg)):
        yield ''.join(re.findall(r'"((?:[^"\\]|\\.)*)"', run))
    for name in re.findall(r'\b[A-Z_]+\b', arg):
        if name in macros:
            yield macros[name]


def constants(text):
    return dict(re.findall(r'^#define (\w+) "([^"\n]*)"$', text, re.M))


def said(path):
    """All texts of a C file that are looked up, in their order."""
    text = re.sub(r'/\*.*?\*/', ' ', read(path), flags=re.S)
    macros = constants(read('pam_mfa/core/record_new.h')) | constants(text)
    text = re.sub(r'^#.*$', '', text, flags=re.M)
    if path == 'enroll/verbs.c':	# the help of its two tables
        for m in re.finditer(r'((?:"(?:[^"\\]|\\.)*"\s*)+) \},', text):
            yield from literals(m.group(1), {})
    for m in re.finditer(r'(?<![.>\w])(\w+)\(', text):
        which = SPEAK.get(m.group(1))
        if m.group(1) == 'mfa_fail' and PERSONAL.search(path):
            which = 2
        if which is None:
            continue
        args = arguments(text, m.end() - 1)
        if len(args) > which:
            yield from literals(args[which], macros)


def texts():
    """English text -> file that says it first."""
    found = {}
    for path in sorted(glob.glob('pam_mfa/**/*.c', recursive=True) +
                       glob.glob('enroll/*.c')):
        for text in said(path):
            if re.search('[A-Za-z]', re.sub(r'%[-\d.$*]*(ll|z)?[a-z]', '',
                                            text)):
                found.setdefault(text, path)
    # These have no letters of their own.
    found.setdefault('%llu %s', 'pam_mfa/core/text.c')
    found.setdefault('%04u-%02u-%02u', 'pam_mfa/core/date.c')
    return found


def catalogue(path):
    """msgid -> msgstr, as written; fuzzy ones have none."""
    entries, field, fuzzy = [], None, False
    for n, line in enumerate(read(path).split('\n'), 1):
        m = re.match(r'(msgid|msgstr) "(.*)"$', line)
        if line.startswith('#,') and 'fuzzy' in line:
            fuzzy = True
        elif m and m.group(1) == 'msgid':
            entries.append([m.group(2), '', n, fuzzy])
            field, fuzzy = 0, False
        elif m:
            entries[-1][1] = m.group(2)
            field = 1
        elif line.startswith('"') and field is not None:
            entries[-1][field] += line[1:-1]
    return {e[0]: ('' if e[3] else e[1], e[2]) for e in entries if e[0]}


def conversions(text):
    """[(number, conversion)] in the order of the arguments."""
    found, n = [], 0
    for pos, conv in re.findall(
            r'%(?:(\d+)\$)?([-+ #0]*\d*(?:\.\*|\.\d+)?(?:ll|l|z)?[a-zA-Z%])',
            text):
        if conv == '%':
            continue
        n += 1
        found.append((int(pos) if pos else n, conv, bool(pos)))
    return sorted(found)


def compare(path, english, translated, line):
    """One entry against its original."""
    where = f'{path}:{line}'
    a, b = conversions(english), conversions(translated)
    if [x[:2] for x in a] != [x[:2] for x in b]:
        yield f'{where}: other conversions than "{english}"'
    if len({x[2] for x in b}) > 1:
        yield f'{where}: either all conversions have a number, or none'
    if english.endswith('\\n') != translated.endswith('\\n'):
        yield f'{where}: a line end in one only'
    size = len(translated.replace('\\n', '\n').encode()) + 1
    if size > PAM_MAX_MSG_SIZE:
        yield f'{where}: {size} bytes, over {PAM_MAX_MSG_SIZE}'
    if re.search(r'[\x00-\x1f\x7f]', translated):
        yield f'{where}: a control character'


def check_one(path, found):
    name = os.path.basename(path)[:-3]
    if not re.search(rf'X\(\w+, {name}\)', read('pam_mfa/core/language.h')):
        yield f'{path}: no line in pam_mfa/core/language.h'
    entries = catalogue(path)
    for text, source in found.items():
        if not entries.get(text, ('',))[0]:
            yield f'{path}: no translation of "{text}" ({source})'
    for text, (translated, line) in entries.items():
        if text not in found:
            yield f'{path}:{line}: nobody says "{text}"'
        yield from compare(path, text, translated, line)
    try:
        p = subprocess.run(['msgfmt', '-c', '-o', '/dev/null', path],
                           capture_output=True, text=True, timeout=60,
                           check=False)
    except FileNotFoundError:
        return	# it would only say the same once more
    if p.returncode:
        yield p.stderr.rstrip()


def check():
    found = texts()
    for path in sorted(glob.glob('po/*.po')):
        yield from check_one(path, found)


def quote(text):
    return f'"{text}"'


def new(path):
    name = os.path.basename(path)[:-3]
    have = catalogue(path) if os.path.exists(path) else {}
    print(HEAD % name, end='')
    last = None
    for text, source in sorted(texts().items(), key=lambda x: x[1]):
        if source != last:
            print(f'\n# --- {source}')
            last = source
        print('\n#, c-format' if '%' in text else '')
        print(f'msgid {quote(text)}')
        print(f'msgstr {quote(have.get(text, ("",))[0])}')


def main():
    if sys.argv[1:2] == ['new']:
        new(sys.argv[2] if len(sys.argv) > 2 else 'po/NAME.po')
        return 0
    bad = list(check())
    for finding in bad:
        print(finding)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
