"""The score of a soundtrack: which sound starts in which sample, and how loud it is; decided, not yet played."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from triviareel.video import synth
from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.storyboard import COUNTDOWN_S, Pace, Storyboard

Sound = NDArray[np.float32]

SPEECH = -20.0
"""dBFS RMS of speech in the mix; all other levels are set against it."""
_EVENING = 3.0
"""Decibels by which a clip may be turned up or down to come nearer to the others."""
_DING = SPEECH - 1
"""dBFS RMS of the ding's loudest 400 ms."""
_TICK = -9.0
"""dBFS at the tick's peak."""
_WHOOSH = -21.0

# The bed, in dB relative to its own level, which is that of speech.
_UNDER_SPEECH = -22.0
_BETWEEN = -14.0
_COUNTING = -12.0
_ALONE = 11.0
"""Added throughout when nobody speaks: then the bed carries the video."""

STEP = 480
"""Samples between two values of the bed's curve: 10 ms."""
_LEAD_S = 0.35
"""The bed is down this long before the first word, and stays down after the last."""
_GAP_S = 1.2
"""Shorter pauses between words do not bring it up."""
_EASE_S = 0.6
"""Time that the bed takes to go up or down."""
_FADE_IN_S = 1.0
_FADE_OUT_S = 2.5


class Speech(Protocol):
    """A clip, float32 mono at SAMPLE_RATE: an array, or what gives slices of one."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> Sound: ...


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """What is said of one question; empty where nothing is said."""

    question: Speech
    options: tuple[Speech, Speech, Speech, Speech]
    answer: Speech


@dataclass(frozen=True, slots=True, eq=False)
class Cue:
    """One sound with its place."""

    start: int
    """The sample, counted from the start of the video, in which its first sample is heard."""
    what: str
    """One of "question", "option", "answer", "intro", "outro", "tick", "ding" or "whoosh"."""
    gain: float
    sound: Speech
    """Shape (n,) or (n, 2)."""

    @property
    def end(self) -> int:
        """The first sample after it."""
        return self.start + len(self.sound)


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """The whole soundtrack, decided but not yet played."""

    length: int
    """Samples."""
    cues: tuple[Cue, ...]
    """Rising in start."""
    bed: Sound
    """Shape (n, 2); looped."""
    curve: NDArray[np.float64]
    """The bed's gain at every `STEP` samples."""


def arrange(
    canvas: Canvas,
    storyboard: Storyboard,
    spoken: Sequence[Spoken],
    ding: Sound,
    intro: Speech,
    outro: Speech,
    pace: Pace,
    seed: int = 0,
) -> Score:
    """Decide what is heard when.

    Args:
        canvas: its frame rate makes samples of frames.
        storyboard: when things happen.
        spoken: what is said, one a scene.
        ding: mono; starts in the first sample of each reveal.
        intro: what is said over the title, mono, may be empty.
        outro: what is said at the end, mono, may be empty.
        pace: the one that the storyboard was composed with; tells when the intro and the outro are spoken.
        seed: makes the bed's small irregularities.
    """
    settle = canvas.frames(pace.settle_s)
    placed = [(storyboard.intro.start + settle, "intro", intro)]
    for scene, clips in zip(storyboard.scenes, spoken, strict=True):
        placed.append((scene.asked.start, "question", clips.question))
        placed += [(span.start, "option", clip) for span, clip in zip(scene.options, clips.options, strict=True)]
        placed.append((scene.told.start, "answer", clips.answer))
    placed.append((storyboard.outro.start + settle, "outro", outro))
    frame = canvas.samples_per_frame
    speech = _levelled([Cue(at * frame, what, 1.0, clip) for at, what, clip in placed if len(clip)])
    effects = _effects(canvas, storyboard, ding)
    length = storyboard.length * frame
    cues = tuple(sorted(speech + effects, key=lambda cue: cue.start))
    return Score(length, cues, synth.bed(seed), _curve(canvas, storyboard, speech, length))


