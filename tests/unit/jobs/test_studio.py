"""What a run opens before it begins."""

from __future__ import annotations

import shutil
from pathlib import Path

from triviareel.jobs.request import Look
from triviareel.jobs.studio import open_studio
from triviareel.settings import Settings
from triviareel.video import assets


def test_a_default_pack_that_is_there_is_not_announced_as_being_drawn(tmp_path: Path, small_assets: Path) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(small_assets / "demo" / "video-assets", assets.default_folder(cache))
    told: list[str] = []
    studio = open_studio(Look(voice="none", encoder="x264"), Settings(cache, "auto", {}), None, told.append)
    assert Path(studio.pack.timer.location).parent == assets.default_folder(cache)
    assert told == []
