"""What the environment says: read here alone, and only when asked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from triviareel.errors import InputError

_CREDENTIALS = {
    "GEMINI_API_KEY": ("GEMINI_API_KEY", "GEMINI_API_KEY_FILE"),
    "GOOGLE_APPLICATION_CREDENTIALS": ("GOOGLE_APPLICATION_CREDENTIALS",),
}
"""By what is looked for, the variables that may give it."""

_GEMINI = ("GEMINI_API_KEY", "GEMINI_API_KEY_FILE", "GOOGLE_GEMINI_BASE_URL")

ASSET_RAM_MB = 1024
"""Several channels' packs; a pack of three minutes of 1080p takes some 100 MB."""


class Hidden(dict[str, str]):
    """Variables of which some are secret, so none is ever shown."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(self)})"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Settings:
    """How this machine is set up."""

    cache: Path
    """Folder for speech and the built asset pack; anything in it can be made again (TRIVIAREEL_CACHE)."""
    ffmpeg: str
    """"auto", "embedded", "system" or a path (TRIVIAREEL_FFMPEG)."""
    credentials: Mapping[str, bool]
    """Which credentials are there, by name."""
    gemini: Hidden = field(default_factory=Hidden)
    """The variables by which Gemini is reached: GEMINI_API_KEY or the file that holds it, and another address."""
    asset_ram: int = ASSET_RAM_MB << 20
    """Bytes of memory for what is read of the assets in a bucket (TRIVIAREEL_ASSET_RAM, in MB)."""
    storage_emulator: str | None = None
    """The address of a server that speaks Cloud Storage's protocol in its place (STORAGE_EMULATOR_HOST)."""
    billing_project: str | None = None
    """Who pays for buckets that let their users pay (TRIVIAREEL_BILLING_PROJECT)."""
    compose_on_gpu: bool = False
    """Whether a GPU that encodes may also compose: TRIVIAREEL_COMPOSE is "gpu", not "cpu"."""
    visible_gpus: str | None = None
    """Those of the machine's GPUs that this process may use, as CUDA reads them (CUDA_VISIBLE_DEVICES)."""


def read(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of an environment; of this process's without an argument.

    Raises:
        InputError: a number is none, or a choice is unknown.
    """
    import platformdirs  # takes 10 ms, and `--help` has no use for it

    given = os.environ if environment is None else environment
    return Settings(
        cache=Path(given.get("TRIVIAREEL_CACHE") or platformdirs.user_cache_dir("triviareel")),
        ffmpeg=given.get("TRIVIAREEL_FFMPEG") or "auto",
        compose_on_gpu=_one_of(given, "TRIVIAREEL_COMPOSE", ("cpu", "gpu")) == "gpu",
        visible_gpus=given.get("CUDA_VISIBLE_DEVICES"),
        credentials={name: any(given.get(one) for one in found) for name, found in _CREDENTIALS.items()},
        asset_ram=_megabytes(given, "TRIVIAREEL_ASSET_RAM", ASSET_RAM_MB),
        storage_emulator=given.get("STORAGE_EMULATOR_HOST") or None,
        billing_project=given.get("TRIVIAREEL_BILLING_PROJECT") or None,
        gemini=Hidden({name: given[name] for name in _GEMINI if given.get(name)}),
    )


def _one_of(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """The value of a variable that has few; the first if it is not set."""
    value = given.get(name) or choices[0]
    if value not in choices:
        raise InputError(f"{name}={value!r}: set {' or '.join(choices)}")
    return value


def _megabytes(given: Mapping[str, str], name: str, usual: int) -> int:
    text = given.get(name) or str(usual)
    if not text.isdecimal():
        raise InputError(f"{name}={text!r} is no whole number of megabytes: set one such as {usual}")
    return int(text) << 20
