import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from triviareel.errors import EncodeError, InputError, StallError, Stopped
from triviareel.video import ffmpeg

FFMPEG = str(ffmpeg.executable())
SOUND = ["-f", "s16le", "-ar", "48000", "-ac", "2", "-i", "pipe:0"]
TO_STDOUT = ["-f", "mp4", "-movflags", "frag_keyframe+empty_moov", "pipe:1"]


def command(*middle: str) -> list[str]:
    return [FFMPEG, "-v", "error", "-nostats", "-progress", "pipe:2", *middle]


def silence(seconds: int) -> Iterator[bytes]:
    for _ in range(seconds):
        yield bytes(48_000 * 4)


def encode(
    argv: list[str],
    cwd: Path,
    feed: Iterator[bytes] | None = None,
    stop: threading.Event | None = None,
    stall_s: float = 30.0,
    frames: list[int] | None = None,
) -> bytes:
    told: list[int] = [] if frames is None else frames
    return ffmpeg.encode(
        argv,
        cwd=cwd,
        feed=silence(1) if feed is None else feed,
        watch=lambda stream: stream.read(),
        progress=lambda frame, _: told.append(frame),
        stop=stop or threading.Event(),
        stall_s=stall_s,
    )


def test_an_encode_takes_sound_gives_its_result_and_tells_its_progress(tmp_path: Path) -> None:
    frames: list[int] = []
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30:duration=2"]
    seen = encode(command(*source, *SOUND, *TO_STDOUT), tmp_path, silence(2), frames=frames)
    assert seen[4:8] == b"ftyp"
    assert frames[-1] == 60
    assert frames == sorted(set(frames))


def test_a_failing_ffmpeg_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(EncodeError, match=r"absent\.mp4") as caught:
        encode(command("-i", "absent.mp4", *SOUND, *TO_STDOUT), tmp_path)
    assert caught.value.returncode > 0
    assert FFMPEG in caught.value.command()


def test_an_error_while_progress_is_told_ends_the_encode_with_that_error(tmp_path: Path) -> None:
    def refuse(*_: object) -> None:
        raise BrokenPipeError("nobody listens")

    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"]  # has no end of its own
    with pytest.raises(BrokenPipeError, match="nobody listens"):
        ffmpeg.encode(
            command(*source, *SOUND, "-g", "5", *TO_STDOUT),
            cwd=tmp_path,
            feed=silence(600),
            watch=lambda stream: stream.read(),
            progress=refuse,
            stop=threading.Event(),
        )


def test_a_killed_ffmpeg_is_an_error_even_though_its_output_ended_well(tmp_path: Path) -> None:
    def kill_after_some(stream: IO[bytes]) -> bytes:
        first = stream.read(1000)
        os.kill(int((tmp_path / "pid").read_text()), signal.SIGKILL)
        return first + stream.read()

    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"]
    noted = ["/bin/sh", "-c", 'echo $$ > pid; exec "$@"', "sh"]  # the process keeps its number when it becomes ffmpeg
    with pytest.raises(EncodeError) as caught:
        ffmpeg.encode(
            [*noted, *command(*source, *SOUND, "-g", "5", *TO_STDOUT)],
            cwd=tmp_path,
            feed=silence(600),
            watch=kill_after_some,
            progress=lambda *_: None,
            stop=threading.Event(),
        )
    assert caught.value.returncode == -9


def test_a_stalled_encoder_is_ended(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(StallError, match=r"no frame for 0\.3 s"):
        encode([sys.executable, "-c", "import time; time.sleep(600)"], tmp_path, stall_s=0.3)
    assert time.monotonic() - began < 60


def test_stop_ends_it_at_once(tmp_path: Path) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30", "-re"]
    with pytest.raises(Stopped):
        encode(command(*source, *SOUND, *TO_STDOUT), tmp_path, silence(600), stop)


def test_a_fault_in_the_sound_is_not_taken_for_ffmpegs(tmp_path: Path) -> None:
    def breaking() -> Iterator[bytes]:
        yield from silence(1)
        raise ValueError("no more sound")

    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"]
    with pytest.raises(ValueError, match="no more sound"):
        encode(command(*source, *SOUND, *TO_STDOUT), tmp_path, breaking())


def test_a_fault_in_the_watcher_comes_through(tmp_path: Path) -> None:
    def failing(stream: IO[bytes]) -> None:
        stream.read(10)
        raise KeyError("watcher")

    source = ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=30"]
    with pytest.raises(KeyError, match="watcher"):
        ffmpeg.encode(
            command(*source, *SOUND, *TO_STDOUT),
            cwd=tmp_path,
            feed=silence(600),
            watch=failing,
            progress=lambda *_: None,
            stop=threading.Event(),
        )


def test_x264_is_proven_and_nvenc_without_a_gpu_is_not() -> None:
    path = ffmpeg.executable("embedded")
    assert ffmpeg.prove(path, "x264").working
    assert ffmpeg.prove(path, "av1").working
    found = ffmpeg.prove(path, "nvenc")
    assert found.working or found.reason


def test_what_is_no_ffmpeg_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no ffmpeg at .*TRIVIAREEL_FFMPEG"):
        ffmpeg.executable(str(tmp_path / "absent"))
    with pytest.raises(InputError, match="does not answer as ffmpeg"):
        ffmpeg.version(Path("/bin/echo"))


@pytest.mark.parametrize("fault", [ImportError, RuntimeError])
def test_where_no_ffmpeg_is_embedded_it_is_said(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    def missing() -> str:
        raise fault

    monkeypatch.setattr("imageio_ffmpeg.get_ffmpeg_exe", missing)
    with pytest.raises(InputError, match=r"no embedded ffmpeg.*TRIVIAREEL_FFMPEG=system"):
        ffmpeg.executable()


def test_the_embedded_ffmpeg_tells_its_version() -> None:
    assert ffmpeg.version(ffmpeg.executable())[0].isdigit()
