"""The soundtrack: everything in its sample, as loud as it should be, and flat in memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.unit.video.pace import PACE
from triviareel.video import limiter, sound, synth
from triviareel.video.canvas import FRAME_RATES, SAMPLE_RATE, Canvas
from triviareel.video.loudness import Meter
from triviareel.video.score import Score, Speech, Spoken, arrange
from triviareel.video.storyboard import Narration, Storyboard, compose

Sound = NDArray[np.float32]
SILENT = np.zeros(0, np.float32)
NOTHING = Spoken(SILENT, (SILENT, SILENT, SILENT, SILENT), SILENT)


def voice(seconds: float, seed: int = 0, level: float = 0.1, rough: bool = False) -> Sound:
    """Something like speech: a buzzing tone in syllables, with pauses; the rough one is a train of sharp pulses."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    angle = 2 * np.pi * (115 + 9 * seed) * t
    buzz = np.sum([np.sin(k * angle + (0 if rough else k * k)) / k**0.8 for k in range(1, 30)], axis=0)
    syllables = np.clip(np.sin(2 * np.pi * 4 * t) + 0.4, 0, None) ** 1.5
    return np.asarray(level * buzz * syllables, np.float32)


def spoken(seed: int = 0, level: float = 0.1, rough: bool = False) -> Spoken:
    a, b, c, d = (voice(0.7, seed + place, level, rough) for place in range(4))
    return Spoken(voice(2, seed, level, rough), (a, b, c, d), voice(2.5, seed, level, rough))


def board(canvas: Canvas, all_spoken: Iterable[Spoken], intro: Sound = SILENT, outro: Sound = SILENT) -> Storyboard:
    def length(clip: Speech) -> Fraction:
        return Fraction(len(clip), SAMPLE_RATE)

    narrations = []
    for clips in all_spoken:
        a, b, c, d = (length(option) for option in clips.options)
        narrations.append(Narration(length(clips.question), (a, b, c, d), length(clips.answer)))
    return compose(canvas, narrations, [(40, 50)] * len(narrations), PACE, length(intro), length(outro))


def scored(clips: list[Spoken], canvas: Canvas | None = None) -> tuple[Score, Storyboard]:
    canvas = canvas or Canvas()
    said = voice(1.5) if len(clips[0].question) else SILENT
    storyboard = board(canvas, clips, said, said)
    return arrange(canvas, storyboard, clips, synth.ding(), said, said, PACE), storyboard


def mastered(score: Score) -> Sound:
    pcm = np.frombuffer(b"".join(sound.master(score)), "<i2").reshape(-1, 2)
    return (pcm / 32767).astype(np.float32)


def measured(samples: Sound) -> Meter:
    meter = Meter(SAMPLE_RATE)
    meter.push(samples)
    return meter


