"""What every stage works with, and what it hands back of each job."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from triviareel import memory
from triviareel.errors import Conflict, RenderError, Stopped, TriviaError
from triviareel.jobs import ledger as ledgers
from triviareel.jobs import places
from triviareel.jobs.claim import PACE, Pace
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import planned
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import Film
from triviareel.jobs.request import Request
from triviareel.storage import Store
from triviareel.storage.faults import explain
from triviareel.storage.scratch import is_ram_file

if TYPE_CHECKING:
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
    """Its seed is set; see `planning.plan`."""
    watcher: Watcher
    stop: threading.Event
    clock: Callable[[], datetime]
    """For the times that people read; what is decided by time goes by `Store.now`."""
    pace: Pace = PACE
    """Of the claims on its jobs."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a stage has brought a job."""

    job: str
    manifest: str
    csv: str
    video: str
    """URIs; the video is there if `film` is."""
    film: Film | None = None
    skipped: bool = False
    """The finished video was there already."""
    busy: bool = False
    """Another worker is at it."""
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


class Stages:
    """Tells which stage a job is in, and keeps how long each took."""

    def __init__(self, tell: Callable[[str], None] = lambda _: None, current: str = "plan") -> None:
        self._tell = tell
        self.current = current
        self.seconds: dict[str, float] = {}

    @contextmanager
    def enter(self, name: str) -> Iterator[None]:
        """Be in a stage for the time of the block; after an error, `current` still names it."""
        self.current = name
        self._tell(name)
        began = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - began, 3)


def unbegun(desk: Desk, job: Job) -> Outcome:
    """What is known of a job before it is begun: where its things will be."""
    place = places.of_job(desk.request.channel, job.name)
    uri = desk.store.uri
    return Outcome(job.name, uri(place.manifest), uri(place.questions), uri(place.film.video))


def attempt(desk: Desk, job: Job, stages: Stages, do: Callable[[Ledger, Outcome], Outcome]) -> Outcome:
    """Have one stage of one job done; an error becomes part of the outcome and, as `failed`, of the manifest.

    Args:
        desk: of the run.
        job: which one; one without a manifest gets it here.
        stages: knows what is being done.
        do: does it; is given the job's ledger, in which there is a manifest, and the outcome to complete.
    """
    outcome = unbegun(desk, job)
    ledger: Ledger | None = None
    try:
        place = places.of_job(desk.request.channel, job.name)
        begun = planned(desk.request.channel, job.name, job.seed, desk.request, desk.clock())
        ledger = ledgers.begin(desk.store, place.manifest, begun)
        outcome = do(ledger, outcome)
    except Exception as fault:  # noqa: BLE001 - one bad job must not stop the others
        error = ours(fault, outcome.video)
        _record(ledger, stages.current, error, desk.clock())
        outcome = replace(outcome, stage=stages.current, error=error)
    return replace(outcome, gemini=ledger.manifest.used.gemini) if ledger else outcome


def ours(fault: Exception, about: str) -> TriviaError:
    """The fault as one of our errors; one that nobody foresaw is told as such."""
    log.debug("a job failed", exc_info=fault)
    if isinstance(fault, TriviaError):
        return fault
    if isinstance(fault, OSError):
        return explain(fault, about if is_ram_file(fault.filename) else fault.filename or about, "write")
    if memory.ran_out(fault):
        return RenderError(f"{about}: {memory.RAN_OUT}")
    mend = memory.suspicion() or "; run it with --debug and report what it says"
    return RenderError(f"{about}: unforeseen {type(fault).__name__} ({fault}){mend}")


def _record(ledger: Ledger | None, stage: str, error: TriviaError, now: datetime) -> None:
    """Write a failure down, unless the manifest is another run's, or the job only was told to stop."""
    if ledger is None or isinstance(error, Stopped | Conflict):
        return
    try:
        ledger.save(ledger.manifest.fail(stage, error, now))
    except TriviaError as second:
        log.warning("the failure could not be written down: %s", second)
