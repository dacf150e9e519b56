"""What the synthesised sounds promise to those who place them."""

from __future__ import annotations

import numpy as np
import pytest

from triviareel.video import synth
from triviareel.video.canvas import SAMPLE_RATE


def test_every_sound_is_float32_and_within_full_scale() -> None:
    for sound in (synth.ding(), synth.tick(0), synth.tick(4), synth.whoosh(), synth.bed()):
        assert sound.dtype == np.float32
        assert np.isfinite(sound).all()
        assert 0.1 < np.abs(sound).max() <= 1


def test_every_sound_is_the_same_each_time() -> None:
    assert np.array_equal(synth.ding(), synth.ding())
    assert np.array_equal(synth.tick(3), synth.tick(3))
    assert np.array_equal(synth.whoosh(0.5, 7), synth.whoosh(0.5, 7))
    assert np.array_equal(synth.bed(5), synth.bed(5))
    assert not np.array_equal(synth.bed(5), synth.bed(6))


def test_the_ding_is_loud_from_its_first_sample_and_rings_long() -> None:
    ding = synth.ding()
    assert abs(ding[0]) > 0.3
    assert len(ding) == 3 * SAMPLE_RATE
    assert np.sqrt(np.mean(ding[SAMPLE_RATE : SAMPLE_RATE * 3 // 2] ** 2)) > 0.01
    assert abs(ding[-1]) < 1e-4


@pytest.mark.parametrize("sound", [synth.tick(2), synth.whoosh()])
def test_effects_begin_and_end_in_silence(sound: synth.Sound) -> None:
    assert np.abs(sound[0]).max() < 1e-3
    assert np.abs(sound[-1]).max() < 1e-3


def test_ticks_rise() -> None:
    pitches = [int(np.abs(np.fft.rfft(synth.tick(step), 1 << 16))[400:].argmax()) for step in range(5)]
    assert pitches == sorted(set(pitches))


def test_the_beds_end_meets_its_beginning() -> None:
    bed = synth.bed().astype(np.float64)
    joined = np.concatenate([bed[-2000:], bed[:2000]])
    # Neither a step nor a kink stands out at the seam, against what is usual anywhere in the bed.
    for order in (1, 2):
        usual = np.percentile(np.abs(np.diff(bed, order, axis=0)), 99.9)
        assert np.abs(np.diff(joined, order, axis=0))[1900:2100].max() < 1.5 * usual


def test_the_bed_is_as_loud_after_the_seam_as_before() -> None:
    bed = synth.bed()
    level = [np.sqrt(np.mean(bed[at : at + SAMPLE_RATE] ** 2)) for at in (0, len(bed) // 2, len(bed) - SAMPLE_RATE)]
    assert max(level) < 2 * min(level)
