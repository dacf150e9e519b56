"""The machine that the work is done on."""

from __future__ import annotations

import os
import platform


def described() -> str:
    """The machine, as far as it matters for speed."""
    return f"{platform.system()} {platform.machine()}, {processors()} CPUs"


def processors() -> int:
    """How many processors this process may use; a container may have fewer than its machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
