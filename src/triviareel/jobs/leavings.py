"""What work that was broken off leaves behind, and nobody needs.

Claims of workers that are no more, videos that failed inspection, companions that wait for a video, unfinished files.
Nothing that a video, a manifest or a question's history is made of is ever among it: companions whose video has come
stay, for the next worker completes it with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from triviareel.errors import Conflict, InputError
from triviareel.jobs import places
from triviareel.jobs.places import FilmPlace
from triviareel.jobs.request import bad_name, is_name
from triviareel.storage import Stat, Store
from triviareel.storage.folder import FolderStore

LEAST = timedelta(hours=1)
"""What is younger may be in use: a worker that is alive renews its claim in seconds, and a render takes minutes."""

_AGE = re.compile(r"([0-9]{1,5})([dhm])")
"""Within what calendars can count back."""
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


class Kind(StrEnum):
    """What sort of thing was left."""

    CLAIM = "claim"
    """Of a job, by a worker that has not renewed it."""
    PENDING = "pending"
    """What was to lie beside a video, kept until the video is there."""
    REJECT = "reject"
    """A video that failed inspection, and the reason."""
    TEMPORARY = "temporary"
    """A file that was being written."""


@dataclass(frozen=True, slots=True)
class Leaving:
    """One object, or one unfinished file."""

    kind: Kind
    stat: Stat
    """The version that may be removed; another one is somebody's new work."""


def age(text: str) -> timedelta:
    """An age such as "7d", "36h" or "90m".

    Raises:
        InputError: it is none, or so short that it could be of something in use.
    """
    match = _AGE.fullmatch(text.strip().lower())
    if not match:
        raise InputError(f"older-than {text[:40]!r}: give days, hours or minutes, such as 7d, 36h or 90m")
    given = timedelta(**{_UNITS[match[2]]: int(match[1])})
    if given < LEAST:
        raise InputError(f"older-than {text!r}: what is younger than an hour may be in use; give 1h or more")
    return given


def found(store: Store, older_than: timedelta, channel: str | None = None) -> Iterator[Leaving]:
    """What was left, and has not been touched for so long by the store's own clock.

    Raises:
        InputError, StorageError: the root cannot be listed.
    """
    if channel is not None and not is_name(channel):
        raise InputError(bad_name("channel", channel))
    before = store.now() - older_than
    for stat in store.list(f"jobs/{channel}" if channel else "jobs"):
        kind = kind_of(stat.name)
        if kind and stat.updated < before and not (kind == Kind.PENDING and _is_needed(store, stat.name, before)):
            yield Leaving(kind, stat)
    for stat in store.unfinished() if isinstance(store, FolderStore) else ():
        if stat.updated < before and (channel is None or stat.name.split("/")[1:2] == [channel]):
            yield Leaving(Kind.TEMPORARY, stat)


def beside(store: Store, video: str, older_than: timedelta) -> Iterator[Leaving]:
    """What was left beside a video with a name of its own; as `found`.

    Raises:
        InputError: no video may be called so, or it cannot be looked for.
        StorageError: it cannot be looked for now.
    """
    film, before = places.of_output(video), store.now() - older_than
    names = {film.claim: Kind.CLAIM, film.pending: Kind.PENDING, film.rejected: Kind.REJECT, film.reason: Kind.REJECT}
    for name, kind in names.items():
        stat = store.stat(name)
        if stat and stat.updated < before and not (kind == Kind.PENDING and _waits(store, film, before)):
            yield Leaving(kind, stat)


def kind_of(name: str) -> Kind | None:
    """What sort of leaving an object is; None if it is none."""
    match name.split("/"):
        case ["jobs", _, _, "_CLAIM.json" | "_ASKING.json"]:
            return Kind.CLAIM
        case ["jobs", _, _, "pending.json"]:
            return Kind.PENDING
        case ["jobs", _, _, "rejected", _]:
            return Kind.REJECT
    return None


def _is_needed(store: Store, pending: str, before: datetime) -> bool:
    _jobs, channel, job, _name = pending.split("/")
    return is_name(channel) and is_name(job) and _waits(store, places.of_job(channel, job).film, before)


def _waits(store: Store, film: FilmPlace, before: datetime) -> bool:
    """Whether what is staged for a video may be needed.

    Its worker is alive, and perhaps its upload takes long, or the video stands without companions.
    """
    claim = store.stat(film.claim)
    if claim and claim.updated >= before:
        return True
    return store.stat(film.video) is not None and store.stat(film.metadata) is None


def remove(store: Store, leaving: Leaving) -> bool:
    """Remove what was left; tells whether it is gone, or was somebody's work again.

    Raises:
        InputError, StorageError: it cannot be removed.
    """
    if leaving.kind == Kind.TEMPORARY and isinstance(store, FolderStore):
        store.discard(leaving.stat)
        return True
    try:
        store.delete(leaving.stat.name, expect=leaving.stat.generation)
    except Conflict:
        return False
    return True
