import asyncio
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import FakeClock
from triviareel.questions.gemini.limiter import WINDOW_S, Booking, Limiter, earliest


@given(
    st.lists(st.tuples(st.floats(0, 30), st.integers(0, 400)), max_size=60),
    st.none() | st.integers(1, 8),
    st.none() | st.integers(1, 500),
)
def test_no_window_ever_holds_more_than_the_limits(
    arrivals: list[tuple[float, int]], requests: int | None, tokens: int | None
) -> None:
    bookings: list[Booking] = []
    now = 0.0
    for wait, need in arrivals:
        now += wait
        current = [b for b in bookings if b.start_s > now - WINDOW_S]
        start = earliest(current, need, requests, tokens, now)
        assert start >= now
        bookings.append(Booking(start, need))
    assert all(one.start_s <= other.start_s for one, other in pairwise(bookings))
    for first in bookings:
        window = [b for b in bookings if first.start_s <= b.start_s < first.start_s + WINDOW_S - 1e-6]
        assert requests is None or len(window) <= requests
        assert (
            tokens is None
            or len(window) == 1
            or sum(b.tokens for b in window) <= tokens
            or any(b.tokens > tokens for b in window)
        )


def test_a_request_larger_than_the_limit_waits_until_it_is_alone_and_no_longer() -> None:
    assert earliest([], 900, None, 500, 3.0) == 3.0
    assert earliest([Booking(3.0, 100)], 900, None, 500, 4.0) == 3.0 + WINDOW_S


def test_without_limits_nothing_waits() -> None:
    assert earliest([Booking(1.0, 10**9)] * 1000, 10**9, None, None, 2.0) == 2.0


def test_what_was_really_used_counts_for_those_who_come_later() -> None:
    async def run() -> list[float]:
        clock = FakeClock()
        limiter = Limiter(tokens=1000, clock=clock)
        first = await limiter.turn(900)
        first.tokens = 100
        await limiter.turn(900)
        return clock.slept

    assert asyncio.run(run()) == []


def test_after_a_hold_nothing_starts_too_early_and_the_limit_still_counts() -> None:
    async def run() -> list[float]:
        clock = FakeClock()
        limiter = Limiter(requests=2, clock=clock)
        limiter.hold(30)
        return [(await limiter.turn(1)).start_s for _ in range(3)]

    assert asyncio.run(run()) == [30, 30, 30 + WINDOW_S]


def test_a_hold_while_waiting_puts_the_waiting_off() -> None:
    async def run() -> float:
        clock = FakeClock()
        limiter = Limiter(requests=1, clock=clock)
        await limiter.turn(1)
        waiting = asyncio.create_task(limiter.turn(1))
        await asyncio.sleep(0)
        limiter.hold(500)
        return (await waiting).start_s

    assert asyncio.run(run()) == 500


def test_a_hold_puts_all_who_wait_off_alike_and_leaves_them_in_their_order() -> None:
    async def run() -> list[float]:
        clock = FakeClock()
        limiter = Limiter(requests=1, clock=clock)
        await limiter.turn(1)
        waiting = [asyncio.create_task(limiter.turn(1)) for _ in range(3)]
        await asyncio.sleep(0)
        limiter.hold(10)  # which is over before the first of them could start
        limiter.hold(70)
        return [(await one).start_s for one in waiting]

    assert asyncio.run(run()) == [70, 70 + WINDOW_S, 70 + 2 * WINDOW_S]


def test_who_gives_up_waiting_leaves_the_place_to_others() -> None:
    class Forever(FakeClock):
        async def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            await asyncio.Event().wait()

    async def run() -> list[float]:
        clock = Forever()
        limiter = Limiter(requests=1, clock=clock)
        await limiter.turn(1)
        for _ in range(2):
            waiting = asyncio.create_task(limiter.turn(1))
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        return clock.slept

    assert asyncio.run(run()) == [WINDOW_S, WINDOW_S]
