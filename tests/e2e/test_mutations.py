"""Damaged assets make no bad videos, and nothing that they name is read."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e import mutations
from tests.fakes.canary import Canary
from triviareel.errors import AssetError, StorageError
from triviareel.video import ffmpeg

LONG = 10
"""How often all cases are gone through with --soak."""


def test_damaged_assets_make_no_bad_video(
    small_assets: Path, tmp_path: Path, figure: Callable[[str], None], request: pytest.FixtureRequest
) -> None:
    times = LONG if request.config.getoption("--soak", default=False) else 1
    pack = small_assets / mutations.PLACE
    bait = tmp_path / "canary.mp4"
    bait.write_bytes((pack / "1.mp4").read_bytes())
    with Canary(bait) as canary:
        worker = mutations.Worker(pack, tmp_path / "work")
        places = [canary.url, f"file://{bait}", str(bait)]
        results = [worker.attempt(case) for case in mutations.cases(pack, places, times, seed=4)]
        reads = canary.seen()
    refused = [result for result in results if result.error]
    bad = [result for result in results if result.bad]
    kinds = Counter(result.case.kind.partition(":")[0] for result in results)
    figure("mutations: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))
    figure(
        f"mutations: {len(results)} damaged assets, {len(refused)} refused, "
        f"{len(results) - len(refused)} videos, {len(bad)} of them bad; reads outside the allowed places: {len(reads)}"
    )
    assert len(results) >= 100
    assert bad == []
    assert reads == []
    for result in refused:
        assert f"{mutations.PLACE}/{result.case.name}" in str(result.error), result
        at_rest = result.case.at_rest is not None
        assert isinstance(result.error, AssetError if at_rest else StorageError), result
    survived = {result.case.kind for result in results if not result.error}
    assert survived <= {"flipped where it lies", "replaced while it is opened", "replaced while it is rendered"}


def test_the_canary_sings(small_assets: Path, tmp_path: Path) -> None:
    bait = tmp_path / "canary.mp4"
    bait.write_bytes((small_assets / mutations.PLACE / "1.mp4").read_bytes())
    with Canary(bait) as canary:
        assert canary.seen() == []
        for place in (str(bait), canary.url):
            (tmp_path / "list").write_text(f"ffconcat version 1.0\nfile '{place}'\n")
            trusting = ["-v", "quiet", "-safe", "0", "-protocol_whitelist", "file,http,tcp", "-f", "concat"]
            subprocess.run([ffmpeg.executable(), *trusting, "-i", tmp_path / "list", "-f", "null", "-"], check=False)
        assert set(canary.seen()) == {str(bait), "/canary.mp4"}
