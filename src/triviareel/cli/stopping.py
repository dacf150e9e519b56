"""Ctrl-C and SIGTERM: the work ends at once and is cleaned up, the exit code says "try again"."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from triviareel.errors import Stopped


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C, SIGTERM and the closing of the terminal.

    The main thread then raises Stopped, so that everything is cleaned up on its way out.
    """
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if not stop.is_set():
            stop.set()
            raise Stopped("stopped: nothing half-made is left; run it again to go on, a batch with its --job")

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup the work goes on without its terminal
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
