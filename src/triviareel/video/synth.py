"""The sounds that need no recording: ding, tick, whoosh and the bed. Computed, hence free of anyone's rights.

All are float32 at `canvas.SAMPLE_RATE`, peak at most 1, and the same for the same arguments on every run.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from triviareel.video.canvas import SAMPLE_RATE

Sound = NDArray[np.float32]

_PARTIALS = (  # of a struck bar, tuned as a celesta's: ratio to the fundamental, level, seconds to fall by 60 dB
    (1.0, 1.0, 2.6),
    (2.0, 0.35, 1.8),
    (3.0, 0.16, 1.1),
    (4.16, 0.12, 0.6),
    (6.8, 0.06, 0.25),
)

BEAT = 36_000
"""Samples a beat of the bed: 80 beats a minute."""
_BAR = 4 * BEAT
_THIN = 4
"""The pad is computed at a quarter of the rate: nothing in it sounds above 4 kHz."""

# Chords of the bed, one a bar, as MIDI notes: Dm9, Bbmaj9, Fmaj9, C6/9 and a second round that returns to Dm9 by A7sus.
_CHORDS = (
    (50, 57, 60, 64, 65),
    (46, 58, 60, 62, 65),
    (41, 57, 60, 64, 67),
    (48, 55, 62, 64, 69),
    (50, 57, 60, 64, 65),
    (43, 58, 62, 65, 69),
    (46, 57, 60, 62, 65),
    (45, 55, 62, 64, 67),
)
_PICKING = (1, 3, 4, 2, 3, 1, 4, 2)
"""Which note of the chord is plucked on each half beat of a bar."""


def hertz(note: float) -> float:
    """Frequency of a MIDI note in equal temperament, A4 = 440 Hz."""
    return float(440 * 2 ** ((note - 69) / 12))


def ding() -> Sound:
    """A bright bell of two notes a fourth apart, mono, 3 s; loud from its very first sample."""
    first = _bell(hertz(83), 3.0)
    second = _bell(hertz(88), 3.0)
    delay = round(0.085 * SAMPLE_RATE)
    first[delay:] += 1.1 * second[:-delay]
    fade = round(0.3 * SAMPLE_RATE)
    first[-fade:] *= np.cos(np.linspace(0, np.pi / 2, fade, dtype=np.float32)) ** 2
    return _peak(first, 0.9)


def tick(step: int) -> Sound:
    """One second of the countdown passing: a wooden knock, mono, 0.12 s.

    Args:
        step: 0 for the first second; each sounds a little higher than the one before it.
    """
    t = _time(0.12)
    pitch = hertz(76 + step)
    knock = np.sin(2 * np.pi * pitch * t) * np.exp(-t / 0.016)
    body = 0.5 * np.sin(2 * np.pi * pitch / 4 * t) * np.exp(-t / 0.03)
    click = 0.25 * np.random.default_rng(step).standard_normal(len(t)) * np.exp(-t / 0.0015)
    return _peak((knock + body + click) * _edges(len(t), 24, 960), 0.9)


def whoosh(seconds: float = 0.5, seed: int = 0) -> Sound:
    """Air passing by: noise through a band that rises and falls, stereo (n, 2), loudest in its middle."""
    count = round(seconds * SAMPLE_RATE)
    noise = np.random.default_rng(seed).standard_normal((count, 2))
    swell = np.sin(np.linspace(0, np.pi, count)) ** 2
    low, high = _band(noise, 250, 900, order=2), _band(noise, 800, 3200, order=2)
    moved = low * (1 - swell)[:, None] + 0.8 * high * swell[:, None]
    return _peak(moved * swell[:, None], 0.9)


def bed(seed: int = 0) -> Sound:
    """The music underneath: 8 bars of pad, bass and plucked notes in a soft room, stereo (n, 2), 24 s.

    Everything rings on past the end into the beginning, reverberation included, so the loop has no seam.
    """
    length = len(_CHORDS) * _BAR
    wet = np.zeros((length, 2), np.float32)
    rng = np.random.default_rng(seed)
    for bar, chord in enumerate(_CHORDS):
        for half, voice in enumerate(_PICKING):
            strength = 0.16 * (1.0 if half % 4 == 0 else 0.7) * rng.uniform(0.8, 1.0)
            pan = 0.5 + 0.3 * np.sin(half * 2.4 + bar)
            note = strength * _pluck(chord[voice] + 12)
            _lay(wet, bar * _BAR + half * BEAT // 2, note[:, None] * np.sqrt(np.array([1 - pan, pan], np.float32)))
    spectrum = fft.rfft(wet, axis=0, workers=1)
    pad = fft.rfft(_pad(rng), axis=0, workers=1)
    spectrum[: len(pad)] += _THIN * pad
    spectrum *= 1 + 0.9 * _room(length, rng)
    mixed = fft.irfft(spectrum, length, axis=0, workers=1)
    return _peak(mixed, 0.5)


def _pad(rng: np.random.Generator) -> Sound:
    """The chords held by three slightly mistuned voices a note, and the roots below; (n, 2) at the thin rate."""
    length = len(_CHORDS) * _BAR // _THIN
    rate = SAMPLE_RATE // _THIN
    pad = np.zeros((length, 2), np.float32)
    held = round(_BAR / _THIN * 1.3)
    t = np.arange(held) / rate
    shape = _edges(held, held // 3, held // 3)
    for bar, chord in enumerate(_CHORDS):
        for place, note in enumerate(chord):
            level = 0.14 if place else 0.22
            for side in (0, 1):
                low, high = (_soft(t, hertz(note) * (1 + cents * 6e-4), rng.uniform()) for cents in (-1, 1 + side))
                _lay(pad[:, side : side + 1], bar * _BAR // _THIN, (level * shape * (low + 0.45 * high))[:, None])
    return pad


def _soft(t: NDArray[np.float64], frequency: float, phase: float) -> Sound:
    """A mellow tone: the fundamental, a second and a third partial, each weaker than the one before."""
    angle = np.asarray(2 * np.pi * ((frequency * t + phase) % 1), np.float32)
    sine: Sound = np.sin(angle)
    # Partials 2 and 3 follow from the first by the multiple-angle formulas: one sine instead of three.
    return np.asarray(sine * (1 + 0.5 * np.cos(angle)) + 0.1 * sine * (3 - 4 * sine * sine), np.float32)


@lru_cache(maxsize=64)
def _pluck(note: int) -> Sound:
    """An electric piano's key struck softly, mono, 1.6 s."""
    t = _time(1.6)
    angle = 2 * np.pi * hertz(note) * t
    bark = 0.9 * np.exp(-t / 0.12) * np.sin(2 * angle)
    tone = np.sin(angle + bark) * np.exp(-t / 0.38)
    key: Sound = np.asarray(tone * _edges(len(t), 240, 4800), np.float32)
    return key


