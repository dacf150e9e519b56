"""The meter against the standard's own test signals and against the ffmpeg program, which is another build."""

from __future__ import annotations

import math
import re
import subprocess
import wave
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from triviareel.video.loudness import Meter

RATE = 48_000
Sound = NDArray[np.float32]


def tone(level_db: float, seconds: float, frequency: float = 1000, phase: float = 0) -> Sound:
    t = np.arange(round(seconds * RATE)) / RATE
    mono = 10 ** (level_db / 20) * np.sin(2 * np.pi * frequency * t + phase)
    return np.stack([mono, mono], axis=1).astype(np.float32)


def heard(sound: Sound, block: int = RATE) -> Meter:
    meter = Meter(RATE)
    for start in range(0, len(sound), block):
        meter.push(sound[start : start + block])
    return meter


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([(-23, 6)], -23.0),  # EBU Tech 3341, case 1, shortened
        ([(-33, 6)], -33.0),  # case 2
        ([(-36, 5), (-23, 30), (-36, 5)], -23.0),  # case 3: the relative gate
        ([(-72, 5), (-36, 5), (-23, 30), (-36, 5), (-72, 5)], -23.0),  # case 4: the absolute gate
    ],
)
def test_it_reads_the_standards_signals_right(pieces: list[tuple[float, float]], expected: float) -> None:
    sound = np.concatenate([tone(level, seconds) for level, seconds in pieces])
    assert heard(sound).integrated() == pytest.approx(expected, abs=0.1)


def test_it_finds_the_peak_between_samples() -> None:
    # Tech 3341, case 16: at a quarter of the rate and 45°, every sample lies 3 dB under the wave's peak.
    between = tone(-6, 1, RATE / 4, math.pi / 4) * np.hanning(RATE).astype(np.float32)[:, None]
    assert 20 * math.log10(np.abs(between).max()) == pytest.approx(-9, abs=0.1)
    assert heard(between).true_peak() == pytest.approx(-6, abs=0.3)


def _program(sound: Sound, folder: Path) -> tuple[float, float]:
    path = folder / "sound.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, RATE, len(sound), "NONE", ""))
        file.writeframes(np.rint(sound * 32767).astype("<i2").tobytes())
    argv = [
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-hide_banner",
        "-i",
        str(path),
        "-af",
        "ebur128=peak=true",
        "-f",
        "null",
        "-",
    ]
    summary = subprocess.run(argv, capture_output=True, text=True, check=True).stderr.rsplit("Summary:", 1)[1]
    loudness, peak = (re.search(name + r":\s+(-?[\d.]+)", summary) for name in ("I", "Peak"))
    assert loudness
    assert peak
    return float(loudness[1]), float(peak[1])


def _noise(seed: int) -> Sound:
    """Noise in bursts, different in each ear."""
    rng = np.random.default_rng(seed)
    level = np.repeat(10 ** (rng.uniform(-50, -12, 24) / 20), RATE // 4)
    return (rng.standard_normal((len(level), 2)) * level[:, None] * [1, 0.4]).clip(-1, 1).astype(np.float32)


@pytest.mark.parametrize("sound", [tone(-3, 5, 440), tone(-18, 4, 6000), _noise(1), _noise(2)])
def test_it_agrees_with_the_program(sound: Sound, tmp_path: Path) -> None:
    loudness, peak = _program(sound, tmp_path)
    meter = heard(sound)
    assert meter.integrated() == pytest.approx(loudness, abs=0.1)
    assert meter.true_peak() == pytest.approx(peak, abs=0.3)


@settings(max_examples=15)
@given(st.integers(1, 100_000))
def test_how_the_sound_is_cut_into_blocks_does_not_matter(block: int) -> None:
    sound = _noise(3)[: 2 * RATE + 777]
    whole, cut = heard(sound, len(sound)), heard(sound, max(block, 50))
    assert cut.integrated() == whole.integrated()
    assert cut.true_peak() == whole.true_peak()


def test_the_last_instant_counts() -> None:
    sound = np.zeros((RATE + 100, 2), np.float32)
    sound[-20:] = 0.5
    assert heard(sound).true_peak() > -8


def test_silence_has_no_loudness() -> None:
    assert heard(np.zeros((RATE, 2), np.float32)).integrated() == -math.inf
    assert heard(np.zeros((RATE, 2), np.float32)).true_peak() == -math.inf
    assert Meter(RATE).integrated() == -math.inf


def test_after_the_result_nothing_more_is_heard() -> None:
    meter = heard(tone(-20, 1))
    meter.integrated()
    with pytest.raises(RuntimeError, match="open another"):
        meter.push(tone(-20, 1))
