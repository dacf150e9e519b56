"""What a store in a folder asks of the file system: locks, flushing, lists of files."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from triviareel.errors import InputError, StorageError
from triviareel.storage.faults import explain


def files(top: Path) -> Iterator[Path]:
    """Every file beneath a folder, those in hidden folders left out, and what others remove meanwhile."""
    for folder, folders, files in os.walk(top, onerror=_unless_gone):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (path for name in files if (path := Path(folder, name)).is_file())


def _unless_gone(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise explain(error, error.filename, "read") from error


def plain(path: Path, found: os.stat_result) -> None:
    """Raise InputError unless it is a plain file: a device may have no end, and one that is replaced is lost."""
    if S_ISDIR(found.st_mode):
        raise explain(OSError(errno.EISDIR, ""), path, "read")
    if not S_ISREG(found.st_mode):
        raise InputError(f"{path} is a device or a pipe, and a plain file is needed: name one")


def sha256(path: Path) -> str:
    """Hex digest of a file's bytes, in little memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def locked(folder: Path, *, wait: bool = True) -> Iterator[None]:
    """Hold the one lock of a folder, which the system takes back when the process ends, however it ends.

    Raises:
        StorageError: the file system has no such locks.
        BlockingIOError: with `wait` off, someone else holds it.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except OSError as error:
            if error.errno in (errno.EBADF, errno.ENOLCK, errno.ENOTSUP):
                raise StorageError(f"{folder}: its file system cannot lock folders; choose a local folder") from error
            raise
        yield
    finally:
        os.close(handle)
