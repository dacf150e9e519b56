"""How far a run is, an object a shard: whoever asks reads one object for fifty jobs instead of fifty manifests.

It tells what the manifests say, and they are what counts: a summary that is lost or late is made again from them.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from triviareel.errors import Stopped, StorageError, TriviaError
from triviareel.jobs import places, records, runs
from triviareel.jobs.desk import Outcome, Watcher
from triviareel.jobs.records import Record
from triviareel.jobs.runs import Run
from triviareel.storage import Store

if TYPE_CHECKING:
    from triviareel.video.render import Progress as Frames

log = logging.getLogger(__name__)

PAUSE_S = 10.0
"""Least time between two writes of one shard's summary, but for the last: one name in a bucket takes one a second."""


def load(store: Store, run: Run, key: str) -> dict[str, Record]:
    """What a shard's summary says of its jobs, by name; nothing if there is none, or if it is damaged.

    Raises:
        StorageError: it cannot be read now.
    """
    try:
        lines = json.loads(store.read(runs.place_of(run.channel, run.name).shard(key)))["jobs"]
        return {record.job: record for record in map(records.from_json, lines)}
    except StorageError:
        raise
    except (TriviaError, ValueError, KeyError, TypeError):  # none yet, or no file of ours: the manifests know
        return {}


class Progress:
    """Keeps the summaries of a run's shards; called by several threads. A context manager, which writes what is left.

    A summary that cannot be written is told in the log, and no job fails for it.
    """

    def __init__(self, store: Store, run: Run, keys: Iterable[str] | None = None) -> None:
        """Of some of the shards, by default all."""
        shards = run.shards()
        self._store, self._run = store, run
        self._key = {job.name: key for key in (keys or shards) for job in shards[key]}
        self._known: dict[str, dict[str, Record]] = {}
        self._written: dict[str, float] = {}
        self._late: set[str] = set()
        self._lock = threading.Lock()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.flush()

    def reread(self, job: str) -> None:
        """Take down what a job's manifest says now."""
        try:
            self.put(records.read(self._store, places.of_job(self._run.channel, job).manifest, job))
        except TriviaError as error:
            log.warning("the run's summary is late: %s", error)

    def put(self, record: Record) -> None:
        """Take down how far a job is."""
        with self._lock:
            key = self._key[record.job]
            self._shard(key)[record.job] = record
            self._late.add(key)
            if time.monotonic() - self._written.get(key, -PAUSE_S) >= PAUSE_S:
                self._write(key)

    def flush(self) -> None:
        """Write what is not written yet."""
        with self._lock:
            for key in sorted(self._late):
                self._write(key)

    def _shard(self, key: str) -> dict[str, Record]:
        if key not in self._known:
            try:
                self._known[key] = load(self._store, self._run, key)
            except TriviaError as error:
                log.warning("the run's summary begins anew: %s", error)
                self._known[key] = {}
        return self._known[key]

    def _write(self, key: str) -> None:
        try:
            save(self._store, self._run, key, self._known[key])
        except TriviaError as error:
            log.warning("the run's summary could not be written: %s", error)
            return
        self._written[key] = time.monotonic()
        self._late.discard(key)


class Recorder:
    """A Watcher that passes everything on to another one, and takes down how jobs end."""

    def __init__(self, watcher: Watcher, progress: Progress) -> None:
        self._watcher, self._progress = watcher, progress

    def note(self, line: str) -> None:
        """See Watcher."""
        self._watcher.note(line)

    def stage(self, job: str, name: str) -> None:
        """See Watcher."""
        self._watcher.stage(job, name)

    def frames(self, job: str, progress: Frames) -> None:
        """See Watcher."""
        self._watcher.frames(job, progress)

    def done(self, outcome: Outcome) -> None:
        """See Watcher. A job that was only stopped is as it was, and a process that is to end has no time for it."""
        if not isinstance(outcome.error, Stopped):
            self._progress.reread(outcome.job)
        self._watcher.done(outcome)


def save(store: Store, run: Run, key: str, told: Mapping[str, Record]) -> None:
    """Write a shard's summary, its jobs in order of their names.

    Raises:
        InputError, StorageError: it cannot be written.
    """
    lines = ",\n".join(json.dumps(told[job].as_json(), ensure_ascii=False) for job in sorted(told))
    text = f'{{"schema_version": {runs.SCHEMA_VERSION}, "shard": "{key}", "jobs": [\n{lines}\n]}}\n'
    store.write(runs.place_of(run.channel, run.name).shard(key), text.encode())
