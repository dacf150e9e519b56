"""The compiled pipeline, run whole by kfp.local: its DAG, its argv and the steps, with processes for containers.

What containers add is shown by tests/images; this needs no Docker engine. kfp.local leaves two placeholders alone that
Vertex AI fills in, the run's name and the time it was made, so these are filled in beforehand.
"""

from __future__ import annotations

import builtins
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from kfp import components, local
from kfp.local import docker_task_handler

from tests import compiled

BATCH = "20261122-100000"
JOBS = [f"{BATCH}-{number:05}" for number in (1, 2)]
SMALL = {"source": "bank", "questions_per_video": 1, "videos": 2, "shard_size": 1, "resolution": 720, "fps": 24,
         "voice": "none", "seed": "7"}  # fmt: skip

Refuse = Callable[[list[str]], bool]


class Engine:
    """Stands where kfp.local expects Docker's client."""

    def info(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        """Nothing is open."""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[list[Refuse]]:
    """Runs each container's command as a process; those that a function of the list refuses end with 2, unrun."""
    refusing: list[Refuse] = []

    def run(client: Engine, image: str, command: list[str], volumes: Any, **_: Any) -> int:  # noqa: ARG001
        if any(refuse(command) for refuse in refusing):
            return 2
        return subprocess.run([sys.executable, *command[1:]], check=False).returncode

    # To indent what tasks say, kfp.local takes print's place, and of two tasks at once the later one leaves it so.
    monkeypatch.setattr(builtins, "print", builtins.print)
    monkeypatch.setattr(docker_task_handler, "run_docker_container", run)
    monkeypatch.setattr(docker, "from_env", Engine)
    local.init(runner=local.DockerRunner(), pipeline_root=str(tmp_path / "pipeline_root"), raise_on_error=True)
    yield refusing
    local.config.LocalExecutionConfig.instance = None


def ran(run: str, root: Path, assets: Path) -> None:
    """Run the pipeline once, without the pauses between tries."""
    text = compiled.text("cpu", False)
    for placeholder, value in (("job_name", run), ("job_create_time_utc", "2026-11-22T10:00:00Z")):
        text = text.replace(f"{{{{$.pipeline_{placeholder}}}}}", value)
    pipeline = components.load_component_from_text(re.sub(r"maxRetryCount: \d+", "maxRetryCount: 0", text))
    pipeline(channel="demo", root=str(root), assets=str(assets), job=BATCH, **SMALL)


def figures(run: str, root: Path) -> dict[str, Any]:
    """What a run's report counts."""
    found: dict[str, Any] = json.loads((root / "runs" / "demo" / run / "metrics.json").read_text("utf-8"))
    return found


@pytest.mark.filterwarnings("ignore:Task .* have no effect in the current local runner:UserWarning")
def test_a_failed_shard_takes_no_other_down_and_the_next_run_makes_it_alone(
    machine: list[Refuse], small_assets: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    videos = [root / "final_videos" / "demo" / job / "final_video.mp4" for job in JOBS]

    machine.append(lambda command: command[2].endswith("render") and "0001" in command)
    with pytest.raises(RuntimeError, match=r"render-videos.* inside .*for-loop-1-iteration-1"):
        ran("first", root, small_assets)
    assert [video.exists() for video in videos] == [True, False]
    told = figures("first", root)
    assert (told["videos"], told["unfinished"]) == (1, 1)

    machine.clear()
    made = videos[0].stat().st_mtime_ns
    ran("second", root, small_assets)
    assert videos[0].stat().st_mtime_ns == made
    assert videos[1].exists()
    told = figures("second", root)
    assert (told["videos"], told["unfinished"]) == (2, 0)

    times = [video.stat().st_mtime_ns for video in videos]
    ran("third", root, small_assets)
    assert [video.stat().st_mtime_ns for video in videos] == times
