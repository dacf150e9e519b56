"""Several at a time, some of them later, and none that keeps a stopped process alive."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from triviareel import ending
from triviareel.errors import Stopped, StorageError
from triviareel.jobs import crew


def test_results_come_in_order_whatever_is_done_first() -> None:
    turns = threading.Barrier(3)

    def do(number: int) -> int:
        if number < 3:
            turns.wait()  # so all three were under way at once
        return number * 10

    assert crew.spread(range(6), do, 3) == [0, 10, 20, 30, 40, 50]


@pytest.mark.parametrize("workers", [0, 1, 5])
def test_nothing_to_do_is_done_at_once(workers: int) -> None:
    assert crew.spread([], lambda item: item, workers) == []


def test_what_others_are_at_comes_after_the_rest() -> None:
    order: list[str] = []
    tries = 0

    def do(item: str) -> str | None:
        nonlocal tries
        order.append(item)
        tries += item == "busy"
        return item if item != "busy" or tries > 2 else None

    assert crew.queue(["busy", "a", "b"], do, 1, pause_s=0.01) == ["busy", "a", "b"]
    assert order[:3] == ["busy", "a", "b"]
    assert order[3:] == ["busy", "busy"]


def test_an_error_ends_it_and_is_raised() -> None:
    def do(item: int) -> int:
        raise StorageError(f"item {item}")

    with pytest.raises(StorageError, match="item 0"):
        crew.spread(range(50), do, 1)


def test_a_signal_ends_it_though_a_worker_does_not_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "GRACE_S", 0.05)
    hangs = threading.Event()

    def do(item: int) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        hangs.wait()
        return item

    with ending.stoppable() as stop, pytest.raises(Stopped):
        crew.spread(range(5), do, 1)
    assert stop.is_set()
    hangs.set()
