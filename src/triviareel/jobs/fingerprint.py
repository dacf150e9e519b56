"""Digests of code and folders: what a video depends on beside its request."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import triviareel


@lru_cache
def code_version() -> str:
    """The package's version and a digest of its sources, such as "0.1.0+3f9a61c2d0b7"."""
    return f"{triviareel.__version__}+{of_package('**/*.py')}"


@lru_cache
def of_package(*patterns: str) -> str:
    """A short digest of some of the package's files, chosen by glob patterns."""
    return of_folder(Path(triviareel.__file__).parent, *patterns)[:12]


def of_folder(folder: Path, *patterns: str) -> str:
    """SHA-256, as hex, of the names and bytes of the files in a folder that match any of some glob patterns."""
    whole = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{of_file(path)}\n".encode())
    return whole.hexdigest()


def of_file(path: Path) -> str:
    """SHA-256, as hex, of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
