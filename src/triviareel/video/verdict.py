"""Whether what was seen is what the storyboard says: pure judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.storyboard import Span

_BLACK = 40
"""Luma; a frame without a brighter pixel shows nothing (black is 16)."""
_BLACK_S = 0.5
_STILL = 0.02
"""Mean change of luma in a second under which nothing moved; a slow gradient changes ten times as much."""
_STILL_S = 1.0
_SPEECH_DBFS = -32.0
"""Speech is mixed at about −18 dBFS, the bed under it more than 20 dB lower."""
_LOUDNESS = (-15.0, -13.0)
"""LUFS; −14 ±1 is what video platforms play unchanged."""
_PEAK = -1.0
"""dBTP; EBU R128."""
_LIKENESS = 0.3
"""A ding among its surroundings reaches over 0.6; speech or noise taken for one stays under 0.2."""


@dataclass(slots=True)
class Seen:
    """What came out of the encoder."""

    width: int = 0
    height: int = 0
    frames: int = 0
    uneven: int = 0
    """Frames whose time is not exactly one frame after the one before."""
    samples: int = 0
    sample_rate: int = 0
    channels: int = 0
    brightest: list[int] = field(default_factory=list)
    """For each frame, its greatest luma."""
    moved: list[float] = field(default_factory=list)
    """For each frame, the mean change of luma against the frame a second before; inf in the first second."""
    energy: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    """For each frame, the mean square of the sound during it."""
    onsets: list[tuple[int, float]] = field(default_factory=list)
    """For each reveal, by how many samples the ding is late, and how surely it is the ding, 0 to 1."""
    loudness_lufs: float = 0.0
    true_peak_dbtp: float = 0.0
    content_hash: str = ""
    """SHA-256 over all coded packets, pictures first: equal hashes mean equal frames and samples."""


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a finished video must be."""

    canvas: Canvas
    frames: int
    moving: tuple[Span, ...]
    """Where the picture must move."""
    speech: tuple[tuple[str, Span], ...]
    """Where something must be heard, and what."""
    reveals: tuple[int, ...]


def findings(seen: Seen, expected: Expectation) -> list[str]:
    """One sentence a fault; none for a good video."""
    return [*_shape(seen, expected), *_picture(seen, expected), *_sound(seen, expected)]


def _shape(seen: Seen, expected: Expectation) -> Iterator[str]:
    canvas = expected.canvas
    if seen.frames != expected.frames:
        yield f"{seen.frames} frames instead of {expected.frames}"
    if (seen.width, seen.height) != (canvas.width, canvas.height):
        yield f"{seen.width} × {seen.height} pixels instead of {canvas.width} × {canvas.height}"
    if seen.uneven:
        yield f"{seen.uneven} frames are not exactly 1/{canvas.fps} s after the one before"
    if (seen.sample_rate, seen.channels) != (SAMPLE_RATE, 2):
        yield f"the sound has {seen.channels} channels at {seen.sample_rate} Hz instead of 2 at {SAMPLE_RATE}"
    wanted = expected.frames * canvas.samples_per_frame
    if not 0 <= seen.samples - wanted < 2048:  # AAC comes in frames of 1024 samples
        yield f"{seen.samples / SAMPLE_RATE:.3f} s of sound instead of {wanted / SAMPLE_RATE:.3f}"


def _picture(seen: Seen, expected: Expectation) -> Iterator[str]:
    fps = expected.canvas.fps
    for span in _stretches([value < _BLACK for value in seen.brightest], _BLACK_S * fps):
        yield f"black from {span.start / fps:.2f} s to {span.end / fps:.2f} s"
    still = [value < _STILL for value in seen.moved]
    for part in expected.moving:
        for span in _stretches(still[part.start : part.end], _STILL_S * fps):
            start = (part.start + span.start) / fps
            yield f"nothing moves from {start - 1:.2f} s to {start + span.length / fps:.2f} s"


def _sound(seen: Seen, expected: Expectation) -> Iterator[str]:
    canvas = expected.canvas
    for what, span in expected.speech:
        energy = seen.energy[span.start : span.end]
        level = 10 * np.log10(max(float(energy.mean()), 1e-12)) if len(energy) else -120.0
        if level < _SPEECH_DBFS:
            yield f"{what} is not heard at {span.start / canvas.fps:.2f} s ({level:.0f} dBFS)"
    if len(seen.onsets) != len(expected.reveals):
        yield f"{len(seen.onsets)} dings instead of {len(expected.reveals)}"
    for frame, (late, likeness) in zip(expected.reveals, seen.onsets, strict=False):
        if likeness < _LIKENESS:
            yield f"no ding at the reveal at {frame / canvas.fps:.2f} s"
        elif abs(late) > canvas.samples_per_frame:
            yield f"the ding at {frame / canvas.fps:.2f} s is off by {late / SAMPLE_RATE * 1000:.0f} ms"
    if not _LOUDNESS[0] <= seen.loudness_lufs <= _LOUDNESS[1]:
        yield f"loudness {seen.loudness_lufs:.1f} LUFS instead of −14 ±1"
    if seen.true_peak_dbtp > _PEAK:
        yield f"true peak {seen.true_peak_dbtp:.1f} dBTP, over {_PEAK:g}"


def _stretches(flags: Sequence[bool], least: float) -> Iterator[Span]:
    """The runs of true flags that are at least so long."""
    at = 0
    for flag, run in groupby(flags):
        length = len(list(run))
        if flag and length >= least:
            yield Span(at, length)
        at += length
