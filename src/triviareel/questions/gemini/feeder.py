"""The feeder: requests in, exactly as many good questions out, several jobs at once under one limit."""

from __future__ import annotations

import asyncio
import logging
import math
import traceback
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import date
from decimal import Decimal
from typing import Any

from triviareel.errors import InputError, ModelBusy, ModelError, ModelRefused, Stopped, TriviaError
from triviareel.questions.gemini import cost, prompts, rounds
from triviareel.questions.gemini import options as choices
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.batches import Batches
from triviareel.questions.gemini.books import Booked
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.cost import Budget, Usage
from triviareel.questions.gemini.dataset import Dataset, Wanted
from triviareel.questions.gemini.limiter import Clock, SystemClock
from triviareel.questions.gemini.model import Model
from triviareel.questions.gemini.options import Options
from triviareel.questions.gemini.past import Past
from triviareel.questions.gemini.reach import Reach
from triviareel.questions.gemini.rounds import Verifier, Work
from triviareel.questions.gemini.secrets import Secret, checked
from triviareel.questions.gemini.tally import Tally
from triviareel.questions.gemini.together import together
from triviareel.questions.gemini.verify import BlindVerifier
from triviareel.questions.ledger import Ledger
from triviareel.questions.model import Question
from triviareel.storage import Store

log = logging.getLogger(__name__)

PROMPTS = ("generate", "repair", "verify")
"""Whose hash tells what questions were asked for with."""