def after_aac(samples: Sound) -> Sound:
    """What a player hears: AAC at 192 kb/s and back."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=SAMPLE_RATE, layout="stereo")
        stream.bit_rate = 192_000
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
        for converted in [*resampler.resample(frame), None]:
            container.mux(stream.encode(converted))
    file.seek(0)
    with av.open(file, "r") as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])[: len(samples)]


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_every_cue_starts_in_its_frames_first_sample(fps: int) -> None:
    canvas = Canvas(fps=fps)
    score, storyboard = scored([spoken(), spoken(3)], canvas)
    frame = SAMPLE_RATE // fps
    starts = {what: [cue.start for cue in score.cues if cue.what == what] for what in {cue.what for cue in score.cues}}
    scenes = storyboard.scenes
    assert score.length == storyboard.length * frame
    assert starts["ding"] == [scene.reveal * frame for scene in scenes]
    assert starts["question"] == [scene.asked.start * frame for scene in scenes]
    assert starts["option"] == [span.start * frame for scene in scenes for span in scene.options]
    assert starts["answer"] == [scene.told.start * frame for scene in scenes]
    assert starts["tick"] == [(scene.countdown.start + second * fps) * frame for scene in scenes for second in range(5)]
    assert starts["whoosh"] == sorted(at * frame for scene in scenes for at in (scene.span.start, scene.leave))
    assert storyboard.outro.start * frame < starts["outro"][0] < score.length


def test_the_dings_first_sample_is_the_reveals_first_sample() -> None:
    score, storyboard = scored([NOTHING])
    silent = Score(score.length, tuple(c for c in score.cues if c.what != "ding"), score.bed, score.curve)
    rung = np.concatenate(list(sound.blocks(score))) - np.concatenate(list(sound.blocks(silent)))
    assert np.flatnonzero(np.abs(rung).max(axis=1) > 1e-4)[0] == storyboard.scenes[0].reveal * 1600


def test_the_ding_is_heard_in_its_frame_after_aac() -> None:
    score, storyboard = scored([spoken()])
    heard = after_aac(mastered(score))
    reveal = storyboard.scenes[0].reveal * 1600
    # Above 1.5 kHz there is little but the ding, so its arrival is a jump.
    treble = np.abs(np.diff(heard.mean(axis=1), 2))
    before, first = treble[reveal - 3200 : reveal - 1600], treble[reveal : reveal + 1600]
    assert np.sqrt(np.mean(first**2)) > 5 * np.sqrt(np.mean(before**2))


@pytest.mark.parametrize(
    "clips",
    [
        [spoken()],
        [spoken(level=0.01), spoken(1, 0.01)],
        [NOTHING],
        [spoken(2, 0.3), NOTHING, spoken(5, 0.02)],
        [spoken(rough=True)],
    ],
    ids=["usual", "soft", "none", "uneven", "rough"],
)
def test_loudness_and_true_peak_are_right_before_and_after_aac(clips: list[Spoken]) -> None:
    samples = mastered(scored(clips)[0])
    for heard in (measured(samples), measured(after_aac(samples))):
        assert heard.integrated() == pytest.approx(-14, abs=0.5)
        assert heard.true_peak() <= -1


def test_any_ding_is_brought_to_its_level() -> None:
    storyboard = board(Canvas(), [NOTHING])
    loudest = []
    for ding in (synth.ding(), synth.ding() * np.float32(0.01), voice(3) * np.float32(3)):
        score = arrange(Canvas(), storyboard, [NOTHING], ding, SILENT, SILENT, PACE)
        cue = next(cue for cue in score.cues if cue.what == "ding")
        energy = np.concatenate([[0.0], np.cumsum(np.square(cue.sound[:] * cue.gain, dtype=np.float64))])
        loudest.append(10 * np.log10(np.max(energy[19_200:] - energy[:-19_200]) / 19_200))  # of all stretches of 0.4 s
    assert loudest == pytest.approx([loudest[0]] * 3, abs=0.1)


def test_the_bed_lies_12_db_under_speech_and_more() -> None:
    score, _ = scored([spoken()])
    bare = Score(score.length, (), score.bed, score.curve)
    bed = np.concatenate(list(sound.blocks(bare)))
    for cue in score.cues:
        if cue.what in ("question", "option", "answer", "intro", "outro"):
            speech = np.sqrt(np.mean(np.square(cue.sound[:] * cue.gain)))
            under = np.sqrt(np.mean(np.square(bed[cue.start : cue.end])))
            assert 20 * np.log10(speech / under) > 12


def test_the_bed_moves_smoothly_and_fades_at_both_ends() -> None:
    score, storyboard = scored([spoken()])
    decibels = 20 * np.log10(score.curve[150:-300])
    assert np.abs(np.diff(decibels)).max() < 1  # in 10 ms
    assert np.ptp(decibels) > 9
    assert score.curve[0] == 0
    samples = mastered(score)
    assert np.abs(samples[:10]).max() < 1e-3
    assert np.abs(samples[-10:]).max() < 1e-3
    assert len(samples) == storyboard.length * 1600


def test_clips_of_different_levels_come_nearer_to_each_other() -> None:
    loud, soft = spoken(level=0.2), spoken(level=0.1)
    score, _ = scored([loud, soft, loud])
    levels = [20 * np.log10(cue.gain * np.abs(cue.sound[:]).max()) for cue in score.cues if cue.what == "question"]
    assert np.ptp(levels) == pytest.approx(3, abs=0.5)


def test_the_same_score_gives_the_same_bytes() -> None:
    one, other = (b"".join(sound.master(scored([spoken()])[0])) for _ in range(2))
    assert one == other


def test_memory_does_not_grow_with_length() -> None:
    def peak(questions: int) -> int:
        score, _ = scored([NOTHING] * questions)
        tracemalloc.start()
        for _ in sound.blocks(score):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(12) < 1.2 * peak(2)


def _cut(samples: Sound, sizes: Iterable[int]) -> Iterator[Sound]:
    at = 0
    for size in sizes:
        yield samples[at : at + size]
        at += size


@settings(max_examples=30)
@given(st.integers(0, 1000), st.floats(0.05, 0.9), st.integers(110, 500))
def test_the_limiter_holds_the_ceiling_however_the_stream_is_cut(seed: int, ceiling: float, chunks: int) -> None:
    rng = np.random.default_rng(seed)
    samples = (0.1 * rng.standard_normal((40_000, 2))).astype(np.float32)
    samples[rng.integers(0, 40_000, 20)] *= 30
    size = chunks * limiter.CHUNK
    sizes = [size] * (40_000 // size) + [40_000 % size]
    out = np.concatenate(list(limiter.limit(_cut(samples, [s for s in sizes if s]), ceiling)))
    assert np.abs(out).max() <= ceiling * 1.00001
    assert np.allclose(out, np.concatenate(list(limiter.limit([samples], ceiling))), atol=1e-6)


def test_the_limiter_leaves_alone_what_is_under_the_ceiling() -> None:
    samples = 0.5 * np.sin(np.arange(96_000) / 20).astype(np.float32)
    stereo = np.stack([samples, samples], axis=1)
    stereo[48_000] = 0.9
    out = np.concatenate(list(limiter.limit([stereo[:48_000], stereo[48_000:]], 0.6)))
    untouched = np.ones(96_000, bool)
    untouched[48_000 - 4_000 : 48_000 + 4_000] = False
    assert np.array_equal(out[untouched], stereo[untouched])
    assert out[48_000, 0] == pytest.approx(0.6, abs=0.01)
