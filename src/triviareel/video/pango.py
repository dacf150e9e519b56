"""Pango, by way of libvips: a text as markup, its ink measured, its shape drawn. All in pixels."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import pyvips

from triviareel.video import fonts
from triviareel.video.theme import Style

_BASELINE = 0.86
"""About where the ink of a last line ends, as a share of the line; tells the number of lines from the ink."""
_JOINED = re.compile(r"[\u0590-\u109f\u1200-\u1cff]")
_CASED = re.compile(r"[^\u0370-\u03ff\u1f00-\u1fff]*")  # capitals of accented Greek lose their accents: left alone


class Align(StrEnum):
    """Where lines begin and end."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Ink:
    """What a drawn text covers, from the upper left corner of its first line."""

    x: int
    y: int
    width: int
    height: int
    lines: int


@lru_cache(maxsize=8192)
def measure(markup: str, font: str, side: str, width: int, leading: float) -> Ink:
    """What a text would cover, its fonts being prepared.

    Args:
        markup: as `markup` makes it.
        font: families and weight as Pango names them, with the size in pixels.
        side: as `side` tells.
        width: pixels at which lines are wrapped.
        leading: pixels between lines.
    """
    try:
        image = draw(markup, font, side, width)
    except pyvips.Error as error:
        if "no text to render" in str(error):  # blanks and joiners alone leave no ink
            return Ink(0, 0, 0, 0, 1)
        if "too big" in str(error):  # no picture can be so large
            return Ink(0, 0, sys.maxsize, sys.maxsize, 1)
        raise
    x, y = image.get("xoffset"), image.get("yoffset")
    lines = max(1, round((y + image.height) / leading - _BASELINE) + 1)
    return Ink(x, y, image.width, image.height, lines)


def draw(markup: str, font: str, side: str, width: int) -> Any:
    """A text as one 8-bit band, the size of its ink. Arguments as in `measure`."""
    return pyvips.Image.text(markup, font=font, dpi=72, width=width, align=side, wrap="word")


def side(align: Align, rtl: bool) -> str:
    """Pango's word for an alignment: its low side is where the text begins."""
    if align is Align.CENTRE:
        return "centre"
    return "high" if (align is Align.RIGHT) != rtl else "low"


def joins_up(text: str) -> bool:
    """Whether a text has letters that join up or carry marks: Arabic, Indic, Thai, Khmer and their like."""
    return _JOINED.search(text) is not None


def markup(text: str, style: Style, size: float, leading: float, own: Path | None) -> str:
    """A text as Pango's markup, its own characters escaped: size in pixels an em, leading in pixels."""
    if style.capitals and _CASED.fullmatch(text):
        text = text.upper()
    words = [_word(word, style, own) for word in text.split(" ")]
    # Pango counts lengths in 1024ths; letters that join up must not be drawn apart
    tracking = (
        "" if joins_up(text) or not style.tracking else f' letter_spacing="{round(style.tracking * size * 1024)}"'
    )
    return f'<span line_height="{round(leading * 1024)}"{tracking}>{" ".join(words)}</span>'


@lru_cache(maxsize=4096)
def _word(word: str, style: Style, own: Path | None) -> str:
    """A word, escaped, in one typeface: where the first family lacks some of its letters, one that has them all."""
    known = fonts.coverage(own)
    letters = {ord(char) for char in word if char.isalpha()}
    first = known[style.families[0]]
    plain = escape(word, quote=False)
    if letters <= first or not letters & first:
        return plain
    whole = next((family for family, points in known.items() if letters <= points), None)
    return f'<span font_family="{escape(whole)}">{plain}</span>' if whole else plain


@lru_cache(maxsize=64)
def chain(style: Style, own: Path | None) -> str:
    """The style's families, then all others, so that which font steps in does not depend on the machine."""
    rest = [family for family in fonts.coverage(own) if family not in style.families]
    return ", ".join((*style.families, *rest))
