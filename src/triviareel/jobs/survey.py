"""Reads how far jobs are, of a run, a channel or a whole root: from summaries where they are true, else manifests.

A summary is true of a job if it was made of the version of the manifest that is there. One that is behind, because two
workers wrote it by turns or one was killed before it did, costs time and nothing else.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from stat import S_ISDIR
from typing import TypeVar

from triviareel.errors import InputError
from triviareel.jobs import places, progress, records, runs
from triviareel.jobs.records import MISSING, Record
from triviareel.jobs.request import is_name
from triviareel.jobs.runs import Run
from triviareel.storage import Stat, Store, open_store
from triviareel.storage.faults import explained

READERS = 16
"""Objects read at a time: an answer from a bucket takes some 20 to 50 ms, however small the object is."""

_CHUNK = 32 * READERS
"""Jobs handed to the readers at once: memory is for these, not for the millions of a year."""

_NUMBER = re.compile(r"-(\d{5})$")

T = TypeVar("T")


def open_root(uri: str) -> Store:
    """The store of a root that is there: a folder that is not is misspelt rather than without jobs.

    Raises:
        InputError: there is no such folder, or no place that this build can use.
    """
    store = open_store(uri)
    check_folder(store, uri)
    return store


def check_folder(store: Store, uri: str) -> None:
    """Raise InputError if a store is a folder that is not there; `uri` is how the user named it."""
    if jobs := store.local("jobs"):
        with explained(uri, "read"):
            if not S_ISDIR(jobs.parent.stat().st_mode):
                raise FileExistsError(errno.EEXIST, "a file in place of a folder")


def of_run(store: Store, run: Run) -> Iterator[Record]:
    """Every job of a run, in order.

    Its manifests are listed, and one is read only if the run's summaries do not know of that very version of it.

    Raises:
        InputError, StorageError: something cannot be read.
    """
    listed = store.list(f"jobs/{run.channel}", begins=run.job)
    there = {stat.name: stat.generation for stat in listed if _is_manifest(stat.name)}

    def now(job: str, known: Record | None) -> Record:
        name = places.of_job(run.channel, job).manifest
        generation = there.get(name)
        if generation is None:
            return Record(job, MISSING)
        if known and known.generation == generation:
            return known
        return records.read(store, name, job, generation)

    with ThreadPoolExecutor(READERS, "reader") as pool:
        for part in _chunks(run.shards().items(), READERS):
            jobs = [job.name for _key, shard in part for job in shard]
            told = pool.map(lambda key: progress.load(store, run, key), (key for key, _ in part))
            known = {job: record for one in told for job, record in one.items()}
            yield from pool.map(now, jobs, map(known.get, jobs))


def of_root(store: Store, channel: str | None = None) -> Iterator[tuple[str, Record]]:
    """Every job of a channel, or of all channels, each with its channel's name.

    They are listed, a page at a time, and a manifest is read only if no summary knows of that very version of it.

    Raises:
        InputError, StorageError: something cannot be read.
    """
    histories: dict[str, _History] = {}

    def told(stat: Stat) -> tuple[Stat, str, str, Record | None]:
        whose, job = stat.name.split("/")[1:3]
        if whose not in histories:
            histories.clear()  # names come in order: the channel before is done with
            histories[whose] = _History(store, whose)
        return stat, whose, job, histories[whose].record(job, stat.generation)

    def now(stat: Stat, whose: str, job: str, known: Record | None) -> tuple[str, Record]:
        return whose, known or records.read(store, stat.name, job, stat.generation)

    found = (stat for stat in store.list(f"jobs/{channel}" if channel else "jobs") if _is_manifest(stat.name))
    with ThreadPoolExecutor(READERS, "reader") as pool:
        for stats in _chunks(found, _CHUNK):
            yield from pool.map(lambda known: now(*known), [told(stat) for stat in stats])


def planned(store: Store, channel: str) -> Iterator[Run]:
    """The runs of a channel; one whose plan is damaged is left out, for its jobs can tell of themselves.

    Raises:
        InputError, StorageError: the root cannot be listed or read.
    """
    for stat in store.list(f"runs/{channel}"):
        name, _slash, last = stat.name.removeprefix(f"runs/{channel}/").partition("/")
        if last == "plan.json" and is_name(name):
            data = store.read(stat.name)
            try:
                yield runs.loads(data, stat.uri)
            except InputError:
                continue


def batch_of(job: str) -> str:
    """The name of the batch that a job is of, or its own if it is alone."""
    return _NUMBER.sub("", job)


class _History:
    """What the summaries of a channel's runs know of its jobs, asked for in order of the jobs' names."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._runs: dict[str, list[Run]] = {}
        for run in planned(store, channel):
            if run.request.videos > 1:  # the summary of a single job takes as long to read as its manifest
                self._runs.setdefault(run.job, []).append(run)
        self._shards: dict[str, tuple[str, dict[str, Record]]] = {}
        """By run, the shard that was asked for last, and what its summary says."""

    def record(self, job: str, generation: int) -> Record | None:
        """What is known of a job, if it was told by this version of its manifest."""
        number = _NUMBER.search(job)
        for run in self._runs.get(batch_of(job), ()) if number else ():
            known = self._shard(run, int(number[1])).get(job) if number else None
            if known and known.generation == generation:
                return known
        return None

    def _shard(self, run: Run, number: int) -> dict[str, Record]:
        key = run.key_of(number)
        if self._shards.get(run.name, ("", {}))[0] != key:
            self._shards[run.name] = key, progress.load(self._store, run, key)
        return self._shards[run.name][1]


def _is_manifest(name: str) -> bool:
    parts = name.split("/")
    return len(parts) == 4 and parts[3] == "_MANIFEST.json" and is_name(parts[1]) and is_name(parts[2])


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
