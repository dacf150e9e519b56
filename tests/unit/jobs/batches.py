"""A batch that is planned for real, and what its manifests tell."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.jobs.desks import NOW, REQUEST
from triviareel.jobs import ledger, planning
from triviareel.jobs.manifest import Manifest
from triviareel.jobs.places import of_job
from triviareel.jobs.planning import Batch
from triviareel.jobs.request import Request
from triviareel.storage import Store

BATCH = replace(REQUEST, videos=3, topics=("sport",))


def planned(store: Store, request: Request = BATCH, name: str | None = "b") -> Batch:
    """Plan one in a store."""
    return planning.plan(store, request, name, lambda: NOW)


def story(store: Store, job: str) -> Manifest:
    """What a job's manifest tells, which must be there."""
    found = ledger.find(store, of_job("demo", job).manifest)
    assert found is not None
    return found.manifest
