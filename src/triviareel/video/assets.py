"""The asset pack: three background templates, the timer bar and the ding, in a folder that a channel may fill."""

from __future__ import annotations

import hashlib
import tempfile
import threading
import wave
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from triviareel.errors import AssetError
from triviareel.storage import Stat, Store
from triviareel.storage.faults import explain
from triviareel.storage.folder import FolderStore
from triviareel.storage.source import FileSource, Source, settled
from triviareel.video import backdrops, synth
from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.media import Media, mono, probe
from triviareel.video.storyboard import COUNTDOWN_S

BACKGROUNDS = ("1.mp4", "2.mp4", "3.mp4")
TIMER = "slide_timer_bar_5s.mp4"
DING = "ding_correct_answer_long.wav"
FILES = (*BACKGROUNDS, TIMER, DING)

RECIPE = 1
"""Version of the default pack: raise it with every change of what `build` makes."""

_LOOP_S = 10
_SCALE = 4
"""The backgrounds are drawn at a quarter of the width and height: everything in them is soft."""
_TIMER_SIZE = (1720, 36)
_DING_LONGEST_S = 8
_DING_TAIL_S = 0.5
_QUIET = 1e-3
"""Share of the ding's peak (−60 dB) under which its beginning counts as silence."""

_KEPT = 8
"""Packs whose facts a process remembers."""
_opened: dict[tuple[object, ...], AssetPack] = {}
_opening = threading.Lock()

# Cheap to decode: one reference, no B-frames, no CABAC. A key frame every two seconds.
_X264 = {
    "preset": "veryfast",
    "crf": "22",
    "x264-params": "bframes=0:ref=1:cabac=0:weightp=0:keyint=60:min-keyint=60:scenecut=0:aq-mode=3:threads=2"
    ":lookahead-threads=1",
}


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


def default_folder(cache: Path, *, fps: int = 30, width: int = 1920, height: int = 1080) -> Path:
    """Where `default_pack` keeps its pack; there once it is whole. Arguments as there."""
    return cache / f"assets-{RECIPE}-{width}x{height}-{fps}"


def default_pack(cache: Path, *, fps: int = 30, width: int = 1920, height: int = 1080) -> Path:
    """The folder of the default pack, built on first use; whole or not there, whoever else builds it meanwhile.

    Args:
        cache: where packs are kept, each by its recipe, size and rate.
        fps: as in `build`.
        width: as in `build`.
        height: as in `build`.

    Raises:
        InputError: the cache may not be written.
        StorageError: it cannot be written now.
    """
    _check_size(cache, width, height)
    folder = default_folder(cache, fps=fps, width=width, height=height)
    if not folder.is_dir():
        with _workplace(cache) as made:
            _make(made, fps, width, height)
            try:
                made.rename(folder)
            except OSError:
                # Another process was quicker; its pack has the same bytes.
                if not folder.is_dir():
                    raise
    return folder


def build(folder: Path, *, fps: int = 30, width: int = 1920, height: int = 1080) -> None:
    """Make the default pack; takes about 20 seconds.

    Args:
        folder: is made if need be; may hold other files, but none of the pack's.
        fps: frames a second of the templates.
        width: pixels of the backgrounds, even.
        height: pixels of the backgrounds, even.

    Raises:
        AssetError: one of the files is already there, or a size is odd.
        InputError: the folder may not be written.
        StorageError: it cannot be written now.
    """
    _check_size(folder, width, height)
    for name in FILES:
        if (folder / name).exists():
            raise AssetError(f"{folder / name}: already there; remove it or choose another folder")
    with _workplace(folder) as made:
        _make(made, fps, width, height)
        for name in FILES:
            (made / name).rename(folder / name)


def _check_size(folder: Path, width: int, height: int) -> None:
    if width % 2 or height % 2 or width < 64 or height < 64:
        raise AssetError(f"{folder}: backgrounds of {width} × {height} pixels; choose even numbers from 64")


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards whatever happens."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=parent, ignore_cleanup_errors=True) as place:
            made = Path(place) / "pack"
            made.mkdir()
            yield made
    except OSError as error:
        raise explain(error, parent, "write") from error


def _make(folder: Path, fps: int, width: int, height: int) -> None:
    plane = backdrops.Plane.of(width // _SCALE, height // _SCALE)
    for name, draw in zip(BACKGROUNDS, backdrops.BACKGROUNDS, strict=True):
        _encode(folder / name, (width, height), fps, _LOOP_S * fps, partial(draw, plane))
    _encode(folder / TIMER, _TIMER_SIZE, fps, COUNTDOWN_S * fps, partial(backdrops.timer_bar, *_TIMER_SIZE))
    samples = np.rint(synth.ding() * 32767).astype("<i2")
    with wave.open(str(folder / DING), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())


def _encode(
    path: Path, size: tuple[int, int], fps: int, frames: int, draw: Callable[[float], backdrops.Picture]
) -> None:
    """Draw and encode one template, scaled up and dithered on the way: H.264, bt709, no sound."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=fps, options=dict(_X264))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.flags |= av.codec.context.Flags.bitexact
        context.colorspace = context.color_primaries = context.color_trc = 1  # bt709
        context.color_range = 1  # limited
        for number in range(frames):
            small = av.VideoFrame.from_ndarray(_yuv(draw(number / frames)), format="yuv444p16le")
            # From 16 bits to 8, libswscale dithers; that is what keeps dark gradients free of bands.
            frame = small.reformat(*size, format="yuv420p", interpolation="BICUBIC")
            frame.pts = number
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


_BT709 = np.array(  # limited range, of gamma-encoded RGB (ITU-R BT.709-6, 3)
    [
        [0.2126, 0.7152, 0.0722],
        [-0.2126 / 1.8556, -0.7152 / 1.8556, 0.5],
        [0.5, -0.7152 / 1.5748, -0.0722 / 1.5748],
    ],
    np.float32,
) * np.array([[219], [224], [224]], np.float32)


def _yuv(picture: backdrops.Picture) -> NDArray[np.uint16]:
    """A picture in 16-bit limited-range YUV, shape (height, width, 3)."""
    planes = np.clip(picture, 0, 1) @ _BT709.T + np.array([16, 128, 128], np.float32)
    return np.asarray(np.rint(planes * 256), np.uint16)


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
