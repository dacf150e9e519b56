"""From an engine's raw sound to a clip: checked, trimmed, levelled, faded; and resampling."""

from __future__ import annotations

import math

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from triviareel.errors import VoiceError
from triviareel.speech.clip import Clip, Samples

VERSION = 1
"""Part of every voice's key: raise it when the same raw sound would give another clip."""

LEVEL_DBFS = -20.0
"""RMS of the frames in which somebody speaks: 20 dB of headroom, room for any voice's peaks."""
PEAK = 10 ** (-3 / 20)
"""Highest sample allowed, −3 dBFS; a clip's highest is −5 as a rule, and only a voice's hard onset is held down."""

_FRAME_S = 0.01
_ACTIVE_DB = 25.0
"""A frame this far below the loud ones still counts as speech (ITU-T P.56: 15.9 dB, of a slow envelope)."""
_SILENCE_DB = 55.0
"""Below the loud frames by more than this: not even the start of an "f" or the end of an "s"."""
_LEAD_S, _TAIL_S = 0.03, 0.08
"""Padding that is kept around the speech."""
_FADE_IN_S, _FADE_OUT_S = 0.005, 0.02
_AUDIBLE_DBFS = -50.0
"""Raw sound whose loud frames stay below this is silence."""

_LEAST_S_PER_CHAR, _MOST_S_PER_CHAR, _SLACK_S = 0.025, 0.18, 1.0
"""Plausible pace. Measured with the embedded voice on 1,200 texts: 0.047 to 0.14 s a
character, the most for one-word texts."""


def finished(text: str, said: str, raw: Samples, rate: int) -> Clip:
    """A clip from an engine's raw sound.

    Args:
        text: as written, for the message.
        said: as given to the engine; its length is what the duration is held against.
        raw: mono samples.
        rate: samples a second.

    Raises:
        VoiceError: no sound, silence, not finite, or implausibly short or long for its text.
    """
    loud = _loudness(text, raw, rate)
    frame = round(rate * _FRAME_S)
    audible = np.flatnonzero(_levels(raw, frame) > loud - _SILENCE_DB)
    first, last = audible[0] * frame, (audible[-1] + 1) * frame
    _check_pace(text, said, (last - first) / rate)
    start, end = max(0, first - round(rate * _LEAD_S)), min(len(raw), last + round(rate * _TAIL_S))
    return Clip(_grid(_faded(_levelled(raw[start:end], frame), rate)), rate)


def resampled(clip: Clip, rate: int) -> Samples:
    """The clip's samples at another rate; float32, mono.

    By its spectrum: exact below the lower of both rates' limits. A clip starts and ends in silence, so nothing rings
    around. (scipy.signal could do it too, and would take 70 MB.)
    """
    count = len(clip.samples)
    if rate == clip.rate or not count:
        return clip.samples
    step = clip.rate // math.gcd(rate, clip.rate)
    padded = -(-count // step) * step
    target = padded * rate // clip.rate
    spectrum = np.fft.rfft(clip.samples, padded)
    brought = np.fft.irfft(spectrum[: target // 2 + 1], target) * (target / padded)
    return brought[: -(-count * rate // clip.rate)].astype(np.float32)


def shortened(text: str, limit: int = 60) -> str:
    """A text for a message: one line, quoted, cut after `limit` characters."""
    line = " ".join(text.split())
    return f'"{line[:limit]}…"' if len(line) > limit else f'"{line}"'


def _loudness(text: str, raw: Samples, rate: int) -> float:
    if not len(raw):
        raise VoiceError(f"{shortened(text)}: the voice gave no sound; reword it or use --voice none")
    if not np.isfinite(raw).all():
        raise VoiceError(f"{shortened(text)}: the voice gave broken sound (NaN); reword it or use --voice none")
    loud = _loud(_levels(raw, round(rate * _FRAME_S)))
    if loud < _AUDIBLE_DBFS:
        raise VoiceError(f"{shortened(text)}: the voice gave silence; reword it or use --voice none")
    return loud


def _check_pace(text: str, said: str, seconds: float) -> None:
    if seconds < _LEAST_S_PER_CHAR * len(said):
        fault = "too little for its text"
    elif seconds > _MOST_S_PER_CHAR * len(said) + _SLACK_S:
        fault = "too much for its text"
    else:
        return
    raise VoiceError(
        f"{shortened(text)}: the voice said {seconds:.1f} s for {len(said)} characters, {fault}; "
        "reword it or use --voice none"
    )


def _levels(samples: Samples, frame: int) -> np.typing.NDArray[np.float64]:
    """RMS of each frame in dBFS; the last one is filled up with silence."""
    padded = np.zeros(-(-len(samples) // frame) * frame)
    padded[: len(samples)] = samples
    power = (padded.reshape(-1, frame) ** 2).mean(axis=1)
    return np.asarray(10 * np.log10(power + 1e-20))


def _loud(levels: np.typing.NDArray[np.float64]) -> float:
    """The level that the loudest twentieth of the frames reaches; unmoved by how long the pauses are."""
    return float(np.quantile(levels[levels > levels.max() - _ACTIVE_DB - 15], 0.95))


def _levelled(samples: Samples, frame: int) -> Samples:
    levels = _levels(samples, frame)
    active = levels[levels > _loud(levels) - _ACTIVE_DB]
    gain = 10 ** ((LEVEL_DBFS - 10 * np.log10((10 ** (active / 10)).mean())) / 20)
    return _limited(np.asarray(samples * gain, dtype=np.float32), frame)


def _limited(samples: Samples, window: int) -> Samples:
    """Peaks held below PEAK by turning the sound down around them; one plosive must not make a whole clip quieter."""
    room = np.minimum(1.0, PEAK / np.maximum(np.abs(samples), PEAK))
    lowest = minimum_filter1d(room, 2 * window + 1)
    return np.asarray(samples * uniform_filter1d(lowest, 2 * window + 1), dtype=np.float32)


def _faded(samples: Samples, rate: int) -> Samples:
    """Raised-cosine ends against clicks, inside the padding."""
    out = samples.copy()
    for seconds, ends in ((_FADE_IN_S, slice(None)), (_FADE_OUT_S, slice(None, None, -1))):
        length = min(round(rate * seconds), len(out))
        ramp = 0.5 - 0.5 * np.cos(np.pi * (np.arange(length) + 0.5) / length)
        out[ends][:length] *= ramp.astype(np.float32)
    return out


def _grid(samples: Samples) -> Samples:
    """Rounded to 16 bits, so that a clip from the cache is the very clip that was made."""
    return np.asarray(np.rint(samples * 32768) / 32768, dtype=np.float32)
