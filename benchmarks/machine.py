"""Where the figures come from: the machine, the programs, the code."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.measure import REPOSITORY
from triviareel.video import ffmpeg


@dataclass(frozen=True, slots=True)
class Machine:
    """What a figure depends on besides the code."""

    date: str
    commit: str
    cpu: str
    cores: int
    memory_gb: float
    system: str
    python: str
    ffmpeg: str
    moviepy: str
    load: float
    """Processes that wanted to run, on average over the minute before the measurements."""


def describe() -> Machine:
    """This machine, now."""
    model = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    total = re.search(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo").read_text(), re.MULTILINE)
    return Machine(
        date=datetime.now(UTC).strftime("%Y-%m-%d"),
        commit=_commit(),
        cpu=model[1] if model else platform.machine(),
        cores=os.cpu_count() or 1,
        memory_gb=int(total[1]) / 2**20 if total else 0.0,
        system=f"{_distribution()}, {platform.machine()}",
        python=platform.python_version(),
        ffmpeg=ffmpeg.version(ffmpeg.executable()),
        moviepy=version("moviepy"),
        load=os.getloadavg()[0],
    )


def _distribution() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()


def _commit() -> str:
    """The commit that was measured, and whether the code differs from it."""
    name = _git("rev-parse", "--short=10", "HEAD")
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", "src")
    return f"{name or 'unknown'}{', with changes' if changed else ''}"


def _git(*words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
