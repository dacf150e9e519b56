"""One job, from its questions to its finished video, with every step in its manifest."""

from __future__ import annotations

import logging
import os
import platform
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from triviareel.errors import Conflict, RenderError, Stopped, TriviaError
from triviareel.jobs import film, places
from triviareel.jobs.film import Film, Stages
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import Manifest, Output, State, Used, planned
from triviareel.jobs.places import JobPlace
from triviareel.jobs.plan import Job
from triviareel.jobs.request import Request
from triviareel.jobs.studio import Studio
from triviareel.questions import csvfile
from triviareel.questions.gemini.dataset import added
from triviareel.questions.model import Question
from triviareel.storage import Store
from triviareel.storage.faults import explain
from triviareel.video.render import Progress

log = logging.getLogger(__name__)

QUESTIONS = "questions"
"""The stage in which a job gets its questions."""


class Watcher(Protocol):
    """Is told what happens, by whichever thread it happens in."""

    def note(self, line: str) -> None:
        """Something that concerns no single job."""

    def stage(self, job: str, name: str) -> None:
        """A job has come to a stage."""

    def frames(self, job: str, progress: Progress) -> None:
        """A job's video has grown."""

    def done(self, outcome: Outcome) -> None:
        """A job has ended, well or not."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all jobs of a run work with."""

    store: Store
    request: Request
    studio: Studio
    watcher: Watcher
    stop: threading.Event
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a model that was asked for questions took, whether or not they came."""

    story: Mapping[str, Any]
    """For the manifest."""
    rejected: bytes
    """Questions that were dropped, as rejected.jsonl; may be empty."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job and its questions."""

    job: Job
    questions: tuple[Question, ...]
    error: TriviaError | None = None
    """Why there are no questions."""
    asked: Asked | None = None
    """What asking a model took; None if none was asked, or if it is written down already."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a job ended."""

    job: str
    manifest: str
    csv: str
    video: str
    """URIs; the video is there if `film` is."""
    film: Film | None = None
    skipped: bool = False
    """The finished video was there already."""
    stage: str = ""
    """Where it failed."""
    error: TriviaError | None = None
    gemini: Mapping[str, Any] = field(default_factory=dict)
    """What asking took, as in the manifest; empty for the bank's questions."""

    def as_json(self) -> dict[str, Any]:
        """One flat object; a job that failed has `error` in place of `video` and its measures."""
        told: dict[str, Any] = {"job": self.job, "manifest": self.manifest, "csv": self.csv}
        if self.gemini:
            told["gemini"] = dict(self.gemini)
        if self.film is None:
            return {**told, "video": None, "stage": self.stage, "error": str(self.error)}
        return {**told, "video": self.video, **self.film.facts.as_json(), "skipped": self.skipped}


def run(desk: Desk, task: Task) -> Outcome:
    """Do whatever of a job is not done yet.

    Raises nothing: an error becomes part of the outcome and, as `failed`, of the manifest. A job that is told to stop
    leaves its manifest as it was before its render.
    """
    place = places.of_job(desk.request.channel, task.job.name)
    outcome = unbegun(desk, task.job)
    stages = Stages(lambda name: desk.watcher.stage(task.job.name, name))
    ledger: Ledger | None = None
    try:
        ledger = Ledger(desk.store, place.manifest)
        _write(desk, task, place, ledger)
        made, skipped = _render(desk, task, place, ledger, stages)
        outcome = replace(outcome, film=made, skipped=skipped)
    except Exception as fault:  # noqa: BLE001 - one bad job must not stop the others
        error = _ours(fault, outcome.video)
        stage = QUESTIONS if fault is task.error else stages.current
        _record(ledger, stage, error, desk.clock())
        outcome = replace(outcome, stage=stage, error=error)
    if ledger and ledger.manifest:
        outcome = replace(outcome, gemini=ledger.manifest.used.gemini)
    desk.watcher.done(outcome)
    return outcome


def keep(desk: Desk, task: Task) -> Task:
    """Write down what came of asking for a job's questions: the questions, those dropped, and what it took.

    Raises nothing: an error becomes the task's, and part of the manifest.
    """
    place = places.of_job(desk.request.channel, task.job.name)
    ledger: Ledger | None = None
    try:
        ledger = Ledger(desk.store, place.manifest)
        _write(desk, task, place, ledger)
    except Exception as fault:  # noqa: BLE001 - one bad job must not stop the others
        error = _ours(fault, desk.store.uri(place.questions))
        _record(ledger, QUESTIONS, error, desk.clock())
        return replace(task, error=error, asked=None)
    return replace(task, asked=None)


