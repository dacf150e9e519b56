"""What the system says went wrong, told as errors of ours: one line with the name, the fault and the mend."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from triviareel.errors import InputError, StorageError, TriviaError

_FULL = {errno.ENOSPC, errno.EDQUOT}

_MENDS = {
    errno.ENOENT: "does not exist: check the spelling",
    errno.ENOTDIR: "lies beneath something that is a file, not a folder: choose another place",
    errno.EISDIR: "is a folder, and a file is needed: name the file in it",
    errno.EEXIST: "is a file, and a folder is needed: choose another place",
    errno.EROFS: "lies on a read-only file system: choose a place that can be written",
    errno.ENAMETOOLONG: "is too long a name for this file system: choose a shorter one",
    errno.ELOOP: "is a chain of links that leads nowhere: mend the links",
}
"""Faults that trying again cannot mend."""


def explain(error: OSError, path: Path | str, doing: str) -> TriviaError:
    """Our error for one of the system's.

    Args:
        error: what the system raised.
        path: what it was about, as the user would name it.
        doing: "read" or "write".
    """
    if error.errno in _FULL:
        return StorageError(f"{path}: the disk is full; free some space, then run the same command again")
    if error.errno == errno.EFBIG:
        return StorageError(f"{path}: larger than files may be here; raise the limit (ulimit -f), then run it again")
    if error.errno in (errno.EACCES, errno.EPERM):
        return InputError(f"{path}: no {doing} permission; change its mode or owner, or choose another place")
    if error.errno in _MENDS:
        return InputError(f"{path} {_MENDS[error.errno]}")
    reason = error.strerror or str(error)
    return StorageError(f"{path}: could not {doing} it ({reason[:1].lower()}{reason[1:]}); try again")


@contextmanager
def explained(path: Path | str, doing: str) -> Iterator[None]:
    """Turn the system's errors within the block into ours; `doing` is "read" or "write"."""
    try:
        yield
    except OSError as error:
        raise explain(error, path, doing) from error
