"""The first stage: a request and a name become jobs, each with its manifest."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from triviareel.errors import Conflict, InputError
from triviareel.jobs import crew, gemini, ledger, manifest, places
from triviareel.jobs import plan as plans
from triviareel.jobs.manifest import Manifest, planned
from triviareel.jobs.plan import Job, check_name, name_at, names
from triviareel.jobs.request import Request, from_json, problems
from triviareel.questions import bank
from triviareel.storage import Store


@dataclass(frozen=True, slots=True)
class Batch:
    """The jobs of one request."""

    name: str
    """Of the job, or of the batch: its jobs are called `name-00001` and so on."""
    request: Request
    """With its seed, and its topics as they are kept."""
    jobs: tuple[Job, ...]


def settled(request: Request, name: str | None, now: datetime, wrong: Sequence[str] = ()) -> Request:
    """The request with its topics as they are kept, if it can be planned under a name.

    Args:
        request: what is asked for.
        name: of the job or batch; None for one made from the time.
        now: the time.
        wrong: what else is known to be wrong, to be told together.

    Raises:
        InputError: it cannot; the message names everything that is wrong.
    """
    found = [*problems(request), *wrong]
    topics: tuple[str, ...] = ()
    try:
        topics = bank.match(request.topics) if request.source == "bank" else gemini.named(request.topics)
        check_name(request, name_at(now) if name is None else name)
    except InputError as error:
        found.append(str(error))
    if found:
        raise InputError("; ".join(found))
    return replace(request, topics=topics)


def plan(store: Store, request: Request, name: str | None, clock: Callable[[], datetime]) -> Batch:
    """Plan the jobs of a request: afterwards each has its manifest, whether it was made now or before.

    Args:
        store: ROOT.
        request: what to make; see `settled`.
        name: the job's or the batch's name; None for one made from the time. A known name goes on with that work.
        clock: tells the time.

    Raises:
        InputError: it cannot be made, or another request was begun under this name; nothing has been written.
    """
    now = clock()
    request = settled(request, name, now)
    if name is not None:
        return _planned(store, request, name, now)
    while True:  # until this second is ours alone
        name = name_at(now)
        first = places.of_job(request.channel, names(request, name)[0])
        if not store.stat(first.manifest):
            try:
                return _planned(store, request, name, now, fresh=True)
            except Conflict:
                pass  # another run was planned in this second, just now
        now += timedelta(seconds=1)


def _planned(store: Store, request: Request, name: str, now: datetime, *, fresh: bool = False) -> Batch:
    """The batch under a name; its first manifest decides whose request, and which seed, it is."""
    if not fresh and request.videos > 1 and (begun := _recorded(store, request.channel, name)):
        return _batch(_same(request, begun, name), name)  # all of it was planned: no manifest need be read
    check_supply(request)
    batch = _batch(replace(request, seed=secrets.randbelow(2**31)) if request.seed is None else request, name)
    first = _begin(store, batch.request, batch.jobs[0], now, fresh=fresh)
    batch = _batch(_same(request, first.request, first.job), name)
    crew.spread(batch.jobs[1:], lambda job: _join(store, batch.request, job, now))
    if request.videos > 1:
        told = {"schema_version": manifest.SCHEMA_VERSION, "batch": name, "request": batch.request.as_json()}
        store.write(_record(request.channel, name), (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode())
    return batch


def _batch(request: Request, name: str) -> Batch:
    assert request.seed is not None  # noqa: S101 - for the type checker; chosen by now
    return Batch(name, request, plans.plan(request, name, request.seed))


def _begin(store: Store, request: Request, job: Job, now: datetime, *, fresh: bool) -> Manifest:
    """A job's manifest, written now if it is not there yet; Conflict if it is there and none must be."""
    name = places.of_job(request.channel, job.name).manifest
    begun = planned(request.channel, job.name, job.seed, request, now)
    if fresh:
        store.write(name, manifest.dumps(begun), expect=0)
        return begun
    return ledger.begin(store, name, begun).manifest


def _join(store: Store, request: Request, job: Job, now: datetime) -> None:
    """Write the manifest of a job of a batch, or see that the one that is there is of the same request."""
    try:
        _begin(store, request, job, now, fresh=True)
    except Conflict:
        try:
            present = ledger.find(store, places.of_job(request.channel, job.name).manifest)
        except InputError:  # damaged: that job will say so itself
            return
        if present:
            _same(request, present.manifest.request, job.name)


def _record(channel: str, name: str) -> str:
    """Where it is written down that all jobs of a batch are planned, and of what request."""
    return f"{places.of_run(channel, name)}/planned.json"


def _recorded(store: Store, channel: str, name: str) -> Request | None:
    """The request of a batch of which all jobs are planned."""
    record = _record(channel, name)
    if not store.stat(record):
        return None
    try:
        return from_json(json.loads(store.read(record))["request"])
    except (KeyError, TypeError, ValueError, InputError):  # it is planned once more, which changes nothing
        return None


def check_supply(request: Request) -> None:
    """Raise InputError if the bank has not enough different questions for all videos."""
    if request.source != "bank":
        return
    supply = bank.supply(request.topics, request.difficulty)
    if request.questions <= supply < request.questions * request.videos:
        raise InputError(
            f"videos {request.videos:,}: with questions {request.questions}, the bank has different ones for "
            f"{supply // request.questions:,}: ask for fewer of either, more topics or another difficulty"
        )
    if supply < request.questions:
        bank.pick(request.topics, request.difficulty, request.questions, 0)  # says so in its own words


def _same(asked: Request, begun: Request, name: str) -> Request:
    """The request that a job or batch was begun with, if it is what is asked for; its seed need not be named again."""
    asked = replace(asked, seed=begun.seed) if asked.seed is None else asked
    now, then = asked.as_json(), begun.as_json()
    other = [f"{key} was {then[key]!r} and is now {now[key]!r}" for key in now if now[key] != then[key]]
    if other:
        raise InputError(
            f"job {name} was begun with another request ({', '.join(other)}): "
            "repeat the first one to go on, or choose another --job"
        )
    return asked
