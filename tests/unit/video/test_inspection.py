"""The inspector sees what is in a video, and the verdict finds what is wrong with it."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from triviareel.video import ffmpeg, verdict
from triviareel.video.canvas import SAMPLE_RATE, Canvas, Format
from triviareel.video.inspection import Inspector, check_file
from triviareel.video.storyboard import Span
from triviareel.video.verdict import Expectation, Seen

CANVAS = Canvas(Format.LANDSCAPE, 720, 24)
FRAMES = 96
REVEAL = 60
EXPECTED = Expectation(
    CANVAS, FRAMES, moving=(Span(0, FRAMES),), speech=(("question of q1", Span(12, 36)),), reveals=(REVEAL,)
)
MOVING = "testsrc2=s=1280x720:r=24"


def bell() -> NDArray[np.float32]:
    at = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    partials = sum(
        np.sin(2 * np.pi * hertz * at) * np.exp(-at * fall) for hertz, fall in ((1320, 4), (2640, 7), (3970, 9))
    )
    return (np.asarray(partials) / 3).astype(np.float32)


def soundtrack(ding_late: int = 0, speech: bool = True, gain: float = 1.0) -> NDArray[np.float32]:
    """Four seconds: noise where speech should be, then a ding."""
    rng = np.random.default_rng(1)
    mono = rng.normal(0, 0.002, FRAMES * CANVAS.samples_per_frame)
    if speech:
        mono[24_000:96_000] += rng.normal(0, 0.2, 72_000)
    start = REVEAL * CANVAS.samples_per_frame + ding_late
    mono[start : start + SAMPLE_RATE] += 0.5 * bell()[: len(mono) - start]
    return np.repeat((mono * gain).clip(-1, 1)[:, None], 2, axis=1).astype(np.float32)


def film(folder: Path, sound: NDArray[np.float32], picture: str = MOVING, *encoding: str) -> Path:
    raw = folder / "sound.f32"
    raw.write_bytes(sound.tobytes())
    path = folder / "film.mp4"
    ffmpeg.run([
        str(ffmpeg.executable()), "-v", "error", "-y", "-f", "lavfi", "-i", picture,
        "-f", "f32le", "-ar", "48000", "-ac", "2", "-i", str(raw), "-frames:v", str(FRAMES),
        "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "high", "-pix_fmt", "yuv420p", "-color_range", "tv",
        "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-vf", "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv",
        "-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", *encoding, str(path),
    ])  # fmt: skip
    return path


def inspected(path: Path) -> Seen:
    return Inspector(CANVAS, FRAMES, [REVEAL], bell()).watch(BytesIO(path.read_bytes()))


def faults(path: Path) -> str:
    seen = inspected(path)
    # The test's noise is not mastered; its loudness and peak are looked at by themselves below.
    return "; ".join(verdict.findings(replace(seen, loudness_lufs=-14, true_peak_dbtp=-2), EXPECTED))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("good"), soundtrack())


def test_a_good_video_has_no_faults(good: Path) -> None:
    seen = inspected(good)
    assert (seen.frames, seen.width, seen.height, seen.uneven) == (FRAMES, 1280, 720, 0)
    assert abs(seen.onsets[0][0]) < 48  # a millisecond
    assert faults(good) == ""
    assert check_file(good, seen, "h264") == []


@pytest.mark.parametrize(
    ("picture", "found"),
    [
        ("color=c=black:s=1280x720:r=24", "black from 0.00 s"),
        ("color=c=0x505050:s=1280x720:r=24", "nothing moves from 0.00 s to 4.00 s"),
        (f"{MOVING},loop=loop=55:size=1:start=39", "nothing moves from 1.6"),
        (f"{MOVING},drawbox=t=fill:c=black:enable='between(n,40,60)'", "black from 1.67 s to 2.54 s"),
        ("testsrc2=s=1280x718:r=24", "1280 × 718 pixels instead of 1280 × 720"),
        ("testsrc2=s=1280x720:r=25", "not exactly 1/24 s"),
    ],
)
def test_a_bad_picture_is_found(tmp_path: Path, picture: str, found: str) -> None:
    assert found in faults(film(tmp_path, soundtrack(), picture))


@pytest.mark.parametrize(
    ("sound", "found"),
    [
        (soundtrack(speech=False), "question of q1 is not heard at 0.50 s"),
        (soundtrack(ding_late=2500), "the ding at 2.50 s is off by 52 ms"),
        (soundtrack(ding_late=-2500), "the ding at 2.50 s is off by -52 ms"),
        (soundtrack(ding_late=30_000), "no ding at the reveal at 2.50 s"),
        (soundtrack()[: 3 * SAMPLE_RATE], "3.008 s of sound instead of 4.000"),
    ],
)
def test_a_bad_sound_is_found(tmp_path: Path, sound: NDArray[np.float32], found: str) -> None:
    assert found in faults(film(tmp_path, sound))


def test_a_ding_within_a_frame_passes(tmp_path: Path) -> None:
    assert faults(film(tmp_path, soundtrack(ding_late=1500))) == ""


@pytest.mark.parametrize(
    ("loudness", "peak", "found"),
    [(-15.2, -2, "loudness -15.2 LUFS"), (-12.9, -2, "loudness -12.9"), (-14, -0.5, "true peak -0.5 dBTP")],
)
def test_loudness_is_judged(good: Path, loudness: float, peak: float, found: str) -> None:
    seen = replace(inspected(good), loudness_lufs=loudness, true_peak_dbtp=peak)
    assert found in "; ".join(verdict.findings(seen, EXPECTED))


def test_a_missing_frame_is_found(tmp_path: Path) -> None:
    short = film(tmp_path, soundtrack(), MOVING, "-frames:v", "95")
    assert "95 frames instead of 96" in faults(short)


def test_a_file_that_is_not_what_was_inspected_is_found(good: Path, tmp_path: Path) -> None:
    seen = inspected(good)
    other = film(tmp_path, soundtrack(gain=0.9))
    assert "does not hold the packets that were inspected" in "; ".join(check_file(other, seen, "h264"))


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        (("-movflags", "-faststart"), "the index lies behind the pictures"),
        (("-c:v", "libsvtav1", "-preset", "12", "-profile:v", "0"), "the pictures are coded as av1, not h264"),
        (("-profile:v", "main"), "the H.264 profile is Main, not High"),
        (("-vf", "setparams=colorspace=smpte170m:color_primaries=bt709:color_trc=bt709:range=tv", "-colorspace",
          "smpte170m"), "not bt709"),
        (("-an",), "holds video instead of"),
    ],
)  # fmt: skip
def test_a_file_that_is_packed_wrongly_is_found(tmp_path: Path, encoding: tuple[str, ...], found: str) -> None:
    path = film(tmp_path, soundtrack(), MOVING, *encoding)
    assert found in "; ".join(check_file(path, Seen(), "h264"))


def test_the_hash_follows_pictures_and_sound_but_not_interleaving(good: Path, tmp_path: Path) -> None:
    again = film(tmp_path, soundtrack(), MOVING, "-max_interleave_delta", "1", "-movflags", "-faststart")
    assert inspected(again).content_hash == inspected(good).content_hash
    quieter = film(tmp_path, soundtrack(gain=0.9))
    assert inspected(quieter).content_hash != inspected(good).content_hash
