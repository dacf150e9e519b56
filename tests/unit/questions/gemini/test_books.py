"""A run's books: what several processes and threads enter adds up, and damage is told."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.unit.questions.gemini.services import Online
from triviareel.errors import InputError, StorageError
from triviareel.questions.gemini import books
from triviareel.questions.gemini.books import Booked, Books
from triviareel.questions.gemini.cost import Budget, Usage
from triviareel.questions.gemini.model import Ask, Tokens
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


def test_what_a_killed_process_held_counts_as_spent(store: Store) -> None:
    killed, ended = (Books(store, NAME, {}) for _ in range(2))
    killed.enter(usage(1), Decimal("0.5"))
    killed.enter(usage(2))  # of what it held, so much is used
    ended.enter(usage(1), Decimal("0.25"))
    assert Books(store, NAME, {}).total().unseen_usd == usage(3).unseen_usd + Decimal("0.365") + Decimal("0.25")
    ended.enter(usage(1), Decimal(0))
    assert Books(store, NAME, {}).total().unseen_usd == usage(3).unseen_usd + Decimal("0.365")
    assert list(json.loads(store.read(NAME))["held_usd"].values()) == [0.365]


def test_what_calls_may_cost_is_entered_before_they_are_made_and_not_for_each_anew() -> None:
    budget, model, entered = Budget(Decimal(1)), Online(), list[tuple[int, Decimal]]()

    async def hold(usd: Decimal) -> None:
        entered.append((len(model.asked), usd))

    async def ask(most: Decimal) -> None:
        with budget.setting_aside(most):
            await asked.ask(Ask("m", "?"))
            budget.spend(most / 10)

    asked = Booked(model, budget, hold)
    for _ in range(12):
        asyncio.run(ask(Decimal("0.1")))
    assert entered == [(0, Decimal("0.2")), (11, Decimal("0.2"))]
    asyncio.run(ask(Decimal("0.85")))
    assert (entered[-1], budget.held_until_usd) == ((12, Decimal("0.88")), Decimal(1))  # never above the ceiling


def test_nothing_is_asked_that_cannot_be_entered() -> None:
    async def hold(_: Decimal) -> None:
        raise StorageError("no bucket")

    async def ask() -> None:
        with budget.setting_aside(Decimal("0.1")):
            await Booked(model, budget, hold).ask(Ask("m", "?"))

    budget, model = Budget(None), Online()
    with pytest.raises(StorageError):
        asyncio.run(ask())
    assert model.asked == []


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b'{"calls": "many"}', b'{"money_usd": "much"}', b'{"held_usd": 3}', b'{"held_usd": {"a": "b"}}'],
)
def test_damaged_books_are_told(store: Store, data: bytes) -> None:
    store.write(NAME, data)
    with pytest.raises(InputError, match=r"gemini\.json tells no usage"):
        Books(store, NAME, {}).total()
