"""Digests of code and files: what a video depends on beside its request."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import triviareel


@lru_cache
def code_version() -> str:
    """The package's version and a digest of its sources, such as "0.1.0+3f9a61c2d0b7"."""
    folder, whole = Path(triviareel.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{of_file(path)}\n".encode())
    return f"{triviareel.__version__}+{whole.hexdigest()[:12]}"


def of_file(path: Path) -> str:
    """SHA-256, as hex, of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
