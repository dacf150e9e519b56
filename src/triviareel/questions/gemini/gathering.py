"""Batch mode: the requests of many jobs gathered into one batch, behind the same interface as a model.

Every job asks as if it were alone. When all jobs that are under way wait for an answer, what they wait for is handed in
as one batch: first all that is to be written, then all that is to be verified. What a batch leaves out is a failed
attempt, which its job makes again online. Everything after the last batch is asked online, too: topping up a few
questions is not worth another day.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from triviareel.errors import ModelDown
from triviareel.questions.gemini import memory
from triviareel.questions.gemini.caller import expected_tokens
from triviareel.questions.gemini.limiter import Booking, Turns
from triviareel.questions.gemini.memory import Handed
from triviareel.questions.gemini.model import Ask, GivenUp, Model, Reply
from triviareel.questions.gemini.submission import Submissions
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
    """

    def __init__(self, online: Model, batches: Submissions) -> None:
        self._online = online
        self._batches = batches
        self._left = BATCHES
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
        """See Model; what follows a failed attempt is asked online.

        Raises:
            GivenUp: the job was told to stop.
        """
        if ask.again or self._left <= 0 or _job.get(None) not in self._jobs:
            return await self._online.ask(ask)
        waiting = _Waiting(_job.get(), ask, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._look()
        try:
            return await waiting.reply
        except asyncio.CancelledError:
            raise GivenUp("none" if waiting in self._waiting else "batch") from None

    async def settle(self) -> None:
        """All that was asked for is written down."""
        await self._batches.settle()

    async def close(self) -> None:
        """See Model."""
        if self._round:
            self._round.cancel()
            await asyncio.wait([self._round])
        await self._batches.close()
        await self._online.close()

    def _look(self) -> None:
        """Begin a batch, if every job waits and none is on its way."""
        if self._round is None and self._complete():
            self._round = asyncio.get_running_loop().create_task(self._hand_in())

    def _complete(self) -> bool:
        return bool(self._waiting) and self._jobs <= {waiting.job for waiting in self._waiting}

    async def _hand_in(self) -> None:
        for _ in range(_TICKS):
            await asyncio.sleep(0)
        if not self._complete():  # another job has begun meanwhile, and will look again when it waits or ends
            self._round = None
            return
        batch, self._waiting = self._waiting, []
        self._left -= 1
        try:
            models = dict.fromkeys(waiting.ask.model for waiting in batch)
            await together(
                self._answer([waiting for waiting in batch if waiting.ask.model == model]) for model in models
            )
        finally:
            self._round = None
            for waiting in batch:
                waiting.reply.cancel()  # told to stop; those that have their reply are done
        self._look()

    async def _answer(self, waiting: Sequence[_Waiting]) -> None:
        """Have requests to one model answered: by batches of an earlier process, what those lack by a new one."""
        open_ = dict(zip(memory.keys([one.ask for one in waiting]), waiting, strict=True))
        try:
            for handed in await self._batches.remembered(waiting[0].ask.model):
                if mine := {key: open_.pop(key) for key in handed.keys if key in open_}:
                    await self._settle(handed, mine)
            if open_:
                handed = await self._batches.hand_in({key: one.ask for key, one in open_.items()})
                await self._settle(handed, open_)
        except Exception as error:  # noqa: BLE001 - unforeseen ones, too, are for the jobs to tell
            _fail(open_, error)

    async def _settle(self, handed: Handed, waiting: Mapping[str, _Waiting]) -> None:
        """Give those who wait for a batch's rows their answers, or what has become of them."""
        try:
            replies = await self._batches.answers(handed)
        except Exception as error:  # noqa: BLE001 - see _answer
            log.warning("a batch of %d requests failed: %s", len(waiting), error)
            return _fail(waiting, error)
        lost = ModelDown(f"batch {handed.batch} has no such row; ask it online", charge="batch")
        for key, one in waiting.items():
            reply = replies.get(key, lost)
            if isinstance(reply, Reply):
                if not one.reply.done():
                    one.reply.set_result(reply)
            else:
                _fail({key: one}, reply)
        return None


def _fail(waiting: Mapping[str, _Waiting], error: Exception) -> None:
    for one in waiting.values():
        if not one.reply.done():
            one.reply.set_exception(error)


class Limited:
    """A model whose every call waits for its turn.

    Args:
        model: is asked.
        turns: of all who share a limit.
    """

    def __init__(self, model: Model, turns: Turns) -> None:
        self._model = model
        self._turns = turns

    async def ask(self, ask: Ask) -> Reply:
        """See Model."""
        try:
            booking = await self._turns.turn(expected_tokens(ask))
        except asyncio.CancelledError:
            raise GivenUp("none") from None
        reply = await self._model.ask(ask)
        booking.tokens = reply.tokens.total
        return reply

    async def close(self) -> None:
        """See Model."""
        await self._model.close()


class Unhurried:
    """Turns for what a batch may answer: nothing waits here, as `Limited` does so where it is asked online.

    Args:
        turns: of all who share a limit, which a busy service holds.
    """

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def turn(self, tokens: int) -> Booking:
        """See Turns."""
        return Booking(0.0, tokens)

    def hold(self, seconds: float) -> None:
        """See Turns."""
        self._turns.hold(seconds)
