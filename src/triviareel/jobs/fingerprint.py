"""Digests of code and files: what a video depends on beside its request."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import triviareel


@lru_cache
def code_version() -> str:
    """The package's version and a digest of its sources, such as "0.1.0+3f9a61c2d0b7"."""
    folder, whole = Path(triviareel.__file__).parent, hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        whole.update(f"{path.relative_to(folder).as_posix()}\0{of_file(path)}\n".encode())
    return f"{triviareel.__version__}+{whole.hexdigest()[:12]}"


@lru_cache
def drawing_versions() -> tuple[str, ...]:
    """Versions of the packages that draw texts and bring fonts: with others, frames may differ."""
    return tuple(f"{name} {_version(name)}" for name in ("pyvips-binary", "fontpkg-montserrat", "manimgx-fonts"))


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # such as a system's own libvips in place of pyvips-binary
        return "none"


def of_file(path: Path) -> str:
    """SHA-256, as hex, of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
