#!/usr/bin/env python3
"""docs.py CHECK: prints where texts and code differ; silence is good."""
import glob
import os
import re
import subprocess
import sys

B = os.environ.get('B', 'build')
MFACTL = os.path.join(B, 'mfactl')
KEYS = os.path.join(B, 'tests/lint/keys')


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


def run(*argv):
    return subprocess.run(argv, capture_output=True, text=True, timeout=60,
                          check=False).stdout


def page(path):
    """The page as read, on very wide paper, without overstriking."""
    text = run('mandoc', '-T', 'utf8', '-O', 'width=300', path)
    return re.sub('.\b', '', text)


def table():
    for line in run(KEYS).splitlines():
        name, value, kind, low, high, where = line.split('\t')
        yield {'name': name, 'value': value, 'kind': kind,
               'low': low, 'high': high,
               'where': re.findall(r'\[\w+\]', where)}


def bounds(key):
    """What the text about a key has to say."""
    words = list(key['where'])
    if key['kind'] in ('number', 'seconds'):
        unit = ' seconds' if key['kind'] == 'seconds' else ''
        words.append(f"{key['low']} to {key['high']}{unit}")
    elif key['kind'] not in ('path', 'text'):
        words += key['kind'].split()
    return words


def missing(key, text, path):
    for word in bounds(key):
        if word not in text:
            yield f"{path}: {key['name']}: does not say \"{word}\""
    for word in ('[service]', '[group]', '[policy]'):
        if word in text and word not in key['where']:
            yield f"{path}: {key['name']}: may not stand in {word}"


def check_conf():
    """conf/mfa.conf: every key of the table, in its order, at its default."""
    path = 'conf/mfa.conf'
    text = read(path)
    written = re.findall(r'^#(\w+) =(?: (.*))?$', text, re.M)
    keys = list(table())
    expected = [(k['name'], k['value']) for k in keys]
    if written != expected:
        for w, e in zip(written + [None] * 99, expected):
            if w != e:
                yield f'{path}: has {w} where the table has {e}'
                break
        else:
            yield f'{path}: more keys than the table'
    if re.search(r'^[^#\n]', text, re.M):
        yield f'{path}: sets something'
    comment = ''
    for para in re.split(r'\n\n', text):
        comment = para
        for name in re.findall(r'^#(\w+) =', para, re.M):
            for key in keys:
                if key['name'] == name:
                    yield from missing(key, comment, path)
    bare = os.path.join(B, 'lint.conf')
    with open(bare, 'w', encoding='utf-8') as f:
        f.write(re.sub(r'^#(\w+ =)', r'\1', text, flags=re.M))
    yield from run(KEYS, bare).splitlines()


def check_conf_page():
    """mfa.conf.5: the same keys in the same order, kinds, defaults, bounds."""
    path = 'man/mfa.conf.5'
    text = page(path).split('\nKEYS\n')[1]
    kinds = {'number': 'number', 'seconds': 'time', 'path': 'path',
             'text': 'text'}
    items = re.findall(r'^     (\w+) = (.*)\n((?:(?!     \w+ = ).*\n)*)',
                       text, re.M)
    keys = list(table())
    if [i[0] for i in items] != [k['name'] for k in keys]:
        yield f'{path}: keys or their order differ: ' + \
            ' '.join(i[0] for i in items)
        return
    for (name, kind, body), key in zip(items, keys):
        wanted = kinds.get(key['kind'], key['kind'].replace(' ', ' | '))
        if kind.strip() != wanted:
            yield f'{path}: {name}: is {kind.strip()}, should be {wanted}'
        last = re.findall(r'Default .*', body)
        value = key['value'] or 'empty'
        if key['kind'] == 'template':  # long; check_conf() has seen it there
            value = 'as it stands in mfa.conf'
        if len(last) != 1 or not re.match(
                rf'Default {re.escape(value)}[.,;]', last[0]):
            yield f'{path}: {name}: the default is {value}: {last}'
        yield from missing(key, kind + last[-1] if last else '', path)


