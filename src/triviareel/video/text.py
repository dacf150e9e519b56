"""Texts: set by Pango into boxes, as large as they fit between a largest and a smallest legible size.

All in pixels. Lines have a fixed distance whatever fonts they mix; lines of one text are about equally long; texts that
run from right to left are set so. Texts are shown literally: markup in them is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import pyvips

from triviareel.video import fonts
from triviareel.video.theme import Style

_STEP = 0.97
"""Each size tried is this share of the one before."""
_TALL = 1.22
"""Extra leading for scripts with marks above and below the letters (Arabic, Indic, Thai, Khmer and their like)."""
_BASELINE = 0.86
"""About where the ink of a last line ends, as a share of the line; tells the number of lines from the ink."""
_JOINED = re.compile(r"[\u0590-\u109f\u1200-\u1cff]")
_SPACES = re.compile(r"[ \t\r\n\f\v]+")
_CASED = re.compile(r"[^\u0370-\u03ff\u1f00-\u1fff]*")  # capitals of accented Greek lose their accents: left alone


class Align(StrEnum):
    """Where lines begin and end."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Setting:
    """A text that has been fitted: what to draw, and where in its box."""

    markup: str
    font: str
    """As Pango names it, with the size in pixels."""
    align: str
    wrap_width: int
    size: float
    """Pixels an em."""
    lines: int
    x: int
    """Left edge of the ink, from the box's left edge."""
    y: int
    width: int
    """Of the ink."""
    height: int

    def mask(self) -> Any:
        """The text as one 8-bit band, the size of its ink; its fonts are known since it was measured."""
        return _draw(self.markup, self.font, self.align, self.wrap_width)


@dataclass(frozen=True, slots=True)
class _Ink:
    """What a drawn text covers, from the upper left corner of its first line."""

    x: int
    y: int
    width: int
    height: int
    lines: int


def tidy(text: str) -> str:
    """The text with canonical characters and without superfluous blanks."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def is_rtl(text: str) -> bool:
    """Whether a text runs from right to left: its first letter with a direction decides, as in Unicode's rule P2."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def fit(
    text: str,
    style: Style,
    room: tuple[int, int],
    sizes: tuple[float, float],
    align: Align = Align.CENTRE,
    own: Path | None = None,
) -> Setting | None:
    """Set a text as large as it fits; None if it does not fit at the smallest size.

    Args:
        text: what is shown.
        style: typeface, weight, leading.
        room: the box's width and height.
        sizes: the largest and the smallest size, pixels an em.
        align: of lines, and of the text in its box; vertically it is always centred.
        own: the theme's folder of fonts.
    """
    fonts.prepare(own)
    ladder = _ladder(*sizes)
    best = _try(text, style, room, ladder[0], align, own)
    if best:
        return best
    best = _try(text, style, room, ladder[-1], align, own)
    if not best:
        return None
    low, high = 0, len(ladder) - 1  # ladder[low] is too large, ladder[high] fits
    while high - low > 1:
        middle = (low + high) // 2
        tried = _try(text, style, room, ladder[middle], align, own)
        low, high, best = (low, middle, tried) if tried else (middle, high, best)
    return best


def fit_even(
    texts: Sequence[str],
    style: Style,
    room: tuple[int, int],
    sizes: tuple[float, float],
    align: Align,
    own: Path | None = None,
) -> list[Setting | None]:
    """Set several texts at one size, the largest at which all fit; None for each that does not fit at the smallest."""
    alone = [fit(text, style, room, sizes, align, own) for text in texts]
    common = min((setting.size for setting in alone if setting), default=sizes[1])
    return [
        setting and (_try(text, style, room, common, align, own) or setting)
        for text, setting in zip(texts, alone, strict=True)
    ]


@lru_cache(maxsize=64)
def _ladder(largest: float, smallest: float) -> tuple[float, ...]:
    sizes = [largest]
    while sizes[-1] * _STEP > smallest:
        sizes.append(round(sizes[-1] * _STEP, 2))
    return (*sizes, smallest) if sizes[-1] > smallest else tuple(sizes)


def _try(
    text: str, style: Style, room: tuple[int, int], size: float, align: Align, own: Path | None
) -> Setting | None:
    """The text at one size with its lines balanced, or None if it does not fit."""
    text = tidy(text)
    leading = style.leading * (_TALL if _JOINED.search(text) else 1) * size
    most = max(1, int((room[1] + (leading - size)) // leading))  # the last line needs no leading below it
    markup = _markup(text, style, size, leading, own)
    font = f"{_chain(style, own)} {style.weight} {size:.2f}px"
    side = _side(align, is_rtl(text))
    ink = _measure(markup, font, side, room[0], leading)
    if ink.width > room[0] or ink.lines > most:
        return None
    wrap, ink = _balanced(markup, font, side, room[0], leading, ink)
    left = {Align.LEFT: 0, Align.CENTRE: (room[0] - ink.width) // 2, Align.RIGHT: room[0] - ink.width}[align]
    top = round((room[1] - ink.lines * leading) / 2) + ink.y
    return Setting(markup, font, side, wrap, size, ink.lines, left, top, ink.width, ink.height)


def _balanced(
    markup: str, font: str, side: str, width: int, leading: float, ink: _Ink
) -> tuple[int, _Ink]:
    """The narrowest width that keeps the number of lines, to about a fiftieth, and the ink at that width."""
    if ink.lines == 1:
        return width, ink
    low, high, best = ink.width // 2, width, ink
    while high - low > max(4, width // 50):
        middle = (low + high) // 2
        tried = _measure(markup, font, side, middle, leading)
        if tried.lines <= ink.lines and tried.width <= middle:
            high, best = middle, tried
        else:
            low = middle
    return high, best


@lru_cache(maxsize=8192)
def _measure(markup: str, font: str, side: str, width: int, leading: float) -> _Ink:
    image = _draw(markup, font, side, width)
    x, y = image.get("xoffset"), image.get("yoffset")
    lines = max(1, round((y + image.height) / leading - _BASELINE) + 1)
    return _Ink(x, y, image.width, image.height, lines)


def _draw(markup: str, font: str, side: str, width: int) -> Any:
    return pyvips.Image.text(markup, font=font, dpi=72, width=width, align=side, wrap="word")


def _side(align: Align, rtl: bool) -> str:
    """Pango's word for an alignment: its low side is where the text begins."""
    if align is Align.CENTRE:
        return "centre"
    return "high" if (align is Align.RIGHT) != rtl else "low"


def _markup(text: str, style: Style, size: float, leading: float, own: Path | None) -> str:
    if style.capitals and _CASED.fullmatch(text):
        text = text.upper()
    words = [_word(word, style, own) for word in text.split(" ")]
    # Pango counts lengths in 1024ths; letters that join up must not be drawn apart
    tracking = "" if _JOINED.search(text) or not style.tracking else f' letter_spacing="{round(style.tracking * size * 1024)}"'
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
def _chain(style: Style, own: Path | None) -> str:
    """The style's families, then all others, so that which font steps in does not depend on the machine."""
    rest = [family for family in fonts.coverage(own) if family not in style.families]
    return ", ".join((*style.families, *rest))
