"""Texts: set by Pango into boxes, as large as they fit between a largest and a smallest legible size.

All in pixels. Lines have a fixed distance whatever fonts they mix; lines of one text are about equally long; texts that
run from right to left are set so. Texts are shown literally: markup in them is escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from triviareel.video import fonts, pango
from triviareel.video.pango import Align, Ink
from triviareel.video.theme import Style

_STEP = 0.97
"""Each size tried is this share of the one before."""
_LONGEST = 2000
"""Characters; no card holds more, and Pango's lengths overflow at some 2,000,000 pixels."""
_CALM = 0.85
"""A text shrinks at most to this share for the sake of one line less."""
_TALL = 1.22
"""Extra leading for scripts with marks above and below the letters (Arabic, Indic, Thai, Khmer and their like)."""
_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_BOUND = re.compile(r" (?=[%‰°€?!:;»])|(?<=«) ")


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
        return pango.draw(self.markup, self.font, self.align, self.wrap_width)


def tidy(text: str) -> str:
    """The text with canonical characters, no superfluous blanks, and signs kept on the line of what they follow."""
    return _BOUND.sub("\u00a0", _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip())


def is_rtl(text: str) -> bool:
    """Whether a text runs from right to left: its first letter with a direction decides, as in Unicode's rule P2."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in ("L", "R", "AL"):
            return kind != "L"
    return False


def is_blank(text: str, style: Style, own: Path | None = None) -> bool:
    """Whether nothing of a text would be seen; it has nothing but blanks, joiners and their like."""
    fonts.prepare(own)
    plain = tidy(text)[:_LONGEST]
    return not plain or not _Copy(plain, style, (9999, 99), Align.LEFT, own).measure(20).width


def fit(
    text: str,
    style: Style,
    room: tuple[int, int],
    sizes: tuple[float, float],
    align: Align = Align.CENTRE,
    own: Path | None = None,
    most_lines: int = 99,
) -> Setting | None:
    """Set a text as large as it fits; None if it does not fit at the smallest size, or nothing of it would be seen.

    Args:
        text: what is shown.
        style: typeface, weight, leading.
        room: the box's width and height.
        sizes: the largest and the smallest size, pixels an em.
        align: of lines, and of the text in its box; vertically it is always centred.
        own: the theme's folder of fonts.
        most_lines: more count as not fitting.
    """
    fonts.prepare(own)
    copy = _Copy(tidy(text), style, room, align, own, most_lines)
    if len(copy.text) > _LONGEST:
        return None
    ladder = _ladder(*sizes)
    if not copy.measure(ladder[-1]).width:
        return None
    if copy.fits(ladder[0]):
        return copy.set(_calmest(copy, ladder, 0))
    if not copy.fits(ladder[-1]):
        return None
    low, high = 0, len(ladder) - 1  # ladder[low] is too large, ladder[high] fits
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if copy.fits(ladder[middle]) else (middle, high)
    return copy.set(_calmest(copy, ladder, high))


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
        setting and _Copy(tidy(text), style, room, align, own).set(common)
        for text, setting in zip(texts, alone, strict=True)
    ]


@lru_cache(maxsize=64)
def _ladder(largest: float, smallest: float) -> tuple[float, ...]:
    sizes = [largest]
    while sizes[-1] * _STEP > smallest:
        sizes.append(round(sizes[-1] * _STEP, 2))
    return (*sizes, smallest) if sizes[-1] > smallest else tuple(sizes)


def _calmest(copy: _Copy, ladder: Sequence[float], at: int) -> float:
    """The largest size that saves a line, if it costs little; else the size at hand."""
    lines = copy.measure(ladder[at]).lines
    for size in ladder[at + 1 :] if lines > 1 else ():
        if size < ladder[at] * _CALM:
            break
        if copy.measure(size).lines < lines and copy.fits(size):
            return size
    return ladder[at]


@dataclass(frozen=True, slots=True)
class _Copy:
    """A text and its box, to be tried at several sizes."""

    text: str
    style: Style
    room: tuple[int, int]
    align: Align
    own: Path | None
    most_lines: int = 99

    def fits(self, size: float) -> bool:
        """Whether the text fits its box at a size."""
        ink, leading = self.measure(size), self.leading(size)
        # the first and the last line need no leading beyond their letters
        if ink.lines > self.most_lines:
            return False
        return ink.width <= self.room[0] and ink.lines * leading - (leading - size) <= self.room[1]

    def leading(self, size: float) -> float:
        """The distance between lines."""
        return self.style.leading * (_TALL if pango.joins_up(self.text) else 1) * size

    def measure(self, size: float, width: int | None = None) -> Ink:
        """The ink at a size, wrapped to a width, by default the box's."""
        return pango.measure(*self._drawn(size), width or self.room[0], self.leading(size))

    def set(self, size: float) -> Setting:
        """The text at a size, its lines balanced."""
        wrap, ink = self._balanced(size)
        spare = self.room[0] - ink.width
        left = {Align.LEFT: 0, Align.CENTRE: spare // 2, Align.RIGHT: spare}[self.align]
        top = round((self.room[1] - ink.lines * self.leading(size)) / 2) + ink.y
        return Setting(*self._drawn(size), wrap, size, ink.lines, left, top, ink.width, ink.height)

    def _drawn(self, size: float) -> tuple[str, str, str]:
        """Markup, font and alignment as Pango takes them."""
        markup = pango.markup(self.text, self.style, size, self.leading(size), self.own)
        font = f"{pango.chain(self.style, self.own)} {self.style.weight} {size:.2f}px"
        return markup, font, pango.side(self.align, is_rtl(self.text))

    def _balanced(self, size: float) -> tuple[int, Ink]:
        """The narrowest width that keeps the number of lines, to about a fiftieth, and the ink at that width."""
        high, best = self.room[0], self.measure(size)
        if best.lines == 1:
            return high, best
        low = best.width // 2
        while high - low > max(4, self.room[0] // 50):
            middle = (low + high) // 2
            tried = self.measure(size, middle)
            if tried.lines <= best.lines and tried.width <= middle:
                high, best = middle, tried
            else:
                low = middle
        return high, best
