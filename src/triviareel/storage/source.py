"""One asset as its readers see it: where it is opened, and which bytes it is."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Protocol

from triviareel.errors import InputError, Stopped, StorageError
from triviareel.storage.faults import explained


class Source(Protocol):
    """One version of one asset."""

    @property
    def location(self) -> str:
        """What ffmpeg opens: an absolute path, or an address on 127.0.0.1."""
        ...

    @property
    def uri(self) -> str:
        """How a person would name it."""
        ...

    @property
    def size(self) -> int:
        """Bytes."""
        ...

    @property
    def identity(self) -> str:
        """Tells this version from every other; part of the render key."""
        ...

    def read(self, start: int, end: int) -> bytes:
        """The bytes [start, end), as many of them as there are."""
        ...

    def mark(self) -> int:
        """A moment, for `settle`."""
        ...

    def settle(self, since: int) -> None:
        """Be sure that everything read since a moment was this version's, to the byte.

        Raises:
            StorageError: it was not, or could not be read.
            InputError: as above, where trying again cannot help.
        """
        ...


class FileSource:
    """A plain file. Its version is what it was when this was made."""

    def __init__(self, path: Path, uri: str | None = None) -> None:
        """Note which version it is.

        Raises:
            InputError: there is no such file, or it may not be read.
        """
        self._path = path.absolute()
        self.location = str(self._path)
        self.uri = uri or str(path)
        self._version = self._found()
        self.size = self._version[0]

    @cached_property
    def identity(self) -> str:
        """SHA-256 of its bytes."""
        with explained(self.uri, "read"), self._path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def read(self, start: int, end: int) -> bytes:
        """See Source."""
        with explained(self.uri, "read"), self._path.open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def mark(self) -> int:
        """See Source."""
        return 0

    def settle(self, since: int) -> None:  # noqa: ARG002 - a replaced file stays replaced
        """See Source. Bytes that were damaged before are the file's own: nothing tells what they were."""
        try:
            same = self._found() == self._version
        except InputError:
            same = False
        if not same:
            raise StorageError(f"{self.uri} was replaced while it was in use: run the same command again")

    def _found(self) -> tuple[int, int, int]:
        with explained(self.uri, "read"):
            found = self._path.stat()
        return found.st_size, found.st_mtime_ns, found.st_ino


@contextmanager
def settled(sources: Sequence[Source]) -> Iterator[None]:
    """What is done within the block is done with these versions of the sources, or it is an error.

    ffmpeg ends a cut file with exit 0, and calls damaged what was damaged on its way: so the sources are asked, whether
    the block failed or not, and if one of them is at fault, its error is the one that is told.

    Raises:
        StorageError: a source is at fault.
        InputError: as above, where trying again cannot help.
    """
    marks = [source.mark() for source in sources]
    try:
        yield
    except Stopped:
        raise
    except Exception:
        _settle(sources, marks)
        raise
    _settle(sources, marks)


def _settle(sources: Sequence[Source], marks: Sequence[int]) -> None:
    for source, since in zip(sources, marks, strict=True):
        source.settle(since)
