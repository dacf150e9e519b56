"""What the environment says: read here alone, and only when asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_CREDENTIALS = ("GEMINI_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS")


@dataclass(frozen=True, slots=True)
class Settings:
    """How this machine is set up."""

    cache: Path
    """Folder for speech and the built asset pack; anything in it can be made again (TRIVIAREEL_CACHE)."""
    ffmpeg: str
    """"auto", "embedded", "system" or a path (TRIVIAREEL_FFMPEG)."""
    credentials: Mapping[str, bool]
    """Which credentials are there, by variable name; their values stay in the environment."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment; of this process's without an argument."""
    import platformdirs  # takes 10 ms, and `--help` has no use for it

    given = os.environ if environment is None else environment
    return Settings(
        cache=Path(given.get("TRIVIAREEL_CACHE") or platformdirs.user_cache_dir("triviareel")),
        ffmpeg=given.get("TRIVIAREEL_FFMPEG") or "auto",
        credentials={name: bool(given.get(name)) for name in _CREDENTIALS},
    )
