"""A holder that hands over what it should not: fake_holder.py PATH KIND, for one taker after the other.

KIND is `connected` for a socket that does not listen, `file` for something else, `nothing` for a byte alone, `end` for
the end of the connection. Says "listening" when it does.
"""
import socket
import sys

path, kind = sys.argv[1:]
holder = socket.socket(socket.AF_UNIX)
holder.bind(path)
holder.listen()
print("listening", flush=True)
pair = socket.socketpair()
while True:
    taker, _ = holder.accept()
    with taker, open("/dev/null", "rb") as file:
        if kind == "connected":
            socket.send_fds(taker, [b"\0"], [pair[0].fileno()])
        elif kind == "file":
            socket.send_fds(taker, [b"\0"], [file.fileno()])
        elif kind == "nothing":
            taker.send(b"\0")
        if kind != "end":
            taker.recv(1)
