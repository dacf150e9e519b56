"""Which GPU encodes what: as many sessions on each as its encoders serve, and no more."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import takewhile
from pathlib import Path

from triviareel import settings
from triviareel.errors import Stopped

SESSIONS = 3
"""Encodes at a time on one GPU. Drivers set no limit on data-centre GPUs such as T4 and L4, and 8 on GeForce (Video
Encode and Decode GPU Support Matrix). But a T4 has one engine, which one ffmpeg feeds with up to 500 frames a second of
1080p; a second and a third keep it busy while others speak, measure and inspect, and more would only take memory."""

_DEVICE = re.compile(r"nvidia(\d+)")
_UUID = re.compile("GPU-|MIG-")
_DEVICES = Path("/dev")
_LOOK_S = 0.2


def numbered(names: Iterable[str], visible: str | None = None) -> tuple[int, ...]:
    """The GPUs that device files such as "nvidia0" stand for, as CUDA counts them: those that it may see, from 0.

    A container that is given the machine's third GPU alone has /dev/nvidia2, and CUDA calls it 0.

    Args:
        names: of files in /dev.
        visible: what CUDA_VISIBLE_DEVICES says; CUDA takes its entries up to the first that is none of the GPUs.
    """
    there = sum(_DEVICE.fullmatch(name) is not None for name in names)
    if visible is None:
        return tuple(range(there))
    entries = [entry.strip() for entry in visible.split(",")]
    known = takewhile(lambda entry: _UUID.match(entry) or (entry.isdecimal() and int(entry) < there), entries)
    return tuple(range(min(there, len(list(known)))))


def found() -> tuple[int, ...]:
    """This machine's GPUs, as far as this process may use them."""
    return numbered((path.name for path in _DEVICES.glob("nvidia*")), settings.read().visible_gpus)


def workers(gpus: Sequence[int], processors: int, videos: int) -> int:
    """How many videos to make at a time where NVENC encodes them.

    Args:
        gpus: those there are; none known counts as one.
        processors: each composes one video.
        videos: to be made.
    """
    sessions = SESSIONS * max(1, len(gpus))
    return max(1, min(videos, sessions, processors))


@cache
def of_process() -> Rota:
    """This process's rota, of this machine's GPUs."""
    return Rota(found())


class Rota:
    """Gives each encode the GPU that has the fewest; whoever comes when all are full waits.

    Args:
        gpus: those there are.
        sessions: at a time on each.
    """

    def __init__(self, gpus: Sequence[int], sessions: int = SESSIONS) -> None:
        self._gpus = tuple(gpus) or (0,)
        self._sessions = sessions
        self._busy: Counter[int] = Counter()
        self._change = threading.Condition()

    @contextmanager
    def session(self, stop: threading.Event) -> Iterator[int]:
        """The GPU to encode on within the block.

        Raises:
            Stopped: `stop` was set while all were full.
        """
        gpu = self._taken(stop)
        try:
            yield gpu
        finally:
            with self._change:
                self._busy[gpu] -= 1
                self._change.notify()

    def _taken(self, stop: threading.Event) -> int:
        with self._change:
            while True:
                gpu = min(self._gpus, key=lambda one: self._busy[one])
                if self._busy[gpu] < self._sessions:
                    self._busy[gpu] += 1
                    return gpu
                if stop.is_set():
                    raise Stopped("stopped while every GPU was encoding")
                self._change.wait(_LOOK_S)
