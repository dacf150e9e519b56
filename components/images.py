"""The one speller of image references: what images/lock.toml says, by digest once pushed and by version until then."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "images" / "lock.toml"
"""Written by `make push`: the tables [worker] and [render], each with repository, version and digest (or "")."""


@dataclass(frozen=True, slots=True)
class Image:
    """One line of the lock."""

    name: str
    """The table's name, and the folder's beside the lock."""
    repository: str
    """Registry and path, such as "europe-west4-docker.pkg.dev/my-project/triviareel/worker"."""
    version: str
    digest: str = ""
    """"sha256:…" of what was pushed; empty if nothing was."""

    @property
    def reference(self) -> str:
        """What a container runtime pulls; a digest can never come to mean another image."""
        return f"{self.repository}@{self.digest}" if self.digest else f"{self.repository}:{self.version}"


def locked(lock: Path = LOCK) -> dict[str, Image]:
    """The images of a lock, by name."""
    return {name: Image(name, **table) for name, table in tomllib.loads(lock.read_text("utf-8")).items()}


# Components are declared when they are imported, so their images must be known by then.
WORKER = locked()["worker"].reference
"""Plans, asks, writes and reports."""
RENDER = locked()["render"].reference
"""Renders; has ffmpeg with NVENC."""
