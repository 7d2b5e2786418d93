"""sms.py LOG NUMBER N: the text of the N-th message that Kannel's fake SMS
centre, whose output LOG is, has received for NUMBER; waits for it a while."""
import re
import sys
import time
from urllib.parse import unquote_to_bytes


def texts(log, number):
    for kind, text in re.findall(
            rf'Got message \d+: <\S+ {re.escape(number)} (\S+) (.*)>\n', log):
        if kind == 'ucs-2':
            text = unquote_to_bytes(text.replace('+', ' ')).decode('utf-16-be')
        yield text


def main(path, number, n):
    for _ in range(200):
        with open(path, encoding='utf-8') as f:
            got = list(texts(f.read(), number))
        if len(got) >= int(n):
            print(got[int(n) - 1])
            return 0
        time.sleep(0.05)
    print(f'only {len(got)} messages for {number}', file=sys.stderr)
    return 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
