"""The jobs of one request, side by side: planned together, each done or failed by itself."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from triviareel.errors import InputError, Stopped, TriviaError
from triviareel.jobs import asking, gate, gemini, places
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.plan import Job, check_name, name_at, names, plan
from triviareel.jobs.request import Request, problems
from triviareel.jobs.studio import Studio, open_studio, pack_of
from triviareel.jobs.work import Desk, Outcome, Task, Watcher, processors, run, unbegun
from triviareel.questions import bank
from triviareel.questions.gemini.options import Options
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.storage import Store, open_store
from triviareel.video.encoder import THREADS

PARTLY = 3
"""Exit code: some videos failed, the rest are done."""


@dataclass(frozen=True, slots=True)
class Setup:
    """Where a run works, and with what."""

    root: str
    assets: str | None
    """URI under which channels have their asset packs; None for the generated one."""
    workers: int | None
    """Jobs at a time; None for as many as the processors carry."""
    settings: Settings
    stop: threading.Event
    clock: Callable[[], datetime]
    wishes: Wishes = field(default_factory=Wishes)
    """How Gemini is to be asked, if it is."""


def make(request: Request, name: str | None, setup: Setup, watcher: Watcher) -> list[Outcome]:
    """Make every video of a request that is not there yet.

    Args:
        request: what to make.
        name: the job's or the batch's name; None for one made from the time. A known name goes on with that work.
        setup: where and with what.
        watcher: is told what happens.

    Raises:
        InputError: it cannot be made; nothing has been written.
    """
    store = open_store(setup.root)
    options = gemini.options(setup.wishes) if request.source == "gemini" else None
    request, studio = _opened(store, request, name, setup, watcher)
    name = _free_name(store, request, setup.clock()) if name is None else name
    request = _continued(store, request, names(request, name))
    assert request.seed is not None  # noqa: S101 - for the type checker; _continued chose one
    jobs = plan(request, name, request.seed)
    desk = Desk(store, request, studio, watcher, setup.stop, setup.clock)
    tasks = gather(store, request, jobs) if options is None else []
    if len(jobs) > 1:
        watcher.note(f"{len(jobs)} videos as --job {name}")
    if options is not None:  # asking takes time and money: whoever stops it now knows how to go on
        tasks = _asked(desk, jobs, options, setup.settings, name)
    with ThreadPoolExecutor(setup.workers or default_workers(request.videos), "job") as pool:
        return list(pool.map(lambda task: _run_unless_stopped(desk, task), tasks))


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """What the process returns: 0 if all are done, a single video's own code, 75 if stopped, else 3."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if not errors:
        return 0
    if stopped := [error for error in errors if isinstance(error, Stopped)]:
        return stopped[0].exit_code
    return errors[0].exit_code if len(outcomes) == 1 else PARTLY


def default_workers(videos: int) -> int:
    """As many jobs at a time as there are processors for their encoders' threads."""
    return max(1, min(videos, processors() // THREADS))


def gather(store: Store, request: Request, jobs: Sequence[Job]) -> list[Task]:
    """Each job with its questions: those of its questions.csv if it has one, else others than all before it.

    Raises:
        InputError: there are not enough different questions for all videos.
    """
    tasks: dict[str, Task] = {}
    for job in jobs:
        if task := _written(store, request, job):
            tasks[job.name] = task
    used = {question.id for task in tasks.values() for question in task.questions}
    for job in jobs:
        if job.name not in tasks:
            picked = _picked(request, job, used)
            used |= {question.id for question in picked}
            tasks[job.name] = Task(job, tuple(picked))
    return [tasks[job.name] for job in jobs]


def _picked(request: Request, job: Job, used: Collection[str]) -> list[Question]:
    try:
        return bank.pick(request.topics, request.difficulty, request.questions, job.seed, used)
    except InputError as error:
        if not used:
            raise
        raise InputError(
            f"videos {request.videos:,}: with questions {request.questions}, the bank has different ones for "
            f"{len(used) // request.questions:,}: ask for fewer of either, more topics or another difficulty"
        ) from error


def _asked(desk: Desk, jobs: Sequence[Job], options: Options, settings: Settings, run: str) -> list[Task]:
    """Each job with its questions: those of its questions.csv if it has one, else new ones by Gemini."""
    tasks = {job.name: task for job in jobs if (task := _written(desk.store, desk.request, job))}
    if missing := [job for job in jobs if job.name not in tasks]:
        tasks |= {task.job.name: task for task in asking.gather(desk, missing, options, settings, run)}
    return [tasks[job.name] for job in jobs]


def _written(store: Store, request: Request, job: Job) -> Task | None:
    name = places.of_job(request.channel, job.name).questions
    try:
        if not store.stat(name):
            return None
        return Task(job, tuple(gate.questions(store, name, store.uri(name))))
    except TriviaError as error:
        return Task(job, (), error)


def _opened(store: Store, request: Request, name: str | None, setup: Setup, watcher: Watcher) -> tuple[Request, Studio]:
    """The request with its topics as they are kept, and its studio; what can be told at once is told at once."""
    wrong = problems(request)
    if setup.workers is not None and setup.workers < 1:
        wrong.append(f"workers {setup.workers}: choose 1 or more")
    topics: tuple[str, ...] = ()
    try:
        topics = bank.match(request.topics) if request.source == "bank" else gemini.named(request.topics)
        check_name(request, name_at(setup.clock()) if name is None else name)
    except InputError as error:
        wrong.append(str(error))
    if wrong:
        raise InputError("; ".join(wrong))
    with store.scratch():  # whether ROOT can be written is known before anything takes time
        pack = None if setup.assets is None else pack_of(setup.assets, request.channel)
    return replace(request, topics=topics), open_studio(request.look, setup.settings, pack, watcher.note)


def _free_name(store: Store, request: Request, now: datetime) -> str:
    """The time as a name, or the next second's if another run was planned in this one."""
    while True:
        name = name_at(now)
        first = places.of_job(request.channel, names(request, name)[0])
        if not store.stat(first.manifest):
            return name
        now += timedelta(seconds=1)


def _continued(store: Store, request: Request, jobs: Sequence[str]) -> Request:
    """The request with its seed: its own, that of the work begun under this name, or a new one.

    Raises:
        InputError: another request was begun under this name.
    """
    seed = request.seed
    for job in jobs:
        place = places.of_job(request.channel, job)
        try:
            begun = Ledger(store, place.manifest).manifest
        except InputError:  # damaged: that job will say so itself
            continue
        if begun:
            seed = begun.request.seed if seed is None else seed
            _same(replace(request, seed=seed), begun.request, job)
    return replace(request, seed=secrets.randbelow(2**31) if seed is None else seed)


def _same(asked: Request, begun: Request, job: str) -> None:
    now, then = asked.as_json(), begun.as_json()
    other = [f"{key} was {then[key]!r} and is now {now[key]!r}" for key in now if now[key] != then[key]]
    if other:
        raise InputError(
            f"job {job} was begun with another request ({', '.join(other)}): "
            "repeat the first one to go on, or choose another --job"
        )


def _run_unless_stopped(desk: Desk, task: Task) -> Outcome:
    if not desk.stop.is_set():
        return run(desk, task)
    return replace(unbegun(desk, task.job), error=Stopped("stopped before this video was begun"))


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)
