"""Asks until there is an answer, within the limits: where the policy meets the model."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

from triviareel.errors import ModelBusy, ModelDown, TriviaError
from triviareel.questions.gemini import policy
from triviareel.questions.gemini.limiter import Clock, SystemClock, Turns
from triviareel.questions.gemini.model import Ask, GivenUp, Model, Reply, tokens_at_most

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call and how it ended."""

    ask: Ask
    number: int
    """Counted from 1."""
    reply: Reply | None
    """What is charged; None if no whole answer arrived."""
    fault: TriviaError | None
    """None if the answer was of use."""


class Watch(Protocol):
    """Who keeps count of calls, and may forbid them."""

    async def room(self, ask: Ask) -> None:
        """Come back when a call may be made, or never will."""
        ...

    def calling(self, ask: Ask, number: int) -> AbstractContextManager[None]:
        """Entered before each call and left after it; raising on entry (`SpendCeiling`) prevents the call."""
        ...

    def after(self, attempt: Attempt) -> None:
        """Told after each call, good or not."""
        ...

    def mended(self, faults: Iterable[str]) -> None:
        """Told what was wrong with an answer that is of use all the same."""
        ...


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """What was asked for, and the reply that it was read from."""

    value: T
    reply: Reply
    attempts: int


class Caller:
    """Asks one model, with one limiter, again and again if need be.

    Args:
        model: is asked.
        limiter: shared by all callers of a project.
        watch: counts.
        clock: waits.
        seed: of the jitter.
    """

    def __init__(
        self, model: Model, limiter: Turns, watch: Watch, *, clock: Clock | None = None, seed: int = 0
    ) -> None:
        self._model = model
        self._limiter = limiter
        self._watch = watch
        self._clock = clock or SystemClock()
        self._rng = random.Random(seed)

    async def ask(
        self,
        ask: Ask,
        read: Callable[[Reply], T],
        mend: Callable[[Ask, TriviaError], Ask] = policy.otherwise,
    ) -> Answer[T]:
        """Ask, read the reply, and ask again (at most `policy.MAX_ATTEMPTS` times in all) if that fails.

        Args:
            ask: the first request.
            read: makes of the reply what is wanted, or raises AnswerFault; `text_of` is the first half of most.
            mend: the request to make after a fault.

        Raises:
            TriviaError: the last fault, when asking again cannot help or has not; or what the watch raised.
        """
        number = 0
        while True:
            number += 1
            await self._watch.room(ask)
            with self._watch.calling(ask, number):
                done = await self._once(ask, number, read)
            if isinstance(done, Answer):
                return done
            wait = policy.wait_s(number, done, self._rng)
            if wait is None:
                raise done
            ask = replace(mend(ask, done), again=True)
            if isinstance(done, ModelBusy):
                self._limiter.hold(wait)  # it is busy for all who share the limit
            log.info("attempt %d of %d, the next one in %.0f s: %s", number, policy.MAX_ATTEMPTS, wait, done)
            await self._clock.sleep(wait)

    def mended(self, faults: Iterable[str]) -> None:
        """Have it counted what was wrong with an answer that is of use all the same."""
        self._watch.mended(faults)

    async def _once(self, ask: Ask, number: int, read: Callable[[Reply], T]) -> Answer[T] | TriviaError:
        reply = None
        booking = await self._limiter.turn(expected_tokens(ask))
        try:
            reply = await self._model.ask(ask)
            booking.tokens = reply.tokens.total
            answer = Answer(read(reply), reply, number)
        except TriviaError as fault:
            self._watch.after(Attempt(ask, number, reply, fault))
            return fault
        except BaseException as end:  # told to stop, or unforeseen: what was sent may be charged
            charge = end.charge if isinstance(end, GivenUp) else "whole"
            self._watch.after(Attempt(ask, number, reply, ModelDown("the answer was not waited for", charge=charge)))
            raise
        self._watch.after(Attempt(ask, number, reply, None))
        return answer


def expected_tokens(ask: Ask) -> int:
    """Tokens that a call may take at most."""
    return tokens_at_most(ask) + ask.max_output_tokens