def usages():
    """mfactl's own usage lines, and its table of options."""
    top = run(MFACTL, '--help')
    verbs = re.search(r'Verbs:\n(.*?)\n\n', top, re.S).group(1).splitlines()
    seen, lines = set(), []
    for word in (v.split()[0] for v in verbs):
        if word not in seen:
            seen.add(word)
            lines += re.findall(r'^usage: mfactl (.*)$',
                                run(MFACTL, word, '--help'), re.M)
    options = re.findall(r'^  (--[a-z-]+)((?: \S+)?) ', top, re.M)
    return [' '.join(u.split()) for u in lines], options


def check_verbs():
    """mfactl.1: the verbs with their operands and options, all of them."""
    path = 'man/mfactl.1'
    lines, options = usages()
    text = page(path)
    verbs = re.search(r'^VERBS\n(.*?)^[A-Z]', text, re.M | re.S).group(1)
    written = re.findall(r'^     ([a-z][^ ].*)$', verbs, re.M)
    written = [' '.join(w.split()) for w in written]
    for line in lines:
        if line not in written:
            yield f'{path}: no verb "{line}"'
    first = {line.split()[0] for line in lines}
    for line in written:
        if line not in lines and line.split()[0] in first and \
                not line.endswith('.'):
            yield f'{path}: mfactl has no verb "{line}"'
    for name, operand in options:
        if not re.search(rf'^ +{name}{re.escape(operand)}( |$)', text, re.M):
            yield f'{path}: no option "{name}{operand}"'
    known = {name for name, _ in options}
    for name in set(re.findall(r'--[a-z][a-z-]*', text)) - known:
        yield f'{path}: mfactl has no {name}'


COMPLETE = r'''
. "$1"
set -- $(complete -p mfactl)
while [ "$1" != -F ]; do shift; done
f=$2
words() { read -ra COMP_WORDS; COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	COMP_LINE="${COMP_WORDS[*]}" COMP_POINT=${#COMP_LINE}
	COMP_WORDS[COMP_CWORD]=${COMP_WORDS[COMP_CWORD]#_} COMPREPLY=()
	$f mfactl "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
	echo "${COMPREPLY[*]}"; }
words
'''


def completed(path, typed):
    """What bash offers; the word '_' or '_--' is the one being typed."""
    env = dict(os.environ)
    env['PATH'] = os.path.abspath(B) + ':' + env.get('PATH', '')
    p = subprocess.run(['bash', '--norc', '-c', COMPLETE, 'bash', path],
                       input=typed + '\n', capture_output=True, text=True,
                       timeout=20, check=False, env=env)
    return p.stdout.split()


def check_completion():
    """completion/mfactl: offers the words and options of every verb."""
    path = 'completion/mfactl'
    if not os.path.exists(path):
        yield f'{path}: is missing'
        return
    lines, _ = usages()
    verbs = [re.match(r'[a-z -]*[a-z]', u).group(0) for u in lines]
    for word in {v.split()[0] for v in verbs}:
        if word not in completed(path, 'mfactl _'):
            yield f'{path}: does not offer {word}'
    for line, verb in zip(lines, verbs):
        first, *rest = verb.split()
        if rest and rest[0] not in completed(path, f'mfactl {first} _'):
            yield f'{path}: does not offer {verb}'
        offered = completed(path, f'mfactl {verb} _--')
        for option in re.findall(r'--[a-z-]+', line):
            if option not in offered:
                yield f'{path}: does not offer {verb} {option}'


def literals(path):
    """The string literals of a C file, adjacent ones joined."""
    text = re.sub(r'/\*.*?\*/', '', read(path), flags=re.S)
    text = re.sub(r'^#include.*$', '', text, flags=re.M)
    text = re.sub(r'"\s+"', '', text)
    return re.findall(r'"((?:[^"\\\n]|\\.)*)"', text)


# Words in these files that are no reason of the audit line.
NO_REASON = {'granted', 'exempt', 'refused', 'enrolled', 'unknown_user',
             'conf', 'r', 'key', 'pass', 'y', 'yes', 'sshd'}


