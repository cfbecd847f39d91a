"""FastCGI, as far as a client needs it that asks a node directly: for its figures, or to leave it in the middle of something."""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT = 1, 2, 3, 4, 5, 6


def record(kind, content=b""):
    return struct.pack("!BBHHBB", 1, kind, 1, len(content), 0, 0) + content


def head(path, query="", method="GET", body=b"", content_type=b"", **more):
    """A request up to its body: BEGIN_REQUEST and PARAMS. The connection is not kept."""
    params = {b"REQUEST_METHOD": method.encode(), b"DOCUMENT_URI": path.encode(), b"QUERY_STRING": query.encode(),
              b"CONTENT_TYPE": content_type, b"CONTENT_LENGTH": str(len(body)).encode() if body else b""}
    params.update((name.encode(), value.encode()) for name, value in more.items())
    pairs = b"".join(struct.pack("!II", len(name) | 1 << 31, len(value) | 1 << 31) + name + value for name, value in params.items())
    return record(BEGIN, struct.pack("!HB5x", 1, 0)) + record(PARAMS, pairs) + record(PARAMS)


def request(path, query="", method="GET", body=b"", content_type=b"", **more):
    return head(path, query, method, body, content_type, **more) + (record(STDIN, body) if body else b"") + record(STDIN)


def connect(address, timeout):
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(timeout)
    try:
        connection.connect(str(address))
    except BaseException:
        connection.close()
        raise
    return connection


def ask(address, path, timeout=5):
    """The status and the body of a GET."""
    with connect(address, timeout) as connection:
        connection.sendall(request(path))
        with connection.makefile("rb") as stream:
            answer = b"".join(contents(stream))
    top, _, body = answer.partition(b"\r\n\r\n")
    if not top.startswith(b"Status: "):
        raise EOFError(f"no answer to {path}")
    return int(top[8:11]), body


def contents(stream):
    """What the records of STDOUT have, until the request ends."""
    while True:
        begin = stream.read(8)
        if len(begin) < 8:
            raise EOFError
        _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", begin)
        content = stream.read(length + padding)
        if kind == END:
            return
        if kind == STDOUT:
            yield content[:length]