class GeminiFeeder:
    """Has Gemini write questions, and lets none through that is wrong or was asked before.

        feeder = GeminiFeeder(api_key=KEY)
        data = await feeder.generate_dataset(Request(topics=("space",), questions=10))

    Each call opens connections and lets go of them; `async with` keeps them from call to call.

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
        bucket: where it is kept which batches are under way, and where those on Vertex AI read and write.
        name: of the run: a run that was killed finds its batches by it.
        spent_usd: what the run has spent before this feeder, which its ceiling counts, too.
        hold: enters in the run's books what all has taken until now and how much more may be spent, before it is.
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
        spent_usd: Decimal = Decimal(0),
        hold: Callable[[Usage, Decimal], Awaitable[None]] | None = None,
        unfit: Callable[[Question], str | None] | None = None,
        clock: Clock | None = None,
        day: date | None = None,
    ) -> None:
        self.options = options or Options()
        if wrong := choices.problems(self.options):
            raise InputError("; ".join(wrong))
        self._prices = cost.prices(day or date.today(), self.options.prices)
        for one in (self.options.model, self.options.verifier_model):
            self._prices.of(one)
        key = checked(api_key, "api_key") if isinstance(api_key, str) else api_key
        access = None if model else Access(key, project, location, base_url)
        self._clock = clock or SystemClock()
        self._hold = hold
        self._reach = Reach(access, self.options, self._clock, model, batches, bucket, name, self._booked)
        self._open = AsyncExitStack()
        self._verifier = verifier or BlindVerifier(
            self.options.verifier_model, self.options.agreement, self.options.thinking_budget
        )
        self._over: TriviaError | None = None
        """Why nothing more need be asked."""
        self._past = Past(ledger)
        self._unfit = unfit or (lambda _: None)
        self.budget = Budget(self.options.spend_ceiling_usd, spent_usd)
        self._usages: list[Usage] = []

    @property
    def usage(self) -> Usage:
        """What all jobs have taken until now, those under way or told to stop included."""
        return sum(self._usages, Usage())

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
        async with self._reach.used():
            data = await self.attempt(request, job)
            await self._reach.settle()
        if data.error:
            raise data.error
        return data

    async def attempt(self, request: Wanted, job: str = "") -> Dataset:
        """As `generate_dataset`, but what went wrong is in the dataset, beside what was found and spent until then."""
        job = job or f"unnamed-{uuid.uuid4().hex}"
        tally, seed, error = self._tally(), request.seed or 0, None
        async with self._reach.asking() as model:
            caller = Caller(model, self._reach.turns, tally, clock=self._clock, seed=seed)
            work = Work(request, job, seed, caller, tally.usage, self._unfit)
            try:
                if self._over:
                    raise self._over
                await rounds.fill(work, self._past, self._verifier, self.options)
            except Stopped:  # of the whole run, wherever it was when the signal came
                raise
            except TriviaError as fault:
                error = fault
            except Exception as fault:  # noqa: BLE001 - one bad job must not stop the others
                error = self._unforeseen(fault, job)
        questions = () if error else rounds.finished(work)
        return Dataset(questions, tuple(work.rejected), work.usage, self._settings(seed), error)

    async def each(self, requests: Mapping[str, Wanted], done: Callable[[str, Dataset], Awaitable[None]]) -> None:
        """The datasets of several jobs, all under one limit and one budget; none fails because another does.

        Args:
            requests: by the jobs' names.
            done: is told of each dataset, good or not, as soon as it is there; what it raises ends all.
        """
        async with self._reach.used():
            at_once = max(1, len(requests)) if self._reach.gathering else self.options.jobs_in_flight
            turn = asyncio.Semaphore(at_once)

            async def one(job: str, request: Wanted) -> None:
                async with turn:
                    data = await self.attempt(request, job)
                    if _ends_all(data.error):
                        self._over = data.error
                await done(job, data)

            await together(one(job, request) for job, request in requests.items())
            await self._reach.settle()
        await asyncio.to_thread(self._past.tidy)

    async def verify(self, questions: Sequence[Question], seed: int = 0) -> tuple[list[str | None], Usage]:
        """Second opinions on questions from anywhere, such as the bank's, and what they took.

        Returns:
            What is wrong with each question, None where its key was found blind; and the usage.

        Raises:
            ModelError, ModelRefused, SpendCeiling: the verifier could not be asked.
        """
        tally = self._tally()
        async with self._reach.asking() as model:
            caller = Caller(model, self._reach.turns, tally, clock=self._clock, seed=seed)
            faults = await self._verifier.faults(questions, [()] * len(questions), caller, seed)
            await self._reach.settle()
        tally.usage.rejected["verification"] += sum(fault is not None for fault in faults)
        return faults, tally.usage

    async def __aenter__(self) -> GeminiFeeder:
        """Keep the connections from call to call; without such a block each call has its own."""
        await self._open.enter_async_context(self._reach.used())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    def _booked(self, model: Model) -> Model:
        """The model, asked only once the books hold what it may cost, if the run has some."""
        hold = self._hold
        return Booked(model, self.budget, lambda usd: hold(self.usage, usd)) if hold else model

    def _tally(self) -> Tally:
        tally = Tally(self._prices, self.budget, patient=self.options.mode == "online")
        self._usages.append(tally.usage)
        return tally

    def _unforeseen(self, fault: Exception, job: str) -> TriviaError:
        """An error of ours for one that nobody foresaw; what it says may hold the key."""
        said = self._reach.scrub(str(fault))
        log.debug("asking for job %s failed\n%s", job, self._reach.scrub("".join(traceback.format_exception(fault))))
        return ModelError(f"unforeseen {type(fault).__name__} ({said}); run it with --debug and report what it says")

    def _settings(self, seed: int) -> dict[str, Any]:
        names = ("mode", "model", "verifier_model", "temperature", "agreement")
        chosen = {name: getattr(self.options, name) for name in names}
        return {**chosen, "seed": seed, "prompt_hash": prompts.digest(*PROMPTS)}


def _ends_all(error: TriviaError | None) -> bool:
    """Whether the other jobs of a run would meet the same: a refused key, or a day's quota that is used up."""
    return isinstance(error, ModelRefused) or (isinstance(error, ModelBusy) and error.retry_after_s == math.inf)
