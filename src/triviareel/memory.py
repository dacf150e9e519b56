"""Memory: how much there must be, what is said when it ran out, and what the C library does with what was given back.

Only glibc offers that last choice; elsewhere it is not taken.
"""

from __future__ import annotations

import ctypes
import resource
import sys
from typing import Any

from triviareel.errors import InputError

RAN_OUT = "the memory ran out: free some, raise its limit (ulimit -v), or make fewer videos at a time (--workers)"

_LEAST_MB = 1024
"""Address space that a video takes at the very least, most of it never touched; with less, libraries end the process
in the middle of their work, and no error can be told."""

_M_MMAP_THRESHOLD = -3  # glibc, malloc.h
_LARGE = 256 * 1024
"""Bytes; larger blocks are mapped one by one, so that each goes back to the system when it is freed."""


def limited() -> bool:
    """Whether this process may have only so much address space (RLIMIT_AS)."""
    return _limit() is not None


def check_limit() -> None:
    """Raise InputError if this process may not have the address space that any video takes."""
    limit = _limit()
    if limit is not None and limit < _LEAST_MB << 20:
        raise InputError(
            f"memory is limited to {limit >> 20:,} MB of address space, and a video takes more than {_LEAST_MB:,}: "
            "raise the limit (ulimit -v)"
        )


def _limit() -> int | None:
    """Bytes."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def ran_out(error: BaseException) -> bool:
    """Whether an error says that the memory ran out."""
    return isinstance(error, MemoryError) or "can't start new thread" in str(error)


def stay_small() -> None:
    """Give large blocks back as soon as they are freed; for the process as a whole, so its owner calls it, once.

    By default glibc raises its limit for large blocks with every one that is freed, up to 32 MB, and keeps those below:
    after sound and cards a job would hold on to 110 MB.
    """
    if libc := _glibc():
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)


def trim() -> None:
    """Give back what is freed but kept, in all threads."""
    if libc := _glibc():
        libc.malloc_trim(0)


def _glibc() -> Any:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if libc is not None and hasattr(libc, "malloc_trim") else None
