"""The jobs of one request, side by side: planned together, each done or failed by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from triviareel.errors import Stopped
from triviareel.jobs import crew, gemini, generating, planning, runs, writing
from triviareel.jobs.claim import PACE, Pace
from triviareel.jobs.desk import Desk, Outcome, Watcher
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.generating import Asking
from triviareel.jobs.plan import Job
from triviareel.jobs.planning import Batch
from triviareel.jobs.progress import Progress, Recorder
from triviareel.jobs.rendering import render_all
from triviareel.jobs.request import Request
from triviareel.jobs.runs import Run
from triviareel.jobs.studio import Studio, open_studio, pack_of
from triviareel.settings import Settings
from triviareel.storage import Store, open_store

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
    pace: Pace = PACE
    """Of the claims on jobs."""


def make(request: Request, name: str | None, setup: Setup, watcher: Watcher) -> list[Outcome]:
    """Make every video of a request that is not there yet.

    Args:
        request: what to make.
        name: the job's or the batch's name; None for one made from the time. A known name goes on with that work.
        setup: where and with what.
        watcher: is told what happens.

    Raises:
        InputError: it cannot be made; nothing has been written.
        Stopped: a signal told the process to stop.
    """
    store = open_store(setup.root)
    options = gemini.options(setup.wishes) if request.source == "gemini" else None
    wrong = [] if setup.workers is None or setup.workers > 0 else [f"workers {setup.workers}: choose 1 or more"]
    planning.settled(request, name, setup.clock(), wrong)
    if options and name is None:  # work that is gone on with may have its questions, and need no key
        gemini.open_feeder(options, setup.settings)
    with store.scratch():  # whether ROOT can be used is known before anything takes time, such as making an asset pack
        next(store.list(f"runs/{request.channel}"), None)
        pack = None if setup.assets is None else pack_of(setup.assets, request.channel)
    studio = open_studio(request.look, setup.settings, pack, watcher.note)
    batch = planning.plan(store, request, name, setup.clock)
    if len(batch.jobs) > 1:  # whoever stops it now knows how to go on
        watcher.note(f"{len(batch.jobs)} videos as --job {batch.name}")
    asking = Asking(options, setup.settings, batch.name) if options else None
    with Progress(store, _run(store, batch, setup.clock())) as progress:
        desk = Desk(store, batch.request, Recorder(watcher, progress), setup.stop, setup.clock, setup.pace)
        return _make(desk, studio, batch.jobs, asking, setup.workers)


def _make(desk: Desk, studio: Studio, jobs: Sequence[Job], asking: Asking | None, workers: int | None) -> list[Outcome]:
    """Take jobs through all stages; one that fails in a stage is left out of those after it."""
    found = generating.generate(desk, jobs, jobs, asking)
    ready = [job for job, outcome in zip(jobs, found, strict=True) if not outcome.error]
    written = crew.spread(ready, lambda job: writing.write(desk, job))
    outcomes = {outcome.job: outcome for outcome in [*found, *written]}
    for outcome in outcomes.values():
        if outcome.error:
            desk.watcher.done(outcome)
    sound = [job for job in ready if not outcomes[job.name].error]
    outcomes |= {outcome.job: outcome for outcome in render_all(desk, studio, sound, workers)}
    return [outcomes[job.name] for job in jobs]


def _run(store: Store, batch: Batch, now: datetime) -> Run:
    """The run in whose folder it is told how far the batch is: it is called like the batch."""
    own = Run(batch.request.channel, batch.name, batch.name, now, runs.SHARD_SIZE, batch.request)
    there = runs.load(store, own.channel, own.name)
    return runs.same(there, replace(own, shard_size=there.shard_size)) if there else runs.save(store, own)


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """What the process returns: 0 if all are done, a single video's own code, 75 if stopped, else 3."""
    errors = [outcome.error for outcome in outcomes if outcome.error]
    if not errors:
        return 0
    if stopped := [error for error in errors if isinstance(error, Stopped)]:
        return stopped[0].exit_code
    return errors[0].exit_code if len(outcomes) == 1 else PARTLY


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)
