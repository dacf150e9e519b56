"""The second stage: each job gets its questions, from the bank or by Gemini, kept as soon as they are there."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from triviareel import ending
from triviareel.errors import Conflict, InputError, Stopped, TriviaError
from triviareel.jobs import claim, crew, dataset, fit, gate, places
from triviareel.jobs.claim import Claim
from triviareel.jobs.dataset import Dataset
from triviareel.jobs.desk import QUESTIONS, Desk, Outcome, Stages, attempt, unbegun
from triviareel.jobs.gemini import open_feeder, told
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import Manifest, Output, State
from triviareel.jobs.places import JobPlace
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import output
from triviareel.jobs.request import Request
from triviareel.questions import bank
from triviareel.questions.gemini import dataset as asked
from triviareel.questions.gemini.books import Books
from triviareel.questions.gemini.memory import run_name
from triviareel.questions.gemini.options import Options
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.storage import Store

if TYPE_CHECKING:
    from triviareel.questions.gemini.feeder import GeminiFeeder


@dataclass(frozen=True, slots=True)
class Asking:
    """How Gemini is asked."""

    options: Options
    settings: Settings
    run: str
    """Whose ceiling and whose batches they are."""
    shard: str = ""
    """Which one of several, each with books of its own; empty for the whole run."""

    @property
    def books(self) -> str:
        """Where, in the run's folder, it is kept what asking took."""
        return f"gemini/{self.shard}.json" if self.shard else "gemini.json"


def generate(desk: Desk, jobs: Sequence[Job], whole: Sequence[Job], asking: Asking | None) -> list[Outcome]:
    """Bring jobs to `generated`; one that has its dataset or its questions.csv is left as it is.

    Args:
        desk: of the run.
        jobs: those to be done, such as a shard's.
        whole: all jobs of the batch, in order: no two of them get the same question from the bank.
        asking: how to ask Gemini; None for the bank's questions.

    Raises:
        InputError: nothing can be asked, or the bank has too few questions.
        Conflict: another worker took over the asking.
        Stopped: the run was told to stop; what was written down until then stays.
    """
    known = dict(zip(jobs, crew.spread(jobs, partial(_known, desk)), strict=True))
    missing = [job for job in jobs if known[job] is None]
    done = {job: outcome for job, outcome in known.items() if outcome}
    if missing and asking:
        done |= _ask_once(desk, jobs[0], missing, asking)
    elif missing:
        used = {key for ids in crew.spread(done, partial(_ids, desk)) for key in ids}
        chosen = _chosen(desk.request, [job for job in whole if job not in done], used)
        kept = crew.spread(missing, lambda job: _keep(desk, job, asked.Dataset(chosen[job])))
        done |= dict(zip(missing, kept, strict=True))
    return [done[job] for job in jobs]


def _known(desk: Desk, job: Job) -> Outcome | None:
    """What there is to say of a job that has its questions; None if it needs some."""
    place = places.of_job(desk.request.channel, job.name)
    outcome = unbegun(desk, job)
    try:
        return outcome if any(desk.store.stat(name) for name in (place.questions, place.dataset)) else None
    except TriviaError as error:
        return replace(outcome, stage=QUESTIONS, error=error)


def _ids(desk: Desk, job: Job) -> list[str]:
    """The ids of the questions that a job has; none of a file that is damaged, which `write` will complain about."""
    store, place = desk.store, places.of_job(desk.request.channel, job.name)
    try:
        if store.stat(place.questions):
            return [question.id for question in gate.questions(store, place.questions, job.name)]
        return [question.id for question in load(store, place).questions]
    except InputError:
        return []


def _chosen(request: Request, jobs: Sequence[Job], used: Collection[str]) -> dict[Job, tuple[Question, ...]]:
    """Questions of the bank for each job, in order, others than are used.

    What a job gets does not change by questions that become used but were not its own, so shards that are done side by
    side choose as if they were one.
    """
    taken, chosen = set(used), {}
    for job in jobs:
        chosen[job] = tuple(bank.pick(request.topics, request.difficulty, request.questions, job.seed, taken))
        taken |= {question.id for question in chosen[job]}
    return chosen


def _keep(desk: Desk, job: Job, data: asked.Dataset) -> Outcome:
    """Write down what came of looking for a job's questions: the questions, those dropped, and what it took."""

    def do(ledger: Ledger, outcome: Outcome) -> Outcome:
        place = places.of_job(desk.request.channel, job.name)
        if data.error:
            _keep_failure(desk.store, place, ledger, data)
            raise data.error
        kept = _whole(desk.store, place, ledger.manifest, data)
        try:
            stat = desk.store.write(place.dataset, dataset.dumps(kept), expect=0)
        except Conflict:  # another run was faster, and its questions are the job's
            return outcome
        ledger.update(lambda manifest: generated(manifest, kept, output(stat), desk.clock()))
        return outcome

    return attempt(desk, job, Stages(current=QUESTIONS), do)


