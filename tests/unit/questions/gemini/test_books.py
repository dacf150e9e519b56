"""A run's books: what several processes and threads enter adds up, and damage is told."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from triviareel.errors import InputError
from triviareel.questions.gemini import books
from triviareel.questions.gemini.books import Books
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.gemini.model import Tokens
from triviareel.storage import Store, open_store

NAME = "runs/demo/r/gemini.json"


def usage(calls: int) -> Usage:
    """So many calls, and what they took."""
    found = Usage(calls=calls, unseen_usd=Decimal(calls) / 8)
    found.charge(Tokens(10 * calls, calls, 0), Decimal(calls) / 100)
    found.faults["cut"] += calls
    return found


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path))


def test_processes_of_one_run_add_up(store: Store) -> None:
    first, second = (Books(store, NAME, {"run": "r", "jobs": 3}) for _ in range(2))
    first.enter(usage(1))
    second.enter(usage(10))
    first.enter(usage(3))  # all that it has taken, the one above included
    first.enter(usage(3))
    assert Books(store, NAME, {}).total() == usage(13)
    told = json.loads(store.read(NAME))
    assert (told["run"], told["jobs"], told["calls"], told["faults"]) == ("r", 3, 13, {"cut": 13})


def test_while_a_run_goes_on_it_enters_at_times(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Books(store, NAME, {})
    kept.enter_at_times(usage(1))
    assert store.stat(NAME) is None
    monkeypatch.setattr(books, "EVERY_S", 0.0)
    kept.enter_at_times(usage(2))
    assert kept.total().calls == 2


def test_many_who_enter_at_once_in_a_bucket_lose_nothing() -> None:
    with GcsServer() as server:
        store = bucket_store(server)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda calls: Books(store, NAME, {}).enter(usage(calls)), range(1, 9)))
        assert Books(store, NAME, {}).total() == usage(36)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"calls": "many"}', b'{"money_usd": "much"}'])
def test_damaged_books_are_told(store: Store, data: bytes) -> None:
    store.write(NAME, data)
    with pytest.raises(InputError, match=r"gemini\.json tells no usage"):
        Books(store, NAME, {}).total()
