"""Room for files while a job is done: gone with the end of it, come what may."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Scratch(Protocol):
    """Makes room for files by name."""

    def file(self, name: str) -> Path:
        """The path of a file, absolute, that any process of this user can write, read and seek; at first it is empty.

        The same name gives the same path. Nothing else may be done with the path's parent.
        """
        ...


class DiskScratch:
    """Files in a folder that is somebody else's to remove."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def file(self, name: str) -> Path:
        """See Scratch."""
        path = self._folder / name
        path.touch()
        return path


class RamScratch:
    """Files in memory alone, of which /proc has paths that can be opened and sought in like any others (Linux).

    They go with `close`, and with the process if it is killed. Paths have no endings: what opens them must look inside.
    """

    def __init__(self) -> None:
        self._handles: dict[str, int] = {}

    def file(self, name: str) -> Path:
        """See Scratch."""
        if name not in self._handles:
            self._handles[name] = os.memfd_create(name)
        return Path(f"/proc/{os.getpid()}/fd/{self._handles[name]}")

    def close(self) -> None:
        """Give all of it back."""
        while self._handles:
            os.close(self._handles.popitem()[1])


@contextmanager
def in_ram() -> Iterator[Scratch]:
    """Files in memory or, where the system has no such files, in a temporary folder; gone with the block."""
    if has_ram_files():
        with contextlib.closing(RamScratch()) as scratch:
            yield scratch
    else:
        with tempfile.TemporaryDirectory(prefix="triviareel-", ignore_cleanup_errors=True) as folder:
            yield DiskScratch(Path(folder))


def has_ram_files() -> bool:
    """Whether the system has files in memory that can be opened anew by their paths; sandboxes have been seen without.

    Tried, not looked up: a kernel may have the call, and a container no /proc.
    """
    if not hasattr(os, "memfd_create"):
        return False
    try:
        with contextlib.closing(RamScratch()) as scratch:
            path = scratch.file("trial")
            path.write_bytes(b"1")
            return path.read_bytes() == b"1"
    except OSError:
        return False


def is_ram_file(path: str | bytes | Path | None) -> bool:
    """Whether a path is one of a file in memory, which tells nobody anything."""
    return str(path).startswith("/proc/")


def use_up(file: Path) -> None:
    """Remove a file that was committed; one in memory is emptied, since it has no name that could be removed."""
    if file.stat().st_nlink:
        file.unlink()
    else:
        os.truncate(file, 0)
