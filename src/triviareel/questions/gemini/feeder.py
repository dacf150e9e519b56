"""The feeder: requests in, exactly as many good questions out, several jobs at once under one limit."""

from __future__ import annotations

import asyncio
import math
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import nullcontext
from datetime import date
from typing import Any

from triviareel.errors import InputError, ModelBusy, ModelRefused, Stopped, TriviaError
from triviareel.questions.gemini import cost, prompts, rounds, topics
from triviareel.questions.gemini import options as choices
from triviareel.questions.gemini.access import Access, open_batches, open_model
from triviareel.questions.gemini.batches import Batches
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.cost import Budget, Usage
from triviareel.questions.gemini.dataset import Dataset, Wanted
from triviareel.questions.gemini.gathering import Gathering, Limited
from triviareel.questions.gemini.limiter import Clock, Limiter, SystemClock
from triviareel.questions.gemini.model import Model
from triviareel.questions.gemini.options import Options
from triviareel.questions.gemini.past import Past
from triviareel.questions.gemini.rounds import Verifier, Work
from triviareel.questions.gemini.secrets import Secret, checked
from triviareel.questions.gemini.tally import Tally
from triviareel.questions.gemini.together import together
from triviareel.questions.gemini.verify import BlindVerifier
from triviareel.questions.ledger import Ledger
from triviareel.questions.model import Question
from triviareel.storage import Store

PROMPTS = ("generate", "repair", "verify")
"""Whose hash tells what questions were asked for with."""


