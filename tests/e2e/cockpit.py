"""cockpit.py PORT USER PASSWORD [WORDS ANSWER] ...: what cockpit's login page
does, over HTTP on loopback: name and password go in one request; each prompt
comes in a 401, and its answer goes in the next request. WORDS have to stand in
a prompt or the message with it; an ANSWER is as in talk.exp. The transcript, of
what the page shows, is on stdout. The exit status is 0 for a session that
answers, 1 for a refusal, 99 where WORDS did not come."""
import base64
import http.client
import json
import subprocess
import sys

PROMPTS = 40    # no login has more


def b64(text):
    return base64.b64encode(text.encode()).decode()


class Page:
    def __init__(self, port):
        self.port = int(port)
        self.cookie = ''
        self.seen = ''

    def say(self, text):
        self.seen += text + '\n'
        print(text, flush=True)

    def login(self, authorization=None):
        """Status, challenge and JSON body of one request."""
        headers = {'Cookie': self.cookie} if self.cookie else {}
        if authorization:
            headers['Authorization'] = authorization
        http_ = http.client.HTTPConnection('127.0.0.1', self.port, timeout=20)
        http_.request('GET', '/cockpit/login', headers=headers)
        got = http_.getresponse()
        body = got.read()
        http_.close()
        self.cookie = (got.headers['Set-Cookie'] or self.cookie).split(';')[0]
        is_json = 'json' in (got.headers['Content-Type'] or '')
        return (got.status, got.headers['WWW-Authenticate'] or '',
                json.loads(body) if is_json else {})

    def answer(self, text):
        if not text.startswith('|'):
            return text
        return subprocess.run(['sh', '-c', text[1:]], text=True, check=True,
                              input=self.seen,
                              stdout=subprocess.PIPE).stdout.strip('\n')


def as_shown(prompt, body):
    """As login.js does: one message at most, bytes of a prompt as letters."""
    prompt = base64.b64decode(prompt).decode('latin-1').replace('\n', ' ')
    message = body.get('error') or body.get('message')
    return f'{message}\n{prompt}' if message else prompt


def answer_to(page, shown, pairs):
    """The ANSWER to what is shown, or None; takes its pairs away."""
    while pairs and pairs[0] in shown:
        _, said = pairs.pop(0), pairs.pop(0)
        if said != '-':
            return page.answer(said)
    return None


def end(page, status, pairs):
    if pairs:
        page.say(f'cockpit: ended before <{pairs[0]}>')
        return 99
    if status != 200:
        page.say(f'cockpit: refused ({status})')
        return 1
    page.say('cockpit: logged in')
    return 0 if page.login()[0] == 200 else 99


def main(port, user, password, *words):
    page = Page(port)
    pairs = list(words)
    authorization = 'Basic ' + b64(f'{user}:{password}')
    for _ in range(PROMPTS):
        status, challenge, body = page.login(authorization)
        if status != 401 or not challenge.startswith('X-Conversation '):
            return end(page, status, pairs)
        _, conversation, prompt = challenge.split(' ')
        shown = as_shown(prompt, body)
        page.say(shown)
        said = answer_to(page, shown, pairs)
        if said is None:
            page.say(f'cockpit: not <{pairs[0]}>' if pairs else
                     'cockpit: no answer for this')
            return 99
        authorization = f'X-Conversation {conversation} {b64(said)}'
    page.say('cockpit: does not end')
    return 99


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