def _effects(canvas: Canvas, storyboard: Storyboard, ding: Sound) -> list[Cue]:
    frame = canvas.samples_per_frame
    ticks = [synth.tick(step) for step in range(COUNTDOWN_S)]
    enter, leave = synth.whoosh(seed=1), synth.whoosh(0.4, seed=2)
    struck = factor(_DING - _loudest(ding))
    cues: list[Cue] = []
    for scene in storyboard.scenes:
        cues.append(Cue(scene.span.start * frame, "whoosh", factor(_WHOOSH), enter))
        for second, tick in enumerate(ticks):
            cues.append(Cue(scene.countdown.start * frame + second * SAMPLE_RATE, "tick", factor(_TICK), tick))
        cues.append(Cue(scene.reveal * frame, "ding", struck, ding))
        cues.append(Cue(scene.leave * frame, "whoosh", factor(_WHOOSH), leave))
    return cues


def _levelled(speech: list[Cue]) -> list[Cue]:
    """The clips at one level, but no further from what the voice did than `_EVENING`."""
    if not speech:
        return []
    levels = np.array([level(cue.sound) for cue in speech])
    usual = float(np.median(levels))
    gains = SPEECH - usual + np.clip(usual - levels, -_EVENING, _EVENING)
    return [Cue(cue.start, cue.what, factor(gain), cue.sound) for cue, gain in zip(speech, gains, strict=True)]


def _curve(canvas: Canvas, storyboard: Storyboard, speech: Sequence[Cue], length: int) -> NDArray[np.float64]:
    """The bed's gain: down under speech, a little up while the clock runs, faded at both ends."""
    step_s = STEP / SAMPLE_RATE
    count = length // STEP + 2
    level = np.full(count, _BETWEEN)
    for scene in storyboard.scenes:
        begin, end = (at * canvas.samples_per_frame // STEP for at in (scene.countdown.start, scene.reveal))
        level[begin:end] = _COUNTING
    lead = round(_LEAD_S / step_s)
    ducked = 0
    for cue in speech:
        begin, end = cue.start // STEP - lead, cue.end // STEP + lead
        if begin - ducked < _GAP_S / step_s:
            begin = min(begin, ducked)
        level[max(begin, 0) : end] = _UNDER_SPEECH
        ducked = max(ducked, end)
    window = np.hanning(round(_EASE_S / step_s) + 1)
    eased = np.convolve(np.pad(level, len(window) // 2, mode="edge"), window / window.sum(), mode="valid")
    at_s = np.arange(count) * step_s
    fade = np.clip(np.minimum(at_s / _FADE_IN_S, (length / SAMPLE_RATE - at_s) / _FADE_OUT_S), 0, 1)
    gains: NDArray[np.float64] = 10 ** ((eased + (0 if speech else _ALONE)) / 20) * np.sin(fade * np.pi / 2) ** 2
    return gains


def level(sound: Speech) -> float:
    """RMS in dBFS of a sound while it sounds: 50 ms pieces more than 20 dB under the loudest do not count."""
    piece = SAMPLE_RATE // 20
    whole = sound[: max(len(sound) // piece * piece, min(len(sound), piece))]
    powers = np.square(whole, dtype=np.float64).reshape(max(len(whole) // piece, 1), -1).mean(axis=1)
    return _decibels(float(powers[powers >= powers.max() / 100].mean()))


def _loudest(sound: Sound) -> float:
    """RMS in dBFS of the loudest 400 ms."""
    window = SAMPLE_RATE * 2 // 5
    total = np.concatenate([[0.0], np.cumsum(np.square(sound, dtype=np.float64))])
    best = float(np.max(total[window:] - total[:-window])) if len(sound) > window else float(total[-1])
    return _decibels(best / window)


def _decibels(power: float) -> float:
    return 10 * math.log10(max(power, 1e-12))


def factor(decibels: float) -> float:
    """What samples are multiplied by to be that much louder."""
    return float(10 ** (decibels / 20))
