"""Pieces of a theme: SVG files that are drawn at the size of their place."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyvips

from triviareel.errors import ThemeError
from triviareel.video import fonts

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_LARGEST = 2_000_000
"""Bytes of a piece; a card that needs more is a picture, not a drawing."""
_REFUSED = {"script", "foreignObject", "iframe"}
_URL = re.compile(r"url\(\s*['\"]?\s*(?!#)([^)'\"\s]*)", re.IGNORECASE)
_IMPORT = re.compile(r"@import", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One SVG file, already read and found harmless."""

    path: Path
    source: str
    """The file as text."""

    def draw(self, width: int, height: int, margin: int, scale: float, stylesheet: str) -> Any:
        """Draw the piece so that its page covers width × height pixels, with a margin around it for what spills over.

        Args:
            width: pixels across the piece's page.
            height: pixels down.
            margin: pixels of room on every side.
            scale: pixels a design unit.
            stylesheet: CSS that colours the classes.

        Returns:
            pyvips.Image, RGBA, (width + 2 × margin) × (height + 2 × margin), in memory.

        Raises:
            ThemeError: the file cannot be drawn.
        """
        fonts.prepare()  # a piece may hold text, and the first text decides which fonts are seen
        full_width, full_height = width + 2 * margin, height + 2 * margin
        root = ET.fromstring(self.source)  # noqa: S314 - `read` refuses entities and document types
        for name, value in (("x", margin), ("y", margin), ("width", width), ("height", height)):
            root.set(name, f"{value / scale:.6f}")
        root.set("overflow", "visible")
        outer = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{full_width}" height="{full_height}" '
            f'viewBox="0 0 {full_width / scale:.6f} {full_height / scale:.6f}" preserveAspectRatio="none">'
            f"{ET.tostring(root, encoding='unicode')}</svg>"
        )
        try:
            image = pyvips.Image.svgload_buffer(outer.encode(), stylesheet=stylesheet).copy_memory()
        except pyvips.Error as error:
            raise ThemeError(f"{self.path}: cannot be drawn: {str(error).strip().splitlines()[-1]}") from error
        return image.copy(interpretation="srgb")


def read(path: Path) -> Piece:
    """Read a piece; ThemeError if it is missing, is not SVG or refers to anything outside itself."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ThemeError(f"{path}: missing; every theme needs this piece") from None
    except OSError as error:
        raise ThemeError(f"{path}: cannot be read: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise ThemeError(f"{path}: {len(data):,} bytes; keep a piece under {_LARGEST:,}")
    try:
        source = data.decode("utf-8")
    except UnicodeDecodeError:
        raise ThemeError(f"{path}: not UTF-8; save it as plain SVG") from None
    if re.search(r"<!\s*(DOCTYPE|ENTITY)", source, re.IGNORECASE):
        raise ThemeError(f"{path}: declares a document type or an entity; save it as plain SVG")
    try:
        root = ET.fromstring(source)  # noqa: S314 - entities were refused above
    except ET.ParseError as error:
        raise ThemeError(f"{path}: not well-formed XML ({error}); save it as plain SVG") from None
    if root.tag != f"{_NAMESPACE}svg":
        raise ThemeError(f"{path}: its root is {root.tag!r}, not an svg element in the SVG namespace")
    _refuse_outside(path, root)
    return Piece(path, ET.tostring(root, encoding="unicode"))


def _refuse_outside(path: Path, root: ET.Element) -> None:
    """ThemeError if an element runs code or refers to something outside the file."""
    for element in root.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag in _REFUSED:
            raise ThemeError(f"{path}: has a <{tag}> element; remove it")
        for name, value in element.attrib.items():
            local = name.rpartition("}")[2]
            if local == "href" and not value.strip().startswith(("#", "data:image/png", "data:image/jpeg")):
                raise ThemeError(f"{path}: <{tag}> refers to {value!r}; embed what it needs in the file")
            _refuse_urls(path, tag, value)
        _refuse_urls(path, tag, element.text or "")


def _refuse_urls(path: Path, tag: str, value: str) -> None:
    outside = _URL.search(value)
    if outside or (tag == "style" and _IMPORT.search(value)):
        named = repr(outside.group(1)) if outside else "another style sheet"
        raise ThemeError(f"{path}: <{tag}> refers to {named}; embed what it needs in the file")