class GeminiFeeder:
    """Has Gemini write questions, and lets none through that is wrong or was asked before.

        feeder = GeminiFeeder(api_key=KEY)
        data = await feeder.generate_dataset(Request(topics=("space",), questions=10))

    Its connections belong to the event loop in which it is first used; `close` lets go of them.

    Args:
        api_key: a key of the Gemini API; or
        project: of Google Cloud, to ask on Vertex AI with this machine's own account, at
        location: such as "europe-west4".
        options: everything else that can be set.
        ledger: what the channel has asked; without one, only this feeder's own questions are not asked again.
        base_url: another address than the service's own, such as a fake's.
        model: is asked in place of the service.
        verifier: gives second opinions; by default the verifier model does.
        batches: answers what batch mode asks, in place of the service.
        bucket: where batches on Vertex AI read and write.
        name: what batches are called.
        unfit: tells why a question that is sound cannot be used all the same, such as one that fits on no card.
        clock: waits; the machine's own without one.
        day: whose prices hold; today without one.

    Raises:
        InputError: an option is impossible, a model has no price, or the key is none.
    """

    def __init__(
        self,
        *,
        api_key: str | Secret | None = None,
        project: str | None = None,
        location: str | None = None,
        options: Options | None = None,
        ledger: Ledger | None = None,
        base_url: str | None = None,
        model: Model | None = None,
        verifier: Verifier | None = None,
        batches: Batches | None = None,
        bucket: Store | None = None,
        name: str = "triviareel",
        unfit: Callable[[Question], str | None] | None = None,
        clock: Clock | None = None,
        day: date | None = None,
    ) -> None:
        self.options = options or Options()
        if wrong := choices.problems(self.options):
            raise InputError("; ".join(wrong))
        self._prices = cost.prices(day or date.today(), self.options.prices)
        for name in (self.options.model, self.options.verifier_model):
            self._prices.of(name)
        key = checked(api_key, "api_key") if isinstance(api_key, str) else api_key
        self._access = None if model else Access(key, project, location, base_url)
        self._model = model
        self._batches, self._bucket, self._name = batches, bucket, name
        self._gathering: Gathering | None = None
        self._verifier = verifier or BlindVerifier(
            self.options.verifier_model, self.options.agreement, self.options.thinking_budget
        )
        self._over: TriviaError | None = None
        """Why nothing more need be asked."""
        self._past = Past(ledger)
        self._unfit = unfit or (lambda _: None)
        self._clock = clock or SystemClock()
        self._limiter = Limiter(self.options.requests_per_minute, self.options.tokens_per_minute, self._clock)
        self.budget = Budget(self.options.spend_ceiling_usd)

    async def generate_dataset(self, request: Wanted, job: str = "") -> Dataset:
        """The questions of one request, exactly as many as it asks for.

        Args:
            request: what is wanted.
            job: its name, for the ledger; one of its own if not given, for a job's own questions are no repeats to it.

        Raises:
            TooFewQuestions: there are not enough good ones; the message says why the others fell.
            ModelError, ModelRefused: the model could not be asked.
            SpendCeiling: going on could cost more than the run may spend.
        """
        data = await self.attempt(request, job)
        if data.error:
            raise data.error
        return data

    async def attempt(self, request: Wanted, job: str = "") -> Dataset:
        """As `generate_dataset`, but what went wrong is in the dataset, beside what was found and spent until then."""
        job = job or f"unnamed-{uuid.uuid4().hex}"
        tally, seed, error = Tally(self._prices, self.budget), request.seed or 0, None
        caller = Caller(self._opened(), self._outer_limiter(), tally, clock=self._clock, seed=seed)
        work = Work(request, job, topics.by_slug(request.topics), seed, caller, tally.usage, self._unfit)
        try:
            if self._over:
                raise self._over
            await rounds.fill(work, self._past, self._verifier, self.options)
        except Stopped:  # of the whole run, wherever it was when the signal came
            raise
        except TriviaError as fault:
            error = fault
        questions = () if error else rounds.finished(work)
        return Dataset(questions, tuple(work.rejected), work.usage, self._settings(seed), error)

    async def each(self, requests: Mapping[str, Wanted], done: Callable[[str, Dataset], Awaitable[None]]) -> None:
        """The datasets of several jobs, all under one limit and one budget; none fails because another does.

        Args:
            requests: by the jobs' names.
            done: is told of each dataset, good or not, as soon as it is there.
        """
        self._opened()
        gathering = self._gathering
        turn = asyncio.Semaphore(max(1, len(requests)) if gathering else self.options.jobs_in_flight)

        async def one(job: str, request: Wanted) -> None:
            async with turn:
                with gathering.job() if gathering else nullcontext():
                    data = await self.attempt(request, job)
                if _ends_all(data.error):
                    self._over = data.error
            await done(job, data)

        await together(one(job, request) for job, request in requests.items())
        await asyncio.to_thread(self._past.tidy)

    async def verify(self, questions: Sequence[Question], seed: int = 0) -> tuple[list[str | None], Usage]:
        """Second opinions on questions from anywhere, such as the bank's, and what they took.

        Returns:
            What is wrong with each question, None where its key was found blind; and the usage.

        Raises:
            ModelError, ModelRefused, SpendCeiling: the verifier could not be asked.
        """
        tally = Tally(self._prices, self.budget)
        caller = Caller(self._opened(), self._outer_limiter(), tally, clock=self._clock, seed=seed)
        faults = await self._verifier.faults(questions, [()] * len(questions), caller, seed)
        tally.usage.rejected["verification"] += sum(fault is not None for fault in faults)
        return faults, tally.usage

    async def close(self) -> None:
        """Let go of the connections."""
        if opened := self._gathering or self._model:
            await opened.close()

    async def __aenter__(self) -> GeminiFeeder:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _opened(self) -> Model:
        """What is asked; opened when it is first needed, in the loop that asks."""
        if self._model is None:
            self._model = open_model(self._reached(), self.options.sdk, self.options.deadline_s)
        if self.options.mode == "batch" and self._gathering is None:
            batches = self._batches or open_batches(self._reached(), self.options.deadline_s, self._bucket)
            self._gathering = Gathering(
                Limited(self._model, self._limiter),
                batches,
                self._name,
                self.options.batch_poll_s,
                self.options.batch_deadline_s,
                self._clock,
            )
        return self._gathering or self._model

    def _reached(self) -> Access:
        assert self._access is not None  # noqa: S101 - for the type checker; there wherever no model was given
        return self._access

    def _outer_limiter(self) -> Limiter:
        """What a job's calls wait for; in batch mode only those that end up online wait."""
        return Limiter(clock=self._clock) if self._gathering else self._limiter

    def _settings(self, seed: int) -> dict[str, Any]:
        names = ("mode", "model", "verifier_model", "temperature", "agreement")
        chosen = {name: getattr(self.options, name) for name in names}
        return {**chosen, "seed": seed, "prompt_hash": prompts.digest(*PROMPTS)}


def _ends_all(error: TriviaError | None) -> bool:
    """Whether the other jobs of a run would meet the same: a refused key, or a day's quota that is used up."""
    return isinstance(error, ModelRefused) or (isinstance(error, ModelBusy) and error.retry_after_s == math.inf)
