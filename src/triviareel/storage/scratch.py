"""Room for files while a job is done: gone with the end of it, come what may."""

from __future__ import annotations

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
