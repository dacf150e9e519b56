"""Workers that are stopped (SIGSTOP) at a step for longer than their lease, and wake when others were at their job."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.e2e import worker
from tests.e2e.proofs import Seen, conclude, look
from tests.e2e.worker import Order
from tests.fakes.gcs import GcsServer

STEPS = (40, 115)
"""Boundaries between which a worker takes the claim, renders, and puts the video in its place."""

LEASE_S = 91.0


def sleeps(process: ForkServerProcess) -> bool:
    """Wait until a worker is stopped or has ended; tells whether it is stopped."""
    while process.is_alive():
        try:
            if Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T":
                return True
        except FileNotFoundError:
            break
        time.sleep(0.01)
    return False


def wake(process: ForkServerProcess) -> None:
    """Let a worker go on to its end, or until it waits for another one."""
    assert process.pid
    if process.is_alive():
        os.kill(process.pid, signal.SIGCONT)
    process.join(1)


def test_workers_that_wake_after_they_were_overtaken_spoil_nothing(
    server: GcsServer, order: Order, soak: bool, figure: Callable[[str], None]
) -> None:
    """Two workers, one after the other, fall asleep at a step each, and wake in that order."""
    rounds = 200 if soak else 5
    chance, seen = random.Random(8), Seen()
    told: Any = worker.CONTEXT.Queue()
    asleep = renders = 0
    for number in range(rounds):
        own = replace(order, job=f"f-{number:03d}")
        processes: list[ForkServerProcess] = []
        for later in range(2):
            server.set_clock((3 * number + later) * LEASE_S)
            processes.append(worker.start(replace(own, freeze_at=chance.randint(*STEPS)), told))
            asleep += sleeps(processes[-1])
            look(server, own.job, seen)
        for process in processes:
            wake(process)
            look(server, own.job, seen)
        server.set_clock((3 * number + 2) * LEASE_S)
        for process in processes:
            process.join()
        last = worker.start(own, told)
        answers = [told.get(timeout=600) for _ in range(3)]
        last.join()
        renders += sum(calls for _, calls, _ in answers)
        seen.lost += answers[-1][2]
        conclude(server, own.job, seen)
    figure(f"freezes: {asleep} workers stopped beyond their lease at {rounds} jobs: {seen.told()}; {renders} renders")
    seen.assert_none()
    assert asleep > rounds
