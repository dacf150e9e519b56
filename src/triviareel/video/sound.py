"""The soundtrack: a score played and mastered to PCM, a second at a time.

`blocks` plays the score. `master` plays it a few times: to measure how loud it is, then with the gain that follows.
Nothing is ever kept but the block in hand.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator

import numpy as np

from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.limiter import limit
from triviareel.video.loudness import Meter
from triviareel.video.score import SPEECH, STEP, Score, Sound, factor, level

TARGET = -14.0
"""LUFS, integrated; what video platforms play without turning it down."""
CEILING = 10 ** (-2.5 / 20)
"""Greatest sample; true peaks between samples and AAC's overshoot stay under −1 dBTP from here."""
_CLOSE = 0.2
"""LU from the target at which measuring stops."""
_PASSES = 8
"""Measurements at most. Two do for a voice; only a train of pulses, which the limiter eats, takes more."""


def blocks(score: Score) -> Iterator[Sound]:
    """Play a score unmastered: stereo (n, 2), a second each, the last one shorter."""
    starts = [cue.start for cue in score.cues]
    longest = max((len(cue.sound) for cue in score.cues), default=0)
    loudness = factor(SPEECH - level(score.bed))
    for start in range(0, score.length, SAMPLE_RATE):
        stop = min(start + SAMPLE_RATE, score.length)
        block = _bed(score, start, stop) * np.float32(loudness)
        for cue in score.cues[bisect_left(starts, start - longest) : bisect_left(starts, stop)]:
            begin, end = max(cue.start, start), min(cue.end, stop)
            if begin < end:
                part = cue.sound[begin - cue.start : end - cue.start] * np.float32(cue.gain)
                block[begin - start : end - start] += part if part.ndim == 2 else part[:, None]
        yield block


def master(score: Score) -> Iterator[bytes]:
    """Play a score at the right loudness: s16le stereo at −14 LUFS ±1, true peak under −1 dBTP after AAC."""
    gain = 1.0
    for _ in range(_PASSES):
        heard = _loudness(limit(_turned(score, gain), CEILING))
        if not math.isfinite(heard) or abs(TARGET - heard) < _CLOSE:
            break
        # What the limiter takes away from the loudness is given back in the next pass.
        gain *= factor(TARGET - heard)
    for block in limit(_turned(score, gain), CEILING):
        yield np.rint(block * 32767).astype("<i2").tobytes()


def _turned(score: Score, gain: float) -> Iterator[Sound]:
    return (block * np.float32(gain) for block in blocks(score))


def _loudness(played: Iterator[Sound]) -> float:
    meter = Meter(SAMPLE_RATE, true_peak=False)
    for block in played:
        meter.push(block)
    return meter.integrated()


def _bed(score: Score, start: int, stop: int) -> Sound:
    first = start // STEP
    known = np.arange(first, stop // STEP + 2)
    at = np.arange(start, stop)
    gains = np.interp(at / STEP, known, score.curve[known])
    looped: Sound = np.take(score.bed, at, axis=0, mode="wrap") * gains[:, None].astype(np.float32)
    return looped
