"""Several workers at one job at once, and workers whose clocks are wrong."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.e2e import worker
from tests.e2e.proofs import Seen, conclude
from tests.e2e.worker import Order
from tests.fakes.gcs import GcsServer
from triviareel.jobs.places import of_job

WORKERS = 8
DAY_S = 86_400


def race(orders: list[Order]) -> tuple[int, list[str]]:
    """Let workers begin at once; how often they rendered, all together, and what went wrong."""
    told: Any = worker.CONTEXT.Queue()
    gate = worker.CONTEXT.Barrier(len(orders))
    processes = [worker.start(order, told, gate) for order in orders]
    found = [told.get(timeout=600) for _ in processes]
    for process in processes:
        process.join()
    return sum(calls for _, calls, _ in found), [error for _, _, errors in found for error in errors]


def test_of_eight_workers_at_one_job_one_renders_it(
    server: GcsServer, order: Order, soak: bool, figure: Callable[[str], None]
) -> None:
    races = 25 if soak else 4
    seen, renders = Seen(), 0
    errors: list[str] = []
    began = time.monotonic()
    for number in range(races):
        own = replace(order, job=f"r-{number:03d}", render_s=0.1 * (number % 4))
        calls, wrong = race([own] * WORKERS)
        renders, errors = renders + calls, errors + wrong
        conclude(server, own.job, seen)
    figure(
        f"races: {WORKERS} workers at one job × {races}: {renders} renders, {seen.told()}, {len(errors)} errors; "
        f"{time.monotonic() - began:.0f} s"
    )
    assert renders == races
    assert errors == []
    seen.assert_none()


@pytest.mark.parametrize("service_s", [-DAY_S, DAY_S])
def test_a_clock_that_is_a_day_wrong_changes_nothing(
    server: GcsServer, order: Order, figure: Callable[[str], None], service_s: float
) -> None:
    server.set_clock(service_s)
    seen = Seen()
    own = replace(order, job=f"c-{'ahead' if service_s > 0 else 'behind'}", render_s=0.5)
    renders, errors = race([replace(own, ahead_s=ahead) for ahead in (-DAY_S, 0, DAY_S)])
    conclude(server, own.job, seen)
    figure(f"clock: service a day {own.job[2:]}, workers a day behind, right, ahead: {renders} render, {seen.told()}")
    assert (renders, errors) == (1, [])
    seen.assert_none()


def test_a_worker_that_is_heard_of_no_more_is_followed_by_the_next(server: GcsServer, order: Order) -> None:
    """It holds a claim that nothing on this machine tells about; only the service's clock does."""
    place = of_job("demo", "gone")
    server.put(place.film.claim, b'{"home": "elsewhere", "pid": 1, "started": "1"}')
    told: Any = worker.CONTEXT.Queue()
    process = worker.start(replace(order, job="gone"), told)
    with pytest.raises(queue.Empty):
        told.get(timeout=3)  # it waits
    assert place.film.video not in server.objects()
    server.set_clock(91)
    _, renders, errors = told.get(timeout=600)
    process.join()
    assert (renders, errors) == (1, [])
    seen = Seen()
    conclude(server, "gone", seen)
    seen.assert_none()
