"""Fonts: where they lie, which glyphs they have, and how the text engine is told.

The text engine sees the packaged fonts and nothing of the system's, so a text looks the same on every machine.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

import pyvips
from fontTools.ttLib import TTFont, TTLibError

from triviareel import settings
from triviareel.errors import ThemeError

_PACKAGES = ("fontpkg_montserrat", "manimgx_fonts", "manimgx_fonts_cjk")
"""Packages that carry fonts, in the order in which their families are tried; the last is optional."""

_FIRST = ("Montserrat", "Noto Sans")
_LAST = ("Noto Sans Symbols", "Noto Emoji")
_ENDINGS = (".ttf", ".otf", ".ttc")

_lock = threading.Lock()
_prepared: set[Path] = set()


@lru_cache(maxsize=1)
def folders() -> tuple[Path, ...]:
    """The folders of the packaged fonts; ThemeError if a package that is needed is missing."""
    found: list[Path] = []
    for package in _PACKAGES:
        spec = find_spec(package)
        if spec and spec.origin:
            found.append(Path(spec.origin).parent)
        elif package != _PACKAGES[-1]:
            raise ThemeError(f"font package {package} is missing: install triviareel with its video extra")
    return tuple(found)


def prepare(own: Path | None = None) -> None:
    """Show the text engine the packaged fonts, and a theme's own; each once a process, before the first text."""
    with _lock:
        if not _prepared:
            path = _configuration()
            os.environ["FONTCONFIG_FILE"] = str(path)
            _prepared.add(path)
        if own and own not in _prepared:
            for path in files(own):
                pyvips.Image.text("A", fontfile=str(path))  # a font file stays known once it has been used
            _prepared.add(own)


def _configuration() -> Path:
    """Write fontconfig's file where it can be kept, or else into a folder of this process."""
    kept = settings.read().cache / "fonts"
    for folder in (kept, None):
        folder = folder or Path(tempfile.mkdtemp(prefix="triviareel-fonts-"))
        dirs = "".join(f"<dir>{escape(str(path))}</dir>" for path in folders())
        text = (
            '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
            f"<fontconfig>{dirs}<cachedir>{escape(str(folder))}</cachedir></fontconfig>\n"
        )
        path = folder / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                draft = path.with_name(f"{path.name}.{os.getpid()}")
                draft.write_text(text, encoding="utf-8")
                draft.replace(path)
        except OSError:
            continue  # a read-only home: the folder of this process serves as well
        return path
    raise ThemeError(f"fonts cannot be set up: neither {kept} nor {tempfile.gettempdir()} can be written")


@lru_cache(maxsize=256)
def glyphs(path: Path) -> tuple[str, frozenset[int]]:
    """A font file's family name and the code points that it has glyphs for; ThemeError if it is no font."""
    try:
        with path.open("rb") as stream, TTFont(stream, lazy=True, fontNumber=0) as font:
            family = font["name"].getBestFamilyName() or path.stem
            return family, frozenset(font.getBestCmap() or ())
    except (TTLibError, OSError, KeyError, ValueError, AssertionError) as error:
        raise ThemeError(f"{path}: not a font that can be read ({error}); use .ttf or .otf") from error


def files(folder: Path) -> tuple[Path, ...]:
    """The font files under a folder, sorted."""
    return tuple(sorted(path for path in folder.rglob("*") if path.suffix.lower() in _ENDINGS))


@lru_cache(maxsize=32)
def coverage(own: Path | None = None) -> dict[str, frozenset[int]]:
    """Code points by family, in the order in which families are tried: a theme's own fonts, then the packaged."""
    packaged = _families(folders())
    middle = sorted(set(packaged) - {*_FIRST, *_LAST})
    order = [family for family in (*_FIRST, *middle, *_LAST) if family in packaged]
    mine = _families((own,)) if own else {}
    return {**mine, **{family: packaged[family] for family in order if family not in mine}}


def _families(where: Sequence[Path]) -> dict[str, frozenset[int]]:
    found: dict[str, frozenset[int]] = {}
    for folder in where:
        for path in files(folder):
            family, points = glyphs(path)
            found[family] = found.get(family, frozenset()) | points
    return found


def missing(text: str, own: Path | None = None) -> list[str]:
    """Characters that no font has, each with its code point and name, in order of appearance.

    Characters that are never drawn (joiners, direction marks, variation selectors) need no glyph; control characters
    are always missing.
    """
    known = coverage(own)
    found: dict[str, None] = {}
    for char in unicodedata.normalize("NFC", text):
        control = unicodedata.category(char) == "Cc"  # some fonts have an empty glyph for NUL
        if not _unseen(char) and (control or not any(ord(char) in points for points in known.values())):
            name = unicodedata.name(char, "control character" if control else "unnamed")
            shown = f"{char} " if char.isprintable() else ""
            found[f"{shown}U+{ord(char):04X} {name.lower()}"] = None
    return list(found)


def _unseen(char: str) -> bool:
    point = ord(char)
    return char in " \n\t\r\u00a0" or (
        unicodedata.category(char) == "Cf" or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF
    )
