"""Takes failed jobs up again: each manifest goes back to the state that it had before, its attempts being kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from triviareel.errors import Conflict, InputError
from triviareel.jobs import ledger, places, runs, survey
from triviareel.jobs.manifest import Failure, Manifest, State
from triviareel.jobs.records import Record
from triviareel.jobs.request import Request, bad_name, is_name
from triviareel.storage import Store

AT_ONCE = 16
"""Manifests under way at a time; each waits for the store most of it."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """A job that may be done again."""

    channel: str
    job: str
    manifest: str
    """URI."""
    state: State
    """From which it goes on."""
    attempts: int
    failure: Failure
    """Why it had failed."""
    request: Request


def reopened(manifest: Manifest) -> Manifest:
    """A failed job's story, ready to go on from what is there; any other as it is."""
    if manifest.state != State.FAILED:
        return manifest
    there = manifest.outputs
    state = State.WRITTEN if "questions" in there else State.GENERATED if "dataset" in there else State.PLANNED
    return replace(manifest, state=state, failure=None)


def found(store: Store, channel: str | None, run: str | None, job: str | None) -> Iterator[tuple[str, str]]:
    """The jobs that have failed, each with its channel's name.

    Args:
        store: ROOT.
        channel: whose; None for all. A run or a job is one channel's.
        run: of which run; None for any.
        job: the job, or the batch; None for all.

    Raises:
        InputError: a run or job without its channel, or there is none such; no channel may be called so.
        StorageError: something cannot be read now.
    """
    if channel is None and (run or job):
        raise InputError(f"{'run' if run else 'job'} {run or job}: say whose it is, with --channel")
    if channel is not None and not is_name(channel):
        raise InputError(bad_name("channel", channel))
    if job and channel:
        _check_job(store, channel, job)
    if run and channel:
        planned = runs.load(store, channel, run)
        if planned is None:
            raise InputError(f"run {run}: there is no {store.uri(runs.place_of(channel, run).plan)}; name one that is")
        told: Iterator[tuple[str, Record]] = ((channel, one) for one in survey.of_run(store, planned))
    else:
        told = survey.of_root(store, channel)
    for whose, record in told:
        if record.state == State.FAILED and (job is None or record.job == job or survey.batch_of(record.job) == job):
            yield whose, record.job


def _check_job(store: Store, channel: str, job: str) -> None:
    """Raise InputError if neither a job nor a batch is called so: it is misspelt."""
    if not any(store.stat(places.of_job(channel, name).manifest) for name in (job, f"{job}-00001")):
        raise InputError(f"job {job}: there is none in {store.uri(f'jobs/{channel}')}; name a job or a batch that is")


def reopen(store: Store, jobs: Iterator[tuple[str, str]], tell: Callable[[Reopened], None]) -> list[Reopened]:
    """Re-open failed jobs; one that has been taken up meanwhile is left alone, so this can be done twice.

    Args:
        store: ROOT.
        jobs: channels and jobs, as from `found`.
        tell: is told of each that was re-opened.

    Raises:
        InputError, StorageError: a manifest cannot be read or written; those before it stay re-opened.
    """
    done = []
    with ThreadPoolExecutor(AT_ONCE, "reopen") as pool:
        for one in pool.map(lambda pair: _reopen(store, *pair), list(jobs)):
            if one:
                tell(one)
                done.append(one)
    return done


def _reopen(store: Store, channel: str, job: str) -> Reopened | None:
    place = places.of_job(channel, job).manifest
    present = ledger.find(store, place)
    if present is None or present.manifest.state != State.FAILED or present.manifest.failure is None:
        return None
    failure = present.manifest.failure
    try:
        now = present.save(reopened(present.manifest))
    except Conflict:  # it is being taken up
        return None
    return Reopened(channel, job, store.uri(place), now.state, now.attempts, failure, now.request)
