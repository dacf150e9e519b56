"""Claims: one holder at a time, by the store's clock alone."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from triviareel import ending
from triviareel.errors import Conflict, Stopped, StorageError
from triviareel.jobs import claim
from triviareel.jobs.claim import Pace
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

NAME = "jobs/demo/j/_CLAIM.json"
DAY_S = 86_400


def until(true: Callable[[], bool]) -> None:
    """Wait for something that other threads do; for a minute at most."""
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("it never came true")


def strangers(store: Store) -> None:
    """Let the claim be of another machine, of whose processes nothing is known."""
    told = json.loads(store.read(NAME))
    store.write(NAME, json.dumps({**told, "home": "elsewhere"}).encode())


def test_one_of_many_gets_it_and_gives_it_back(store: Store) -> None:
    held = claim.take(store, NAME)
    assert held is not None
    with held:
        assert claim.take(store, NAME) is None
        assert claim.busy(store, NAME)
        held.confirm()
        assert json.loads(store.read(NAME))["pid"]
    assert store.stat(NAME) is None
    assert claim.take(store, NAME) is not None


def test_of_workers_that_come_at_once_one_gets_it(store: Store) -> None:
    found: list[claim.Claim | None] = []
    threads = [threading.Thread(target=lambda: found.append(claim.take(store, NAME))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in found) == 1


def test_the_heartbeat_renews_it(store: Store) -> None:
    held = claim.take(store, NAME, Pace(beat_s=0.02))
    assert held is not None
    with held:
        seen: set[int] = set()

        def renewed() -> bool:
            stat = store.stat(NAME)
            seen.add(stat.generation if stat else 0)
            return len(seen) > 3

        until(renewed)
        assert 0 not in seen
        assert not held.lost


def test_a_claim_that_was_taken_over_stops_its_work() -> None:
    with GcsServer() as server:
        store = bucket_store(server)
        slow = claim.take(store, NAME)
        assert slow is not None
        strangers(store)
        assert claim.take(store, NAME) is None
        server.set_clock(91)
        store.stat(NAME)
        other = claim.take(store, NAME)
        assert other is not None
        event = slow.until(threading.Event())
        assert not event.is_set()
        with pytest.raises(Conflict, match="another worker took over"):
            slow.confirm()
        assert event.is_set()
        assert event.wait(0.01)
        with slow, other:
            pass
        assert store.stat(NAME) is None


def test_releasing_a_lost_claim_leaves_the_new_one_alone() -> None:
    with GcsServer() as server:
        store = bucket_store(server)
        slow = claim.take(store, NAME, Pace(lease_s=90, beat_s=3600))
        assert slow is not None
        with slow:
            server.set_clock(91)
            store.stat(NAME)
            strangers(store)
            server.set_clock(200)
            store.stat(NAME)
            assert claim.take(store, NAME) is not None
        assert store.stat(NAME) is not None


def test_a_renewal_whose_answer_was_lost_to_a_stop_is_given_back_too() -> None:
    with GcsServer() as server:
        store = bucket_store(server)
        held = claim.take(store, NAME)
        assert held is not None
        with ending.stoppable() as stop, held:
            stop.set()
            server.faults("write:lost")
            with pytest.raises(Stopped):
                held.confirm()
        assert store.stat(NAME) is None


@pytest.mark.parametrize("offset_s", [-DAY_S, 0, DAY_S])
def test_only_the_service_clock_counts(offset_s: float, monkeypatch: pytest.MonkeyPatch) -> None:
    with GcsServer() as server:
        server.set_clock(offset_s)
        store = bucket_store(server)
        held = claim.take(store, NAME)
        assert held is not None
        strangers(store)
        for own in (-DAY_S, DAY_S):
            real = time.time
            with monkeypatch.context() as patched:
                patched.setattr(time, "time", lambda real=real, own=own: real() + own)
                assert claim.busy(store, NAME)
        server.set_clock(offset_s + 91)
        store.stat(NAME)
        assert not claim.busy(store, NAME)
        assert store.stat(NAME) is None  # nobody has a use for it any more


def test_a_claim_of_a_process_that_is_no_more_is_free_at_once(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from triviareel.jobs import claim
from triviareel.storage.folder import FolderStore
assert claim.take(FolderStore(Path({str(tmp_path)!r})), {NAME!r})
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    store = FolderStore(tmp_path)
    assert store.stat(NAME) is not None
    if claim._home():
        assert claim.take(store, NAME) is not None


def test_without_an_answer_in_time_it_counts_as_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock, tried = [1000.0], threading.Event()
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    store = FolderStore(tmp_path)
    held = claim.take(store, NAME, Pace(beat_s=0.01))
    assert held is not None

    def down(*_: object, **__: object) -> None:
        tried.set()
        raise StorageError("the bucket does not answer")

    monkeypatch.setattr(store, "write", down)
    with held:
        event = held.until(threading.Event())
        assert tried.wait(60)
        assert not event.is_set()
        clock[0] += Pace().lease_s
        assert event.is_set()


def test_a_bucket_that_does_not_answer_holds_up_no_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FolderStore(tmp_path)
    held = claim.take(store, NAME)
    assert held is not None
    hang = threading.Event()
    monkeypatch.setattr(store, "delete", lambda *_, **__: hang.wait())
    monkeypatch.setattr(claim, "RELEASE_S", 0.05)
    with held:
        pass
    hang.set()


def test_a_stop_is_passed_on(tmp_path: Path) -> None:
    held = claim.take(FolderStore(tmp_path), NAME)
    assert held is not None
    stop = threading.Event()
    event = held.until(stop)
    assert not event.wait(0.01)
    stop.set()
    assert event.is_set()
    assert event.wait(0.01)
