#!/usr/bin/python3
"""provider.py LOG PORT [CERT KEY [TLS]]: an HTTP provider on 127.0.0.1 that
misbehaves by the path it is asked for. A request is a line in LOG: what was
asked, the header lines, the body, a tab between. TLS: "1.0" is the only version it speaks, "mutual" wants a
certificate signed by CERT's own issuer, ca.crt beside it."""
import os
import socket
import ssl
import struct
import sys
import threading
import time
import warnings
import zlib

HOLD = 60  # seconds after which even the slowest ends


def answer(c, status, body=b'{}', extra=b''):
    c.sendall(b'HTTP/1.1 %s\r\nContent-Type: application/json\r\n%s'
              b'Content-Length: %d\r\nConnection: close\r\n\r\n%s'
              % (status, extra, len(body), body))


def ok(c, arg):
    answer(c, b'200 OK', b'{"id":"m-1"}')


def status(c, arg):
    answer(c, arg + b' As asked', b'{"error":"as asked"}')


def redirect(c, arg):
    answer(c, arg + b' Elsewhere', b'', b'Location: http://127.0.0.1:8099/elsewhere\r\n')


def slow_headers(c, arg):
    for byte in b'HTTP/1.1 200 OK\r\nX-Slow: ' + b'x' * HOLD * 5:
        c.sendall(bytes([byte]))
        time.sleep(0.2)


def drip(c, arg):
    c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n')
    for _ in range(HOLD * 5):
        c.sendall(b'x')
        time.sleep(0.2)


def endless(c, arg):
    c.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n')
    for _ in range(4096):
        c.sendall(b'A' * 65536)


def headers(c, arg):
    c.sendall(b'HTTP/1.1 200 OK\r\n')
    for i in range(65536):
        c.sendall(b'X-%d: %s\r\n' % (i, b'A' * 1000))


def silence(c, arg):
    time.sleep(HOLD)


def hang_up(c, arg):
    pass


def reset(c, arg):
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))


def bomb(c, arg):
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b''.join(z.compress(b'\0' * (1 << 20)) for _ in range(64)) + z.flush()
    answer(c, b'200 OK', body, b'Content-Encoding: gzip\r\n')


def transfer_bomb(c, arg):
    z = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b''.join(z.compress(b'\0' * (1 << 20)) for _ in range(64)) + z.flush()
    c.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n'
              b'Connection: close\r\n\r\n%x\r\n%s\r\n0\r\n\r\n' % (len(body), body))


def bad_json(c, arg):
    answer(c, b'200 OK', b'{"id": "m-')


def deep_json(c, arg):
    answer(c, b'200 OK', b'[' * 60000)


def nul_json(c, arg):
    answer(c, b'200 OK', b'{"id":"m\x00-1"}\x00')


def control(c, arg):
    answer(c, b'200 OK', b'{"id":"m\\u001b[31m\\r\\n1"}')


def garbage(c, arg):
    c.sendall(b'\0\1\2 this is not HTTP\r\n')


def chunks(c, arg):
    c.sendall(b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n')


def cut(c, arg):
    c.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')


tokens = 0


def token(c, arg):
    global tokens
    tokens += 1
    answer(c, b'200 OK', b'{"access_token":"token-%d","token_type":"Bearer",'
           b'"expires_in":%s}' % (tokens, arg or b'3600'))


def no_token(c, arg):
    answer(c, b'401 No', b'{"error":"invalid_client"}')


PATHS = {f.__name__.encode(): f for f in (
    ok, status, redirect, slow_headers, drip, endless, headers, silence,
    hang_up, reset, bomb, transfer_bomb, bad_json, deep_json, nul_json,
    control, garbage, chunks, cut, token, no_token)}


def guarded(c, arg, head):
    """Takes only the last token that was made."""
    if b'Bearer token-%d\r' % tokens in head:
        ok(c, arg)
    else:
        answer(c, b'401 No')


def receive(c):
    data = b''
    while b'\r\n\r\n' not in data:
        more = c.recv(65536)
        if not more:
            return None
        data += more
    head, _, body = data.partition(b'\r\n\r\n')
    length = 0
    for line in head.split(b'\r\n')[1:]:
        name, _, value = line.partition(b':')
        if name.lower() == b'content-length':
            length = int(value)
    while len(body) < length:
        body += c.recv(65536)
    return head, body


def serve(c, context, log):
    try:
        c.settimeout(HOLD)
        if context:
            c = context.wrap_socket(c, server_side=True)
        request = receive(c)
        if request is None:
            return
        head, body = request
        with open(log, 'ab') as f:
            f.write(head.replace(b'\r\n', b'\t') + b'\t\t' +
                    body.replace(b'\n', b'\\n') + b'\n')
        name, _, arg = head.split(b' ')[1].strip(b'/').partition(b'/')
        if name == b'guarded':
            guarded(c, arg, head + b'\r\n')
        else:
            PATHS[name](c, arg)
    except (OSError, ValueError, KeyError):
        pass
    finally:
        c.close()


def tls(cert, key, version):
    warnings.simplefilter('ignore')  # yes, 1.0 is old
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if version == '1.0':
        context.set_ciphers('ALL:@SECLEVEL=0')
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1
    if version == 'mutual':
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(os.path.join(os.path.dirname(cert), 'ca.crt'))
    context.load_cert_chain(cert, key)
    return context


def main(log, port, cert=None, key=None, version=None):
    context = tls(cert, key, version) if cert else None
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(('127.0.0.1', int(port)))
    s.listen(64)
    while True:
        c, _ = s.accept()
        threading.Thread(target=serve, args=(c, context, log), daemon=True).start()


main(*sys.argv[1:])
