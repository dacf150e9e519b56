"""A finished video with what lies beside it: known again, and put in its place so that it is seen whole or not at all.

Cloud Storage changes one object at a time. So first what is to lie beside the video is staged in one object, `pending`;
then the old companions go, the video comes, the new companions are written, and `pending` goes. Whoever is killed on
the way leaves either the old video, perhaps without its companions, or the new one with `pending`, from which the next
worker completes it without rendering anything.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from triviareel.errors import Conflict, InputError, TriviaError
from triviareel.jobs.manifest import Output
from triviareel.jobs.places import FilmPlace
from triviareel.storage import Stat, Store

log = logging.getLogger(__name__)

COMPANIONS = ("thumbnail", "captions", "metadata")
"""In the order in which they are written, and removed the other way round: where the last one is, all are."""

_TRIES = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a finished video; kept in its metadata.json."""

    duration_s: float
    frames: int
    width: int
    height: int
    fps: int
    questions: int
    render_s: float
    """Wall time from the first card drawn to the last frame inspected."""
    encoder: str
    loudness_lufs: float
    true_peak_dbtp: float
    content_hash: str
    sha256: str
    size: int

    def as_json(self) -> dict[str, Any]:
        """Flat."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Film:
    """A finished video."""

    facts: Facts
    outputs: Mapping[str, Output]
    """Those that were written now; none if the video was there already."""
    characters_spoken: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage."""


def finished(store: Store, place: FilmPlace, key: str) -> Film | None:
    """The video that is there already, if it was made with this render key and is whole."""
    found = store.stat(place.video)
    told = _told(_present(store, place.metadata)) if found else None
    if not found or told is None or told[0] != key:
        return None
    return Film(told[1], {}) if _is(store, found, told[1]) else None


def completed(store: Store, place: FilmPlace, key: str) -> Film | None:
    """The video that is there, completed with the companions that a worker had staged before it was killed.

    For whoever holds the place's claim. None if there is no such video.
    """
    staged = store.stat(place.pending)
    found = store.stat(place.video)
    if not staged or not found:
        return None
    beside = _staged(_present(store, place.pending, staged.generation))
    told = beside and _told(beside["metadata"])
    if not beside or not told or told[0] != key or not _is(store, found, told[1]):
        return None
    _complete(store, place, beside, found, staged)
    return Film(told[1], {})


def standing(store: Store, place: FilmPlace) -> int:
    """The generation of the video in a place, 0 for none; what `commit` is to replace.

    To be asked for after the claim is taken and before `found`: a worker that was overtaken may still put its video
    there, and that one is not to be replaced, however it falls between these.
    """
    present = store.stat(place.video)
    return present.generation if present else 0


def found(store: Store, place: FilmPlace, key: str) -> Film | None:
    """The video that is there, whole or completed now, with nothing left of its making; for the holder of its claim."""
    if film := finished(store, place, key):
        store.delete(place.pending)
        return film
    return completed(store, place, key)


def commit(
    store: Store,
    place: FilmPlace,
    beside: Mapping[str, bytes],
    video: Path,
    seen: int,
    confirm: Callable[[], None],
) -> dict[str, Output]:
    """Put a video in its place, and its companions beside it; if the video cannot be put there, all stand as before.

    Args:
        store: where.
        place: its names there.
        beside: what each of COMPANIONS is to hold; the metadata have the render key and the video's Facts.
        video: the file, which is used up.
        seen: the generation of the video that is to be replaced; 0 for none.
        confirm: raises Conflict if the right to do this is lost.

    Raises:
        Conflict: another worker was faster.
        StorageError: it could not be written now.
    """
    told = _told(beside["metadata"])
    assert told is not None  # noqa: S101 - for the type checker; we wrote them
    before = store.stat(place.pending)
    confirm()
    staged = store.write(place.pending, _stage(beside), expect=before.generation if before else 0)
    removed: dict[str, bytes] = {}
    try:
        _clear(store, place, seen, removed)
        made = store.commit(place.video, video, expect=seen, labels={"render-key": told[0]})
    except TriviaError:
        made_after_all = _arrived(store, place, told[1])
        if made_after_all is None:
            _undo(store, place, seen, removed, staged.generation)
            raise
        made = made_after_all
    whole = {"video": made, **_complete(store, place, beside, made, staged)}
    return {kind: output(stat) for kind, stat in whole.items()}


