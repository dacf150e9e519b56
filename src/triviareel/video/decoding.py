"""Files that a channel brought: opened under guard, and decoded for their sound or first picture."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from triviareel import memory
from triviareel.errors import AssetError
from triviareel.storage.source import FileSource, Source
from triviareel.video import containers

MEND_VIDEO = "use an MP4, MOV, MKV or WebM that plays to its end"
MEND_SOUND = "use a WAV, FLAC or MP3 that plays to its end"


def source_of(place: Source | Path) -> Source:
    """The source itself, or one of a file on this machine; AssetError if that is not there to be read."""
    if not isinstance(place, Path):
        return place
    if not place.is_file():
        raise AssetError(f"{place}: there is no such file; {_mend(str(place))}")
    if not os.access(place, os.R_OK):
        raise AssetError(f"{place}: no read permission; change its mode or owner")
    return FileSource(place)


def _mend(name: str) -> str:
    return MEND_SOUND if name.lower().endswith((".wav", ".flac", ".mp3")) else MEND_VIDEO


@contextmanager
def opened(source: Source) -> Iterator[Any]:
    """The container in a file, as PyAV opens it.

    Raises:
        AssetError: it is empty, cut short, or of another kind than `containers.OUTSIDE`.
        StorageError: the source could not be read.
        MemoryError: there was too little of it.
    """
    if not source.size:
        raise AssetError(f"{source.uri}: the file is empty; {_mend(source.uri)}")
    _check_riff(source)
    options = containers.guard(source.location, containers.OUTSIDE)
    try:
        container = av.open(source.location, container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        check_memory(error)
        raise AssetError(
            f"{source.uri}: not a video or sound file of a known kind, or its head is damaged; {_mend(source.uri)}"
        ) from error
    with container:
        yield container


def check_memory(error: Exception) -> None:
    """Raise MemoryError if that is what lay behind an error of ours or PyAV's: then it is no fault of the file's.

    Where memory is not limited, only a damaged file asks for more than there is: its head says of a table that it has
    so many entries.
    """
    wants_thread = isinstance(error, BlockingIOError)  # which would take some
    if wants_thread or (isinstance(error, MemoryError) and memory.is_limited()):
        raise MemoryError from error


def _check_riff(source: Source) -> None:
    """A WAV or AVI file must be as long as its head says; libavformat measures the file instead and does not mind."""
    head = source.read(0, 12)
    if head[:4] != b"RIFF" or head[8:] not in (b"WAVE", b"AVI "):
        return
    declared = int.from_bytes(head[4:8], "little") + 8
    # A writer that cannot seek back leaves 0 or 2³² − 1.
    if 8 < declared < 2**32 and declared > source.size + 1:
        raise AssetError(f"{source.uri}: it is cut short, {source.size} of {declared} bytes are there; copy it again")


def sound_of(container: Any) -> Any | None:
    """A container's first sound stream that there is a codec for; None if it has none."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def mono(place: Source | Path, rate: int, longest_s: int) -> NDArray[np.float32]:
    """The sound of a file, decoded, mixed to mono and resampled; at most `longest_s` seconds of it.

    Raises:
        AssetError: it has none, or cannot be decoded.
        StorageError: a source could not be read.
    """
    pieces: list[NDArray[np.float32]] = []
    heard = 0
    source = source_of(place)
    with opened(source) as container:
        stream = sound_of(container)
        if stream is None:
            raise AssetError(f"{source.uri}: it has no sound; {MEND_SOUND}")
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        try:
            for frame in _and_none(container.decode(stream)):
                for piece in resampler.resample(frame):
                    pieces.append(piece.to_ndarray().reshape(-1).astype(np.float32))
                    heard += piece.samples
                if heard >= longest_s * rate:
                    break
        except av.FFmpegError as error:
            check_memory(error)
            raise AssetError(f"{source.uri}: its sound cannot be decoded ({error.strerror}); {MEND_SOUND}") from error
    if not heard:
        raise AssetError(f"{source.uri}: it has no sound; {MEND_SOUND}")
    return np.concatenate(pieces)[: longest_s * rate]


def first_picture(source: Source) -> NDArray[np.uint8]:
    """The first picture of a video that was probed: height × width × 3, sRGB.

    Raises:
        AssetError: it cannot be decoded.
        StorageError: the source could not be read.
    """
    with opened(source) as container:
        try:
            return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), np.uint8)
        except (av.FFmpegError, OSError, StopIteration) as error:
            check_memory(error)
            raise AssetError(f"{source.uri}: its first picture cannot be decoded ({error}); {MEND_VIDEO}") from error


def _and_none(frames: Iterator[Any]) -> Iterator[Any]:
    """The frames and then None, which flushes a resampler."""
    yield from frames
    yield None