def check_reasons():
    """pam_mfa.8: every reason and every field of the audit lines."""
    path = 'man/pam_mfa.8'
    text = page(path)
    code = set()
    for c in ('core/challenge.c', 'core/challenge_prompt.c',
              'core/policy.c', 'login.c', 'trust.c', 'pam_mfa.c'):
        code |= {w for w in literals('pam_mfa/' + c)
                 if re.fullmatch(r'[a-z]+(_[a-z]+)*', w)}
    code -= NO_REASON
    for c in ('core/enrol.c', 'core/enrol_prompt.c'):
        code |= {w for w in literals('pam_mfa/' + c)
                 if re.fullmatch(r'[a-z]+(_[a-z]+)+', w)}
    part = re.search(r'The reasons of a login are\n(.*?)^[A-Z]', text,
                     re.M | re.S)
    told = set(re.findall(r'^     ([a-z_]+)(?:  .*)?$', part.group(1), re.M))
    for word in sorted(code - told):
        yield f'{path}: no reason "{word}"'
    for word in sorted(told - code):
        yield f'{path}: the code has no reason "{word}"'
    lines = [w for c in ('login.c', 'core/delivery.c')
             for w in literals('pam_mfa/' + c) if 'outcome=%s' in w]
    for field in re.findall(r'(\w+)=', ' '.join(lines)):
        if not re.search(rf'^     (\w+ )*{field}( |$)', text, re.M):
            yield f'{path}: no field "{field}"'


def check_events():
    """mfactl.1: the events that mfactl logs, and no others."""
    path = 'man/mfactl.1'
    code = {'send'}     # core/delivery.c
    for c in glob.glob('enroll/*.c'):
        code.update(re.findall(r'(?:person_log\(t, p, "|"event=|\.verb = ")'
                               r'(\w+)', read(c)))
    part = re.search(r'^\.Sh THE LOG\n(.*?)^\.Sh', read(path), re.M | re.S)
    told = set(re.findall(r'\w+', ' '.join(
        re.findall(r'^\.It Cm (.*)', part.group(1), re.M))))
    for word in sorted(code ^ told):
        yield f'{path}: event "{word}" is only ' \
            f'{"in the code" if word in code else "here"}'


def check_messages():
    """pam_mfa.8: what a person is told stands there as in the code."""
    path = 'man/pam_mfa.8'
    part = re.search(r'^ +What is wrong stands (.*?)^[A-Z]', page(path),
                     re.M | re.S)
    told = re.findall(r'^     ([A-Z].*\. .*|[A-Z].*\.)$', part.group(1), re.M)
    code = []
    for c in ('core/challenge.c', 'core/challenge_prompt.c', 'core/denial.c',
              'core/delivery.c', 'login.c', 'trust.c'):
        code += [w.strip() for w in literals('pam_mfa/' + c) if ' ' in w]
    patterns = [re.sub(r'%[su]', '.+', re.escape(w).replace('\\%', '%'))
                for w in code]
    items = [t for t in told if not t.startswith(('One prompt', 'With ', 'or'))]
    for sentence in items:
        if not any(re.fullmatch(p, sentence) for p in patterns):
            yield f'{path}: nobody says "{sentence}"'
    for pattern, words in zip(patterns, code):
        if re.match(r'[A-Z]', words) and words.endswith('.') and not any(
                re.fullmatch(pattern, t) for t in items) and \
                f'“{words}”' not in part.group(1):
            yield f'{path}: does not tell "{words}"'


def check_pam():
    """conf/pam.d: the module's line is as pam_mfa.8 wants it, everywhere."""
    for name in sorted(os.listdir('conf/pam.d')):
        path = f'conf/pam.d/{name}'
        # Where an app password is all that is asked nobody is exempt.
        ignore = '' if name == 'app-password' else 'ignore=ignore '
        rule = f'auth [success=ok {ignore}default=die] pam_mfa.so'
        lines = [' '.join(x.split()) for x in read(path).splitlines()
                 if x and not x.startswith('#')]
        mfa = [x for x in lines if 'pam_mfa.so' in x]
        if mfa != [rule]:
            yield f'{path}: {mfa}, not "{rule}"'
        for x in lines:
            if not re.match(r'(auth|account|session|password) '
                            r'(\[[a-z_=0-9 ]+\]|required|requisite|optional|'
                            r'sufficient) pam_\w+\.so', x):
                yield f'{path}: not understood: {x}'
            if x.startswith('auth sufficient') and 'pam_rootok' not in x:
                yield f'{path}: sufficient: {x}'


def main():
    bad = list(globals()['check_' + sys.argv[1]]())
    for finding in bad:
        print(finding)
    return bool(bad)


if __name__ == '__main__':
    sys.exit(main())
