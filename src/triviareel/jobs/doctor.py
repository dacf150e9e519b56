"""What this machine has for making videos, what is missing, and what to do about it."""

from __future__ import annotations

import importlib.util
import os
import platform
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import triviareel
from triviareel.errors import TriviaError
from triviareel.jobs.request import Look
from triviareel.settings import Settings
from triviareel.storage import Store, open_store

PACKAGES = ("av", "ffmpeg", "fontTools", "hibari", "imageio_ffmpeg", "numpy", "onnxruntime", "pyvips", "scipy")
"""What the `video` extra brings, by import name."""

GCP_PACKAGES = ("google.cloud.storage", "google_crc32c")
"""What the `gcp` extra brings, by import name."""

GEMINI_PACKAGES = ("google.genai", "numpy", "rapidfuzz", "snowballstemmer")
"""What the `gemini` extra brings, by import name."""

SPACE_MB = 500
"""A 10-minute video in 1080p takes some 100 MB, twice while it is put in its place; the rest is for the asset pack."""

CLOCK_S = 60
"""Beyond that, tokens made by this machine's clock are close to being refused (Google allows 5 minutes)."""

_SCRIPTS = {
    "Latin": "Aéßłş",
    "Greek": "Ωθ",
    "Cyrillic": "Жя",
    "Arabic": "عربي",
    "Hebrew": "אב",
    "Devanagari": "हि",
    "Bengali": "বা",
    "Tamil": "தமி",
    "Thai": "ไทย",
    "Georgian": "ქა",
    "Armenian": "Հա",
    "Chinese, Japanese": "中日の",
    "Korean": "한국",
    "symbols": "→√≥½°",
    "emoji": "🎬🌍",
}
"""Characters that stand for a script."""


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    """Not there, and a video can be made without it."""
    MISSING = "missing"
    """No video can be made without it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    thing: str
    level: Level
    detail: str
    mend: str = ""
    """What to do; empty where nothing need be done."""


def examine(settings: Settings, root: str) -> Iterator[Finding]:
    """Look at everything, quick things first.

    Args:
        settings: of this machine.
        root: where videos would be kept.
    """
    yield Finding("triviareel", Level.OK, f"{triviareel.__version__}, Python {platform.python_version()}")
    embedded = settings.ffmpeg in ("auto", "embedded")
    needed = [name for name in PACKAGES if embedded or name != "imageio_ffmpeg"]
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        yield Finding("packages", Level.MISSING, f"without {', '.join(missing)}", "pip install 'triviareel[video]'")
    else:
        yield Finding("packages", Level.OK, "all of the video extra")
        yield from _ffmpeg(settings)
        yield from _voices()
        yield from _fonts()
        yield from _themes()
    yield from _places(settings, root)
    yield _extra("gemini", GEMINI_PACKAGES, "--source gemini needs them")
    yield _extra("gcp", GCP_PACKAGES, "gs:// places need them")
    yield from _credentials(settings)


def healthy(findings: list[Finding]) -> bool:
    """Whether a video can be made."""
    return all(finding.level != Level.MISSING for finding in findings)


def _ffmpeg(settings: Settings) -> Iterator[Finding]:
    from triviareel.video import encoder, ffmpeg  # not there without the video extra

    usable = False
    try:
        paths = ffmpeg.candidates(settings.ffmpeg)
    except TriviaError as error:
        yield Finding("ffmpeg", Level.MISSING, str(error), "unset TRIVIAREEL_FFMPEG to use the embedded one")
        return
    for path in paths:
        try:
            yield Finding("ffmpeg", Level.OK, f"{ffmpeg.version(path)} at {path}")
        except TriviaError as error:
            yield Finding("ffmpeg", Level.NOTE, str(error), "unset TRIVIAREEL_FFMPEG to use the embedded one")
            continue
        for name in encoder.ENCODERS:
            found = ffmpeg.prove(path, name)
            usable = usable or (found.working and name in ("x264", "nvenc"))
            if found.working:
                yield Finding(f"encoder {name}", Level.OK, "proven by encoding a few frames")
            else:
                yield Finding(f"encoder {name}", Level.NOTE, f"does not work: {found.reason}", _encoder_mend(name))
    if not usable:
        yield Finding("encoders", Level.MISSING, "neither x264 nor nvenc works", "unset TRIVIAREEL_FFMPEG")


def _encoder_mend(name: str) -> str:
    if name in ("nvenc", "av1-nvenc"):
        return ""  # the reason tells it
    return "use the embedded ffmpeg (unset TRIVIAREEL_FFMPEG)"


def _voices() -> Iterator[Finding]:
    from triviareel.speech import voices

    names, usual = voices.names(), Look().voice
    if usual in names:
        yield Finding("voices", Level.OK, ", ".join(names))
    else:
        yield Finding("voices", Level.MISSING, f"no {usual}", "pip install 'triviareel[video]'")


def _fonts() -> Iterator[Finding]:
    from triviareel.video import fonts

    try:
        families = fonts.coverage()
    except TriviaError as error:
        yield Finding("fonts", Level.MISSING, str(error), "pip install 'triviareel[video]'")
        return
    without = [script for script, sample in _SCRIPTS.items() if fonts.missing(sample)]
    having = [script for script in _SCRIPTS if script not in without]
    yield Finding("fonts", Level.OK, f"{len(families)} families: {', '.join(having)}")
    if without:
        mend = "pip install manimgx-fonts-cjk, or put fonts into the theme's fonts folder"
        yield Finding("fonts", Level.NOTE, f"no glyphs for {', '.join(without)}", mend)


def _themes() -> Iterator[Finding]:
    from triviareel.video import theme

    yield Finding("themes", Level.OK, ", ".join(theme.names()))


def _places(settings: Settings, root: str) -> Iterator[Finding]:
    for thing, place in (("root", root), ("cache", str(settings.cache))):
        try:
            store = open_store(place)
            folder = store.local("jobs")
            if folder is None:
                yield _bucket(thing, place, store)
                continue
        except TriviaError as error:
            yield Finding(thing, Level.MISSING, str(error), "name another place, or mend this one")
            continue
        folder = folder.parent
        there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
        if thing == "cache" and _filled(there):
            yield Finding(thing, Level.OK, f"{folder}, to be read only: the asset pack is in it, speech is not kept")
        else:
            yield _place(thing, folder, there)


def _bucket(thing: str, place: str, store: Store) -> Finding:
    """What a bucket lets us do, tried with an object that is removed at once."""
    trial = f"doctor-{secrets.token_hex(8)}"
    made = store.write(trial, b"", expect=0)
    store.read(trial, generation=made.generation)
    next(store.list(trial), None)
    store.delete(trial, expect=made.generation)
    ahead_s = (store.now() - datetime.now(UTC)).total_seconds()
    detail = f"{place} can be written, read, listed and cleaned"
    if abs(ahead_s) > CLOCK_S:
        mend = "set this machine's clock; work goes by the bucket's, but log-ins need the right time"
        return Finding(thing, Level.NOTE, f"{detail}; its clock is {ahead_s:+.0f} s from this machine's", mend)
    return Finding(thing, Level.OK, detail)


def _filled(cache: Path) -> bool:
    """Whether a cache that may not be written, such as an image's, has what it is needed for."""
    try:
        from triviareel.video import stock
    except ModuleNotFoundError:  # without the video extra there is nothing to keep
        return False
    return not os.access(cache, os.W_OK) and stock.place(cache).is_dir()


