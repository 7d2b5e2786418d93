#!/usr/bin/env python3
"""hanging_disk.py DIR: a file system on DIR that never answers, as that of a
server that is gone: who asks it waits, and only SIGKILL ends the wait. Until
standard input ends."""
import ctypes
import os
import sys

device = os.open('/dev/fuse', os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
options = f'fd={device},rootmode=40755,user_id=0,group_id=0,allow_other'
if libc.mount(b'hanging', sys.argv[1].encode(), b'fuse', 0, options.encode()):
    sys.exit('mount: ' + os.strerror(ctypes.get_errno()))
print('mounted', flush=True)
sys.stdin.read()
