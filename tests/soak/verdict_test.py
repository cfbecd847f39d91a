#!/usr/bin/env -S python3 -B
"""The verdict of a soak: what is lost, doubled or growing is a fault, and nothing else is."""

import unittest

import vitals
from ledger import Ledger


class People(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()
        self.ada = self.ledger.ask("ada")
        self.bob = self.ledger.ask("bob")
        self.ledger.store(self.ada, 1, "/leave/1#x")

    def expect(self, listed, *faults):
        found = self.ledger.judge(listed)
        self.assertEqual(len(found), len(faults), found)
        for fault, part in zip(found, faults):
            self.assertIn(part, fault)

    def test_told_and_there(self):
        self.expect([(1, "ada")])

    def test_not_told_may_be_there(self):
        self.expect([(1, "ada"), (2, "bob")])

    def test_lost(self):
        self.expect([], "told, and not there: 'ada'")

    def test_twice(self):
        self.expect([(1, "ada"), (2, "ada")], "there twice: 'ada'", "told number 1, and has 2")

    def test_number_twice(self):
        self.expect([(1, "ada"), (1, "bob")], "number 1 is there twice")

    def test_nobody_asked(self):
        self.expect([(1, "ada"), (2, "eve")], "nobody asked for 'eve'")

    def test_removed(self):
        self.ledger.remove(self.ada)
        self.expect([])
        self.expect([(1, "ada")], "removed, and there: 'ada'")

    def test_removed_perhaps(self):
        self.ledger.remove(self.ada, is_sure=False)
        self.expect([])
        self.expect([(1, "ada")])

    def test_renamed(self):
        self.ledger.rename(self.ada, "ada k")
        self.expect([(1, "ada k")])
        self.expect([(1, "ada")], "nobody asked for 'ada'", "told, and not there: 'ada k'")

    def test_renamed_perhaps(self):
        self.ledger.rename(self.ada, "ada k", is_sure=False)
        self.expect([(1, "ada")])
        self.expect([(1, "ada k")])
        self.expect([(1, "ada k"), (2, "ada")], "there twice", "told number 1, and has 2")


class Vitals(unittest.TestCase):
    FLAT = {"life": 1, "memory": 2 << 20, "descriptors": 30, "connections": 18, "threads": 4, "created": 0, "requests": 0, "users": 9, "dropped": 0}

    def judge(self, **growing):
        """Of a hundred seconds, in each of which these figures grow by so much."""
        samples = [{**self.FLAT, "time": second, **{key: self.FLAT[key] + int(second * step) for key, step in growing.items()}}
                   for second in range(101)]
        return vitals.judge(samples, 0, 100)[1]

    def test_flat(self):
        self.assertEqual(self.judge(), [])
        self.assertEqual(self.judge(descriptors=1, connections=1), [])

    def test_memory(self):
        self.assertIn("memory grew", self.judge(memory=30 << 10)[0])

    def test_memory_of_users(self):
        self.assertEqual(self.judge(memory=30 << 10, created=400), [])

    def test_descriptors(self):
        self.assertIn("descriptors beside connections grew", self.judge(descriptors=0.2)[0])

    def test_descriptors_of_a_moment(self):
        samples = [{**self.FLAT, "time": second, "connections": 22 if second == 60 else 18} for second in range(101)]
        self.assertEqual(vitals.judge(samples, 0, 100)[1], [])

    def test_threads(self):
        self.assertIn("threads grew", self.judge(threads=0.1)[0])

    def test_the_log(self):
        self.assertIn("were dropped", self.judge(dropped=1)[0])

    def test_a_new_life_in_the_second_half(self):
        self.assertIn("too few figures", vitals.judge([{**self.FLAT, "time": t, "life": t // 80} for t in range(101)], 0, 100)[1][0])


if __name__ == "__main__":
    unittest.main()
