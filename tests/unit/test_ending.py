"""How a process ends while it runs an event loop: the stop comes through, wherever the signal meets it."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import threading
import time

import pytest

from triviareel import ending
from triviareel.errors import InputError, Stopped


async def give(value: int) -> int:
    await asyncio.sleep(0)
    return value


async def fail() -> None:
    raise InputError("no")


def test_no_space_for_what_is_printed_is_no_fault_of_ours() -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    assert ending.told(full).startswith("what is printed, or a temporary file, finds no space left: free some")
    assert ending.code_of(full) == ending.TRY_AGAIN


def test_what_a_coroutine_returns_or_raises_comes_through() -> None:
    with ending.stoppable():
        assert ending.run(give(3)) == 3
        with pytest.raises(InputError):
            ending.run(fail())


def test_a_signal_cancels_the_work_which_may_clean_up_and_is_not_raised_in_the_loops_own_code() -> None:
    seen: list[str] = []

    async def work() -> None:
        threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGTERM]).start()
        try:
            while True:  # busy, so that the signal meets whatever the loop is at
                await asyncio.sleep(0)
        except BaseException as error:
            seen.append(type(error).__name__)
            await asyncio.sleep(0.01)
            seen.append("cleaned up")
            raise

    with ending.stoppable() as stop, pytest.raises(Stopped, match="run it again"):
        ending.run(work())
    assert stop.is_set()
    assert seen == ["CancelledError", "cleaned up"]


def test_outside_of_a_loop_a_signal_is_raised_at_once() -> None:
    def killed() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)

    with ending.stoppable(), pytest.raises(Stopped):
        killed()