def outputs(store: Store, place: FilmPlace, facts: Facts) -> dict[str, Output]:
    """A finished video and its companions, as a manifest keeps them."""
    found = {kind: store.stat(getattr(place, kind)) for kind in ("video", *COMPANIONS)}
    known = {"video": facts.sha256}
    return {
        kind: Output(stat.uri, stat.size, known.get(kind) or stat.sha256 or store.sha256(stat.name), stat.generation)
        for kind, stat in found.items()
        if stat
    }


def output(stat: Stat) -> Output:
    """A version of an object as a manifest keeps it."""
    return Output(stat.uri, stat.size, stat.sha256 or "", stat.generation)


def _clear(store: Store, place: FilmPlace, seen: int, removed: dict[str, bytes]) -> None:
    """Remove the old companions, the metadata first, and keep what was in them.

    Their versions are noted before it is made sure that no other worker's video stands: should one come now, its
    companions are other versions, which this cannot remove.
    """
    found = [stat for kind in reversed(COMPANIONS) if (stat := store.stat(getattr(place, kind)))]
    if standing(store, place) != seen:
        raise Conflict(f"{store.uri(place.video)} was replaced while this video was made; the one that is there stands")
    for stat in found:
        removed[stat.name] = _present(store, stat.name, stat.generation)
        store.delete(stat.name, expect=stat.generation)


def _undo(store: Store, place: FilmPlace, seen: int, removed: dict[str, bytes], staged: int) -> None:
    """Put the old companions back beside the old video, the metadata last, if it is certain that it stands."""
    try:
        if standing(store, place) == seen:
            for name, data in reversed(removed.items()):
                if data and not store.stat(name):
                    store.write(name, data, expect=0)
        store.delete(place.pending, expect=staged)
    except TriviaError as error:  # what made us give up is told; the next worker finds all it needs
        log.debug("the companions could not be put back: %s", error)


def _arrived(store: Store, place: FilmPlace, facts: Facts) -> Stat | None:
    """The very video, if it is in its place though putting it there seemed to fail."""
    try:
        present = store.stat(place.video)
        return replace(present, sha256=facts.sha256) if present and _is(store, present, facts) else None
    except TriviaError:
        return None


def _complete(
    store: Store, place: FilmPlace, beside: Mapping[str, bytes], video: Stat, staged: Stat
) -> dict[str, Stat]:
    """Write what is missing beside a video, then remove `pending`; the companions by kind."""
    whole = {kind: _settle(store, getattr(place, kind), beside[kind], video) for kind in COMPANIONS}
    try:
        store.delete(place.pending, expect=staged.generation)
    except Conflict:
        log.debug("%s was staged anew by another worker", place.pending)
    return whole


def _settle(store: Store, name: str, data: bytes, video: Stat) -> Stat:
    """See to it that a companion has certain bytes, as long as its video stands.

    The companion is looked at before the video: should another worker replace that now, it removes or replaces the
    companion too, and what is written here is refused.
    """
    for _ in range(_TRIES):
        present = store.stat(name)
        if present and _present(store, name, present.generation) == data:
            return replace(present, sha256=hashlib.sha256(data).hexdigest())
        now = store.stat(video.name)
        if not now or now.generation != video.generation:
            raise Conflict(f"{video.uri} was replaced by another worker while this one completed it; the other stands")
        with contextlib.suppress(Conflict):
            return store.write(name, data, expect=present.generation if present else 0)
    raise Conflict(f"{store.uri(name)} is changed by others all the time: let them finish, then try again")


def _present(store: Store, name: str, generation: int | None = None) -> bytes:
    """What an object holds; nothing if there is none, or no longer this version of it."""
    present = store.stat(name)
    if not present or generation not in (None, present.generation):
        return b""
    try:
        return store.read(name, generation=present.generation)
    except InputError:
        again = store.stat(name)
        if again and again.generation == present.generation:
            raise
        return b""


def _is(store: Store, found: Stat, facts: Facts) -> bool:
    return found.size == facts.size and (found.sha256 or store.sha256(found.name)) == facts.sha256


def _told(metadata: bytes) -> tuple[str, Facts] | None:
    """The render key and the facts in a metadata.json; None if it is not one of ours."""
    try:
        told = json.loads(metadata)
        return str(told["render_key"]), Facts(**told["video"])
    except (ValueError, KeyError, TypeError):
        return None


def _stage(beside: Mapping[str, bytes]) -> bytes:
    return json.dumps({kind: base64.b64encode(beside[kind]).decode() for kind in COMPANIONS}).encode()


def _staged(data: bytes) -> dict[str, bytes] | None:
    try:
        told = json.loads(data)
        return {kind: base64.b64decode(told[kind], validate=True) for kind in COMPANIONS}
    except (ValueError, KeyError, TypeError):
        return None
