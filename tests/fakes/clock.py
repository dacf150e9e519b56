"""Time that passes only when someone sleeps."""

from __future__ import annotations

import asyncio


class FakeClock:
    """See `limiter.Clock`. Sleepers wake in the order of their times."""

    def __init__(self) -> None:
        self.time_s = 0.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        until = self.time_s + seconds
        await asyncio.sleep(0)
        self.time_s = max(self.time_s, until)
