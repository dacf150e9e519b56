"""Ctrl-C and SIGTERM, on a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.proofs import commands
from tests.fakes.gcs import GcsServer
from triviareel.jobs.places import of_job


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_leaves_nothing_behind_and_the_job_as_it_was(
    tmp_path: Path, small_assets: Path, number: signal.Signals
) -> None:
    words = [
        "make",
        "--questions",
        "3",
        "--voice",
        "none",
        "--resolution",
        "720",
        "--job",
        "s",
        "--assets",
        str(small_assets),
    ]
    process = subprocess.Popen(
        [sys.executable, "-c", "from triviareel.cli import main; main()", *words],
        cwd=tmp_path,
        env={**os.environ, "TRIVIAREEL_CACHE": str(tmp_path / "cache")},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            if " %" in line:  # the encoder is at work
                break
        process.send_signal(number)
        rest = lines.read().splitlines()
    assert process.wait(timeout=60) == 75
    assert rest[-1].startswith("triviareel: stopped")
    left = sorted(path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file())
    jobs = [f"out/jobs/demo/s/{name}" for name in ("_MANIFEST.json", "dataset.json", "questions.csv")]
    assert left == [*jobs, "out/runs/demo/s/plan.json"]
    manifest = json.loads((tmp_path / left[0]).read_text())
    assert manifest["state"] == "written"
    assert manifest["failure"] is None
    assert not any(str(tmp_path) in command for command in commands())


@pytest.mark.parametrize("silent", [False, True])
def test_a_stop_gives_the_job_back_and_waits_for_no_bucket(
    tmp_path: Path, small_assets: Path, silent: bool, figure: Callable[[str], None]
) -> None:
    with GcsServer() as server:
        words = ["make", "--questions", "3", "--voice", "none", "--resolution", "720", "--root", "gs://b", "--job", "s"]
        process = subprocess.Popen(
            [sys.executable, "-c", "from triviareel.cli import main; main()", *words, "--assets", str(small_assets)],
            cwd=tmp_path,
            env={**os.environ, "TRIVIAREEL_CACHE": str(tmp_path / "cache"), "STORAGE_EMULATOR_HOST": server.url},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        for line in process.stderr:
            if " %" in line:  # the encoder is at work
                break
        claim = of_job("demo", "s").film.claim
        assert claim in server.objects()
        if silent:
            server.faults("stall", always=True)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        figure(
            f"SIGTERM: over after {time.monotonic() - began:.1f} s, the bucket {'silent' if silent else 'answering'}"
        )
        assert process.returncode == 75
        assert (claim in server.objects()) == silent
        if not silent:
            told = json.loads(server.read("jobs/demo/s/_MANIFEST.json"))
            assert (told["state"], told["failure"], told["attempts"]) == ("written", None, 0)
        assert not any(name.startswith("final_videos") for name in server.objects())


def test_under_nohup_the_terminal_may_close(tmp_path: Path) -> None:
    program = """
import os, signal, sys
from triviareel.ending import stoppable
signal.signal(signal.SIGHUP, signal.SIG_IGN)
with stoppable() as stop:
    os.kill(os.getpid(), signal.SIGHUP)
sys.exit(stop.is_set())
"""
    assert subprocess.run([sys.executable, "-c", program], check=False, cwd=tmp_path).returncode == 0
