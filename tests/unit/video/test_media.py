"""Probing: real files of many kinds are told apart, and whole ones from broken ones."""

from __future__ import annotations

import socket
import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triviareel.errors import AssetError
from triviareel.video import decoding, media


def make(path: Path, *arguments: str) -> Path:
    """Have the ffmpeg program write a file."""
    argv = [imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-y", *arguments, str(path)]
    subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
    return path


PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=30:d=3")
SOUND = ("-f", "lavfi", "-i", "sine=d=3:r=44100")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def whole(folder: Path) -> Path:
    return make(folder / "whole.mp4", *PICTURE, *SOUND, "-pix_fmt", "yuv420p", "-movflags", "+faststart")


@pytest.mark.parametrize("thorough", [True, False])
def test_an_ordinary_video_is_described(whole: Path, thorough: bool) -> None:
    found = media.probe(whole, thorough)
    assert (found.kind, found.codec, found.pixel_format) == ("video", "h264", "yuv420p")
    assert (found.width, found.height, found.rotation) == (320, 180, 0)
    assert (found.fps, found.frames, found.duration_s) == (Fraction(30), 90, Fraction(3))
    assert (found.has_audio, found.sample_rate, found.moving) == (True, 44100, True)


def test_colour_tags_are_read(folder: Path) -> None:
    tags = ("-colorspace", "bt709", "-color_range", "tv")
    found = media.probe(make(folder / "tagged.mp4", *PICTURE, "-pix_fmt", "yuv420p", *tags))
    assert (found.matrix, found.color_range) == (1, 1)


def test_a_turned_video_has_the_size_that_is_shown(folder: Path, whole: Path) -> None:
    found = media.probe(make(folder / "turned.mp4", "-display_rotation", "90", "-i", str(whole), "-c", "copy"))
    assert (found.width, found.height) == (180, 320)
    assert found.rotation in (90, 270)


@pytest.mark.parametrize(
    ("name", "codec", "arguments"),
    [
        ("odd.mkv", "h264", ["-vf", "scale=321:181", "-pix_fmt", "yuv444p10le"]),
        ("vp9.webm", "vp9", ["-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8"]),
        ("prores.mov", "prores", ["-c:v", "prores_ks"]),
        ("film.mp4", "h264", ["-r", "24000/1001"]),
        ("mpeg2.mkv", "mpeg2video", ["-c:v", "mpeg2video"]),
        ("motion.avi", "mjpeg", ["-c:v", "mjpeg"]),
        ("edited.mov", "h264", ["-timecode", "01:00:00:00"]),  # a track of data, as editing suites write it
    ],
)
def test_other_codecs_and_containers_are_welcome(folder: Path, name: str, codec: str, arguments: list[str]) -> None:
    found = media.probe(make(folder / name, *PICTURE, *arguments))
    assert found.codec == codec
    assert found.moving
    assert not found.has_audio
    assert found.duration_s == pytest.approx(3, abs=0.1)
    if name == "odd.mkv":
        assert (found.pixel_format, found.width) == ("yuv444p10le", 321)
    if name == "film.mp4":
        assert found.fps == Fraction(24000, 1001)


def test_a_stream_that_cannot_be_looped_is_refused(folder: Path) -> None:
    with pytest.raises(AssetError, match=r"stream\.ts: not a video .*use an MP4, MOV, MKV or WebM"):
        media.probe(make(folder / "stream.ts", *PICTURE, "-c:v", "mpeg2video"))


def test_uneven_frame_times_are_welcome(folder: Path, whole: Path) -> None:
    uneven = make(folder / "vfr.mp4", "-i", str(whole), "-vf", "select='lt(mod(n,5),2)'", "-fps_mode", "vfr")
    found = media.probe(uneven)
    assert found.frames == 36
    assert found.duration_s == pytest.approx(3, abs=0.15)


@pytest.mark.parametrize("thorough", [True, False])
def test_a_still_picture_does_not_move(folder: Path, thorough: bool) -> None:
    still = make(folder / "still.mp4", "-f", "lavfi", "-i", "color=navy:s=160x90:d=4", "-pix_fmt", "yuv420p")
    assert not media.probe(still, thorough).moving


def test_movement_between_like_key_frames_is_seen_without_decoding_all(folder: Path) -> None:
    # The picture returns to where it was at each key frame.
    source = ("-f", "lavfi", "-i", "color=navy:s=160x90:r=30:d=6,geq=lum='128+60*sin(2*PI*N/30)':cb=128:cr=128")
    beating = make(folder / "beating.mp4", *source, "-g", "30", "-sc_threshold", "0", "-pix_fmt", "yuv420p")
    assert media.probe(beating, thorough=False).moving


@pytest.mark.parametrize(
    "arguments", [["-c:a", "pcm_s24le"], ["-ar", "96000", "-ac", "2", "-c:a", "pcm_f32le"], ["-c:a", "libmp3lame"]]
)
def test_a_wav_of_any_make_is_sound(folder: Path, arguments: list[str]) -> None:
    path = make(folder / f"{len(arguments)}{arguments[-1]}.wav", *SOUND, *arguments)
    found = media.probe(path)
    assert (found.kind, found.has_audio) == ("audio", True)
    samples = decoding.mono(path, 48_000, 10)
    assert samples.dtype == np.float32
    assert len(samples) == pytest.approx(3 * 48_000, abs=3000)
    assert np.abs(samples).max() == pytest.approx(0.125, rel=0.05)


def test_only_so_much_of_a_long_sound_is_read(folder: Path) -> None:
    assert len(decoding.mono(make(folder / "long.wav", *SOUND), 48_000, 1)) == 48_000


def test_a_video_without_sound_has_none_to_give(folder: Path) -> None:
    with pytest.raises(AssetError, match=r"mute\.mp4: it has no sound"):
        decoding.mono(make(folder / "mute.mp4", *PICTURE), 48_000, 1)


@pytest.mark.parametrize("name", ["cut.mp4", "cut.mkv", "cut.avi", "cut.wav", "cutend.mp4"])
@pytest.mark.parametrize("thorough", [True, False])
def test_a_file_cut_short_is_refused(folder: Path, name: str, thorough: bool) -> None:
    path = folder / name
    made = {
        "cut.mp4": ("-pix_fmt", "yuv420p", "-movflags", "+faststart"),
        "cutend.mp4": ("-pix_fmt", "yuv420p"),
        "cut.mkv": ("-pix_fmt", "yuv420p"),
        "cut.avi": ("-c:v", "mpeg4", "-c:a", "mp2"),
    }
    make(path, *SOUND) if name == "cut.wav" else make(path, *PICTURE, *SOUND, *made[name])
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 6 // 10])
    with pytest.raises(AssetError, match=name.replace(".", r"\.")):
        media.probe(path, thorough)


def test_flipped_bytes_are_found(folder: Path, whole: Path) -> None:
    data = bytearray(whole.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(400)
    path = folder / "flipped.mp4"
    path.write_bytes(data)
    with pytest.raises(AssetError, match=r"flipped\.mp4: .*(damaged|cannot be decoded)"):
        media.probe(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("text.mp4", b"These are words, not pictures.\n" * 50),
        ("noise.mp4", bytes(range(256)) * 40),
        ("one.wav", b"R"),
        ("list.mp4", b"ffconcat version 1.0\nfile whole.mp4\n"),
        ("subtitle.mp4", b"1\n00:00:00,000 --> 00:00:02,000\nHello\n"),
    ],
)
def test_what_is_no_video_is_refused_by_name(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(AssetError, match=f"{name.replace('.', '[.]')}: .*; use a"):
        media.probe(folder / name)


def test_a_picture_named_video_is_refused(folder: Path) -> None:
    path = make(folder / "picture.png", *PICTURE, "-frames:v", "1").rename(folder / "picture.mp4")
    with pytest.raises(AssetError, match=r"picture\.mp4: not a video"):
        media.probe(path)


def test_missing_and_empty_files_are_told_apart(folder: Path) -> None:
    with pytest.raises(AssetError, match="no such file"):
        media.probe(folder / "absent.mp4")
    (folder / "empty.mp4").touch()
    with pytest.raises(AssetError, match="empty"):
        media.probe(folder / "empty.mp4")


def test_sound_of_an_unknown_kind_is_no_sound(folder: Path, whole: Path) -> None:
    strange = folder / "strange.mp4"
    strange.write_bytes(whole.read_bytes().replace(b"mp4a", b"zzzz").replace(b"esds", b"zzzz"))
    found = media.probe(strange, thorough=False)
    assert (found.kind, found.has_audio, found.sample_rate) == ("video", False, 0)
    with pytest.raises(AssetError, match=r"strange\.mp4: it has no sound"):
        decoding.mono(strange, 48_000, 1)


def test_a_head_that_asks_for_absurdly_much_memory_is_damaged(folder: Path, whole: Path) -> None:
    data = bytearray(whole.read_bytes())
    data[data.find(b"stsd") + 12] = 1  # the entry says that it has 16 MB
    (folder / "greedy.mp4").write_bytes(data)
    with pytest.raises(AssetError, match=r"greedy\.mp4: .*its head is damaged"):
        media.probe(folder / "greedy.mp4")


def test_a_playlist_named_mp4_fetches_nothing(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/part.ts"
        playlist = folder / "playlist.mp4"
        playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n")
        with pytest.raises(AssetError, match="not a video"):
            media.probe(playlist)
        with pytest.raises(BlockingIOError):
            server.accept()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.binary(max_size=3000), st.integers(0, 3000))
def test_no_bytes_lead_to_anything_but_an_answer_or_a_named_error(
    folder: Path, whole: Path, junk: bytes, at: int
) -> None:
    data = bytearray(whole.read_bytes())
    data[at : at + len(junk)] = junk
    path = folder / "junk.mp4"
    path.write_bytes(data)
    try:
        found = media.probe(path, thorough=False)
    except AssetError as raised:
        said = str(raised)
    else:
        said = f"{found.uri}: {found.kind}"
    assert said.startswith(f"{path}: ")
    assert len(said.splitlines()) == 1
