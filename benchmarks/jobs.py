"""Whole jobs: how much memory they take, and how much of their time is not encoding."""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.measure import Cost

_SEED = 11
_STARTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """What one job took, started as a program, its voice's cache empty."""

    questions: int
    video_s: float
    cost: Cost
    seconds: Mapping[str, float]
    """Wall time by part: "opening", "checks", "speech", "cards", "sound", "encode", "inspection", "commit"."""

    @property
    def beside_s(self) -> float:
        """Wall time in which no frame was being encoded."""
        return self.cost.wall_s - self.seconds["encode"]


def make(questions: int, cache: Path, folder: Path) -> Job:
    """Make one video of so many questions, in 1080p, spoken.

    Args:
        questions: how many.
        cache: with the asset pack; speech that it holds is forgotten first.
        folder: an empty one for the video.
    """
    shutil.rmtree(cache / "speech", ignore_errors=True)
    task: dict[str, object] = {"questions": questions, "root": str(folder), "cache": str(cache), "seed": _SEED}
    task["began"] = time.monotonic()
    cost, told = measure.module("job", task, shared=True)
    shutil.rmtree(folder)
    return Job(questions, told["frames"] / told["fps"], cost, told["seconds"])


def help_cpu_s() -> float:
    """CPU time of `triviareel --help`: the median of a few starts, the first of which fills the system's caches."""
    command = [sys.executable, "-c", "from triviareel.cli import main; main()", "--help"]
    costs = [measure.run(command, measure.REPOSITORY)[0].cpu_s for _ in range(_STARTS + 1)]
    return statistics.median(costs[1:])
