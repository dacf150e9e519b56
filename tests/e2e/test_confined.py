"""A render where disk and memory are short, each in a process of its own: a right video or one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import confine
from tests.fakes.gcs import GcsServer
from triviareel.video import assets

PLACE = "demo/video-assets"
SMALL = ["--questions", "1", "--resolution", "720", "--fps", "24", "--encoder", "x264", "--job", "s", "--seed", "7"]
MAKE = [sys.executable, "-c", "from triviareel.cli import main; main()", "make", *SMALL]
LIMITED = """
import resource, sys
from triviareel.cli.app import run
kind, limit = getattr(resource, sys.argv[1]), int(sys.argv[2])
resource.setrlimit(kind, (limit, limit))
sys.exit(run(sys.argv[3:]))
"""


@pytest.fixture
def bucket(small_assets: Path) -> Iterator[GcsServer]:
    with GcsServer(["b", "a"]) as server:
        for name in assets.FILES:
            server.put(f"{PLACE}/{name}", (small_assets / PLACE / name).read_bytes(), "a")
        yield server


def made(words: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    done = subprocess.run(
        words,
        cwd=folder,
        env={**os.environ, "TRIVIAREEL_CACHE": str(folder / "cache"), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_a_bucket_needs_no_disk_but_a_small_folder_for_temporary_files(
    bucket: GcsServer, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    room = tmp_path / "room"
    room.mkdir()
    confined = [sys.executable, str(Path(confine.__file__)), str(room)]
    words = [*confined, *MAKE, "--root", "gs://b", "--assets", "gs://a", "--json"]
    place = tmp_path / "home"
    done = made(words, place, STORAGE_EMULATOR_HOST=bucket.url, HOME=str(place), TMPDIR=str(room))
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["video"] == "gs://b/final_videos/demo/s/final_video.mp4"
    assert len(bucket.read("final_videos/demo/s/final_video.mp4")) == told["size"]
    assert list(place.iterdir()) == []
    assert sum(path.stat().st_size for path in room.rglob("*")) <= confine.SIZE_MB << 20
    figure(f"read-only root, {confine.SIZE_MB} MB of temporary files: a right video of {told['size']:,} bytes")


def test_no_room_for_the_video_leaves_none_in_the_bucket(
    bucket: GcsServer, tmp_path: Path, figure: Callable[[str], None]
) -> None:
    """Files in memory are held to the limit on files, too."""
    words = [sys.executable, "-c", LIMITED, "RLIMIT_FSIZE", "300000", "make", *SMALL, "--voice", "none"]
    done = made([*words, "--root", "gs://b", "--assets", "gs://a"], tmp_path, STORAGE_EMULATOR_HOST=bucket.url)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 75, done.stderr
    assert "gs://b/final_videos/demo/s/final_video.mp4: larger than files may be here" in last
    assert not [name for name in bucket.objects("b") if name.startswith("final_videos/")]
    figure(f"no room for the video: exit 75, {last.partition(': ')[2][:90]}…")


@pytest.mark.parametrize("megabytes", [100, 1060])
def test_short_memory_gives_a_right_video_or_a_clear_line(
    small_assets: Path, tmp_path: Path, figure: Callable[[str], None], megabytes: int
) -> None:
    words = [sys.executable, "-c", LIMITED, "RLIMIT_AS", str(megabytes << 20), "make", *SMALL]
    done = made([*words, "--assets", str(small_assets)], tmp_path)
    last = done.stderr.splitlines()[-1]
    video = tmp_path / "out/final_videos/demo/s/final_video.mp4"
    assert done.returncode in ((2,) if megabytes < 1024 else (0, 75)), done.stderr
    assert video.exists() == (done.returncode == 0)
    if done.returncode:
        assert last.startswith("triviareel: ")
        assert "ulimit -v" in last
    figure(f"{megabytes:,} MB of address space: exit {done.returncode}, {last.removeprefix('triviareel: ')[:90]}…")
