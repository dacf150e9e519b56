"""What a process has read of ledgers is kept, up to a bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from triviareel.errors import InputError
from triviareel.questions.ledger import index
from triviareel.questions.ledger.index import Entry, Segment
from triviareel.questions.ledger.shelf import Shelf

DATA = index.build([Entry("2026-11-22T00:00:00Z", "job-1", "general", "What is the capital of France?", "Paris")])


class Store:
    """Counts what is read of it."""

    def __init__(self) -> None:
        self.read: Counter[str] = Counter()

    def of(self, name: str) -> Callable[[], Segment]:
        def read() -> Segment:
            self.read[name] += 1
            return Segment(memoryview(DATA), name)

        return read


def test_threads_that_ask_for_a_segment_at_once_have_it_read_once() -> None:
    store, shelf = Store(), Shelf()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda name: shelf.get(name, store.of(name)), "abab" * 8))
    assert store.read == {"a": 1, "b": 1}
    assert len(set(map(id, found))) == 2


def test_what_was_not_asked_for_the_longest_makes_room() -> None:
    store, shelf = Store(), Shelf(2 * len(DATA))
    for name in "abacab":
        assert len(shelf.get(name, store.of(name))) == 1
    assert store.read == {"a": 1, "b": 2, "c": 1}


def test_a_segment_larger_than_the_bound_is_not_kept_and_one_that_is_damaged_is_told_again() -> None:
    store, shelf = Store(), Shelf(len(DATA) - 1)
    for _ in range(2):
        assert len(shelf.get("a", store.of("a"))) == 1
        with pytest.raises(InputError):
            shelf.get("bad", lambda: Segment(memoryview(b"half"), "bad"))
    assert store.read == {"a": 2}
