"""A run: one request planned under one name, in shards. Kept as `plan.json` in the run's folder, with all told of it.

ROOT/runs/CHANNEL/RUN/plan.json        request, name of its jobs, shards
                      shards/KEY.json  how far each of a shard's jobs is (see `progress`)
                      ended/           why steps ended before they were done (see `ends`)
                      gemini.json, gemini/KEY.json  what asking took, by `make` or by each shard (see `generating`)
                      report.html summary.md metrics.json dead_letters.jsonl
                  JOB/planned.json     all jobs of a batch have their manifests (see `planning`)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triviareel.errors import Conflict, InputError
from triviareel.jobs import places, plan
from triviareel.jobs.plan import Job
from triviareel.jobs.request import Request, bad_name, from_json, is_name
from triviareel.storage import Store

SCHEMA_VERSION = 1

SHARD_SIZE = 50
"""Videos of a shard if nothing else is said: some hours of one GPU."""

MAX_SHARD_SIZE = 500
"""A shard's summary is one object, rewritten as its jobs end; 500 jobs make some 150 KB."""

_KEY_DIGITS = 4


@dataclass(frozen=True, slots=True)
class RunPlace:
    """Names, within ROOT, of everything that is told of one run as a whole."""

    folder: str
    plan: str
    report: str
    summary: str
    metrics: str
    dead_letters: str

    def shard(self, key: str) -> str:
        """Where it is kept how far a shard's jobs are."""
        return f"{self.folder}/shards/{key}.json"

    def ended(self, step: str, key: str) -> str:
        """Where it is kept why a step ended before it was done (see `ends`)."""
        return f"{self.folder}/ended/{step}{'-' if key else ''}{key}.json"


@dataclass(frozen=True, slots=True)
class Run:
    """What was planned. Its jobs and shards follow from it, so they are never listed."""

    channel: str
    name: str
    job: str
    """What its jobs are called: the one job, or the batch (see `plan.names`)."""
    created: datetime
    shard_size: int
    request: Request
    """With its seed."""

    def jobs(self) -> tuple[Job, ...]:
        """Every job, in order."""
        return plan.plan(self.request, self.job, self.request.seed or 0)

    def shards(self) -> dict[str, tuple[Job, ...]]:
        """The jobs of each shard, by key."""
        jobs = self.jobs()
        parts = [jobs[start : start + self.shard_size] for start in range(0, len(jobs), self.shard_size)]
        return dict(zip(self.keys(), parts, strict=True))

    def keys(self) -> list[str]:
        """The shards' keys, all of one length, so that they sort as text: "0000", "0001" and so on."""
        count = -(-self.request.videos // self.shard_size)
        return [self._key(number) for number in range(count)]

    def key_of(self, number: int) -> str:
        """The shard of the job of a number, counted from 1."""
        return self._key((number - 1) // self.shard_size)

    def _key(self, number: int) -> str:
        last = (self.request.videos - 1) // self.shard_size
        return f"{number:0{max(_KEY_DIGITS, len(str(last)))}d}"


def place_of(channel: str, run: str) -> RunPlace:
    """The places of a run.

    Raises:
        InputError: the channel or the run has a name that could lead elsewhere.
    """
    if not is_name(run):
        raise InputError(bad_name("run", run))
    folder = places.of_run(channel, run)
    names = ("plan.json", "report.html", "summary.md", "metrics.json", "dead_letters.jsonl")
    return RunPlace(folder, *(f"{folder}/{name}" for name in names))


def seed_of(channel: str, run: str) -> int:
    """The seed of a run that was given none: planned again under its name, it makes the same videos."""
    digest = hashlib.sha256(f"{channel}/{run}".encode()).digest()
    return int.from_bytes(digest[:4]) >> 1


def load(store: Store, channel: str, name: str) -> Run | None:
    """A run as it was planned; None if it was not.

    Raises:
        InputError: its plan is damaged, or from a newer version of this package.
    """
    place = place_of(channel, name)
    if not store.stat(place.plan):
        return None
    return loads(store.read(place.plan), store.uri(place.plan))


def save(store: Store, run: Run) -> Run:
    """Write a run's plan down, unless it is there already, and return the one that stands.

    Raises:
        InputError: another request was planned under this name.
    """
    try:
        store.write(place_of(run.channel, run.name).plan, dumps(run), expect=0)
    except Conflict:
        there = load(store, run.channel, run.name)
        if there is None:  # removed meanwhile
            raise
        return same(there, run)
    return run


def same(there: Run, asked: Run) -> Run:
    """The run that is there already, if it is of what is asked now; when it was made may differ.

    Raises:
        InputError: it is of something else.
    """
    now, then = ({**run.request.as_json(), "job": run.job, "shard-size": run.shard_size} for run in (asked, there))
    if other := [f"{key} was {then[key]!r} and is now {now[key]!r}" for key in now if now[key] != then[key]]:
        raise InputError(
            f"run {there.name} was planned with another request ({', '.join(other)}): "
            "repeat the first one to go on, or give the run another name"
        )
    return there


def dumps(run: Run) -> bytes:
    """A run as `plan.json`."""
    data = {
        "schema_version": SCHEMA_VERSION,
        "channel": run.channel,
        "run": run.name,
        "job": run.job,
        "created": run.created.isoformat().replace("+00:00", "Z"),
        "shard_size": run.shard_size,
        "request": run.request.as_json(),
        "shards": [
            {"shard": key, "first": jobs[0].name, "last": jobs[-1].name, "jobs": len(jobs)}
            for key, jobs in run.shards().items()
        ],
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def loads(data: bytes, name: str) -> Run:
    """The run that `dumps` wrote.

    Args:
        data: the bytes of the file.
        name: what to call the file in an error.

    Raises:
        InputError: it is no plan, is damaged, or was written by a newer version of this package.
    """
    try:
        return _run(json.loads(data))
    except (KeyError, TypeError, ValueError, InputError) as error:
        reason = f"missing {error}" if isinstance(error, KeyError) else error
        raise InputError(
            f"{name} is no plan that this triviareel reads ({reason}): restore it, or plan anew"
        ) from error


def _run(data: Mapping[str, Any]) -> Run:
    if data["schema_version"] != SCHEMA_VERSION:
        raise ValueError(f"schema_version {data['schema_version']!r}")
    created, request = datetime.fromisoformat(data["created"]), from_json(data["request"])
    size = data["shard_size"]
    if created.utcoffset() is None or not isinstance(size, int) or size < 1 or request.seed is None:
        raise ValueError("its time has no zone, or its shards no size, or its request no seed")
    run = Run(data["channel"], data["run"], data["job"], created, size, request)
    place_of(run.channel, run.name)
    plan.check_name(request, run.job)
    return run