def unbegun(desk: Desk, job: Job) -> Outcome:
    """What is known of a job before it is begun: where its things will be."""
    place = places.of_job(desk.request.channel, job.name)
    uri = desk.store.uri
    return Outcome(job.name, uri(place.manifest), uri(place.questions), uri(place.film.video))


def _write(desk: Desk, task: Task, place: JobPlace, ledger: Ledger) -> None:
    """Bring the job to `written`: its manifest and its questions.csv are there and agree."""
    if ledger.manifest is None:
        ledger.save(planned(desk.request.channel, task.job.name, task.job.seed, desk.request, desk.clock()))
    assert ledger.manifest is not None  # noqa: S101 - for the type checker; saved above
    if task.asked:
        ledger.save(_asked(desk, task.asked, place, ledger.manifest, failed=task.error is not None))
    if task.error:
        raise task.error
    found = desk.store.stat(place.questions)
    if found:
        digest = desk.store.sha256(place.questions)
        written = Output(found.uri, found.size, digest, found.generation)
    else:
        ledger.save(ledger.manifest.reach(State.GENERATED, desk.clock()))
        written = film.output(desk.store.write(place.questions, csvfile.dumps(task.questions), expect=0))
    if ledger.manifest.outputs.get("questions") != written:
        outputs = {**ledger.manifest.outputs, "questions": written}
        ledger.save(ledger.manifest.reach(State.WRITTEN, desk.clock(), outputs=outputs))


def _asked(desk: Desk, asked: Asked, place: JobPlace, manifest: Manifest, *, failed: bool) -> Manifest:
    """The manifest with what asking took, earlier times included; the dropped questions are written beside it."""
    outputs, name = dict(manifest.outputs), place.rejected_questions
    if asked.rejected:
        before = desk.store.read(name) if "rejected_questions" in outputs and desk.store.stat(name) else b""
        outputs["rejected_questions"] = film.output(desk.store.write(name, before + asked.rejected))
    used = replace(manifest.used, gemini=added(manifest.used.gemini, asked.story))
    return replace(manifest, used=used, outputs=outputs, attempts=manifest.attempts + failed)


def _render(desk: Desk, task: Task, place: JobPlace, ledger: Ledger, stages: Stages) -> tuple[Film, bool]:
    """Bring the job from `written` to `rendered`; tells, too, whether the video was there already."""
    resting = ledger.manifest
    assert resting is not None  # noqa: S101 - for the type checker; _write saved it
    key = desk.studio.render_key(task.questions, task.job.seed)
    if found := film.finished(desk.store, place.film, key):
        if resting.state != State.RENDERED:  # a run ended between its last two writes
            ledger.save(_rendered(resting, found, key, desk.clock()))
        return found, True
    ledger.save(resting.reach(State.RENDERING, desk.clock(), attempts=resting.attempts + 1, failure=None))
    try:
        made = film.produce(
            desk.studio,
            desk.store,
            place.film,
            task.questions,
            task.job.seed,
            stages,
            lambda progress: desk.watcher.frames(task.job.name, progress),
            desk.stop,
        )
    except Stopped:
        ledger.save(resting)
        raise
    ledger.save(_rendered(ledger.manifest or resting, made, key, desk.clock()))
    return made, False


def _rendered(manifest: Manifest, made: Film, key: str, now: datetime) -> Manifest:
    used = manifest.used
    if made.outputs:
        used = Used(made.characters_spoken, made.seconds, made.facts.encoder, machine(), manifest.used.gemini)
    return manifest.reach(
        State.RENDERED,
        now,
        failure=None,
        outputs={**manifest.outputs, **made.outputs},
        used=used,
        render_key=key,
        content_hash=made.facts.content_hash,
    )


def _record(ledger: Ledger | None, stage: str, error: TriviaError, now: datetime) -> None:
    """Write a failure down, unless the manifest is another run's, or the job only was told to stop."""
    if ledger is None or ledger.manifest is None or isinstance(error, Stopped | Conflict):
        return
    try:
        ledger.save(ledger.manifest.fail(stage, error, now))
    except TriviaError as second:
        log.warning("the failure could not be written down: %s", second)


def _ours(fault: Exception, video: str) -> TriviaError:
    """The fault as one of our errors; one that nobody foresaw is told as such."""
    log.debug("a job failed", exc_info=fault)
    if isinstance(fault, TriviaError):
        return fault
    if isinstance(fault, OSError):
        return explain(fault, fault.filename or video, "write")
    return RenderError(
        f"{video}: unforeseen {type(fault).__name__} ({fault}); run it with --debug and report what it says"
    )


def machine() -> str:
    """The machine that the work is done on, as far as it matters for speed."""
    return f"{platform.system()} {platform.machine()}, {processors()} CPUs"


def processors() -> int:
    """How many processors this process may use; a container may have fewer than its machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
