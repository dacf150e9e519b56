"""What other programs call, from a bucket to a bucket; the encoder has a stand-in."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import triviareel
from tests.e2e.proofs import generations
from tests.fakes.gcs import GcsServer
from tests.fakes.gemini import GeminiServer
from tests.fakes.rendering import Render
from triviareel.cli.app import run
from triviareel.errors import Conflict
from triviareel.video import render

JOB = "gs://b/jobs/demo/mine"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GcsServer]:
    with GcsServer() as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))
        monkeypatch.setattr(render, "render", Render())
        yield server


@pytest.fixture
def data() -> Any:
    async def ask(url: str) -> Any:
        async with triviareel.GeminiFeeder(api_key="any", base_url=url) as feeder:
            return await feeder.generate_dataset(triviareel.Request(topics=("space",), questions=2))

    with GeminiServer() as server:
        return asyncio.run(ask(server.url))


def test_from_gemini_to_a_video_in_the_bucket(
    server: GcsServer, data: Any, small_assets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    csv_uri = triviareel.save_trivia(data, JOB)
    assert csv_uri == f"{JOB}/questions.csv"
    look = triviareel.Look(resolution=720, fps=24, voice="none", encoder="x264")
    info = triviareel.JobInfo(
        gcs_csv_path=csv_uri, output_path="gs://b/v/final_video.mp4", look=look, assets=str(small_assets)
    )
    assert triviareel.process_job(info) == "gs://b/v/final_video.mp4"
    made = [f"v/{name}" for name in ("captions.srt", "final_video.mp4", "metadata.json", "thumbnail.jpg")]
    assert [name for name in server.objects() if name.startswith("v/")] == made
    tiny = ["--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264"]
    words = ["--csv", csv_uri, "--output", info.output_path, "--assets", str(small_assets), "--json"]
    assert run(["render", *words, *tiny]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["skipped"]
    assert told["sha256"] == server.objects()["v/final_video.mp4"]["metadata"]["triviareel-sha256"]
    assert all(generations(server, name) == 1 for name in made)


def test_questions_are_saved_once_and_others_do_not_replace_them(server: GcsServer, data: Any) -> None:
    for _ in range(2):
        triviareel.save_trivia(data, JOB)
    assert generations(server, "jobs/demo/mine/questions.csv") == 1
    server.put("jobs/demo/mine/questions.csv", b"edited by hand")
    with pytest.raises(Conflict):
        triviareel.save_trivia(data, JOB)
    assert server.read("jobs/demo/mine/questions.csv") == b"edited by hand"


def test_importing_it_loads_nothing_and_unknown_names_are_unknown() -> None:
    program = """
import sys, triviareel
from triviareel import JobInfo, Look, Request
heavy = {"av", "numpy", "pyvips", "scipy", "onnxruntime", "google.cloud.storage"} & set(sys.modules)
assert not heavy, heavy
assert set(triviareel.__all__) >= {"GeminiFeeder", "process_job", "save_trivia"}
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with pytest.raises(AttributeError, match="process_jobs"):
        _ = triviareel.process_jobs
