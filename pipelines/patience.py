"""Waiting that Ctrl-C and SIGTERM end within half a second, wherever they come.

Raised within a client library an exception may be swallowed there, and Python 3.11 may forget a signal, when other
threads run, until the main one is next woken. So the main thread only waits, and wakes often; what blocks is done in
another, which ends with the process.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from pipelines.errors import Stopped

T = TypeVar("T")

_SLICE_S = 0.5


@contextmanager
def stoppable(said: str) -> Iterator[None]:
    """Work that Ctrl-C and SIGTERM end with Stopped.

    Args:
        said: what became of it, and what to do now.
    """
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        raise Stopped(said) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def aside(work: Callable[[], T]) -> T:
    """What work returns, or raises, done in another thread; Ctrl-C leaves it to itself."""
    done: Future[T] = Future()
    thread = threading.Thread(target=_settle, args=(done, work), daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(_SLICE_S)
    return done.result()


def pause(seconds: float) -> None:
    """Wait."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, _SLICE_S))


def _settle(done: Future[T], work: Callable[[], T]) -> None:
    try:
        done.set_result(work())
    except Exception as error:  # noqa: BLE001 - raised where it is waited for
        done.set_exception(error)
