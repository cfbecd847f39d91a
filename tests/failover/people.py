"""People who sign up at the nodes, and clients that follow the list: what they were told, with the moments."""

import json
import pathlib
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


def params_of(meta_variables):
    return b"".join(bytes([len(name), len(value)]) + name.encode() + value for name, value in meta_variables.items() if value)


class Request:
    """One GET request over a FastCGI connection of its own."""

    def __init__(self, path, target, query, **fields):
        params = params_of({"REQUEST_METHOD": b"GET", "DOCUMENT_URI": target.encode(), "QUERY_STRING": query.encode(), **fields})
        self.connection = socket.socket(socket.AF_UNIX)
        self.connection.settimeout(30)  # of a stream there is a sign of life each 15 s
        self.connection.connect(str(path))
        self.connection.sendall(b"".join([
            struct.pack("!BBHHBBHB5x", 1, 1, 1, 8, 0, 0, 1, 0), struct.pack("!BBHHBB", 1, 4, 1, len(params), 0, 0), params,
            struct.pack("!BBHHBB", 1, 4, 1, 0, 0, 0), struct.pack("!BBHHBB", 1, 5, 1, 0, 0, 0)]))
        self.stream = self.connection.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stream.close()
        self.connection.close()

    def __iter__(self):
        """What comes on FCGI_STDOUT, until the request ends."""
        while True:
            head = self.stream.read(8)
            if len(head) < 8:
                raise EOFError
            _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", head)
            content = self.stream.read(length + padding)[:length]
            if kind != 6 or not content:
                return
            yield content


class Follower:
    """A client that follows the list at a node from its beginning, and comes back with the last id. After a failover it is told to read
    the list anew, up to the number of that event: it has shown, perhaps, users whom the lost server alone had."""

    def __init__(self, path):
        self.path = path
        self.names = {}  # by number, in the order in which it heard of them
        self.newest = 0
        self.last_id = b""
        self.must_read = False
        self.reloads = 0
        self.faults = []
        self.is_over = False
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.is_over:
            try:
                if self.must_read:
                    self.read_anew()
                self.follow_once()
            except (OSError, EOFError):
                time.sleep(0.1)

    def last_number(self):
        return int(self.last_id.split(b"-")[0] or b"0")

    def read_anew(self):
        names, last = {}, 0
        while last < self.last_number():
            with Request(self.path, "/users", f"after={last}", HTTP_ACCEPT=b"application/json") as request:
                head, _, body = b"".join(request).partition(b"\r\n\r\n")
            if not head.startswith(b"Status: 200 "):  # 503, for as long as no server is there
                raise EOFError
            users = sorted((user["number"], user["username"]) for user in json.loads(body)["users"])
            if not users:
                break
            names.update(user for user in users if user[0] <= self.last_number())
            last = users[-1][0]
        self.names, self.newest, self.must_read = names, self.last_number(), False

    def follow_once(self):
        rest, event = b"", {}
        with Request(self.path, "/users/events", "after=0", HTTP_LAST_EVENT_ID=self.last_id) as request:
            for content in request:
                *lines, rest = (rest + content).split(b"\n")
                for line in lines:
                    field, _, value = line.rstrip(b"\r").partition(b": ")
                    if field:
                        event[field] = value
                    else:
                        self.take(event)
                        event = {}
                if self.is_over or self.must_read:
                    return

    def take(self, event):
        self.last_id = event.get(b"id", self.last_id)
        if event.get(b"event") == b"reload":
            self.reloads += 1
            self.must_read = True
        elif event.get(b"event") == b"user" and not self.must_read:
            user = json.loads(event[b"data"])
            if user["number"] <= self.newest:
                self.faults.append(f"{user['number']} came after {self.newest}")
            self.names[user["number"]] = user["username"]
            self.newest = user["number"]

    def end(self):
        self.is_over = True


def wait_until_followed(follower, number, timeout=60):
    until = time.monotonic() + timeout
    while time.monotonic() < until:
        if not follower.must_read and follower.newest >= number:
            return
        time.sleep(0.05)
    raise AssertionError(f"a follower at {pathlib.Path(follower.path).name} has heard of {follower.newest}, and not of {number}")
