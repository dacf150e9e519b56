import numpy as np
import pytest

from triviareel.errors import VoiceError
from triviareel.speech import finish
from triviareel.speech.clip import Clip, Samples

RATE = 24_000


def speech(seconds: float = 1.2, level: float = 0.05, lead: float = 0.3, tail: float = 0.4) -> Samples:
    """Something like speech: noise in syllables of a fifth of a second, with silence around it."""
    time = np.arange(int(seconds * RATE)) / RATE
    syllables = np.sin(np.pi * 5 * time) ** 2
    sound = np.random.default_rng(3).standard_normal(len(time)) * syllables * level
    return np.concatenate([np.zeros(int(lead * RATE)), sound, np.zeros(int(tail * RATE))]).astype(np.float32)


def active_dbfs(samples: Samples) -> float:
    power = (samples[: len(samples) // 240 * 240].reshape(-1, 240) ** 2).mean(axis=1)
    return float(10 * np.log10(power[power > power.max() / 10**2.5].mean()))


@pytest.mark.parametrize("level", [0.005, 0.05, 0.3])
def test_every_clip_is_equally_loud(level: float) -> None:
    clip = finish.finished("six syllables", "six syllables", speech(level=level), RATE)
    assert active_dbfs(clip.samples) == pytest.approx(finish.LEVEL_DBFS, abs=0.5)
    assert np.abs(clip.samples).max() <= finish.PEAK + 1e-4


def test_one_click_does_not_make_a_clip_quieter() -> None:
    raw = speech()
    raw[RATE] = 0.9
    clip = finish.finished("six syllables", "six syllables", raw, RATE)
    assert active_dbfs(clip.samples) == pytest.approx(finish.LEVEL_DBFS, abs=1.0)
    assert np.abs(clip.samples).max() <= finish.PEAK + 1e-4


def test_silence_around_is_cut_and_the_speech_is_not() -> None:
    clip = finish.finished("six syllables", "six syllables", speech(1.2, lead=1.0, tail=2.0), RATE)
    assert 1.2 <= clip.duration_s <= 1.2 + 0.13
    assert clip.samples[0] == 0
    assert clip.samples[-1] == 0
    assert clip.samples.dtype == np.float32


def test_speech_that_starts_at_once_fades_in() -> None:
    raw = np.full(RATE, 0.1, np.float32)
    clip = finish.finished("a steady tone", "a steady tone", raw, RATE)
    assert abs(clip.samples[0]) < 0.001
    assert abs(clip.samples[-1]) < 0.001


def test_samples_lie_on_the_16_bit_grid() -> None:
    steps = finish.finished("six syllables", "six syllables", speech(), RATE).samples * 32768
    assert (steps == np.rint(steps)).all()


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (np.zeros(0, np.float32), "no sound"),
        (np.zeros(RATE, np.float32), "silence"),
        (np.full(RATE, 1e-4, np.float32), "silence"),
        (np.full(RATE, np.nan, np.float32), "broken sound"),
        (speech(0.1), "too little"),
        (speech(9.0), "too much"),
    ],
)
def test_a_clip_that_cannot_be_right_is_refused(raw: Samples, fault: str) -> None:
    text = "The capital of France"
    with pytest.raises(VoiceError, match=rf'^"{text}": .*{fault}.*use --voice none$'):
        finish.finished(text, text, raw, RATE)


def test_resampling_keeps_pitch_level_and_length() -> None:
    time = np.arange(RATE) / RATE
    clip = Clip((0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32), RATE)
    out = finish.resampled(clip, 48_000)
    assert out.dtype == np.float32
    assert len(out) == 48_000
    assert np.abs(np.fft.rfft(out)).argmax() == 1000
    assert np.sqrt((out**2).mean()) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    assert finish.resampled(clip, RATE) is clip.samples


def test_an_empty_clip_stays_empty() -> None:
    clip = Clip(np.zeros(0, np.float32), RATE)
    assert clip.duration_s == 0
    assert len(finish.resampled(clip, 48_000)) == 0
