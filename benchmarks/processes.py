"""What a process and its children hold in memory, read from /proc while they run (so on Linux alone)."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

_PROC = Path("/proc")
_PAGE = 4096
"""Bytes; the unit of /proc/PID/statm on x86-64, and on Arm as distributions set it."""


@dataclass(frozen=True, slots=True)
class Memory:
    """What a tree of processes holds, in bytes."""

    rss: int = 0
    """Sum of the resident sets: what processes share counts once for each."""
    pss: int = 0
    """What they share is divided among those who share it; 0 if it was not asked for."""
    anonymous: int = 0
    """Without mapped files, whose pages the system can drop; 0 if it was not asked for."""

    def __add__(self, other: Memory) -> Memory:
        return Memory(self.rss + other.rss, self.pss + other.pss, self.anonymous + other.anonymous)

    def most(self, other: Memory) -> Memory:
        """The greater of each."""
        return Memory(
            max(self.rss, other.rss), max(self.pss, other.pss), max(self.anonymous, other.anonymous)
        )  # fmt: skip


class Sampler:
    """Looks at a tree of processes now and then, in a thread of its own, for the time of a `with` block."""

    def __init__(self, root: int, *, every_s: float = 0.2, shared: bool = False) -> None:
        """Prepare to look.

        Args:
            root: the process at the top.
            every_s: seconds between two looks.
            shared: measure PSS and anonymous memory too, for which the kernel walks all pages: some 5 ms a look.
        """
        self._root = root
        self._every_s = every_s
        self._shared = shared
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.peak = Memory()
        """The greatest sum that was seen, for each measure by itself."""

    def __enter__(self) -> Sampler:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(self._every_s):
            now = sum((_memory(pid, self._shared) for pid in tree(self._root)), Memory())
            self.peak = self.peak.most(now)


def tree(root: int) -> list[int]:
    """A process and all that descend from it."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            children[_parent(folder)].append(int(folder.name))
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def _parent(folder: Path) -> int:
    # The name, which stands in parentheses, may hold spaces and parentheses itself: proc_pid_stat(5)
    text = _read(folder / "stat")
    return int(text.rpartition(")")[2].split()[1]) if text else -1


def _memory(pid: int, shared: bool) -> Memory:
    folder = _PROC / str(pid)
    if not shared:
        pages = _read(folder / "statm").split()
        return Memory(rss=int(pages[1]) * _PAGE) if pages else Memory()
    lines = (line.split() for line in _read(folder / "smaps_rollup").splitlines()[1:])
    sizes = {words[0]: int(words[1]) * 1024 for words in lines}
    return Memory(sizes.get("Rss:", 0), sizes.get("Pss:", 0), sizes.get("Anonymous:", 0))


def _read(path: Path) -> str:
    """A file of /proc; empty if its process has ended meanwhile."""
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""
