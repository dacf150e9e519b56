"""The asset pack: the default one as built, and packs that channels bring."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from triviareel.errors import AssetError, InputError
from triviareel.video import assets, backdrops, stock

SMALL = {"fps": 24, "width": 160, "height": 90}


@pytest.fixture(scope="module")
def pack(small_assets: Path) -> Path:
    return small_assets / "demo" / "video-assets"


@pytest.fixture
def own(pack: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    return shutil.copytree(pack, tmp_path / "own")


def pictures(path: Path) -> NDArray[np.int16]:
    with av.open(str(path), "r") as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]).astype(np.int16)


def test_the_folder_holds_the_five_files_and_nothing_else(pack: Path) -> None:
    names = ["1.mp4", "2.mp4", "3.mp4", "ding_correct_answer_long.wav", "slide_timer_bar_5s.mp4"]
    assert sorted(path.name for path in pack.iterdir()) == names


def test_the_default_pack_opens(pack: Path) -> None:
    opened = assets.open_pack(assets.in_folder(pack))
    for media in opened.backgrounds:
        assert (media.codec, media.pixel_format, media.matrix, media.color_range) == ("h264", "yuv420p", 1, 1)
        assert (media.width, media.height, media.fps, media.frames) == (160, 90, Fraction(24), 240)
        assert media.moving
        assert not media.has_audio
    assert (opened.timer.width, opened.timer.height, opened.timer.frames) == (1720, 36, 120)
    assert opened.timer.duration_s == 5
    assert abs(opened.ding[0]) > 0.3


@pytest.mark.parametrize("name", assets.BACKGROUNDS)
def test_a_loops_end_meets_its_beginning(pack: Path, name: str) -> None:
    frames = pictures(pack / name)
    steps = np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3))
    assert np.abs(frames[0] - frames[-1]).mean() < 1.5 * steps.max()
    assert np.abs(frames[0] - frames[120]).mean() > 3 * steps.mean()


@pytest.mark.parametrize("draw", backdrops.BACKGROUNDS)
def test_a_loop_is_closed_exactly_as_drawn(draw: backdrops.Draw) -> None:
    plane = backdrops.Plane.of(160, 90)
    assert np.allclose(draw(plane, 0), draw(plane, 1), atol=1e-5)


@pytest.mark.parametrize("draw", backdrops.BACKGROUNDS)
def test_white_text_is_legible_on_every_background(draw: backdrops.Draw) -> None:
    plane = backdrops.Plane.of(160, 90)
    for phase in np.linspace(0, 1, 12, endpoint=False):
        picture = np.clip(draw(plane, float(phase)), 0, 1)
        linear = np.where(picture <= 0.04045, picture / 12.92, ((picture + 0.055) / 1.055) ** 2.4)
        luminance = linear @ [0.2126, 0.7152, 0.0722]
        contrast = 1.05 / (luminance + 0.05)  # WCAG 2.2, 1.4.3: 4.5 for text, 3 for large text
        assert contrast.min() > 3
        assert np.percentile(contrast, 5) > 4.5


def test_the_backgrounds_differ(pack: Path) -> None:
    first, second, third = (pictures(pack / name)[0] for name in assets.BACKGROUNDS)
    assert min(np.abs(first - second).mean(), np.abs(second - third).mean(), np.abs(first - third).mean()) > 10


def test_the_timer_bar_shrinks_steadily_and_turns_red(pack: Path) -> None:
    frames = pictures(pack / assets.TIMER)[:, 18]
    filled = (frames.max(axis=2) > 120).sum(axis=1)
    assert filled[0] > 1650
    assert filled[-1] < 60
    assert (np.diff(filled) <= 3).all()
    assert filled[60] == pytest.approx(860, abs=40)
    first, last = frames[0, 100], frames[-8, 20]
    assert first[1] > first[0]
    assert last[0] > 2 * last[1]


def test_the_same_build_gives_the_same_bytes(pack: Path, tmp_path: Path) -> None:
    again = stock.in_cache(tmp_path / "again", **SMALL)
    for name in assets.FILES:
        assert (again / name).read_bytes() == (pack / name).read_bytes()


def test_a_build_that_is_stopped_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(plane: backdrops.Plane, phase: float) -> backdrops.Picture:
        if phase > 0.1:
            raise KeyboardInterrupt
        return backdrops.waves(plane, phase)

    monkeypatch.setattr(backdrops, "BACKGROUNDS", (backdrops.bokeh, stopped, backdrops.waves))
    with pytest.raises(KeyboardInterrupt):
        stock.in_cache(tmp_path / "cache", **SMALL)
    assert [path for folder in tmp_path.iterdir() for path in folder.iterdir()] == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match=r"pack lies beneath something that is a file.*: choose another place"):
        stock.in_cache(tmp_path / "file" / "pack", **SMALL)


@pytest.mark.parametrize("size", [(161, 90), (160, 91), (0, 0)])
def test_odd_sizes_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(AssetError, match="choose even numbers"):
        stock.in_cache(tmp_path / "pack", width=size[0], height=size[1])
    assert not (tmp_path / "pack").exists()


def _default(cache: Path) -> Path:
    return stock.in_cache(cache, fps=24, width=64, height=64)


def test_two_processes_at_once_end_with_one_whole_pack(tmp_path: Path) -> None:
    with get_context("spawn").Pool(2) as pool:
        one, other = pool.map(_default, [tmp_path, tmp_path], chunksize=1)
    assert one == other
    assert list(tmp_path.iterdir()) == [one]
    built = one.stat().st_mtime_ns
    assets.open_pack(assets.in_folder(_default(tmp_path)))
    assert one.stat().st_mtime_ns == built


@pytest.mark.parametrize("name", assets.FILES)
def test_a_missing_file_is_named_with_the_mend(own: Path, name: str) -> None:
    (own / name).unlink()
    with pytest.raises(AssetError, match=f"{name}: missing; .*triviareel assets build --to"):
        assets.open_pack(assets.in_folder(own))


def _text(path: Path) -> None:
    path.write_text("not a video\n" * 100)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("name", ["2.mp4", assets.TIMER, assets.DING])
@pytest.mark.parametrize("spoil", [_text, _cut, _empty])
def test_a_spoilt_file_is_named(own: Path, name: str, spoil: Callable[[Path], None]) -> None:
    spoil(own / name)
    with pytest.raises(AssetError, match=f"{name}: "):
        assets.open_pack(assets.in_folder(own))


def test_a_sound_in_place_of_a_video_is_refused(own: Path) -> None:
    shutil.copy(own / assets.DING, own / "1.mp4")
    with pytest.raises(AssetError, match=r"1\.mp4: it holds no pictures"):
        assets.open_pack(assets.in_folder(own))


def _write_ding(path: Path, samples: NDArray[np.float64], rate: int) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, rate, len(samples), "NONE", ""))
        file.writeframes(np.repeat(np.rint(samples * 32767).astype("<i2")[:, None], 2, axis=1).tobytes())


def test_the_silence_before_a_channels_ding_is_left_out(own: Path) -> None:
    t = np.arange(44_100) / 44_100
    bell = 0.5 * np.cos(2 * np.pi * 1500 * t) * np.exp(-3 * t)
    _write_ding(own / assets.DING, np.concatenate([np.zeros(5000), bell]), 44_100)
    ding = assets.open_pack(assets.in_folder(own)).ding
    assert np.abs(ding[:48]).max() > 0.3
    assert len(ding) == pytest.approx(48_000, abs=100)


def test_a_very_long_ding_is_faded_out(own: Path) -> None:
    _write_ding(own / assets.DING, 0.5 * np.sin(np.arange(20 * 8000) / 3), 8000)
    ding = assets.open_pack(assets.in_folder(own)).ding
    assert len(ding) == pytest.approx(8 * 48_000, abs=100)
    assert abs(ding[-1]) < 1e-3


def test_a_silent_ding_is_refused(own: Path) -> None:
    _write_ding(own / assets.DING, np.zeros(48_000), 48_000)
    with pytest.raises(AssetError, match=r"ding_correct_answer_long\.wav: it is silent"):
        assets.open_pack(assets.in_folder(own))


def test_the_identity_follows_the_bytes(own: Path, pack: Path) -> None:
    assert identity(own) == identity(pack)
    shutil.copy(own / "1.mp4", own / "2.mp4")
    assert identity(own) != identity(pack)


def identity(folder: Path) -> str:
    return assets.identity(assets.in_folder(folder))
