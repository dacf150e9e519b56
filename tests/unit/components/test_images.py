from __future__ import annotations

from pathlib import Path

import pytest

from components import images
from pipelines.spec import containers
from tests import compiled

LOCK = """
[worker]
repository = "registry.example/quiz/worker"
version = "1.2.0"
digest = "sha256:{digest}"

[render]
repository = "registry.example:5000/quiz/render"
version = "1.2.0"
digest = ""
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    file = tmp_path / "lock.toml"
    file.write_text(LOCK.format(digest="a" * 64), "utf-8")
    return file


def test_a_pushed_image_is_named_by_its_digest(lock: Path) -> None:
    assert images.locked(lock)["worker"].reference == f"registry.example/quiz/worker@sha256:{'a' * 64}"


def test_another_is_named_by_its_version(lock: Path) -> None:
    assert images.locked(lock)["render"].reference == "registry.example:5000/quiz/render:1.2.0"


def test_the_committed_lock_has_both_images() -> None:
    assert images.locked().keys() == {"worker", "render"}


def test_what_renders_has_its_own_image_and_all_else_the_other() -> None:
    for kind, spot in compiled.VARIANTS:
        for one in containers(compiled.spec(kind, spot)):
            assert one.image == (images.RENDER if one.name == "render-videos" else images.WORKER)
