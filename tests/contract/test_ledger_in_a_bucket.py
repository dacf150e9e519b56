"""The ledger in a bucket: many processes write to it while the service falters, and what never changes is read once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from triviareel.questions import bank
from triviareel.questions.ledger import Ledger
from triviareel.questions.ledger.files import Files
from triviareel.questions.model import Question
from triviareel.storage import open_store

ROOT = "gs://b/some/root"
WRITERS, TURNS, EACH = 3, 3, 3


@pytest.fixture
def server() -> Iterator[GcsServer]:
    with GcsServer(page=7) as server:
        yield server


def banked(first: int, last: int) -> list[Question]:
    return [item.question for item in bank.items()[first:last]]


def write(number: int) -> list[str]:
    """One process that asks, clashes with its neighbour, and compacts; what clashed."""
    ledger = Ledger(open_store(ROOT), "demo")
    clashed: list[str] = []
    for turn in range(TURNS):
        at = (number * TURNS + turn) * EACH
        clashed += ledger.add(banked(at, at + EACH), f"job-{number}-{turn}")
        ledger.compact(least=3)
    clashed += ledger.add(banked(3000, 3001), f"same-{number}")
    return clashed


def test_processes_that_write_and_compact_at_once_lose_nothing_though_the_service_falters(
    server: GcsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    server.random_faults(0.03, 7, ("503", "reset", "lost", "cut"))
    with ProcessPoolExecutor(WRITERS, multiprocessing.get_context("spawn")) as pool:
        clashed = list(pool.map(write, range(WRITERS)))
    server.clear_faults()
    ledger = Ledger(open_store(ROOT), "demo")
    whole = WRITERS * TURNS * EACH
    assert len(ledger) == whole + WRITERS  # nothing lost, nothing twice, and the same question once for each who asked
    assert [one.question for one in banked(0, whole) if ledger.find(one) is None] == []
    assert sum(map(len, clashed)) >= WRITERS - 1  # of those who ask the same, all but perhaps one are told
    ledger.compact(least=1)
    assert (len(ledger), len(Files(open_store(ROOT), "demo").parts())) == (whole + WRITERS, 0)


def test_a_segment_is_read_once_by_all_ledgers_and_threads_of_a_process(server: GcsServer) -> None:
    store = bucket_store(server)
    first = Ledger(store, "demo")
    first.add(banked(0, 60), "job-1")
    first.compact(least=1)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda at: Ledger(store, "demo").find(banked(at, at + 1)[0]), range(20)))
    assert all(found)
    reads = [call for call in server.journal if "segments" in call.name and call.operation == "read"]
    assert len(reads) == 1
