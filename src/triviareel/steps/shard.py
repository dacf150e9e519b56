"""One shard of a run: what the steps that work on it have in common."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event
from typing import Any

from triviareel.ending import TRY_AGAIN
from triviareel.errors import InputError, ModelError, Stopped, StorageError
from triviareel.jobs import crew, ends, places, records, runs
from triviareel.jobs.desk import Desk, Outcome, Watcher
from triviareel.jobs.manifest import State
from triviareel.jobs.plan import Job
from triviareel.jobs.progress import Progress
from triviareel.jobs.records import Record
from triviareel.jobs.runs import Run, RunPlace
from triviareel.steps import artifacts
from triviareel.steps.door import OVER_BUDGET, say
from triviareel.storage import Store, open_store


@dataclass(frozen=True, slots=True)
class Shard:
    """A shard that a step works on."""

    store: Store
    """ROOT."""
    run: Run
    key: str
    jobs: tuple[Job, ...]
    """All of the shard's."""
    sound: tuple[Job, ...]
    """Those of them that no earlier step has failed with."""
    failed: Mapping[str, Mapping[str, Any]]
    """What the earlier step told of the others, by job."""

    @property
    def place(self) -> RunPlace:
        """Where the run's own files are."""
        return runs.place_of(self.run.channel, self.run.name)

    def desk(self, watcher: Watcher, stop: Event) -> Desk:
        """What the stages work with."""
        return Desk(self.store, self.run.request, watcher, stop, now)


def open_shard(given: argparse.Namespace, path: str) -> Shard:
    """The shard that a step's arguments name.

    Args:
        given: the step's arguments.
        path: the file that the step before has written.

    Raises:
        InputError: the run was not planned, has no such shard, or the file tells of none of its jobs.
        StorageError: something cannot be read now.
    """
    store = open_store(given.root)
    run = runs.load(store, given.channel, given.run)
    if run is None:
        raise InputError(f"run {given.run} of channel {given.channel} was not planned: run the step plan first")
    mine = {job.name: job for job in run.shards().get(given.shard, ())}
    rows = {row["job"]: row for row in artifacts.read(path) if row["job"] in mine}
    if not rows:
        raise InputError(
            f"{path} has no job of shard {given.shard!r}: run {run.name} has {', '.join(_few(run.keys()))}"
        )
    failed = {job: row for job, row in rows.items() if row.get("state") == State.FAILED}
    jobs = tuple(mine[job] for job in rows)
    return Shard(store, run, given.shard, jobs, tuple(job for job in jobs if job.name not in failed), failed)


@contextmanager
def explaining(given: argparse.Namespace, step: str) -> Iterator[None]:
    """Leave word in the run's folder if the block ends by an error: no manifest would tell of a missing key."""
    place = runs.place_of(given.channel, given.run)
    with ends.noted(open_store(given.root), place, step, given.shard, now()):
        yield


def settle(shard: Shard, outcomes: Sequence[Outcome], reached: State) -> list[Record]:
    """How far each of a shard's jobs is, by its manifest; written down as the shard's summary, too.

    A job is told as failed if this step or an earlier one failed with it now, whatever could be put into its manifest;
    and one that failed the last time, in a later step, as having come as far as this step brings it.

    Args:
        shard: whose jobs.
        outcomes: what came of them in this step.
        reached: the state to which this step brings a job.

    Raises:
        InputError, StorageError: a manifest cannot be read.
    """
    errors = {outcome.job: outcome for outcome in outcomes if outcome.error and not isinstance(outcome.error, Stopped)}
    found = crew.spread(shard.jobs, lambda job: _record(shard, job.name))
    with Progress(shard.store, shard.run, [shard.key]) as kept:
        for record in found:
            kept.put(record)
    return [_told(record, errors.get(record.job), shard.failed.get(record.job), reached) for record in found]


def row(record: Record, **more: object) -> dict[str, object]:
    """A record as the line that is handed on: job and state, why it failed if it did, and what the step has made."""
    why = {"stage": record.stage, "error": record.error, "message": record.message}
    return {"job": record.job, "state": record.state, **more, **(why if record.state == State.FAILED else {})}


def metadata(found: Sequence[Record]) -> dict[str, int | float]:
    """What the console shows of an artifact of jobs.

    Videos that are rendered, jobs, failed ones, seconds of wall time of all stages, tokens, and US dollars for Gemini.
    """
    return {
        "videos": sum(record.state == State.RENDERED for record in found),
        "jobs": len(found),
        "failed": sum(record.state == State.FAILED for record in found),
        "seconds": round(sum(record.seconds for record in found), 3),
        "tokens": sum(record.tokens for record in found),
        "cost": round(sum(record.cost_usd for record in found), 6),
    }


def verdict(found: Sequence[Record], outcomes: Sequence[Outcome], budget: float) -> int:
    """The exit code of a step.

    Returns:
        75 if it was told to stop, or if every job met a storage or model fault that a retry may mend; 3 if a larger
        share of the jobs has failed than the budget allows; else 0.
    """
    failed = [record for record in found if record.state == State.FAILED]
    for record in failed:
        say(f"{record.job}: failed in {record.stage}: {record.message}")
    say(f"{len(found)} jobs, {len(failed)} failed")
    errors = [outcome.error for outcome in outcomes]
    if any(isinstance(error, Stopped) for error in errors):
        return TRY_AGAIN
    if errors and all(isinstance(error, StorageError | ModelError) for error in errors):
        return TRY_AGAIN
    allowed = Decimal(str(budget)) * len(found)  # as doubles, 0.29 of 100 is less than 29
    return OVER_BUDGET if len(failed) > allowed else 0


def now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class Teller:
    """Tells what happens on stdout, a line each. A Watcher."""

    def note(self, line: str) -> None:
        """See Watcher."""
        say(line)

    def stage(self, job: str, name: str) -> None:
        """See Watcher."""
        say(f"{job}: {name}")

    def frames(self, job: str, progress: object) -> None:
        """See Watcher; the log of a task is no place for frames."""

    def done(self, outcome: Outcome) -> None:
        """See Watcher."""
        if outcome.film:
            facts = outcome.film.facts
            made = "was there already" if outcome.skipped else f"made in {facts.render_s:.0f} s with {facts.encoder}"
            say(f"{outcome.job}: {outcome.video} ({facts.duration_s:.0f} s of video; {made})")


def _record(shard: Shard, job: str) -> Record:
    return records.read(shard.store, places.of_job(shard.run.channel, job).manifest, job)


def _told(record: Record, outcome: Outcome | None, before: Mapping[str, Any] | None, reached: State) -> Record:
    if outcome:
        why = (outcome.stage, type(outcome.error).__name__, " ".join(str(outcome.error).split()))
    elif before:
        why = (str(before.get("stage", "")), str(before.get("error", "")), str(before.get("message", "")))
    elif record.state == State.FAILED:
        return replace(record, state=str(reached), stage="", error="", message="")
    else:
        return record
    return replace(record, state=str(State.FAILED), stage=why[0], error=why[1], message=why[2])


def _few(keys: Sequence[str]) -> Sequence[str]:
    return keys if len(keys) <= 4 else [*keys[:2], "…", keys[-1]]
