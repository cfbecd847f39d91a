"""What clients were told of each name, and whether the list keeps to it.

A user is there, gone, or either: a client whose connection broke was not told. Names are asked for once, or again and again by the same
client until it is told; so an answer about a name is always about this user."""

import random
import threading

THERE, GONE, EITHER = "there", "gone", "there or not"


class User:
    __slots__ = ("name", "new_name", "number", "state", "leave", "is_busy")

    def __init__(self, name):
        self.name = name
        self.new_name = None  # it may have this one instead: a renaming whose outcome is not known
        self.number = None
        self.state = EITHER
        self.leave = None  # its link
        self.is_busy = False  # somebody removes or renames it


class Ledger:
    def __init__(self, seed=0):
        self.lock = threading.Lock()
        self.random = random.Random(seed)
        self.users = []
        self.present = []  # those who are there, for all that is known: to be removed and renamed
        self.faults = []
        self.told = 0

    def ask(self, name):
        user = User(name)
        with self.lock:
            self.users.append(user)
        return user

    def store(self, user, number, leave=None):
        """The client was told so."""
        with self.lock:
            self.told += 1
            user.state, user.number, user.leave = THERE, number, leave
            self.present.append(user)

    def take(self, wants_link):
        """A user to be removed or renamed, by one client at a time; None if there is none."""
        with self.lock:
            for _ in range(8):
                if not self.present:
                    return None
                # The oldest mostly: lists grow at one end.
                place = 0 if wants_link else self.random.randrange(len(self.present))
                user = self.present[place]
                if wants_link and (user.leave is None or user.is_busy):
                    place = self.random.randrange(len(self.present))
                    user = self.present[place]
                if not user.is_busy and (user.leave is not None or not wants_link):
                    user.is_busy = True
                    return user
            return None

    def remove(self, user, is_sure=True):
        with self.lock:
            user.state = GONE if is_sure else EITHER
            self.present.remove(user)

    def rename(self, user, name, is_sure=True):
        with self.lock:
            if is_sure:
                user.name, user.new_name = name, None
            else:
                user.new_name = name
            user.is_busy = not is_sure  # nobody else shall touch it before that is known

    def fault(self, text):
        with self.lock:
            if len(self.faults) < 1000:
                self.faults.append(text)

    def count(self):
        with self.lock:
            return len(self.present)

    def judge(self, listed):
        """`listed`: number and name of all who are on the list. Returns the faults in it."""
        faults = []
        known, found = {}, {}
        for user in self.users:
            for name in {user.name, user.new_name} - {None}:
                known[name] = user
        numbers = set()
        for number, name in listed:
            user = known.get(name)
            if number in numbers:
                faults.append(f"the number {number} is there twice")
            numbers.add(number)
            if user is None:
                faults.append(f"nobody asked for {name!r}, number {number}")
                continue
            if user in found:
                faults.append(f"there twice: {name!r}, numbers {found[user]} and {number}")
            found[user] = number
            if user.state == GONE:
                faults.append(f"removed, and there: {name!r}, number {number}")
            elif user.number is not None and user.number != number:
                faults.append(f"told number {user.number}, and has {number}: {name!r}")
        faults += [f"told, and not there: {user.name!r}, number {user.number}" for user in self.users
                   if user.state == THERE and user not in found]
        return faults