def _place(thing: str, folder: Path, there: Path) -> Finding:
    free_mb = shutil.disk_usage(there).free // 2**20
    detail = f"{folder}, {free_mb / 1024:.1f} GB free"
    if not there.is_dir():
        return Finding(thing, Level.MISSING, f"{there} is a file", "name another folder")
    if not os.access(there, os.W_OK | os.X_OK):
        return Finding(thing, Level.MISSING, f"{detail}, no write permission in {there}", "name another folder")
    if free_mb < SPACE_MB:
        return Finding(thing, Level.MISSING, detail, f"free some space: {SPACE_MB} MB at least")
    return Finding(thing, Level.OK, detail)


def _extra(name: str, packages: tuple[str, ...], use: str) -> Finding:
    missing = [package for package in packages if not _is_there(package)]
    if missing:
        return Finding(
            name, Level.NOTE, f"without {', '.join(missing)}; only {use}", f"pip install 'triviareel[{name}]'"
        )
    return Finding(name, Level.OK, f"all of the {name} extra")


def _is_there(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:  # not even the package that it is in
        return False


def _credentials(settings: Settings) -> Iterator[Finding]:
    uses = {
        "GEMINI_API_KEY": "questions by Gemini",
        "GOOGLE_APPLICATION_CREDENTIALS": "Google Cloud",
    }
    for name, there in settings.credentials.items():
        if there:
            yield Finding(name, Level.OK, "set (its value is not shown)")
        else:
            yield Finding(name, Level.NOTE, f"not set; only {uses[name]} would need it, the bank and folders do not")
