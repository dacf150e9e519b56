"""One limit on requests and tokens a minute over everything that is in flight, whichever thread or loop asks."""

from __future__ import annotations

import asyncio
import threading
import time
from dataclasses import dataclass
from typing import Protocol

WINDOW_S = 61.0
"""A minute, and a second for requests that travel at different speeds."""


class Clock(Protocol):
    """Time that tests can drive."""

    def now(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Come back after so many seconds."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> float:
        """Seconds of the monotonic clock."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Let other tasks run meanwhile."""
        await asyncio.sleep(seconds)


@dataclass(slots=True)
class Booking:
    """A request's place in time."""

    start_s: float
    tokens: int
    """Expected at first, then what was really used."""
    begun: bool = False
    """Whether its moment has come."""


class Turns(Protocol):
    """Says when to ask."""

    async def turn(self, tokens: int) -> Booking:
        """Wait for a place for a request that is expected to take so many tokens."""
        ...

    def hold(self, seconds: float) -> None:
        """Start nothing for so long."""
        ...


class Limiter:
    """Books requests first come, first served, each at the first moment that keeps both limits.

    Args:
        requests: most that start within any `WINDOW_S`; None for no limit.
        tokens: most that requests started within any `WINDOW_S` take; None for no limit. A single request that is
            expected to take more waits until it is alone.
        clock: what time it is.
    """

    def __init__(self, requests: int | None = None, tokens: int | None = None, clock: Clock | None = None) -> None:
        self._requests = requests
        self._tokens = tokens
        self._clock = clock or SystemClock()
        self._lock = threading.Lock()
        self._bookings: list[Booking] = []
        self._held_until = 0.0

    def hold(self, seconds: float) -> None:
        """Start nothing for so long: the service has said that it is too much. Who waits is put off, all alike."""
        with self._lock:
            self._held_until = max(self._held_until, self._clock.now() + seconds)
            waiting = [booking for booking in self._bookings if not booking.begun]
            late = self._held_until - waiting[0].start_s if waiting else 0.0
            for booking in waiting:
                booking.start_s += max(0.0, late)

    async def turn(self, tokens: int) -> Booking:
        """Wait for a place; what was really used is put into its `tokens` as soon as it is known."""
        booking = self._book(tokens)
        try:
            while (wait := self._left(booking)) > 0:
                await self._clock.sleep(wait)
        except BaseException:  # told to stop while waiting: others may have the place
            self._drop(booking)
            raise
        return booking

    def _left(self, booking: Booking) -> float:
        """Seconds until a booking's moment; once that has come, it is not put off any more."""
        with self._lock:
            wait = booking.start_s - self._clock.now()
            booking.begun = wait <= 0
            return wait

    def _book(self, tokens: int) -> Booking:
        with self._lock:
            now = self._clock.now()
            self._bookings = [b for b in self._bookings if b.start_s > now - WINDOW_S]
            start = earliest(self._bookings, tokens, self._requests, self._tokens, max(now, self._held_until))
            self._bookings.append(Booking(start, tokens))
            return self._bookings[-1]

    def _drop(self, booking: Booking) -> None:
        with self._lock:
            self._bookings = [b for b in self._bookings if b is not booking]


def earliest(bookings: list[Booking], need: int, requests: int | None, tokens: int | None, not_before: float) -> float:
    """The first moment at which one more request keeps both limits, no earlier than those booked before it.

    Args:
        bookings: those that may still count, by start.
        need: tokens that the request is expected to take.
        requests: the limit on requests within `WINDOW_S`.
        tokens: the limit on tokens within `WINDOW_S`.
        not_before: the moment from which it may start.
    """
    start = max([not_before, *(b.start_s for b in bookings[-1:])])
    if requests is not None and len(bookings) >= requests:
        start = max(start, bookings[-requests].start_s + WINDOW_S)
    if tokens is None:
        return start
    left = tokens - min(need, tokens)
    for booking in reversed(bookings):
        left -= booking.tokens
        if left < 0:
            return max(start, booking.start_s + WINDOW_S)
    return start
