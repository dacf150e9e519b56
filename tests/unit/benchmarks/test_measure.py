from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import measure, processes

MB = 10**6


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline


def test_a_tree_holds_a_process_and_all_below_it() -> None:
    inner = "import sys; sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        wait_for(lambda: len(processes.tree(process.pid)) == 2)
        assert process.pid in processes.tree(os.getpid())
        assert os.getpid() not in processes.tree(process.pid)
        process.communicate()


def test_memory_of_children_counts() -> None:
    inner = f"import sys; kept = bytearray(b'x' * {60 * MB}); sys.stdin.read()"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with (
        subprocess.Popen([sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process,
        processes.Sampler(process.pid, every_s=0.01, shared=True) as sampler,
    ):
        wait_for(lambda: sampler.peak.anonymous > 60 * MB)
        process.communicate()
    peak = sampler.peak
    assert 60 * MB < peak.anonymous <= peak.pss <= peak.rss < 200 * MB


def test_cpu_time_of_a_feeder_does_not_count(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.4: pass\nprint('fed')"
    cost, said = measure.run(["cat"], tmp_path, feeder=[sys.executable, "-c", busy])
    assert said == b"fed\n"
    assert cost.cpu_s < 0.2
    cost, _ = measure.run([sys.executable, "-c", busy], tmp_path)
    assert cost.cpu_s >= 0.4


def test_a_failure_is_told_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(measure.Failed, match="no such thing"):
        measure.run([sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path)
    with pytest.raises(measure.Failed):
        measure.run(["cat"], tmp_path, feeder=[sys.executable, "-c", "raise SystemExit(1)"])