def _room(length: int, rng: np.random.Generator) -> NDArray[np.complex64]:
    """Spectrum of a room's answer: 1.8 s of darkening noise, a different one for each ear."""
    t = _time(1.8)
    noise = rng.standard_normal((len(t), 2)) * np.exp(-t / 0.4)[:, None] * _edges(len(t), 960, 9600)[:, None]
    answer = _band(noise, 0, 2200, order=1)
    answer /= np.sqrt(np.sum(answer**2, axis=0))
    padded: NDArray[np.complex64] = fft.rfft(answer.astype(np.float32), length, axis=0, workers=1)
    return padded


def _band(noise: NDArray[np.float64], low: float, high: float, order: int) -> NDArray[np.float64]:
    """Noise (n, 2) through a Butterworth band in hertz, by its spectrum: scipy.signal would take 70 MB."""
    frequency = fft.rfftfreq(len(noise), 1 / SAMPLE_RATE)
    frequency[0] = 1e-9
    gain = 1 / np.sqrt((1 + (frequency / high) ** (2 * order)) * (1 + (low / frequency) ** (2 * order)))
    filtered: NDArray[np.float64] = fft.irfft(fft.rfft(noise, axis=0) * gain[:, None], len(noise), axis=0)
    return filtered


def _bell(frequency: float, seconds: float) -> Sound:
    t = _time(seconds)
    tone = np.zeros(len(t))
    for ratio, level, fall in _PARTIALS:
        # Cosine phase: the strike is at full level in its first sample, so the onset is exact.
        tone += level * np.cos(2 * np.pi * frequency * ratio * t) * np.exp(-6.9 * t / fall)
    return tone.astype(np.float32)


def _time(seconds: float) -> NDArray[np.float64]:
    return np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE


def _edges(count: int, rise: int, fall: int) -> Sound:
    """A window of ones with raised-cosine edges."""
    window = np.ones(count, np.float32)
    window[:rise] = 0.5 - 0.5 * np.cos(np.linspace(0, np.pi, rise))
    window[-fall:] *= 0.5 + 0.5 * np.cos(np.linspace(0, np.pi, fall))
    return window


def _lay(loop: Sound, at: int, sound: Sound) -> None:
    """Add a sound to a loop in place; what reaches past the end goes on at the beginning."""
    fits = min(len(sound), len(loop) - at)
    loop[at : at + fits] += sound[:fits]
    loop[: len(sound) - fits] += sound[fits:]


def _peak(sound: NDArray[np.floating], peak: float) -> Sound:
    scaled: Sound = (sound * (peak / np.max(np.abs(sound)))).astype(np.float32)
    return scaled
