"""What the C library does with memory that was given back; only glibc offers the choice, elsewhere these do nothing."""

from __future__ import annotations

import ctypes
import sys
from typing import Any

_M_MMAP_THRESHOLD = -3  # glibc, malloc.h
_LARGE = 256 * 1024
"""Bytes; larger blocks are mapped one by one, so that each goes back to the system when it is freed."""


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
