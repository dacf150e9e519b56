"""What a run opens before it begins, and what it leaves alone until it is needed."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.fakes.remote import Remote
from triviareel.errors import AssetError, InputError
from triviareel.jobs.request import Look
from triviareel.jobs.studio import PackPlace, Studio, open_studio, pack_of
from triviareel.settings import Settings
from triviareel.video import assets, stock

LOOK = Look(voice="none", encoder="x264")


@pytest.fixture
def bucket(tmp_path: Path, small_assets: Path) -> Remote:
    shutil.copytree(small_assets, tmp_path / "bucket")
    return Remote(tmp_path / "bucket")


def opened(store: Remote, cache: Path) -> Studio:
    return open_studio(LOOK, Settings(cache, "auto", {}), PackPlace(store, "demo/video-assets"), print)


def test_a_default_pack_that_is_there_is_not_announced_as_being_drawn(tmp_path: Path, small_assets: Path) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(small_assets / "demo" / "video-assets", stock.place(cache))
    told: list[str] = []
    studio = open_studio(LOOK, Settings(cache, "auto", {}), None, told.append)
    assert Path(studio.pack.timer.location).parent == stock.place(cache)
    assert told == []


def test_the_digest_needs_no_byte_of_a_buckets_assets(bucket: Remote, tmp_path: Path) -> None:
    key = opened(bucket, tmp_path).digest
    assert opened(Remote(bucket.root), tmp_path).digest == key
    assert bucket.read_bytes == 0
    path = bucket.root / "demo/video-assets/1.mp4"
    bucket.write("demo/video-assets/1.mp4", path.read_bytes())
    assert opened(bucket, tmp_path).digest != key  # the same bytes in a new generation


def test_a_pack_is_opened_once_for_all_threads_and_each_byte_read_once(bucket: Remote, tmp_path: Path) -> None:
    studio = opened(bucket, tmp_path)
    with ThreadPoolExecutor(8) as pool:
        packs = list(pool.map(lambda _: studio.pack, range(8)))
    assert all(pack is packs[0] for pack in packs)
    assert opened(bucket, tmp_path).pack.timer == packs[0].timer  # another job of this process
    size = sum(path.stat().st_size for path in bucket.root.rglob("*") if path.is_file())
    assert bucket.read_bytes == size


@pytest.mark.parametrize("name", assets.FILES)
def test_what_is_missing_is_told_at_once(bucket: Remote, tmp_path: Path, name: str) -> None:
    bucket.delete(f"demo/video-assets/{name}")
    with pytest.raises(InputError, match=f"gs://bucket/demo/video-assets/{name}: missing; add it, or make a pack"):
        opened(bucket, tmp_path)
    assert bucket.read_bytes == 0


def test_a_damaged_pack_can_be_mended_while_the_process_lives(bucket: Remote, tmp_path: Path) -> None:
    name = "demo/video-assets/2.mp4"
    whole = bucket.read(name)
    bucket.write(name, whole[: len(whole) // 2])
    studio = opened(bucket, tmp_path)
    for _ in range(2):
        with pytest.raises(AssetError, match=r"gs://bucket/demo/video-assets/2\.mp4: "):
            _ = studio.pack
    bucket.write(name, whole)
    assert opened(bucket, tmp_path).pack.timer.frames == 120


def test_a_channel_without_a_pack_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"demo/video-assets: channel demo has no .* build --to .* --channel demo"):
        pack_of(str(tmp_path), "demo")
