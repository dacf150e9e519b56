"""What became of a run: what its manifests say, added up and judged. What a scheduler thinks of it does not count."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from triviareel.errors import InputError
from triviareel.jobs import crew, ends, places, runs, survey
from triviareel.jobs.ends import End
from triviareel.jobs.manifest import State
from triviareel.jobs.records import DAMAGED, Record
from triviareel.jobs.runs import Run
from triviareel.jobs.tally import Tally
from triviareel.questions.gemini.books import Books
from triviareel.questions.gemini.cost import Usage
from triviareel.storage import Store

log = logging.getLogger(__name__)

_BINS = 48
"""Most bars of the chart that shows when videos were finished."""

_WIDTHS = (60, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 6 * 3600, 12 * 3600, 24 * 3600)
"""Seconds that a bar may stand for."""


class Verdict(StrEnum):
    """How a run went."""

    DONE = "done"
    PARTLY = "partly done"
    """All jobs have ended, and some have failed."""
    UNFINISHED = "unfinished"
    """Jobs are left that neither are rendered nor have failed."""
    UNPLANNED = "not planned"
    """There are no jobs."""


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its shard."""

    shard: str
    manifest: str
    """URI."""
    record: Record

    @property
    def failed(self) -> bool:
        """Whether it needs a hand."""
        return self.record.state in (State.FAILED, DAMAGED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run."""

    channel: str
    run: str
    time: datetime
    """When it was looked at, UTC."""
    planned: Run | None
    """None if there is no plan, since the first step failed."""
    tally: Tally
    jobs: tuple[Job, ...]
    """In order."""
    ends: tuple[End, ...]
    """Why steps ended before they were done."""
    asked: Usage = field(default_factory=Usage)
    """What asking Gemini took, by the run's own books: jobs that were stopped or killed while they asked included."""

    @property
    def verdict(self) -> Verdict:
        """How it went."""
        if not self.jobs:
            return Verdict.UNPLANNED
        if self.tally.open:
            return Verdict.UNFINISHED
        return Verdict.PARTLY if self.tally.failed else Verdict.DONE

    def shards(self) -> dict[str, Tally]:
        """The jobs of each shard added up, by key."""
        found: dict[str, Tally] = {}
        for job in self.jobs:
            found.setdefault(job.shard, Tally()).add(job.record)
        return found

    def dead_letters(self) -> list[dict[str, Any]]:
        """Every job without its video, with what is known of the reason: its own, else its shard's or the run's."""
        return [self._letter(job) for job in self.jobs if job.record.state != State.RENDERED]

    def _letter(self, job: Job) -> dict[str, Any]:
        record = job.record
        stage, error, message = record.stage, record.error, record.message
        if not error:
            end = next((end for end in self.ends if end.shard in (job.shard, "")), None)
            stage, error, message = (end.step, end.error, end.message) if end else ("", "", "")
        return {
            "job": record.job,
            "shard": job.shard,
            "state": record.state,
            "stage": stage,
            "error": error,
            "message": message,
            "attempts": record.attempts,
            "manifest": job.manifest,
        }

    def figures(self) -> dict[str, int | float]:
        """The figures that a console shows."""
        tally = self.tally
        return {
            "videos": tally.done,
            "failed": tally.failed,
            "unfinished": tally.open,
            "seconds": round(tally.seconds, 3),
            "tokens": tally.tokens,
            "cost": round(tally.cost_usd, 6),
        }


def of(store: Store, channel: str, name: str, now: datetime) -> Outcome:
    """What became of a run.

    Args:
        store: ROOT.
        channel: whose run.
        name: of the run.
        now: the time.

    Raises:
        InputError: the names are none, or the plan is damaged.
        StorageError: something cannot be read now.
    """
    place, run = runs.place_of(channel, name), runs.load(store, channel, name)
    tally = Tally()
    jobs = tuple(_jobs(store, run)) if run else ()
    for job in jobs:
        tally.add(job.record)
    # A shard that the run does not have was misspelt by somebody who ran a step by hand, and no video waits for it.
    known = {"", *(run.keys() if run else ())}
    ended = tuple(end for end in ends.load(store, place) if end.shard in known or not run)
    return Outcome(channel, name, now, run, tally, jobs, ended, _asked(store, channel, name))


def _jobs(store: Store, run: Run) -> Iterator[Job]:
    shards = (key for key, jobs in run.shards().items() for _job in jobs)
    for key, record in zip(shards, survey.of_run(store, run), strict=True):
        yield Job(key, store.uri(places.of_job(run.channel, record.job).manifest), record)


def _asked(store: Store, channel: str, name: str) -> Usage:
    """All books of a run together; damaged ones must not cost the report."""
    folder = places.of_run(channel, name)
    names = [f"{folder}/gemini.json", *(found.name for found in store.list(f"{folder}/gemini"))]
    return sum(crew.spread(names, partial(_books, store)), Usage())


def _books(store: Store, name: str) -> Usage:
    try:
        return Books(store, name, {}).total()
    except InputError as error:
        log.warning("the report leaves out what some shard took: %s", error)
        return Usage()


@dataclass(frozen=True, slots=True)
class Bin:
    """Videos that were finished in [start, start + width)."""

    start: datetime
    width: timedelta
    videos: int


def finished(jobs: Sequence[Job]) -> list[Bin]:
    """When videos were finished, in bins of one width without gaps; none if there are no videos."""
    times = sorted(datetime.fromisoformat(job.record.updated) for job in jobs if job.record.state == State.RENDERED)
    if not times:
        return []
    span = (times[-1] - times[0]).total_seconds()
    width = next((width for width in _WIDTHS if span / width < _BINS), int(span / (_BINS - 1)) + 1)
    first = int(times[0].timestamp()) // width
    counts = Counter(int(time.timestamp()) // width - first for time in times)
    starts = (datetime.fromtimestamp((first + number) * width, times[0].tzinfo) for number in range(max(counts) + 1))
    return [Bin(start, timedelta(seconds=width), counts[number]) for number, start in enumerate(starts)]