def generated(manifest: Manifest, found: Dataset, where: Output, now: datetime) -> Manifest:
    """The story of a job whose dataset is there; that of one which is further already goes on unchanged."""
    if manifest.outputs.get("dataset") == where:
        return manifest
    used = replace(manifest.used, gemini=found.gemini or manifest.used.gemini)
    return manifest.reach(State.GENERATED, now, failure=None, used=used, outputs={**manifest.outputs, "dataset": where})


def load(store: Store, place: JobPlace) -> Dataset:
    """A job's dataset.

    Raises:
        InputError: it is not there, or is damaged.
    """
    return dataset.loads(store.read(place.dataset), store.uri(place.dataset))


def _whole(store: Store, place: JobPlace, manifest: Manifest, data: asked.Dataset) -> Dataset:
    """The dataset with what earlier attempts took and dropped."""
    story = asked.added(manifest.used.gemini, data.story()) if data.settings else {}
    return Dataset(data.questions, story, _dropped(store, place, manifest) + asked.rejects(data.rejected).decode())


def _dropped(store: Store, place: JobPlace, manifest: Manifest) -> str:
    """What earlier attempts dropped; a rejected.jsonl that no attempt of this job wrote is none."""
    known = "rejected_questions" in manifest.outputs and store.stat(place.rejected_questions)
    return store.read(place.rejected_questions).decode() if known else ""


def _keep_failure(store: Store, place: JobPlace, ledger: Ledger, data: asked.Dataset) -> None:
    """Write down what an attempt took and dropped that brought too few questions."""
    found = _whole(store, place, ledger.manifest, data)
    outputs = {}
    if found.rejected:
        outputs["rejected_questions"] = output(store.write(place.rejected_questions, found.rejected.encode()))

    def change(manifest: Manifest) -> Manifest:
        used = replace(manifest.used, gemini=found.gemini)
        return replace(manifest, used=used, outputs={**manifest.outputs, **outputs}, attempts=manifest.attempts + 1)

    ledger.update(change)


def _ask_once(desk: Desk, first: Job, missing: Sequence[Job], asking: Asking) -> dict[Job, Outcome]:
    """Have Gemini asked for what is missing, by one worker alone: what another one brings meanwhile is not paid for."""
    name = places.of_job(desk.request.channel, first.name).asking
    while (mine := claim.take(desk.store, name, desk.pace)) is None:
        desk.watcher.note("another worker is asking for these questions: waiting for it")
        while claim.busy(desk.store, name, desk.pace):
            if desk.stop.is_set() or ending.wait(desk.pace.look_s):
                raise Stopped("stopped while another worker was asking for the questions")
    with mine:
        known = dict(zip(missing, crew.spread(missing, partial(_known, desk)), strict=True))
        left = [job for job in missing if known[job] is None]
        found = {job: outcome for job, outcome in known.items() if outcome}
        return found | (_ask_for(desk, left, asking, mine) if left else {})


def _ask_for(desk: Desk, jobs: Sequence[Job], asking: Asking, mine: Claim) -> dict[Job, Outcome]:
    """Have Gemini write the questions of jobs; what it took as a whole is told, and written down for the run.

    Raises:
        Conflict: the claim is lost, and whoever took it over asks for the rest.
    """
    request, chosen = desk.request, asking.options
    folder = places.of_run(request.channel, asking.run)
    books = Books(desk.store, f"{folder}/{asking.books}", {"run": asking.run, "jobs": len(jobs)})
    feeder = open_feeder(
        chosen,
        asking.settings,
        store=desk.store,
        channel=request.channel,
        name=run_name(request.channel, asking.run, asking.shard),
        spent=books.total(),
        hold=lambda usage, usd: asyncio.to_thread(books.enter, usage, usd),
        unfit=fit.trial(request.look),
    )
    how = ", by batch, which may take a day" * (chosen.mode == "batch")
    desk.watcher.note(f"asking {chosen.model} for the questions of {len(jobs)} video{'s' * (len(jobs) != 1)}{how}")
    try:
        outcomes = ending.run(_ask(desk, jobs, feeder, books, mine))
    finally:  # what was spent is spent, also if the run is told to stop
        books.enter(feeder.usage, held_usd=Decimal(0))
    desk.watcher.note(told(feeder.usage.as_json()))
    return outcomes


async def _ask(desk: Desk, jobs: Sequence[Job], feeder: GeminiFeeder, books: Books, mine: Claim) -> dict[Job, Outcome]:
    by_name = {job.name: job for job in jobs}
    outcomes: dict[Job, Outcome] = {}

    async def done(name: str, data: asked.Dataset) -> None:
        outcomes[by_name[name]] = await asyncio.to_thread(_keep, desk, by_name[name], data)
        await asyncio.to_thread(books.enter_at_times, feeder.usage)
        if mine.lost:
            raise mine.conflict()

    async with feeder:
        await feeder.each({job.name: replace(desk.request, seed=job.seed) for job in jobs}, done)
    return outcomes
