from pathlib import Path

import pytest

from triviareel.errors import EncoderMissing, InputError
from triviareel.video import encoder
from triviareel.video.canvas import Canvas
from triviareel.video.encoder import Capabilities, Choice

EMBEDDED, SYSTEM = Path("/embedded/ffmpeg"), Path("/usr/bin/ffmpeg")


def proving(*working: tuple[Path, str]):  # type: ignore[no-untyped-def]  # a one-line fake, not a mock
    return lambda path, name: Capabilities(path, name, (path, name) in working, "" if (path, name) in working else "no")


@pytest.mark.parametrize(
    ("name", "working", "chosen"),
    [
        ("auto", [(EMBEDDED, "x264")], Choice(EMBEDDED, "x264")),
        ("auto", [(EMBEDDED, "x264"), (EMBEDDED, "nvenc")], Choice(EMBEDDED, "nvenc")),
        ("auto", [(EMBEDDED, "x264"), (SYSTEM, "nvenc")], Choice(SYSTEM, "nvenc")),
        ("auto", [(EMBEDDED, "x264"), (EMBEDDED, "av1")], Choice(EMBEDDED, "x264")),
        ("nvenc", [(EMBEDDED, "x264"), (SYSTEM, "nvenc")], Choice(SYSTEM, "nvenc")),
        ("av1", [(EMBEDDED, "x264"), (EMBEDDED, "av1")], Choice(EMBEDDED, "av1")),
    ],
)
def test_the_first_that_works_is_chosen(name: str, working: list[tuple[Path, str]], chosen: Choice) -> None:
    assert encoder.choose(name, (EMBEDDED, SYSTEM), proving(*working)) == chosen


@pytest.mark.parametrize("name", ["nvenc", "av1"])
def test_a_named_encoder_never_falls_back(name: str) -> None:
    with pytest.raises(EncoderMissing, match=rf"encoder {name} does not work .*choose another"):
        encoder.choose(name, (EMBEDDED,), proving((EMBEDDED, "x264")))


def test_an_unknown_encoder_is_bad_input() -> None:
    with pytest.raises(InputError, match=r"'h265': choose auto, x264, nvenc, av1"):
        encoder.choose("h265", (EMBEDDED,), proving())


def test_nvenc_gets_its_own_presets() -> None:
    # x264's names make NVENC fail with "Invalid argument".
    assert encoder.video_arguments(Choice(SYSTEM, "nvenc"), Canvas())["preset"].startswith("p")


def test_a_gpu_is_named_where_there_is_one_and_what_it_has_composed_stays_there() -> None:
    assert "gpu" not in encoder.video_arguments(Choice(SYSTEM, "nvenc"), Canvas())
    assert encoder.video_arguments(Choice(SYSTEM, "nvenc", gpu=3), Canvas())["gpu"] == "3"
    composed = encoder.video_arguments(Choice(SYSTEM, "nvenc", gpu=3, composes=True), Canvas())
    assert not {"gpu", "pix_fmt"} & composed.keys()


@pytest.mark.parametrize("name", encoder.ENCODERS)
def test_every_encoder_tags_bt709(name: str) -> None:
    arguments = encoder.video_arguments(Choice(SYSTEM, name), Canvas())
    assert {arguments[key] for key in ("color_primaries", "color_trc", "colorspace")} == {"bt709"}
    assert arguments["color_range"] == "tv"
