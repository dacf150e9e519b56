"""Running a program and telling what it took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.processes import Memory, Sampler

REPOSITORY = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program took, with all programs that it started and waited for."""

    wall_s: float
    cpu_s: float
    """User and system time."""
    peak: Memory

    def __add__(self, other: Cost) -> Cost:
        """One after the other."""
        return Cost(self.wall_s + other.wall_s, self.cpu_s + other.cpu_s, self.peak.most(other.peak))


class Failed(Exception):  # noqa: N818 - reads as what it is
    """A program that was to be measured ended with an error."""


def run(
    argv: Sequence[str | Path], cwd: Path, *, feeder: Sequence[str] | None = None, shared: bool = False
) -> tuple[Cost, bytes]:
    """Run a program to its end; returns what it took and what it wrote to stdout.

    Args:
        argv: the program.
        cwd: the folder in which it runs.
        feeder: a program whose stdout it reads as its stdin, and whose costs do not count.
        shared: measure PSS and anonymous memory as well.

    Raises:
        Failed: it ended with an error; carries the end of what it said.
    """
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as messages:
        source = _start(feeder, cwd, subprocess.PIPE, subprocess.DEVNULL) if feeder else None
        began = time.monotonic()
        process = _start(argv, cwd, said, messages, source.stdout if source else subprocess.DEVNULL)
        if source and source.stdout:
            source.stdout.close()  # the program alone holds it now: the feeder notices when it ends
        with Sampler(process.pid, shared=shared) as sampler:
            _, status, used = os.wait4(process.pid, 0)
            wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if source:
            source.wait()
        if process.returncode or (source and source.returncode):
            messages.seek(0)
            tail = messages.read()[-2000:].decode(errors="replace")
            raise Failed(f"{' '.join(map(str, argv))[:500]} … ended with {process.returncode}: {tail}")
        said.seek(0)
        return Cost(wall_s, used.ru_utime + used.ru_stime, sampler.peak), said.read()


def module(name: str, task: Mapping[str, Any], *, shared: bool = False) -> tuple[Cost, dict[str, Any]]:
    """Run a module of this package, in a process of its own.

    Args:
        name: of the module, within this package; it reads its task as its only argument and prints its result last,
            each a JSON object in a line.
        task: what to do.
        shared: as in `run`.

    Raises:
        Failed: as in `run`.
    """
    argv = [sys.executable, "-m", f"{__package__}.{name}", json.dumps(task)]
    cost, said = run(argv, REPOSITORY, shared=shared)
    result: dict[str, Any] = json.loads(said.splitlines()[-1])
    return cost, result


def _start(argv: Sequence[str | Path], cwd: Path, stdout: Any, stderr: Any, stdin: Any = subprocess.DEVNULL) -> Any:
    return subprocess.Popen(argv, cwd=cwd, stdin=stdin, stdout=stdout, stderr=stderr)
