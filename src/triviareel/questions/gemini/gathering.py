"""Batch mode: the requests of many jobs gathered into one batch, behind the same interface as a model.

Every job asks as if it were alone. When all jobs that are under way wait for an answer, what they wait for is submitted
as one batch: first all that is to be written, then all that is to be verified. What a batch leaves out is asked online,
and so is everything after the last batch: topping up a few questions is not worth another day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from triviareel.errors import ModelDown, ModelError, TriviaError
from triviareel.questions.gemini.batches import Batches, Row
from triviareel.questions.gemini.caller import expected_tokens
from triviareel.questions.gemini.limiter import Clock, Limiter
from triviareel.questions.gemini.model import Ask, Model, Reply
from triviareel.questions.gemini.policy import MAX_ATTEMPTS
from triviareel.questions.gemini.together import together

BATCHES = 2
"""One to write, one to verify."""

_TICKS = 10
"""Turns of the event loop that a job's requests may come apart."""

log = logging.getLogger(__name__)
_job: ContextVar[object] = ContextVar("job")


@dataclass(slots=True, eq=False)
class _Waiting:
    job: object
    ask: Ask
    reply: asyncio.Future[Reply]


class Gathering:
    """A model whose answers come by batch as long as there are batches, and online after that.

    Args:
        online: asks at once.
        batches: asks later.
        name: of the batches, to which their number is added.
        poll_s: seconds between two looks at a batch.
        deadline_s: seconds after which a batch is given up.
        clock: waits.
    """

    def __init__(
        self, online: Model, batches: Batches, name: str, poll_s: float, deadline_s: float, clock: Clock
    ) -> None:
        self._online = online
        self._batches = batches
        self._name = name
        self._poll_s = poll_s
        self._deadline_s = deadline_s
        self._clock = clock
        self._left = BATCHES
        self._submitted = 0
        self._running: set[str] = set()
        """Batches whose answers are still waited for."""
        self._jobs: set[object] = set()
        self._waiting: list[_Waiting] = []
        self._round: asyncio.Task[None] | None = None

    @contextmanager
    def job(self) -> Iterator[None]:
        """Take part: what is asked within the block, in tasks begun there too, is one job's."""
        own = object()
        self._jobs.add(own)
        token = _job.set(own)
        try:
            yield
        finally:
            _job.reset(token)
            self._jobs.discard(own)
            self._look()

    async def ask(self, ask: Ask) -> Reply:
        """See Model."""
        if self._left <= 0 or _job.get(None) not in self._jobs:
            return await self._online.ask(ask)
        waiting = _Waiting(_job.get(), ask, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._look()
        return await waiting.reply

    async def close(self) -> None:
        """See Model."""
        if self._round:
            self._round.cancel()
            await asyncio.wait([self._round])
        for batch in sorted(self._running):  # those whose cancellation was itself told to stop
            await self._cancel(batch)
        await self._batches.close()
        await self._online.close()

    def _look(self) -> None:
        """Begin a batch, if every job waits and none is on its way."""
        if self._round is None and self._complete():
            self._round = asyncio.get_running_loop().create_task(self._submit())

    def _complete(self) -> bool:
        return bool(self._waiting) and self._jobs <= {waiting.job for waiting in self._waiting}

    async def _submit(self) -> None:
        for _ in range(_TICKS):
            await asyncio.sleep(0)
        batch, self._waiting = self._waiting, []
        self._left -= 1
        try:
            models = dict.fromkeys(waiting.ask.model for waiting in batch)
            await together(
                self._answer([waiting for waiting in batch if waiting.ask.model == model]) for model in models
            )
        except TriviaError as error:  # asking online would be refused, too
            _fail(batch, error)
        finally:
            self._round = None
            for waiting in batch:
                waiting.reply.cancel()  # told to stop; those that have their reply are done
        self._look()

    async def _answer(self, batch: Sequence[_Waiting]) -> None:
        """Have requests to one model answered: by batch, and what that leaves out online."""
        replies: Mapping[str, Reply | TriviaError] = {}
        try:
            replies = await self._by_batch({f"r{at}": waiting.ask for at, waiting in enumerate(batch)})
        except ModelError as error:
            log.warning("a batch of %d requests failed, so they are asked online: %s", len(batch), error)
        left = [waiting for at, waiting in enumerate(batch) if not _settled(waiting, replies.get(f"r{at}"))]
        if left and replies:
            log.info("%d of %d rows came back without an answer and are asked online", len(left), len(batch))
        await together(self._by_itself(waiting) for waiting in left)

    async def _by_batch(self, asks: Mapping[str, Ask]) -> Mapping[str, Reply | TriviaError]:
        model = next(iter(asks.values())).model
        self._submitted += 1  # two models of one round must not share a folder
        name = f"{self._name}-{self._submitted}"
        batch = await self._batches.submit(name, [Row(key, ask) for key, ask in asks.items()])
        self._running.add(batch)
        log.info("batch %s: %d requests to %s", batch, len(asks), model)
        try:
            await self._wait(batch)
        except BaseException:  # also when told to stop: what nobody waits for need not be paid
            await self._cancel(batch)
            raise
        self._running.discard(batch)
        return await self._collected(batch, model)

    async def _collected(self, batch: str, model: str) -> Mapping[str, Reply | TriviaError]:
        """The answers, which are paid for: a fault of the moment must not have all of them asked for again."""
        for left in reversed(range(MAX_ATTEMPTS)):
            try:
                return await self._batches.collect(batch, model)
            except ModelError:
                if not left:
                    raise
            await self._clock.sleep(self._poll_s)
        raise AssertionError  # the last attempt returns or raises

    async def _wait(self, batch: str) -> None:
        """Come back when a batch can be collected; a look that fails is taken again, a few times."""
        end, failed = self._clock.now() + self._deadline_s, 0
        while self._clock.now() < end:
            try:
                if await self._batches.is_done(batch):
                    return
                failed = 0
            except ModelError:
                failed += 1
                if failed == MAX_ATTEMPTS:
                    raise
            await self._clock.sleep(self._poll_s)
        raise ModelDown(f"batch {batch} took longer than {self._deadline_s:g} s; ask online")

    async def _cancel(self, batch: str) -> None:
        try:
            await self._batches.cancel(batch)
        except TriviaError as error:
            log.info("batch %s could not be cancelled: %s", batch, error)
        self._running.discard(batch)

    async def _by_itself(self, waiting: _Waiting) -> None:
        try:
            reply = await self._online.ask(waiting.ask)
        except TriviaError as error:
            _fail([waiting], error)
        else:
            if not waiting.reply.done():
                waiting.reply.set_result(reply)


def _settled(waiting: _Waiting, reply: Reply | TriviaError | None) -> bool:
    """Hand over a reply, if there is one."""
    if not isinstance(reply, Reply):
        return False
    if not waiting.reply.done():
        waiting.reply.set_result(reply)
    return True


def _fail(batch: Sequence[_Waiting], error: TriviaError) -> None:
    for waiting in batch:
        if not waiting.reply.done():
            waiting.reply.set_exception(error)


class Limited:
    """A model whose every call waits for its turn.

    Args:
        model: is asked.
        limiter: gives turns.
    """

    def __init__(self, model: Model, limiter: Limiter) -> None:
        self._model = model
        self._limiter = limiter

    async def ask(self, ask: Ask) -> Reply:
        """See Model."""
        booking = await self._limiter.turn(expected_tokens(ask))
        reply = await self._model.ask(ask)
        booking.tokens = reply.tokens.total
        return reply

    async def close(self) -> None:
        """See Model."""
        await self._model.close()
