"""People who sign up at the nodes, and clients that follow the list: what they were told, with the moments."""

import pathlib
import re
import socket
import struct
import subprocess
import threading
import time

PATIENCE_MS = 8000


class SignUps:
    """Clients at each node who sign up one after the other (database_sign_up)."""

    def __init__(self, program, prefix, sockets, clients):
        self.records = []  # (node, began, ended, status, number, name), by the clock of time.monotonic()
        self.process = subprocess.Popen([program, prefix, str(clients), "0", str(PATIENCE_MS), *(f"unix:{path}" for path in sockets)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            node, took, status, number, name = line.rstrip("\n").split(" ", 4)
            ended = time.monotonic()
            self.records.append((int(node), ended - int(took) / 1000, ended, int(status), int(number), name))

    def created_since(self, moment):
        return sum(1 for record in self.records[-5000:] if record[2] > moment and record[3] == 201)

    def end(self):
        """Requests under way are dropped: nobody is told of them."""
        self.process.kill()
        self.process.wait()
        self.reader.join()


class Follower:
    """A client that follows the list at a node from its beginning, over FastCGI, and comes back with the last id. After a failover it
    is told to read the list anew: then it comes back with the last number alone, which leaves out nobody who is there."""

    USER = re.compile(rb'^data: \{"number":(\d+),')

    def __init__(self, path):
        self.path = path
        self.numbers = []
        self.last_id = b""
        self.reloads = 0
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            try:
                self.follow_once()
            except (OSError, EOFError):
                time.sleep(0.1)

    def begin_request(self):
        params = b""
        for name, value in {"REQUEST_METHOD": b"GET", "DOCUMENT_URI": b"/users/events", "QUERY_STRING": b"after=0",
                            "HTTP_LAST_EVENT_ID": self.last_id}.items():
            if value:
                params += bytes([len(name), len(value)]) + name.encode() + value
        return b"".join([struct.pack("!BBHHBBHB5x", 1, 1, 1, 8, 0, 0, 1, 0), struct.pack("!BBHHBB", 1, 4, 1, len(params), 0, 0), params,
                         struct.pack("!BBHHBB", 1, 4, 1, 0, 0, 0), struct.pack("!BBHHBB", 1, 5, 1, 0, 0, 0)])

    def follow_once(self):
        rest, event = b"", b""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(30)  # there is a sign of life each 15 s
            connection.connect(str(self.path))
            connection.sendall(self.begin_request())
            stream = connection.makefile("rb")
            while not self.is_over:
                head = stream.read(8)
                if len(head) < 8:
                    raise EOFError
                _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", head)
                content = stream.read(length + padding)[:length]
                if kind != 6 or not content:
                    raise EOFError
                *lines, rest = (rest + content).split(b"\n")
                for line in lines:
                    event = self.take(line.rstrip(b"\r"), event)

    def take(self, line, event):
        if line.startswith(b"id: "):
            self.last_id = line[4:]
        elif line.startswith(b"event: "):
            event = line[7:]
            if event == b"reload":
                self.reloads += 1
                self.last_id = self.last_id.split(b"-")[0]
                raise EOFError
        elif event == b"user" and (found := self.USER.match(line)):
            self.numbers.append(int(found.group(1)))
        return event

    def end(self):
        self.is_over = True


def wait_until_followed(follower, number, timeout=60):
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if follower.numbers and follower.numbers[-1] >= number:
            return
        time.sleep(0.05)
    raise AssertionError(f"a follower at {pathlib.Path(follower.path).name} has heard of {follower.numbers[-1:]}, and not of {number}")
