"""What a picture or sound file really is: opened under guard, decoded to its end, judged by what came out.

A name proves nothing, a header little more: a playlist may call itself .mp4, and ffmpeg ends a cut file with exit 0. So
a file counts for what its packets and frames say, against what its header declares.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from triviareel.errors import AssetError
from triviareel.storage.source import Source
from triviareel.video.decoding import MEND_SOUND, MEND_VIDEO, check_memory, opened, sound_of, source_of

_LONGEST_SIDE = 8192
_SHORTFALL_S = 0.25
"""A file may end this much, or 2 %, before its header says; encoders round and pad."""
_THUMBNAIL = (64, 36)
_MOVED = 3
"""Levels of grey by which some pixel of the thumbnail must change for the picture to count as moving."""
_LOOK_EVERY_S = 0.25
_QUICK_LOOK = 60
"""Frames looked at for movement when not all are decoded and the key frames were alike."""


@dataclass(frozen=True, slots=True)
class Media:
    """What one file was found to be."""

    location: str
    """Where it is opened: an absolute path, or an address of `storage.streams`."""
    uri: str
    """How a person would name it."""
    kind: str
    """One of "video" and "audio"."""
    container: str
    codec: str
    duration_s: Fraction
    """From the first frame's beginning to the last one's end, of the pictures if it has any."""
    frames: int
    """Pictures; 0 for audio."""
    width: int
    """Pixels as shown, after rotation; 0 for audio."""
    height: int
    rotation: int
    """Degrees by which players, and ffmpeg, turn the stored picture before showing it; 0, 90, 180 or 270."""
    fps: Fraction
    """Average rate; 0 for audio."""
    pixel_format: str
    """Such as "yuv420p"; empty for audio."""
    matrix: int
    """Colour matrix, ITU-T H.273: 1 is bt709, 2 is untold."""
    color_range: int
    """1 is limited ("tv"), 2 full ("pc"), 0 untold."""
    moving: bool
    """Whether the picture changes."""
    has_audio: bool
    sample_rate: int
    """Of the first sound stream; 0 without."""


@dataclass(slots=True)
class _Seen:
    """What has gone by so far."""

    packets: int = 0
    frames: int = 0
    start_s: Fraction | None = None
    end_s: Fraction = Fraction(0)
    """End of the pictures or, without any, of the sound."""
    any_end_s: Fraction = Fraction(0)
    """End of whatever lasts longest."""
    first: NDArray[np.int16] | None = None
    looked_s: float = 0.0
    moving: bool = False
    corrupt: int = 0
    rotation: int = 0
    size: tuple[int, int] = (0, 0)
    streams: set[int] = field(default_factory=set)


def probe(place: Source | Path, thorough: bool = True) -> Media:
    """Find out what a file is, and that it is whole.

    Args:
        place: a source, or a file on this machine.
        thorough: decode every frame; otherwise read every packet but decode key frames only.

    Raises:
        AssetError: it is missing, empty, cut short, damaged or of another kind.
        StorageError: a source could not be read.
    """
    source = source_of(place)
    with opened(source) as container:
        stream = _main_stream(source.uri, container)
        mend = MEND_VIDEO if stream.type == "video" else MEND_SOUND
        seen = _read_through(source.uri, container, stream, thorough, mend)
        declared_s = Fraction(container.duration or 0, av.time_base)
        media = _described(source, container, stream, seen)
    _check_whole(source.uri, seen, declared_s, mend)
    if not thorough and not media.moving and media.kind == "video":
        return probe(source) if media.frames <= _QUICK_LOOK else _looked_again(source, media)
    return media


def _main_stream(uri: str, container: Any) -> Any:
    """The first real picture stream (a cover picture is none), else the first sound stream."""
    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if not pictures and not container.streams.audio:
        raise AssetError(f"{uri}: it holds neither pictures nor sound; {MEND_VIDEO}")
    stream = pictures[0] if pictures else container.streams.audio[0]
    if stream.codec_context is None:
        raise AssetError(f"{uri}: its codec is unknown; {MEND_VIDEO}")
    if stream.type == "video" and not 0 < max(stream.width, stream.height) <= _LONGEST_SIDE:
        raise AssetError(
            f"{uri}: {stream.width} × {stream.height} pixels; {MEND_VIDEO} and is at most {_LONGEST_SIDE} pixels wide"
        )
    return stream


def _read_through(uri: str, container: Any, stream: Any, thorough: bool, mend: str) -> _Seen:
    seen = _Seen()
    stream.thread_type = "AUTO"
    if stream.type == "video" and not thorough:
        stream.codec_context.skip_frame = "NONKEY"
    try:
        for packet in container.demux():
            _note_packet(packet, stream, seen)
            if packet.stream is stream:  # empty packets, at the end, all have index 0
                for frame in packet.decode():
                    _note_frame(frame, seen)
    except av.FFmpegError as error:
        check_memory(error)
        at = f"after {float(seen.end_s):.1f} s"
        raise AssetError(f"{uri}: it cannot be decoded {at} ({error.strerror}); {mend}") from error
    if seen.corrupt:
        raise AssetError(f"{uri}: {seen.corrupt} of its frames are damaged; {mend}")
    if not seen.frames:
        raise AssetError(f"{uri}: not one frame could be decoded; {mend}")
    return seen


def _note_packet(packet: Any, stream: Any, seen: _Seen) -> None:
    if packet.pts is None or not packet.size:
        return
    start_s = packet.pts * packet.time_base
    end_s = start_s + (packet.duration or 0) * packet.time_base
    seen.any_end_s = max(seen.any_end_s, end_s)
    if packet.stream_index == stream.index:
        seen.packets += 1
        seen.end_s = max(seen.end_s, end_s)
        seen.start_s = start_s if seen.start_s is None else min(seen.start_s, start_s)


def _note_frame(frame: Any, seen: _Seen) -> None:
    seen.frames += 1
    seen.corrupt += frame.is_corrupt
    if isinstance(frame, av.VideoFrame):
        seen.rotation = round(frame.rotation) % 360
        seen.size = (frame.width, frame.height)
        _look(frame, seen)


def _look(frame: av.VideoFrame, seen: _Seen) -> None:
    """Compare the picture with the first one, now and then, until they differ."""
    time_s = float(frame.time or 0)
    if seen.moving or (seen.first is not None and time_s - seen.looked_s < _LOOK_EVERY_S):
        return
    seen.looked_s = time_s
    small = frame.reformat(*_THUMBNAIL, format="gray", interpolation="AREA").to_ndarray().astype(np.int16)
    if seen.first is None:
        seen.first = small
    seen.moving = bool(np.abs(small - seen.first).max() >= _MOVED)


def _check_whole(uri: str, seen: _Seen, declared_s: Fraction, mend: str) -> None:
    missing = float(declared_s - seen.any_end_s)
    if missing > max(_SHORTFALL_S, 0.02 * float(declared_s)):
        raise AssetError(
            f"{uri}: it is cut short, {float(seen.any_end_s):.1f} of {float(declared_s):.1f} s are there; "
            f"copy it again, or {mend}"
        )


def _described(source: Source, container: Any, stream: Any, seen: _Seen) -> Media:
    video = stream.type == "video"
    turned = seen.rotation in (90, 270)
    width, height = seen.size[::-1] if turned else seen.size
    length_s = seen.end_s - (seen.start_s or 0)
    sound = sound_of(container)
    count = max(seen.frames, seen.packets) if video else 0
    context = stream.codec_context
    return Media(
        location=source.location,
        uri=source.uri,
        kind=stream.type,
        container=container.format.name,
        codec=context.name,
        duration_s=length_s,
        frames=count,
        width=width,
        height=height,
        rotation=seen.rotation,
        fps=Fraction(stream.average_rate or stream.guessed_rate or count / length_s) if video else Fraction(0),
        pixel_format=context.pix_fmt or "" if video else "",
        matrix=int(context.colorspace) if video else 2,
        color_range=int(context.color_range) if video else 0,
        moving=seen.moving,
        has_audio=sound is not None,
        sample_rate=sound.rate if sound is not None else 0,
    )


def _looked_again(source: Source, media: Media) -> Media:
    """Key frames alike prove no standstill: look at the first frames in full as well."""
    seen = _Seen()
    with opened(source) as container:
        for frame in container.decode(video=0):
            _note_frame(frame, seen)
            if seen.moving or seen.frames >= _QUICK_LOOK:
                break
    return replace(media, moving=seen.moving)
