"""Several jobs at a time, by threads nobody has to wait for: a stop ends a run even where a bucket does not answer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

GRACE_S = 6.0
"""How long a stop waits for what is under way to be left in order; a container has 10 s between SIGTERM and the end."""

_LOOK_S = 0.5
"""Python 3.11 may forget a signal that comes just before a wait, until the main thread is next woken."""

AT_ONCE = 16
"""Small reads and writes under way: each waits some 30 ms for a bucket, and takes 2 ms of this machine."""


def spread(items: Iterable[T], do: Callable[[T], R], workers: int = AT_ONCE) -> list[R]:
    """Do something with each item, some of them at a time; see `queue`."""
    return [found[0] for found in queue(items, lambda item: (do(item),), workers, 0.0)]


def queue(items: Iterable[T], do: Callable[[T], R | None], workers: int, pause_s: float) -> list[R]:
    """Do something with each item, some of them at a time; what cannot be done yet is put behind the others.

    Args:
        items: what is to be done.
        do: does one; None means that somebody else is at it, and it is to be tried again.
        workers: how many at a time.
        pause_s: how long to wait before the same item is tried again.

    Returns:
        What came of each item, in order.

    Raises:
        Whatever a signal raises in the thread that waits here, at most GRACE_S after it; or what `do` raised first.
    """
    line = _Line(items, do, pause_s)
    threads = [threading.Thread(target=line.work, name=f"job-{n}", daemon=True) for n in range(line.places(workers))]
    begun = []
    try:
        for thread in threads:
            thread.start()
            begun.append(thread)
        while not line.over.wait(_LOOK_S):  # a signal is raised here, as a rule
            pass
    finally:
        line.close()
        deadline = time.monotonic() + GRACE_S
        for thread in begun:
            thread.join(max(0.0, deadline - time.monotonic()))
    return line.results()


class _Line(Generic[T, R]):
    """Items that wait for their turn, and what came of the others."""

    def __init__(self, items: Iterable[T], do: Callable[[T], R | None], pause_s: float) -> None:
        self._do, self._pause_s = do, pause_s
        self._waiting = deque((number, item, 0.0) for number, item in enumerate(items))
        """With the time before which none of it is tried again."""
        self._count = len(self._waiting)
        self._found: dict[int, R] = {}
        self._error: BaseException | None = None
        self._closed = not self._count
        self._changed = threading.Condition()
        self.over = threading.Event()
        if self._closed:
            self.over.set()

    def places(self, workers: int) -> int:
        """How many can be at work."""
        return min(max(1, workers), self._count)

    def work(self) -> None:
        """Do one after the other until there is nothing left."""
        while taken := self._take():
            number, item = taken
            try:
                result = self._do(item)
            except BaseException as error:  # noqa: BLE001 - raised again by results()
                self._error = self._error or error
                self.close()
                return
            self._put(number, item, result)

    def close(self) -> None:
        """Let nothing more be begun."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self.over.set()

    def results(self) -> list[R]:
        """What came of all items; raises the first error."""
        if self._error:
            raise self._error
        return [self._found[number] for number in sorted(self._found)]

    def _take(self) -> tuple[int, T] | None:
        """The first item whose time has come; waits for one. None if there are none left."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                due = next((one for one in self._waiting if one[2] <= now), None)
                if due:
                    self._waiting.remove(due)
                    return due[:2]
                self._changed.wait(min((time_s - now for _, _, time_s in self._waiting), default=None))
            return None

    def _put(self, number: int, item: T, result: R | None) -> None:
        with self._changed:
            if result is None:
                self._waiting.append((number, item, time.monotonic() + self._pause_s))
            else:
                self._found[number] = result
            done = len(self._found) == self._count
            self._changed.notify_all()
        if done:
            self.close()
