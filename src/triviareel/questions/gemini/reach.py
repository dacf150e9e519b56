"""What a feeder asks: opened in the event loop that asks, and let go when nobody uses it any more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, nullcontext

from triviareel.questions.gemini.access import Access, open_batches, open_model
from triviareel.questions.gemini.batches import Batches
from triviareel.questions.gemini.gathering import Gathering, Limited, Unhurried
from triviareel.questions.gemini.limiter import Clock, Limiter, Turns
from triviareel.questions.gemini.memory import Memory
from triviareel.questions.gemini.model import Model
from triviareel.questions.gemini.options import Options
from triviareel.questions.gemini.submission import Submissions
from triviareel.storage import Store


class Reach:
    """Opens connections at their first use and closes them after their last.

    Args:
        access: key or project; None if a model is given.
        options: which SDK, which mode, and how patiently.
        clock: waits.
        model: is asked in place of the service.
        batches: answers what batch mode asks, in place of the service.
        bucket: see `GeminiFeeder`.
        name: of the run.
        booked: the model as it is asked online; see `Booked`.
    """

    def __init__(
        self,
        access: Access | None,
        options: Options,
        clock: Clock,
        model: Model | None,
        batches: Batches | None,
        bucket: Store | None,
        name: str,
        booked: Callable[[Model], Model],
    ) -> None:
        self._access = access
        self._options = options
        self._clock = clock
        self._given_model, self._given_batches = model, batches
        self._bucket, self._name = bucket, name
        self._booked = booked
        self._limiter = Limiter(options.requests_per_minute, options.tokens_per_minute, clock)
        self._model: Model | None = None
        self._users = 0
        self.gathering: Gathering | None = None
        """In batch mode, as long as it is open."""

    @property
    def turns(self) -> Turns:
        """What a job's calls wait for; in batch mode only those that end up online wait."""
        return Unhurried(self._limiter) if self.gathering else self._limiter

    def scrub(self, text: str) -> str:
        """The text without the key."""
        return self._access.scrub(text) if self._access else text

    @asynccontextmanager
    async def used(self) -> AsyncIterator[Model]:
        """What is asked, open for as long as any such block runs."""
        self._users += 1
        try:
            yield self._opened()
        finally:
            self._users -= 1
            if not self._users:
                await self._close()

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[Model]:
        """As `used`, for one job: in batch mode it goes into a batch with all jobs that ask at the time."""
        async with self.used() as model:
            with self.gathering.job() if self.gathering else nullcontext():
                yield model

    async def settle(self) -> None:
        """What batches have answered is written down, or handed over."""
        if self.gathering:
            await self.gathering.settle()

    def _opened(self) -> Model:
        if self._model is None:
            opened = self._given_model or open_model(self._reached(), self._options.sdk, self._options.deadline_s)
            self._model = self._booked(opened)
        if self._options.mode == "batch" and self.gathering is None:
            batches = self._given_batches or open_batches(self._reached(), self._options.deadline_s, self._bucket)
            submissions = Submissions(
                batches,
                Memory(self._bucket, self._name),
                self._limiter,
                self._name,
                self._options.batch_poll_s,
                self._options.batch_deadline_s,
                self._clock,
            )
            self.gathering = Gathering(Limited(self._model, self._limiter), submissions)
        return self.gathering or self._model

    def _reached(self) -> Access:
        assert self._access is not None  # noqa: S101 - for the type checker; there wherever no model was given
        return self._access

    async def _close(self) -> None:
        opened = self.gathering or self._model
        self.gathering = self._model = None
        if opened:
            await opened.close()
