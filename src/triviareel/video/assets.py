"""The asset pack: three background templates, the timer bar and the ding, in a folder that a channel may fill."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from triviareel.errors import AssetError
from triviareel.storage import Stat, Store
from triviareel.storage.folder import FolderStore
from triviareel.storage.source import FileSource, Source, settled
from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.decoding import mono
from triviareel.video.media import Media, probe

BACKGROUNDS = ("1.mp4", "2.mp4", "3.mp4")
TIMER = "slide_timer_bar_5s.mp4"
DING = "ding_correct_answer_long.wav"
FILES = (*BACKGROUNDS, TIMER, DING)

_DING_LONGEST_S = 8
_DING_TAIL_S = 0.5
_QUIET = 1e-3
"""Share of the ding's peak (−60 dB) under which its beginning counts as silence."""

_KEPT = 8
"""Packs whose facts a process remembers."""
_opened: dict[tuple[object, ...], AssetPack] = {}
_opening = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class AssetPack:
    """A pack that was found whole."""

    backgrounds: tuple[Media, Media, Media]
    timer: Media
    ding: NDArray[np.float32]
    """Mono at SAMPLE_RATE; sounds from its first sample."""
    sources: tuple[Source, ...]
    """What it was opened from; what is rendered with it is to be rendered within `settled(sources)`."""


def in_store(store: Store, place: str, stream: Callable[[Store, Stat], Source] | None = None) -> tuple[Source, ...]:
    """The sources of the pack beneath a name, in the order of FILES; nothing of them is read.

    Args:
        store: where the pack is.
        place: the name beneath which its files are.
        stream: makes a source of an object that is no local file; None where all are.

    Raises:
        AssetError: a file is missing.
        InputError: they may not be read.
        StorageError: they cannot be looked for now.
    """
    found = [(store.stat(f"{place}/{name}"), f"{place}/{name}") for name in FILES]
    if missing := [store.uri(name) for stat, name in found if stat is None]:
        raise AssetError(f"{missing[0]}: missing; add it, or make a pack: triviareel assets build --to FOLDER")
    return tuple(_source(store, stat, stream) for stat, _name in found if stat)


def in_folder(folder: Path) -> tuple[Source, ...]:
    """The sources of the pack in a folder; errors as in `in_store`."""
    return in_store(FolderStore(folder.parent), folder.name)


def _source(store: Store, stat: Stat, stream: Callable[[Store, Stat], Source] | None) -> Source:
    path = store.local(stat.name)
    if path is not None:
        return FileSource(path, stat.uri)
    assert stream is not None  # noqa: S101 - whoever brings such a store says how it is read
    return stream(store, stat)


def identity(sources: Sequence[Source]) -> str:
    """Hash that tells a pack's contents; of files all is read for it, of objects nothing."""
    return hashlib.sha256("\n".join(source.identity for source in sources).encode()).hexdigest()


def open_pack(sources: Sequence[Source], thorough: bool = True) -> AssetPack:
    """Open a pack and check every file of it.

    A process does so once for each version of a pack.

    Args:
        sources: of the five files, in the order of FILES.
        thorough: decode the templates to their ends; see `media.probe`.

    Raises:
        AssetError: a file is cut short, damaged or of the wrong kind.
        StorageError: it could not be read, arrived damaged, or was replaced meanwhile.
    """
    key = (thorough, *((source.location, source.identity) for source in sources))
    with _opening:
        if key not in _opened:
            _opened[key] = _open(tuple(sources), thorough)
            while len(_opened) > _KEPT:
                del _opened[next(iter(_opened))]
        return replace(_opened[key], sources=tuple(sources))


def _open(sources: tuple[Source, ...], thorough: bool) -> AssetPack:
    with settled(sources):
        first, second, third, timer = (_video(source, thorough) for source in sources[:4])
        probe(sources[4])
        return AssetPack((first, second, third), timer, _ding(sources[4]), sources)


def _video(source: Source, thorough: bool) -> Media:
    media = probe(source, thorough)
    if media.kind != "video":
        raise AssetError(f"{source.uri}: it holds no pictures; use an MP4, MOV, MKV or WebM with a video stream")
    return media


def _ding(source: Source) -> NDArray[np.float32]:
    """The ding without the silence that may precede it, faded out where it is too long."""
    sound = mono(source, SAMPLE_RATE, _DING_LONGEST_S)
    loud = np.flatnonzero(np.abs(sound) > max(_QUIET * float(np.abs(sound).max()), 1e-5))
    if not len(loud):
        raise AssetError(f"{source.uri}: it is silent; use a sound of a bell")
    sound = sound[loud[0] :]
    tail = round(_DING_TAIL_S * SAMPLE_RATE)
    if len(sound) > tail:
        sound[-tail:] *= np.linspace(1, 0, tail, dtype=np.float32)
    return sound
