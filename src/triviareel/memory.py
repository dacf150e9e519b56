"""Memory: how much there must be, what is said when it ran out, and what the C library does with what was given back.

Only glibc offers that last choice; elsewhere it is not taken.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from typing import Any

from triviareel.errors import InputError

RAN_OUT = "the memory ran out: free some, raise its limit (ulimit -v), or make fewer videos at a time (--workers)"

_LEAST_MB = 1024
"""Address space that a video takes at the very least, most of it never touched; with less, libraries end the process
in the middle of their work, and no error can be told."""

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8  # glibc, malloc.h
_LARGE = 256 * 1024
"""Bytes; larger blocks are mapped one by one, so that each goes back to the system when it is freed."""
_ARENAS = 2
"""Places where threads allocate, each with 64 MB of address space; by default up to eight for every core, which made a
video take 1,500 MB of address space instead of 750, at the same speed."""

_NO_THREAD = ("can't start new thread", "Error creating thread")


def suspicion() -> str:
    """What to add to an error that does not say what was lacking; empty if there is no limit on address space."""
    return "; its memory is limited, and that may be why: raise it (ulimit -v)" if is_limited() else ""


def check_limit() -> None:
    """Raise InputError if this process may not have the address space that any video takes."""
    limit = _limit()
    if limit is not None and limit < _LEAST_MB << 20:
        raise InputError(
            f"memory is limited to {limit >> 20:,} MB of address space, and a video takes more than {_LEAST_MB:,}: "
            "raise the limit (ulimit -v)"
        )


def is_limited() -> bool:
    """Whether this process may only have so much address space; else there is more than any sound file asks for."""
    return _limit() is not None


def _limit() -> int | None:
    """Bytes."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if limit == resource.RLIM_INFINITY else limit


def ran_out(error: BaseException) -> bool:
    """Whether an error says that the memory ran out; Python and GLib have words of their own for threads."""
    return isinstance(error, MemoryError) or any(words in str(error) for words in _NO_THREAD)


def stay_small() -> None:
    """Give large blocks back as soon as they are freed, keep few arenas, and let NumPy's products have one thread.

    This is for the process as a whole, so its owner calls it, once, before there are threads and before NumPy is there.
    By default glibc raises its limit for large blocks with every one that is freed, up to 32 MB, and keeps those below:
    after sound and cards a job would hold on to 110 MB. OpenBLAS sets 40 MB of address space aside for each processor,
    and ends the process where a limit is in the way; and its sums depend on how many threads share them, so that a pack
    drawn on two processors would have other bytes than one drawn on four.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    if libc := _glibc():
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE)
        libc.mallopt(_M_ARENA_MAX, _ARENAS)


def trim() -> None:
    """Give back what is freed but kept, in all threads."""
    if libc := _glibc():
        libc.malloc_trim(0)


def _glibc() -> Any:
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    return libc if libc is not None and hasattr(libc, "malloc_trim") else None
