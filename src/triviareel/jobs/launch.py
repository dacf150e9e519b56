"""Plans a run: once, however often its first step is run, and whatever broke off the time before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from triviareel.errors import InputError
from triviareel.jobs import ledger, places, planning, runs
from triviareel.jobs import plan as plans
from triviareel.jobs.manifest import planned
from triviareel.jobs.request import Request, is_name
from triviareel.jobs.runs import MAX_SHARD_SIZE, Run
from triviareel.storage import Store


def launch(store: Store, request: Request, name: str, job: str | None, created: datetime, shard_size: int) -> Run:
    """Plan a run: afterwards it has its plan.json, and each job its manifest, whether made now or before.

    Args:
        store: ROOT.
        request: what to make; without a seed, that of the jobs that are there, else one from the run's name.
        name: of the run. A known one goes on as it was planned, under the names that its jobs have.
        job: what its job or batch is called, or the run whose work it goes on with; None for its time, or the first
            second after it that no other run took.
        created: when the run was made.
        shard_size: most jobs of a shard.

    Raises:
        InputError: it cannot be made, or another request was planned under these names.
        StorageError: it cannot be written now; run again, it goes on.
    """
    runs.place_of(request.channel, name)
    wrong = [] if 0 < shard_size <= MAX_SHARD_SIZE else [f"shard-size {shard_size:,}: choose 1 to {MAX_SHARD_SIZE}"]
    job = _work(store, request.channel, job)
    request = planning.settled(request, job, created, wrong)
    run = runs.load(store, request.channel, name)
    request = replace(request, seed=_seed(store, request, run, name, job))
    if run is None:
        planning.check_supply(request)
        run = Run(request.channel, name, job or _reserved(store, request, created), created, shard_size, request)
    else:
        run = runs.same(run, Run(request.channel, name, job or run.job, created, shard_size, request))
    run = runs.save(store, run)
    planning.plan(store, run.request, run.job, lambda: run.created)
    return run


def _work(store: Store, channel: str, job: str | None) -> str | None:
    """The name of the job or batch: of a run that failed, people know the run's name, which may be given instead."""
    run = runs.load(store, channel, job) if job and is_name(job) else None
    return run.job if run else job


def _seed(store: Store, request: Request, run: Run | None, name: str, job: str | None) -> int:
    """The seed that is asked for, or that the work began with that is gone on with, or the run's own."""
    if request.seed is not None:
        return request.seed
    if run and run.request.seed is not None:
        return run.request.seed
    if job:
        begun = ledger.find(store, places.of_job(request.channel, plans.names(request, job)[0]).manifest)
        if begun and begun.manifest.request.seed is not None:
            return begun.manifest.request.seed
    return runs.seed_of(request.channel, name)


def _reserved(store: Store, request: Request, created: datetime) -> str:
    """A name by the time, made sure of by the first job's manifest: two runs may be made in the same second."""
    now = created
    while True:
        name = plans.name_at(now)
        first = plans.plan(request, name, request.seed or 0)[0]
        begun = planned(request.channel, first.name, first.seed, request, created)
        try:
            present = ledger.begin(store, places.of_job(request.channel, first.name).manifest, begun).manifest
        except InputError:  # damaged: it is somebody's in any case
            present = None
        if present and present.request == request:
            return name
        now += timedelta(seconds=1)
