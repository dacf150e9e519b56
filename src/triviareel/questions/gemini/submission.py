"""Batches handed in, waited for and fetched: patiently, for what they answer is paid for."""

from __future__ import annotations

import asyncio
import logging
import math
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from itertools import count
from typing import TypeVar

from triviareel.errors import BatchEnded, ModelBusy, ModelDown, ModelError, ModelRefused, TriviaError
from triviareel.questions.gemini import policy
from triviareel.questions.gemini.batches import Batches, Row
from triviareel.questions.gemini.limiter import Clock, Turns
from triviareel.questions.gemini.memory import Handed, Memory
from triviareel.questions.gemini.model import Ask, Reply

CANCEL_S = 4.0
"""Seconds that cancelling a batch may take: who is told to stop has ten for everything."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Submissions:
    """The batches of one run.

    Args:
        batches: the service's verbs.
        memory: of the run.
        turns: held while the service is busy, for what is asked online meanwhile.
        name: of the run; the batches' names begin with it.
        poll_s: seconds between two looks at a batch.
        deadline_s: seconds after which a batch is given up.
        clock: waits.
    """

    def __init__(
        self, batches: Batches, memory: Memory, turns: Turns, name: str, poll_s: float, deadline_s: float, clock: Clock
    ) -> None:
        self._batches = batches
        self._memory = memory
        self._turns = turns
        self._name = name
        self._poll_s = poll_s
        self._deadline_s = deadline_s
        self._clock = clock
        self._rng = random.Random(name)
        self._numbers = count(1)
        self._running: dict[str, Handed] = {}
        """Batches whose answers are waited for, by their titles."""
        self._collected: dict[str, Handed] = {}

    async def remembered(self, model: str) -> list[Handed]:
        """Batches for a model that an earlier process of this run handed in and nobody here has waited for."""
        known = self._running.keys() | self._collected.keys()
        memos = await asyncio.to_thread(self._memory.all)
        found = []
        for handed in memos:
            if handed.model == model and handed.title not in known:
                batch = handed.batch or await self._looked_up(handed)
                if batch:
                    found.append(replace(handed, batch=batch))
                else:  # that process ended before it handed the batch in
                    await asyncio.to_thread(self._memory.forget, handed)
        return found

    async def hand_in(self, asks: Mapping[str, Ask]) -> Handed:
        """Hand in requests to one model, by their keys; tried again as online, and never twice.

        Raises:
            ModelError: it was not accepted.
            ModelRefused: asking again cannot help.
        """
        model = next(iter(asks.values())).model
        title = f"{self._name}/{next(self._numbers)}-{secrets.token_hex(4)}"
        handed = Handed(title, model, tuple(asks))
        await asyncio.to_thread(self._memory.keep, handed)
        self._running[title] = handed
        rows = [Row(key, ask) for key, ask in asks.items()]
        try:
            handed = replace(handed, batch=await self._submitted(title, rows))
        except ModelRefused:
            await self._forget(handed)
            raise
        self._running[title] = handed
        await asyncio.to_thread(self._memory.keep, handed)
        log.info("batch %s: %d requests to %s", handed.batch, len(asks), model)
        return handed

    async def answers(self, handed: Handed) -> Mapping[str, Reply | TriviaError]:
        """Wait for a batch, and fetch what it answered.

        A look that fails is taken again until the deadline. A batch that takes longer, or is waited for when the
        process is told to stop, is cancelled: what nobody waits for need not be paid. One that is done never is.

        Raises:
            ModelDown: it ended without answers, or takes too long.
            ModelRefused: it cannot be looked at; the next process of this run looks again.
        """
        self._running[handed.title] = handed
        end = self._clock.now() + self._deadline_s
        try:
            while not await self._patiently(end, handed, lambda: self._batches.is_done(handed.batch)):
                await self._clock.sleep(self._poll_s)
        except BatchEnded:
            await self._forget(handed)
            raise
        except (ModelDown, asyncio.CancelledError):
            await self._cancel(handed)
            raise
        except Exception:
            self._running.pop(handed.title)
            raise
        self._running.pop(handed.title)
        found = await self._patiently(
            self._clock.now() + self._deadline_s,
            handed,
            lambda: self._batches.collect(handed.batch, handed.model),
        )
        self._collected[handed.title] = handed
        if handed.booked:
            return {key: replace(one, booked=True) if isinstance(one, Reply) else one for key, one in found.items()}
        return found

    async def settle(self) -> None:
        """All that was collected is written down: it need not be found again."""
        for handed in list(self._collected.values()):
            await self._forget(handed)

    async def close(self) -> None:
        """Cancel what runs, and let go of connections; what was collected and is not written down is kept in mind."""
        for handed in list(self._running.values()):
            await self._cancel(handed)
        for handed in self._collected.values():
            await asyncio.to_thread(self._memory.keep, replace(handed, booked=True))
        await self._batches.close()

    async def _submitted(self, title: str, rows: list[Row]) -> str:
        """The batch's own name. An attempt whose answer was lost may have gone through, so that is looked up first."""
        unsure = False
        for attempt in count(1):
            try:
                found = await self._batches.find(title) if unsure else None
                return found or await self._batches.submit(title, rows)
            except ModelError as fault:
                unsure = unsure or (isinstance(fault, ModelDown) and fault.charge != "none")
                wait = policy.wait_s(attempt, fault, self._rng)
                if wait is None and unsure:
                    raise ModelDown(f"{fault}; ask online", charge="batch") from None
                if wait is None:
                    raise
                log.info("batch %s is handed in again in %.0f s: %s", title, wait, fault)
                if isinstance(fault, ModelBusy):
                    self._turns.hold(wait)
                await self._clock.sleep(wait)
        raise AssertionError  # count has no end

    async def _looked_up(self, handed: Handed) -> str | None:
        """The own name of a batch whose hand-in was not answered; None if it was not handed in."""
        end = self._clock.now() + self._deadline_s
        return await self._patiently(end, handed, lambda: self._batches.find(handed.title))

    async def _patiently(self, end: float, handed: Handed, call: Callable[[], Awaitable[T]]) -> T:
        """What a call returns, made again after faults of the moment until a batch's time is over."""
        fault: ModelError | None = None
        while self._clock.now() < end:
            try:
                return await call()
            except BatchEnded:
                raise
            except ModelError as error:
                fault = error
            wait = max(self._poll_s, _told(fault))
            if isinstance(fault, ModelBusy):
                self._turns.hold(wait)
            await self._clock.sleep(wait)
        reason = f" ({fault})" if fault else ""
        raise ModelDown(
            f"batch {handed.batch or handed.title} took longer than {self._deadline_s:g} s{reason}", charge="batch"
        )

    async def _cancel(self, handed: Handed) -> None:
        try:
            async with asyncio.timeout(CANCEL_S):
                batch = handed.batch or await self._batches.find(handed.title)
                if batch:
                    await self._batches.cancel(batch)
        except (TriviaError, TimeoutError) as error:  # still remembered, so that the next process collects it
            log.info("batch %s could not be cancelled: %s", handed.batch, error)
            self._running.pop(handed.title, None)
        else:
            await self._forget(handed)

    async def _forget(self, handed: Handed) -> None:
        self._running.pop(handed.title, None)
        self._collected.pop(handed.title, None)
        await asyncio.to_thread(self._memory.forget, handed)


def _told(fault: ModelError) -> float:
    """Seconds that the service asks to wait, as far as they are finite."""
    told = fault.retry_after_s if isinstance(fault, ModelBusy | ModelDown) else None
    return told if told is not None and math.isfinite(told) else 0.0
