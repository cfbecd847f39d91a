"""Clients of all kinds, each a thread that goes on until the end: those that sign up and leave, those that read, those that follow the
list, and those that misbehave."""

import collections
import http.client
import json
import random
import re
import socket
import struct
import threading
import time
import urllib.parse

import fastcgi

PATIENCE = 40  # seconds: longer than nginx waits for the application
WITHOUT_NUMBER = re.compile(r".*?(?=[ \d]*$)")
LEAVE_LINK = re.compile(r'href="(/leave/\d+#[\w-]+)"')


class Connection(http.client.HTTPConnection):
    """To nginx, over a unix socket: its limits by address do not count there."""

    def __init__(self, path):
        super().__init__("rollcall.test", timeout=PATIENCE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    def __init__(self, response, body):
        self.status, self.body, self.headers = response.status, body, response.headers

    def json(self):
        return json.loads(self.body)


class Crowd:
    """What all clients share."""

    def __init__(self, web, nodes, ledger, seed, most_users):
        self.web, self.nodes, self.ledger, self.seed, self.most_users = web, nodes, ledger, seed, most_users
        self.is_over = threading.Event()  # those that sign up and read
        self.is_empty = threading.Event()  # those that follow, too
        self.counts = collections.Counter()  # (kind, status)
        self.unwanted = []  # (moment, what): to be excused by a disturbance
        self.threads = []
        self.lock = threading.Lock()

    def note(self, kind, status, is_wanted=True):
        with self.lock:
            self.counts[kind, status] += 1
            if not is_wanted:
                self.unwanted.append((time.monotonic(), f"{kind}: {status}"))

    def begin(self, kind, count):
        for _ in range(count):
            visitor = kind(self, random.Random(self.seed * 1000 + len(self.threads)))
            thread = threading.Thread(target=visitor.run_safely, name=f"{kind.__name__} {len(self.threads)}", daemon=True)
            thread.visitor = visitor
            self.threads.append(thread)
            thread.start()

    def end(self):
        self.is_over.set()
        self.join(lambda visitor: not isinstance(visitor, Follower))

    def join(self, is_asked):
        until = time.monotonic() + 2 * PATIENCE
        for thread in self.threads:
            if is_asked(thread.visitor):
                thread.join(max(0, until - time.monotonic()))
                if thread.is_alive():
                    self.ledger.fault(f"a client did not come to its end: {thread.name}")

    def followers(self):
        return [thread.visitor for thread in self.threads if isinstance(thread.visitor, Follower)]


class Visitor:
    PAUSE = 0.02  # seconds, between two turns

    def __init__(self, crowd, dice):
        self.crowd, self.dice = crowd, dice
        self.connection = Connection(crowd.web)

    def run_safely(self):
        try:
            self.run()
        except Exception as error:  # a fault of the test, or of an answer: told at the end
            self.crowd.ledger.fault(f"{threading.current_thread().name}: {error!r}")
        finally:
            self.connection.close()

    def run(self):
        while not self.crowd.is_over.is_set():
            self.turn()
            self.crowd.is_over.wait(self.dice.uniform(0, 2 * self.PAUSE))

    def pause(self):
        self.crowd.is_over.wait(0.2)

    def send(self, method, path, body=None, **headers):
        """The answer, or None: the connection broke, and it is not known what became of the request."""
        was_open = self.connection.sock is not None
        try:
            self.connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
            response = self.connection.getresponse()
            return Answer(response, response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
        # nginx closes connections that have been kept for a while; a request that crosses this is not answered.
        return self.send(method, path, body, **headers) if was_open and method in ("GET", "HEAD") else None

    def ask(self, kind, wanted, method, path, body=None, **headers):
        answer = self.send(method, path, body, **headers)
        status = answer.status if answer else "lost"
        self.crowd.note(kind, status, status in wanted)
        return answer


class SignUp(Visitor):
    """Signs up new people, and takes old ones off by their links, so that the list grows to a size and keeps it."""

    FIRST = ["ada", "Zoë", "Борис", "山田太郎", "O'Brien", "Jean-Luc", "محمد", "Nguyễn Văn", "J. R. R.", "Ελένη"]
    count = 0
    count_lock = threading.Lock()

    def name(self):
        with SignUp.count_lock:
            SignUp.count += 1
            number = SignUp.count
        return f"{self.dice.choice(self.FIRST)} {number}"

    def turn(self):
        self.sign_up()
        if self.crowd.ledger.count() > self.crowd.most_users:
            self.leave()

    def sign_up(self):
        user = self.crowd.ledger.ask(self.name())
        in_json = self.dice.random() < 0.5
        may_be_there = False
        while not self.crowd.is_over.is_set():
            answer = self.sign_up_in_json(user) if in_json else self.sign_up_by_form(user)
            status = answer.status if answer else None
            if status in (201, 303):
                break
            if status == 409 and may_be_there:  # the answer to an earlier request was lost
                self.find(user)
                break
            if status is not None and status < 500:
                self.crowd.ledger.fault(f"{user.name!r} is answered with {status}: {answer.body[:300]!r}")
                break
            may_be_there = True
            self.pause()

    def sign_up_in_json(self, user):
        answer = self.ask("sign-up", (201, 409), "POST", "/create-user", json.dumps({"username": user.name}),
                          Content_Type="application/json", Accept="application/json")
        if answer and answer.status == 201:
            created = answer.json()
            if created["username"] != user.name:
                self.crowd.ledger.fault(f"{user.name!r} was stored as {created['username']!r}")
            self.crowd.ledger.store(user, created["number"], created.get("leave"))
        return answer

    def sign_up_by_form(self, user):
        answer = self.ask("sign-up", (303, 409), "POST", "/create-user", urllib.parse.urlencode({"username": user.name}),
                          Content_Type="application/x-www-form-urlencoded")
        if answer and answer.status == 303:
            place = answer.headers["Location"]
            number = int(urllib.parse.parse_qs(urllib.parse.urlsplit(place).query)["created"][0])
            page = self.ask("page", (200,), "GET", place)
            # Not shown if the clock was set meanwhile: it counts for a minute.
            link = LEAVE_LINK.search(page.body.decode()) if page and page.status == 200 else None
            self.crowd.ledger.store(user, number, link[1] if link else None)
        return answer

    def find(self, user):
        """By its name, since it was not told its number. It has no link then."""
        while not self.crowd.is_over.is_set():
            answer = self.ask("search", (200,), "GET", "/users?q=" + urllib.parse.quote(user.name), Accept="application/json")
            if answer and answer.status == 200:
                numbers = [found["number"] for found in answer.json()["users"] if found["username"] == user.name]
                if len(numbers) == 1:
                    self.crowd.ledger.store(user, numbers[0])
                else:
                    self.crowd.ledger.fault(f"{user.name!r} is taken, and {len(numbers)} are found")
                return
            self.pause()

    def leave(self):
        user = self.crowd.ledger.take(wants_link=True)
        if user is None:
            return
        is_sure = True
        while not self.crowd.is_over.is_set():
            answer = self.ask("leave", (200, 204, 404), "POST", user.leave.split("#")[0], urllib.parse.urlencode({"key": user.leave}),
                              Content_Type="application/x-www-form-urlencoded",
                              Accept=self.dice.choice(["text/html", "application/json"]))
            status = answer.status if answer else None
            if status in (200, 204) or (status == 404 and not is_sure):
                self.crowd.ledger.remove(user)
                return
            if status is not None and status < 500:
                self.crowd.ledger.fault(f"{user.name!r}, number {user.number}, cannot leave: {status}")
                return
            is_sure = False
            self.pause()
        if not is_sure:
            self.crowd.ledger.remove(user, is_sure=False)


class Reader(Visitor):
    """Pages, searches, files, figures; and requests that are to be refused."""

    PAUSE = 0.01
    HTML, JSON = {"Accept": "text/html"}, {"Accept": "application/json"}

    def turn(self):
        number = self.dice.randrange(1, max(2, self.crowd.ledger.told + 1))
        kind, wanted, path = self.dice.choices([
            ("page", (200,), "/"), ("page", (200,), "/users"), ("page", (200,), f"/users?before={number}"),
            ("page", (200, 404), f"/users/{number}"), ("page", (200, 404), f"/leave/{number}"),
            ("search", (200,), "/users?q=" + urllib.parse.quote(self.dice.choice("azбoniم山") + self.dice.choice(["", " 1", "d"]))),
            ("file", (200,), self.dice.choice(["/users.csv", "/users.jsonl", "/users/print"])),
            ("figures", (200,), self.dice.choice(["/metrics", "/loop", "/healthz"])), ("figures", (200,), "/readyz"),
            ("refused", (404,), "/nothing"), ("refused", (400,), "/users?before=x"), ("refused", None, None)],
            [5, 5, 3, 3, 1, 4, 0.3, 1, 1, 0.5, 0.5, 2])[0]
        if path is None:
            self.send_what_is_refused()
        else:
            self.ask(kind, wanted, self.dice.choice(["GET", "GET", "GET", "HEAD"]), path, **self.dice.choice([self.HTML, self.JSON]))

    def send_what_is_refused(self):
        form = "application/x-www-form-urlencoded"
        body, kind, status = self.dice.choice([
            ("username=%F0%9F%98%80", form, 422), ("username=%zz", form, 400), ("name=ada", form, 422), ("{", "application/json", 400),
            ("x", "text/plain", 415), ("username=" + "y" * 50000, form, 413), ("username=" + "y" * 70000, form, 413)])
        # nginx may close before it has read the largest.
        self.ask("refused", (status, "lost") if len(body) > 65536 else (status,), "POST", "/create-user", body, Content_Type=kind)


class Follower(Visitor):
    """Follows the list from its beginning, and comes back with the last id whenever the stream ends. What it knows of the list at the end
    has to be the list."""

    def __init__(self, crowd, dice):
        super().__init__(crowd, dice)
        self.known = {}  # names by number
        self.newest = 0
        self.last_id = None
        self.streams, self.events, self.reloads = 0, 0, 0

    def run(self):
        while not self.crowd.is_empty.is_set():
            try:
                self.follow()
            except (OSError, http.client.HTTPException, EOFError):
                pass
            self.connection.close()
            self.crowd.is_empty.wait(0.2)

    def follow(self):
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        self.connection.request("GET", "/users/events?after=0", headers=headers)
        response = self.connection.getresponse()
        self.crowd.note("stream", response.status, response.status == 200)
        if response.status != 200:
            return
        self.streams += 1
        event = {}
        while not self.crowd.is_empty.is_set():
            line = response.readline()
            if not line:
                raise EOFError
            field, _, value = line.rstrip(b"\n").partition(b": ")
            if field:
                event[field] = value
            elif event:
                self.take(event)
                event = {}

    def take(self, event):
        kind = event.get(b"event")
        if b"id" in event:
            self.last_id = event[b"id"].decode()
        if kind in (b"user", b"renamed"):
            user = json.loads(event[b"data"])
            number = user["number"]
            if kind == b"user":
                if number <= self.newest:
                    self.crowd.ledger.fault(f"a follower hears of number {number} after {self.newest}")
                self.newest = max(self.newest, number)
            if kind == b"user" or number in self.known:
                self.known[number] = user["username"]
        elif kind == b"removed":
            self.known.pop(json.loads(event[b"data"])["number"], None)
        elif kind == b"reload":
            self.read_list()
        self.events += kind is not None

    def read_list(self):
        """Changes have been missed, and no users: those up to the newest it has heard of are read anew."""
        self.reloads += 1
        while not self.crowd.is_empty.is_set():
            other = Visitor(self.crowd, self.dice)
            answer = other.ask("file", (200,), "GET", "/users.jsonl")
            other.connection.close()
            if answer and answer.status == 200:
                users = [json.loads(line) for line in answer.body.decode().splitlines()]
                self.known = {user["number"]: user["username"] for user in users if user["number"] <= self.newest}
                return
            self.crowd.is_empty.wait(0.2)


class Passer(Visitor):
    """Opens a stream, and goes: after a moment, or in the middle of its beginning, politely or not."""

    def turn(self):
        path = self.dice.choice(["/users/events", "/users/events?after=0", "/users/events?only=sheet", "/loop/events", "/users/events?after=7"])
        try:
            with fastcgi.connect(self.crowd.web, PATIENCE) as connection:
                if self.dice.random() < 0.3:
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: rollcall.test\r\n\r\n".encode())
                self.crowd.note("passer", "stream")
                if self.dice.random() < 0.8:
                    connection.recv(4096)
                    self.crowd.is_over.wait(self.dice.uniform(0, 1.5))
        except OSError:
            self.crowd.note("passer", "lost")
            self.pause()


class Mute(Visitor):
    """Asks, and never reads: over nginx, or at a node directly."""

    def turn(self):
        path, query = self.dice.choice([("/users/events", "after=0"), ("/users.csv", ""), ("/users", ""), ("/loop/events", "")])
        try:
            if self.dice.random() < 0.5:
                connection = fastcgi.connect(self.crowd.web, PATIENCE)
                asked = f"GET {path}?{query} HTTP/1.1\r\nHost: rollcall.test\r\n\r\n".encode()
            else:
                connection = fastcgi.connect(self.dice.choice(self.crowd.nodes).socket, PATIENCE)
                asked = fastcgi.request(path, query)
            with connection:
                connection.sendall(asked)
                self.crowd.note("mute", "stream")
                self.crowd.is_over.wait(self.dice.uniform(1, 20))
        except OSError:
            self.crowd.note("mute", "lost")
            self.pause()


class Organiser(Visitor):
    """Renames and removes users from the command line, over the socket of a node. What is not known to be done is asked for again."""

    PAUSE = 0.3

    def turn(self):
        user = self.crowd.ledger.take(wants_link=False)
        if user is None:
            return
        renames = self.dice.random() < 0.5
        name = f"{WITHOUT_NUMBER.match(user.name)[0]} {self.dice.randrange(1 << 32, 1 << 48)}"
        command = ["rename", "--number", user.number, name] if renames else ["remove", "--number", user.number]
        is_sure = True
        while not self.crowd.is_over.is_set():
            status, _, said = self.dice.choice(self.crowd.nodes).run(*command)
            is_done = status == 0 or (status == 67 and not renames and not is_sure)
            self.crowd.note(f"organiser's {command[0]}", f"exit {status}", is_done)
            if is_done:
                break
            if status not in (69, 74, 75):
                self.crowd.ledger.fault(f"{' '.join(map(str, command))}: {status}, {said}")
                return
            is_sure = False
            self.pause()
        if renames:
            self.crowd.ledger.rename(user, name, is_done)
        else:
            self.crowd.ledger.remove(user, is_done)


class Aborter(Visitor):
    """Begins to sign up, and goes. Who had sent all may be stored."""

    PAUSE = 0.05

    def turn(self):
        user = self.crowd.ledger.ask(f"gone {self.dice.randrange(1 << 48)}")
        body = urllib.parse.urlencode({"username": user.name}).encode()
        try:
            self.dice.choice([self.half_a_body, self.half_a_request, self.an_abort, self.no_time_for_an_answer])(body)
            self.crowd.note("aborted", "create")
        except OSError:
            self.crowd.note("aborted", "lost")
            self.pause()

    def half_a_body(self, body):
        with fastcgi.connect(self.crowd.web, PATIENCE) as connection:
            top = ("POST /create-user HTTP/1.1\r\nHost: rollcall.test\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                   f"Content-Length: {len(body)}\r\n\r\n")
            connection.sendall(top.encode() + body[:self.dice.randrange(len(body))])

    def create(self, body):
        return fastcgi.request("/create-user", "", "POST", body, b"application/x-www-form-urlencoded")

    def at_a_node(self):
        return fastcgi.connect(self.dice.choice(self.crowd.nodes).socket, PATIENCE)

    def half_a_request(self, body):
        whole = self.create(body)
        with self.at_a_node() as connection:
            connection.sendall(whole[:self.dice.randrange(len(whole))])
            if self.dice.random() < 0.02:  # until the program has had enough of it
                connection.recv(1)

    def an_abort(self, body):
        whole = self.create(body)
        with self.at_a_node() as connection:
            connection.sendall(whole[:-8] if self.dice.random() < 0.5 else whole)
            connection.sendall(fastcgi.record(fastcgi.ABORT))

    def no_time_for_an_answer(self, body):
        with self.at_a_node() as connection:
            connection.sendall(self.create(body))
