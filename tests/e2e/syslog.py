"""syslog.py SOCKET FILE: a syslog of one line a message."""
import os
import socket
import sys

path, out = sys.argv[1:]
sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
os.umask(0o111)
sock.bind(path)
log = os.open(out, os.O_WRONLY | os.O_APPEND)
while True:
    message = sock.recv(65536).rstrip(b"\n\0")
    os.write(log, message.replace(b"\n", b"\\n") + b"\n")
