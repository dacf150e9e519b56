"""Painting: the pictures of the cards, from the theme's pieces and the texts that were set.

What many pictures share (cards, badges, the steps of a highlight) is drawn once; a text is laid over it only when the
picture is read, so pictures that wait to be written take no memory beside their texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from triviareel.errors import ThemeError
from triviareel.video.canvas import Canvas
from triviareel.video.copyfit import CHIP_PADDING, DIFFICULTIES, GAP, PIP, CardCopy, Copyist, TitleCopy
from triviareel.video.text import Setting
from triviareel.video.theme import OPTIONS, Box, Theme


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle in pixels; all even."""

    x: int
    y: int
    width: int
    height: int

    def grown(self, margin: int) -> Rect:
        """The rectangle with a margin on every side."""
        return Rect(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A picture and where it is laid."""

    image: Any
    x: int
    y: int


def even(value: float) -> int:
    """The nearest even whole number."""
    return 2 * round(value / 2)


class Painter:
    """Paints for one theme and canvas."""

    def __init__(self, theme: Theme, canvas: Canvas) -> None:
        self._theme = theme
        self._layout = theme.layout(canvas)
        self._scale = float(canvas.scale)
        self._css = theme.stylesheet()
        self._copyist = Copyist(theme, canvas)
        self._kept: dict[tuple[object, ...], Any] = {}
        self.margin = even(theme.margin * self._scale)
        """Pixels around every card."""

    def rect(self, name: str) -> Rect:
        """A card's place in the frame, without its margin."""
        box = self._layout.boxes[name]
        x, y = even(box.x * self._scale), even(box.y * self._scale)
        return Rect(x, y, even(box.width * self._scale), even(box.height * self._scale))

    def timer(self) -> Rect:
        """The timer bar's place in the frame."""
        card, box = self._layout.boxes["question"], self._layout.boxes["timer"]
        x, y = even((card.x + box.x) * self._scale), even((card.y + box.y) * self._scale)
        return Rect(x, y, even(box.width * self._scale), even(box.height * self._scale))

    def timer_mask(self) -> Any:
        """The shape through which the timer bar is seen: one band, the size of its place."""
        place = self.timer()
        return self._piece("timer", place.width, place.height, 0).extract_band(3).copy_memory()

    def question(self, copy: CardCopy, difficulty: str) -> Any:
        """The question's card with its header."""
        card = self.rect("question")
        stamps = [
            *self._header(copy, difficulty, card.width),
            self._text(copy.progress, "progress", self._inside("progress", card.width, copy.rtl)),
            self._text(copy.question, "question", self._inside("question_text", card.width, copy.rtl)),
        ]
        return _laid(self._question_base, stamps)

    def poster(self, copy: CardCopy, difficulty: str, question: Setting) -> Any:
        """The question's card for a thumbnail: no progress and no timer, a larger question."""
        card = self.rect("question")
        stamp = self._text(question, "question", self._copyist.poster_box())
        return _laid(self._card("question", card), [*self._header(copy, difficulty, card.width), stamp])

    def option(self, copy: CardCopy, index: int, state: str = "", share: float = 0) -> Any:
        """An option's card; on its way to a state ("right", "dim") by a share from 0 to 1.

        The card changes gradually, its text at once: halfway, neither colour would be legible on it.
        """
        colour = self._theme.reveal[state]["option"] if state else self._theme.styles["option"].colour
        box = self._inside("option_text", self.rect("option_a").width, copy.rtl)
        stamp = self._text(copy.options[index], "option", box, colour)
        return _laid(self._option_base(index, copy.rtl, state, share), [stamp])

    def shown_at(self, place: int, rtl: bool) -> int:
        """Which option is shown at a place, 0 to 3: beside one another, they too run from right to left."""
        if not rtl:
            return place
        boxes = [self._layout.boxes[name] for name in OPTIONS]
        row = sorted((at for at in range(len(OPTIONS)) if boxes[at].y == boxes[place].y), key=lambda at: boxes[at].x)
        return row[-1 - row.index(place)]

    def explanation(self, copy: CardCopy) -> Any:
        """The explanation's card."""
        card = self.rect("explanation")
        base = self._keep("explanation", copy.rtl, make=lambda: self._card("explanation", card, copy.rtl))
        box = self._inside("explanation_text", card.width, copy.rtl)
        return _laid(base, [self._text(copy.explanation, "explanation", box)])

    def title(self, copy: TitleCopy) -> Any:
        """The card of the intro or the outro."""
        stamps = [
            self._text(copy.heading, "heading", self._inside("heading")),
            self._text(copy.subtitle, "subtitle", self._inside("subtitle")),
        ]
        return _laid(self._title_base, stamps)

    @cached_property
    def _question_base(self) -> Any:
        card, timer = self.rect("question"), self.timer()
        track = self._piece("track", timer.width, timer.height, 0)
        at = _Stamp(track, timer.x - card.x + self.margin, timer.y - card.y + self.margin)
        return _laid(self._card("question", card), [at]).copy_memory()

    @cached_property
    def _title_base(self) -> Any:
        """The title's card with a row of badges."""
        box = self._inside("marks")
        side = round(box.height * self._scale)
        step = (round(box.width * self._scale) - side) / (len(OPTIONS) - 1)
        stamps: list[_Stamp] = []
        for index in range(len(OPTIONS)):
            x = round(box.x * self._scale + index * step) + self.margin
            stamps += self._badge(index, "", x, round(box.y * self._scale) + self.margin, side)
        return _laid(self._card("title", self.rect("intro")), stamps).copy_memory()

    def _option_base(self, index: int, rtl: bool, state: str, share: float) -> Any:
        """An option's card and badge without its text."""
        if share in (0, 1) or not state:
            pure = state if share else ""
            return self._keep("option", index, rtl, pure, make=lambda: self._option_card(index, rtl, pure))

        def mixed() -> Any:
            start, end = self._option_base(index, rtl, "", 0), self._option_base(index, rtl, state, 1)
            return _blended(start, end, share).copy_memory()

        return self._keep("option", index, rtl, state, share, make=mixed)

    def _option_card(self, index: int, rtl: bool, state: str) -> Any:
        card = self.rect(OPTIONS[index])
        name = f"option_{state}" if state else "option"
        base = self._keep("card", name, rtl, make=lambda: self._card(name, card, rtl))
        box = self._inside("badge", card.width, rtl)
        side = round(box.height * self._scale)
        x, y = (round(value * self._scale) + self.margin for value in (box.x, box.y))
        return _laid(base, self._badge(index, state, x, y, side)).copy_memory()

    def _badge(self, index: int, state: str, x: int, y: int, side: int) -> list[_Stamp]:
        """A badge with its letter; the right option's has a check mark of its own."""
        name = f"badge_{state}" if state else "badge"
        badge = _Stamp(self._keep(name, side, make=lambda: self._piece(name, side, side, 0)), x, y)
        if state == "right":
            return [badge]
        letter = self._copyist.letter(self._theme.letters[index])
        if not letter:
            raise ThemeError(f"{self._theme.folder / 'theme.toml'}: words.letters: {self._copyist.faults[-1]}")
        colour = self._theme.reveal["dim"]["letter"] if state == "dim" else self._theme.styles["letter"].colour
        ink = self._ink(letter, colour)
        return [badge, _Stamp(ink, x + (side - letter.width) // 2, y + (side - letter.height) // 2)]

    def _header(self, copy: CardCopy, difficulty: str, width: int) -> list[_Stamp]:
        """The topic on its chip, the steps of difficulty and their word, in reading order."""
        box, scale = self._inside("topic"), self._scale
        top, height = round(box.y * scale), round(box.height * scale)
        at = round(box.x * scale)

        def place(image: Any, after: float) -> _Stamp:
            nonlocal at
            x = width - at - image.width if copy.rtl else at
            at += image.width + round(after * scale)
            return _Stamp(image, x + self.margin, top + (height - image.height) // 2 + self.margin)

        chip_width = copy.topic.width + 2 * round(CHIP_PADDING * scale)
        chip = place(self._piece("topic", chip_width, height, 0), GAP)
        ink = _Stamp(
            self._ink(copy.topic, self._theme.styles["topic"].colour),
            chip.x + (chip_width - copy.topic.width) // 2,
            top + copy.topic.y + self.margin,
        )
        stamps = [chip, ink]
        level = DIFFICULTIES.index(difficulty) if difficulty in DIFFICULTIES else -1
        pip = round(PIP[0] * scale), round(PIP[1] * scale)
        for step in range(len(DIFFICULTIES)):
            name = "pip" if step <= level else "pip_off"
            image = self._keep(name, *pip, make=lambda name=name: self._piece(name, *pip, 0))
            stamps.append(place(image, PIP[2] if step < len(DIFFICULTIES) - 1 else GAP * 0.7))
        word = place(self._ink(copy.difficulty, self._theme.styles["difficulty"].colour), 0)
        return [*stamps, _Stamp(word.image, word.x, top + copy.difficulty.y + self.margin)]

    def _text(self, setting: Setting, role: str, box: Box, colour: str | None = None) -> _Stamp:
        x = round(box.x * self._scale) + setting.x + self.margin
        y = round(box.y * self._scale) + setting.y + self.margin
        return _Stamp(self._ink(setting, colour or self._theme.styles[role].colour), x, y)

    def _inside(self, name: str, card_width: int = 0, mirrored: bool = False) -> Box:
        """A box in its card, in design units; mirrored for cards that run from right to left."""
        box = self._layout.boxes[name]
        if not mirrored:
            return box
        return Box(card_width / self._scale - box.x - box.width, box.y, box.width, box.height)

    def _card(self, name: str, card: Rect, mirrored: bool = False) -> Any:
        image = self._piece(name, card.width, card.height, self.margin)
        return image.fliphor().copy_memory() if mirrored else image

    def _piece(self, name: str, width: int, height: int, margin: int) -> Any:
        return self._theme.pieces[name].draw(width, height, margin, self._scale, self._css)

    def _ink(self, setting: Setting, colour: str) -> Any:
        """A text in a colour; its shape is drawn once for all colours."""
        return _coloured(self._keep(setting, make=lambda: setting.mask().copy_memory()), colour)

    def _keep(self, *key: object, make: Any) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]


def _channels(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def _coloured(mask: Any, colour: str) -> Any:
    return mask.new_from_image(_channels(colour)).bandjoin(mask).copy(interpretation="srgb")


def _laid(base: Any, stamps: Sequence[_Stamp]) -> Any:
    """Pictures laid over a base in turn."""
    xs, ys = [stamp.x for stamp in stamps], [stamp.y for stamp in stamps]
    return base.composite([stamp.image for stamp in stamps], "over", x=xs, y=ys).rint().cast("uchar")


def _blended(start: Any, end: Any, share: float) -> Any:
    """A crossfade of two RGBA pictures; premultiplied, so that a glow fades in without a dark fringe."""
    mix = start.premultiply() * (1 - share) + end.premultiply() * share
    return mix.unpremultiply().rint().cast("uchar").copy(interpretation="srgb")
