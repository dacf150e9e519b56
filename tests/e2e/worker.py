"""A worker as a process of its own, which makes a job by `batch.make`, and may be killed at any step of it.

A storage operation is a step: before and after each is a boundary. Workers are forked from a server that has everything
imported, so that hundreds of them take as long as their work.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from tests.fakes.rendering import Render
from tests.unit.jobs.desks import Notes
from triviareel.jobs import batch, claim, fingerprint
from triviareel.jobs.batch import Setup
from triviareel.jobs.claim import Pace
from triviareel.jobs.request import Look, Request
from triviareel.settings import read
from triviareel.storage.bucket import BucketStore
from triviareel.video import ffmpeg, render

PACE = Pace(look_s=0.05)
STEPS = ("stat", "read", "write", "commit", "delete")
TINY = Look(resolution=720, fps=24, voice="none", encoder="x264")


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is to do."""

    url: str
    """Of the fake Cloud Storage."""
    job: str
    assets: Path
    cache: Path
    theme: str = "limelight"
    videos: int = 1
    pace: Pace = PACE
    real: bool = False
    """Whether ffmpeg renders; else the stand-in does."""
    render_s: float = 0.0
    """How long the stand-in takes."""
    die_at: int = 0
    """At which boundary it is killed: twice the number of the step, and one more for after it; 0 for never."""
    freeze_at: int = 0
    """At which boundary it is stopped (SIGSTOP), as by a machine that is moved elsewhere; 0 for never."""
    ahead_s: float = 0.0
    """How far this worker's own clock is wrong."""


def start(order: Order, told: Any = None, gate: Any = None) -> ForkServerProcess:
    """Start a worker; what came of it is put into the queue `told`, if there is one.

    Args:
        order: what to do.
        told: a queue; gets the job, how often it rendered here, and the errors.
        gate: a barrier to wait at before it looks whether the job is claimed.
    """
    process = CONTEXT.Process(target=run, args=(order, told, gate), daemon=True)
    process.start()
    return process


def run(order: Order, told: Any, gate: Any) -> None:
    """What the process does."""
    os.environ.update(STORAGE_EMULATOR_HOST=order.url, TRIVIAREEL_CACHE=str(order.cache))
    quick = Render(order.render_s)
    if not order.real:
        render.render = quick
    if order.ahead_s:
        _put_clock(order.ahead_s)
    if order.die_at:
        _doom(order.die_at, signal.SIGKILL)
    if order.freeze_at:
        _doom(order.freeze_at, signal.SIGSTOP)
    if gate:
        _line_up(gate)
    errors = make(order)
    if told:
        told.put((order.job, quick.calls, errors))


def make(order: Order) -> list[str]:
    """Make the job's videos; what went wrong."""
    look = Look(**{name: getattr(TINY, name) for name in ("resolution", "fps", "voice", "encoder")}, theme=order.theme)
    request = Request(questions=1, videos=order.videos, seed=7, look=look)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC) + timedelta(seconds=order.ahead_s)  # noqa: E731
    setup = Setup("gs://b", str(order.assets), None, read(), threading.Event(), clock, pace=order.pace)
    return [str(outcome.error) for outcome in batch.make(request, order.job, setup, Notes()) if outcome.error]


def _line_up(gate: Any) -> None:
    """Have all workers look at the claim for the first time at once."""
    real, waited = claim.busy, threading.Event()

    def busy(*args: Any, **named: Any) -> bool:
        if not waited.is_set():
            waited.set()
            gate.wait()
        return real(*args, **named)

    claim.busy = busy


def _put_clock(ahead_s: float) -> None:
    real = time.time
    time.time = lambda: real() + ahead_s


def _doom(at: int, number: signal.Signals) -> None:
    """Have the process send itself a signal at a boundary of its storage operations."""
    lock, count = threading.Lock(), 0

    def passed() -> None:
        nonlocal count
        with lock:
            count += 1
            if count == at:
                os.kill(os.getpid(), number)

    for name in STEPS:
        setattr(BucketStore, name, _watched(getattr(BucketStore, name), passed))


def _watched(real: Callable[..., Any], passed: Callable[[], None]) -> Callable[..., Any]:
    def step(*args: Any, **named: Any) -> Any:
        passed()
        result = real(*args, **named)
        passed()
        return result

    return step


CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([__name__])
if os.environ.get("TRIVIAREEL_PROOFS_WARM"):  # in the server: what every worker would find out for itself
    ffmpeg.prove(ffmpeg.executable(), "x264")
    ffmpeg.version(ffmpeg.executable())
    fingerprint.code_version()
