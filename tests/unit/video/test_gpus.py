"""GPUs: which there are, how many videos they take, and who encodes where."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import Stopped
from triviareel.video import gpus
from triviareel.video.gpus import SESSIONS, Rota


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["nvidia0", "nvidiactl", "nvidia-uvm", "nvidia-modeset"], (0,)),
        (["nvidia1", "nvidia0"], (0, 1)),
        (["nvidia2", "nvidiactl"], (0,)),  # the machine's third, given to this container alone
        (["nvidia-caps", "null"], ()),
    ],
)
def test_device_files_tell_what_there_is(names: list[str], found: tuple[int, ...]) -> None:
    assert gpus.numbered(names) == found


@pytest.mark.parametrize(
    ("visible", "found"),
    [
        (None, (0, 1)),
        ("1", (0,)),  # CUDA calls it 0
        ("1,0", (0, 1)),
        ("0, 1", (0, 1)),
        ("GPU-8932f937", (0,)),
        ("0,-1,1", (0,)),  # what comes after one that is none is not seen
        ("0,7", (0,)),
        ("", ()),
        ("-1", ()),
        ("NoDevFiles", ()),
    ],
)
def test_gpus_that_this_process_may_not_see_are_not_encoded_on(visible: str | None, found: tuple[int, ...]) -> None:
    assert gpus.numbered(["nvidia0", "nvidia1", "nvidiactl"], visible) == found


def test_what_cuda_may_see_is_read_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("nvidia0", "nvidia1"):
        (tmp_path / name).touch()
    monkeypatch.setattr(gpus, "_DEVICES", tmp_path)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert gpus.found() == (0,)


@given(count=st.integers(0, 8), processors=st.integers(1, 96), videos=st.integers(1, 500))
def test_no_more_videos_at_a_time_than_sessions_processors_or_videos(count: int, processors: int, videos: int) -> None:
    workers = gpus.workers(range(count), processors, videos)
    assert 1 <= workers <= min(videos, processors, SESSIONS * max(1, count))


def test_a_t4_worker_of_eight_processors_makes_three_and_one_with_four_gpus_makes_twelve() -> None:
    assert gpus.workers((0,), 8, 50) == 3
    assert gpus.workers((0, 1, 2, 3), 32, 50) == 12


def test_encodes_spread_over_the_gpus_and_never_exceed_their_sessions() -> None:
    rota, stop, barrier = Rota((0, 1), sessions=2), threading.Event(), threading.Barrier(4)
    most: Counter[int] = Counter()
    now: Counter[int] = Counter()
    lock = threading.Lock()

    def encode(number: int) -> int:
        with rota.session(stop) as gpu:
            with lock:
                now[gpu] += 1
                most[gpu] = max(most[gpu], now[gpu])
            if number < 4:
                barrier.wait(60)  # so that four are at it at once
            with lock:
                now[gpu] -= 1
            return gpu

    with ThreadPoolExecutor(8) as pool:
        used = Counter(pool.map(encode, range(24)))
    assert most == {0: 2, 1: 2}
    assert set(used) == {0, 1}


def test_who_waits_for_a_gpu_can_be_stopped_and_one_that_failed_gives_it_back() -> None:
    rota, stop = Rota((), sessions=1), threading.Event()
    with pytest.raises(IndexError), rota.session(stop) as gpu:
        [][gpu]
    stop.set()
    with rota.session(stop), pytest.raises(Stopped), rota.session(stop):
        pass
