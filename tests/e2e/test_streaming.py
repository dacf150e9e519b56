"""Whole videos whose assets are in a bucket and whose place is one, through the command line, in this process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.gcs import GcsServer
from triviareel.cli.app import run
from triviareel.video import assets, stock

TINY = ["--questions", "1", "--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264", "--seed", "7"]
PLACE = "demo/video-assets"


@pytest.fixture
def bucket(
    tmp_path: Path, small_assets: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[GcsServer]:
    """A Cloud Storage with the asset pack; a process reads a version once, so each test has its own bucket of them."""
    with GcsServer(["b", assets_of(request.node.name)]) as server:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        for name in assets.FILES:
            data = (small_assets / PLACE / name).read_bytes()
            server.put(f"{PLACE}/{name}", data, assets_of(request.node.name))
        yield server


def assets_of(test: str) -> str:
    return test.replace("_", "-")[:60].rstrip("-")


def reads(server: GcsServer, bucket: str) -> int:
    """Bytes of that bucket's objects which went out so far."""
    return sum(call.sent for call in server.journal if call.bucket == bucket and call.operation == "read")


def size(server: GcsServer, bucket: str) -> int:
    return sum(int(found["size"]) for found in server.objects(bucket).values())


def hashes(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """The content of each video, by its job."""
    return {line["job"]: line["content_hash"] for line in map(json.loads, capsys.readouterr().out.splitlines())}


def test_two_videos_read_the_assets_once_and_a_second_run_not_at_all(
    bucket: GcsServer, small_assets: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    place = assets_of(request.node.name)
    words = ["make", *TINY, "--videos", "2", "--workers", "2", "--job", "s", "--json"]
    streamed = [*words, "--root", "gs://b", "--assets", f"gs://{place}"]
    assert run(streamed) == 0
    made = hashes(capsys)
    assert size(bucket, place) <= reads(bucket, place) <= 1.05 * size(bucket, place)
    assert "final_videos/demo/s-00001/final_video.mp4" in bucket.objects("b")
    assert not any(path.suffix in (".mp4", ".wav") for path in Path.cwd().rglob("*"))

    before = reads(bucket, place)
    assert run(streamed) == 0
    assert hashes(capsys) == made
    assert reads(bucket, place) == before

    assert run([*words, "--assets", str(small_assets)]) == 0
    assert hashes(capsys) == made


def test_a_pack_is_built_into_a_bucket_and_used_from_there(
    bucket: GcsServer, small_assets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = stock.place(tmp_path / "cache")
    kept.parent.mkdir()
    kept.symlink_to(small_assets / PLACE)  # as in an image: there, and not to be written
    assert run(["make", *TINY, "--assets", "gs://b"]) == 2
    complaint = capsys.readouterr().err
    assert "gs://b/demo/video-assets: channel demo has no asset pack there" in complaint
    assert "triviareel assets build --to gs://b --channel demo" in complaint
    assert run(["assets", "build", "--to", "gs://b"]) == 0
    assert sorted(bucket.objects("b")) == sorted(f"{PLACE}/{name}" for name in assets.FILES)
    assert run(["assets", "build", "--to", "gs://b"]) == 2
    assert "already there" in capsys.readouterr().err
    assert run(["make", *TINY, "--assets", "gs://b", "--job", "s"]) == 0
