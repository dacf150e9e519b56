"""A finished video with what lies beside it: known again, and put in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from triviareel.errors import TriviaError
from triviareel.jobs.manifest import Output
from triviareel.jobs.places import FilmPlace
from triviareel.storage import Stat, Store


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
    if not found or not store.stat(place.metadata):
        return None
    try:
        told = json.loads(store.read(place.metadata))
        facts = Facts(**told["video"])
        same = told["render_key"] == key
    except (ValueError, KeyError, TypeError):  # not a file of ours: the video is made anew
        return None
    whole = same and found.size == facts.size and store.sha256(place.video) == facts.sha256
    return Film(facts, {}) if whole else None


def commit(store: Store, place: FilmPlace, beside: Mapping[str, bytes], video: Path) -> dict[str, Output]:
    """Put the companions in place, and the video last; if any cannot be written, all stand as before."""
    names = {kind: getattr(place, kind) for kind in beside}
    before = {name: store.read(name) if store.stat(name) else None for name in names.values()}
    try:
        written = {kind: store.write(names[kind], data) for kind, data in beside.items()}
        written["video"] = store.commit(place.video, video)
    except TriviaError:
        for name, data in before.items():
            store.delete(name) if data is None else store.write(name, data)
        raise
    return {kind: output(stat) for kind, stat in written.items()}


def output(stat: Stat) -> Output:
    """A version of an object as a manifest keeps it."""
    return Output(stat.uri, stat.size, stat.sha256 or "", stat.generation)
