"""Workers that are killed (SIGKILL) at every step and at random moments, then run again, until their jobs are done.

The encoder has a stand-in, as `tests/fakes/rendering.py` says, so that there can be hundreds of kills; some jobs are
rendered by ffmpeg. All else is real: processes, client, protocol.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.e2e import worker
from tests.e2e.proofs import Seen, conclude, faults, hasty_theme, look
from tests.e2e.worker import Order
from tests.fakes.gcs import GcsServer

RATE = 0.05
"""Share of requests that go wrong while faults are in force."""

MOST, MOST_REAL = 15, 4
"""Kills of one job's workers; on a busy machine a real render would never come to its end between them."""

BOUNDARIES = 130
"""A job has some 60 storage operations, with a boundary before and after each."""


@dataclass
class Tally:
    """How far a proof is."""

    kills: int = 0
    at_boundaries: int = 0
    with_faults: int = 0
    real: int = 0
    jobs: int = 0
    seen: Seen = field(default_factory=Seen)


@pytest.fixture
def order(server: GcsServer, small_assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setenv("TRIVIAREEL_PROOFS_WARM", "1")
    return Order(server.url, "", small_assets, tmp_path / "cache", theme=hasty_theme(tmp_path))


def kill_until_done(server: GcsServer, order: Order, tally: Tally, chance: random.Random, longest_s: float) -> None:
    """Kill a job's workers one after the other, until one is done before its time, and see what stands after each."""
    for _ in range(MOST_REAL if order.real else MOST):
        at = 0 if order.real or chance.random() < 0.3 else chance.randint(1, BOUNDARIES)
        process = worker.start(replace(order, die_at=at))
        process.join(None if at else chance.uniform(0.1, longest_s))
        process.kill()
        process.join()
        look(server, order.job, tally.seen)
        if process.exitcode == 0:
            return
        assert process.exitcode == -9, process.exitcode
        tally.kills += 1
        tally.at_boundaries += bool(at)
        tally.real += order.real


def finish(server: GcsServer, order: Order, tally: Tally) -> None:
    """Run the job once more without a kill; it must be done then."""
    told = worker.CONTEXT.Queue()
    process = worker.start(order, told)
    _, _, errors = told.get(timeout=600)
    process.join()
    tally.seen.lost += errors
    conclude(server, order.job, tally.seen)


def test_whatever_is_killed_nothing_is_lost_nothing_is_half_there_and_nothing_is_made_twice(
    server: GcsServer, order: Order, soak: bool, figure: Callable[[str], None]
) -> None:
    kills, jobs, real = (200, 24, 4) if soak else (24, 4, 1)
    chance, tally = random.Random(4), Tally()
    began = time.monotonic()
    while tally.kills < kills or tally.jobs < jobs:
        number = tally.jobs
        own = replace(order, job=f"k-{number:03d}", real=number < real)
        before = tally.kills
        with faults(server, number, RATE) if number % 2 else nullcontext():
            kill_until_done(server, own, tally, chance, 6.0 if own.real else 1.2)
            finish(server, own, tally)
        tally.with_faults += (tally.kills - before) * (number % 2)
        tally.jobs += 1
    where = f"{tally.at_boundaries} at boundaries, {tally.real} in real renders, {tally.with_faults} with faults"
    took = f"{time.monotonic() - began:.0f} s"
    figure(f"kills: {tally.kills} SIGKILLs over {tally.jobs} jobs ({where}): {tally.seen.told()}; {took}")
    tally.seen.assert_none()
    assert tally.at_boundaries > 0
    assert tally.with_faults > 0
