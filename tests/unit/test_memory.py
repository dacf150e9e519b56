"""Memory: what is said when it ran out, and how little address space threads take."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from triviareel import memory
from triviareel.errors import RenderError

TWENTY_THREADS_ALLOCATE = """
import ctypes, re, threading
from triviareel import memory
{set_up}
together = threading.Barrier(20)
def allocate():
    together.wait()
    ctypes.pythonapi.PyMem_RawMalloc(1000)
    together.wait()
threads = [threading.Thread(target=allocate) for _ in range(20)]
[thread.start() for thread in threads], [thread.join() for thread in threads]
print(re.search(r"VmPeak:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""


def peak_mb(set_up: str) -> int:
    code = TWENTY_THREADS_ALLOCATE.format(set_up=set_up)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MALLOC_", "GLIBC_"))}
    argv = [sys.executable, "-c", code]
    return int(subprocess.run(argv, env=environment, capture_output=True, check=True, text=True).stdout) >> 10


@pytest.mark.skipif(sys.platform != "linux", reason="arenas are glibc's")
def test_threads_share_their_address_space() -> None:
    assert peak_mb("memory.stay_small()") < peak_mb("") - 300


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted by /proc")
def test_products_of_matrices_are_the_same_on_any_number_of_processors() -> None:
    program = """
import os
from triviareel import memory
memory.stay_small()
import numpy
print(len(os.listdir("/proc/self/task")))
"""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "1\n"  # OpenBLAS begins as many as there are processors


@pytest.mark.parametrize(
    "error", [MemoryError(), RuntimeError("can't start new thread"), RuntimeError("glib: Error creating thread: …")]
)
def test_each_library_has_its_own_words_for_want_of_memory(error: Exception) -> None:
    assert memory.ran_out(error)
    assert not memory.ran_out(RenderError("the video is too long"))


def test_a_limit_on_address_space_is_suspected(monkeypatch: pytest.MonkeyPatch) -> None:
    unlimited = resource.RLIM_INFINITY
    monkeypatch.setattr(resource, "getrlimit", lambda _: (unlimited, unlimited))
    assert not memory.suspicion()
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1 << 30, 1 << 30))
    assert "ulimit -v" in memory.suspicion()
