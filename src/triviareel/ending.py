"""How a process of ours ends: by Ctrl-C and SIGTERM, or by an error, told in one line and by its exit code."""

from __future__ import annotations

import errno
import signal
import sys
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

from triviareel import memory
from triviareel.errors import EncodeError, Stopped, TriviaError

T = TypeVar("T")

TRY_AGAIN = 75
BAD_INPUT = 2

_stops: list[threading.Event] = []
"""Of the `stoppable` blocks that this process is in: a signal is the whole process's, and threads that wait heed it."""


_looping: list[object] = []
"""Event loops that run: a Stopped in the midst of their own code would be taken for a connection's fault, and lost."""

_SAID = "stopped: nothing half-made is left; run it again to go on, a batch with its --job"
_LOOK_S = 0.1


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that is set by Ctrl-C, SIGTERM and the closing of the terminal.

    The main thread then raises Stopped, so that everything is cleaned up on its way out; within `run`, that does.
    """
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if not stop.is_set():
            stop.set()
            if not _looping:
                raise Stopped(_SAID)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # under nohup the work goes on without its terminal
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, end) for number in numbers}
    _stops.append(stop)
    try:
        yield stop
    finally:
        _stops.remove(stop)
        for number, handler in before.items():
            signal.signal(number, handler)


def stopping() -> bool:
    """Whether this process was told to stop."""
    return any(stop.is_set() for stop in _stops)


def wait(seconds: float) -> bool:
    """Wait, in any thread; True at once if the process is told to stop."""
    if stopping():
        return True
    stops = _stops[-1:]
    if stops and threading.current_thread() is not threading.main_thread():
        return stops[0].wait(seconds)
    time.sleep(seconds)  # the signal's Stopped breaks it off; in `wait` its handler could meet the event's lock, held
    return stopping()


def run(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns, in an event loop of its own.

    Raises:
        Stopped: the process was told to stop; the work was cancelled, and had the time to clean up.
    """
    import asyncio  # takes 30 ms, and few commands have a use for it

    _looping.append(work)
    try:
        return asyncio.run(_heeding(work))
    finally:
        _looping.remove(work)


async def _heeding(work: Coroutine[Any, Any, T]) -> T:
    import asyncio

    task = asyncio.create_task(work)
    while not (await asyncio.wait([task], timeout=_LOOK_S))[0]:
        if stopping():
            task.cancel()
            await asyncio.wait([task])
    if stopping():
        raise Stopped(_SAID)
    return task.result()


def told(error: Exception) -> str:
    """An error in one line."""
    reason = " ".join(str(error).split())
    if isinstance(error, TriviaError):
        return reason
    if isinstance(error, ModuleNotFoundError):
        return f"the package {error.name} is missing: install triviareel[video]"
    if memory.ran_out(error):
        return memory.RAN_OUT
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:  # places to keep files say so themselves
        return "what is printed, or a temporary file, finds no space left: free some, then run the same command again"
    return f"unforeseen {type(error).__name__} ({reason}): run it with --debug and report what it says"


def code_of(error: Exception) -> int:
    """What a process returns that ends with an error: 2 if trying again cannot help, else 75."""
    if isinstance(error, ModuleNotFoundError):
        return BAD_INPUT
    return error.exit_code if isinstance(error, TriviaError) else TRY_AGAIN


def show(error: Exception) -> None:
    """Print an error's traceback, and what an encoder said, on stderr."""
    import traceback  # takes 8 ms, and few runs have a use for it

    traceback.print_exception(error)
    if isinstance(error, EncodeError):
        print(f"{error.command()}\n{error.stderr_tail}", file=sys.stderr)
