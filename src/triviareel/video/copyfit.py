"""Copyfitting: every text of a card set into its box, and a sentence for each that cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triviareel.video import fonts, text
from triviareel.video.canvas import Canvas
from triviareel.video.pango import Align
from triviareel.video.text import Setting
from triviareel.video.theme import OPTIONS, Box, Theme

CHIP_PADDING = 26
"""Design units between a topic and its chip's ends."""
GAP = 22
"""Design units between the things in a card's header."""
PIP = (12, 28, 6)
"""Width, height and distance of the steps that show a difficulty, in design units."""
SINGLE = {"topic", "difficulty", "progress", "letter"}
"""Texts of one line."""
POSTER = 1.4
"""How much larger a thumbnail's question may be than a video's."""
DIFFICULTIES = ("easy", "medium", "hard")


@dataclass(frozen=True, slots=True)
class CardText:
    """What one question's cards say."""

    id: str
    topic: str
    """The topic's title, as shown."""
    difficulty: str
    """easy, medium or hard."""
    question: str
    options: tuple[str, str, str, str]
    answer_index: int
    """Position of the right option, 0 to 3."""
    explanation: str


@dataclass(frozen=True, slots=True)
class Title:
    """What the intro and the outro say."""

    heading: str
    subtitle: str
    closing: str
    """The outro's heading."""
    closing_subtitle: str


@dataclass(frozen=True, slots=True)
class CardCopy:
    """One question's texts, set."""

    rtl: bool
    """The card is mirrored: its question runs from right to left."""
    topic: Setting
    difficulty: Setting
    progress: Setting
    question: Setting
    options: tuple[Setting, ...]
    explanation: Setting


@dataclass(frozen=True, slots=True)
class TitleCopy:
    """A heading and its subtitle, set."""

    heading: Setting
    subtitle: Setting


class Copyist:
    """Sets texts for one theme and canvas, and gathers what is wrong with them in `faults`."""

    def __init__(self, theme: Theme, canvas: Canvas) -> None:
        self.theme = theme
        self.canvas = canvas
        self.layout = theme.layout(canvas)
        self.faults: list[str] = []
        self._scale = float(canvas.scale)

    def card(self, card: CardText, number: int, count: int) -> CardCopy | None:
        """Set a question's texts; None if any cannot be set.

        Args:
            card: what is said.
            number: the question's place in the video, from 1.
            count: of questions in the video.
        """
        rtl = text.is_rtl(card.question)
        near, far = (Align.RIGHT, Align.LEFT) if rtl else (Align.LEFT, Align.RIGHT)
        where = f"question {card.id}"
        words = self.theme.words
        topic = self._set(f"{where}, topic", "topic", card.topic, self._room("topic", 2 * CHIP_PADDING), near)
        difficulty = self._set(
            f"{where}, difficulty",
            "difficulty",
            words.get(card.difficulty, card.difficulty),
            self._room("difficulty", self._before_difficulty(topic)),
            near,
        )
        label = words["progress"].format(number=number, count=count)
        progress = self._set(f"{where}, progress", "progress", label, self._room("progress"), far)
        question = self._set(f"{where}, question", "question", card.question, self._room("question_text"))
        options = self._options(where, card, near)
        explanation = self._set(
            f"{where}, explanation", "explanation", card.explanation, self._room("explanation_text"), near
        )
        if not (topic and difficulty and progress and question and options and explanation):
            return None
        return CardCopy(rtl, topic, difficulty, progress, question, options, explanation)

    def poster(self, card: CardText) -> Setting | None:
        """Set a question for a thumbnail, which is seen small: larger, and into the timer's room as well."""
        largest, smallest = self._sizes("question")
        sizes = largest * POSTER, smallest
        room = self._room("question_text")[0], round(self.poster_box().height * self._scale)
        return text.fit(card.question, self.theme.styles["question"], room, sizes, Align.CENTRE, self._own)

    def poster_box(self) -> Box:
        """The room for a thumbnail's question in its card."""
        card, box = self.layout.boxes["question"], self.layout.boxes["question_text"]
        return Box(box.x, box.y + GAP / 2, box.width, card.height - box.y - 1.5 * GAP)

    def title(self, where: str, heading: str, subtitle: str) -> TitleCopy | None:
        """Set a title's texts; None if either cannot be set."""
        above = self._set(f"{where}, heading", "heading", heading, self._room("heading"))
        below = self._set(f"{where}, subtitle", "subtitle", subtitle, self._room("subtitle"))
        return TitleCopy(above, below) if above and below else None

    def letter(self, letter: str) -> Setting | None:
        """Set an option's letter into its badge."""
        return self._set(f"letter {letter}", "letter", letter, self._room("badge"))

    def _options(self, where: str, card: CardText, align: Align) -> tuple[Setting, ...] | None:
        """The four options at one size, or None."""
        sound = [
            not self._unfit(f"{where}, {name.replace('_', ' ')}", "option", option)
            for name, option in zip(OPTIONS, card.options, strict=True)
        ]
        if not all(sound):
            return None
        room, sizes = self._room("option_text"), self._sizes("option")
        style = self.theme.styles["option"]
        settings = text.fit_even(card.options, style, room, sizes, align, self._own)
        for name, option, setting in zip(OPTIONS, card.options, settings, strict=True):
            if not setting:
                self._too_long(f"{where}, {name.replace('_', ' ')}", "option", option, room)
        fitted = tuple(setting for setting in settings if setting)
        return fitted if len(fitted) == len(OPTIONS) else None

    def _set(
        self, where: str, role: str, words: str, room: tuple[int, int], align: Align = Align.CENTRE
    ) -> Setting | None:
        if self._unfit(where, role, words):
            return None
        lines = 1 if role in SINGLE else 99
        setting = text.fit(words, self.theme.styles[role], room, self._sizes(role), align, self._own, lines)
        if not setting:
            self._too_long(where, role, words, room)
        return setting

    def _unfit(self, where: str, role: str, words: str) -> bool:
        """Whether a text cannot be shown at any size; if so, the fault is noted."""
        missing = fonts.missing(words, self._own)
        if not missing and text.is_blank(words, self.theme.styles[role], self._own):
            self.faults.append(f"{where}: is empty; give it a text")
        elif missing:
            self.faults.append(
                f"{where}: no font has {', '.join(missing[:3])}{' and more' if len(missing) > 3 else ''}; "
                "replace it, or add a font to the theme's fonts folder"
            )
        else:
            return False
        return True

    def _too_long(self, where: str, role: str, words: str, room: tuple[int, int]) -> None:
        smallest, least = self.layout.sizes[role][1], self._sizes(role)[1]
        longest = max(words.split(), key=len)
        tall = room[0], 100 * room[1]
        alone = text.fit(longest, self.theme.styles[role], tall, (least, least), own=self._own)
        mend = "shorten it" if alone else f"replace the word {longest[:40]}, which is too wide"
        self.faults.append(
            f"{where}: {len(words):,} characters do not fit even at the smallest legible size ({smallest:g} of "
            f"1080, {self.canvas.format}); {mend}"
        )

    def _room(self, name: str, less: float = 0) -> tuple[int, int]:
        """Width, less something in design units, and height of a box in pixels."""
        box: Box = self.layout.boxes[name]
        return max(1, round((box.width - less) * self._scale)), round(box.height * self._scale)

    def _before_difficulty(self, topic: Setting | None) -> float:
        """Design units that the chip and the steps take before a difficulty's word."""
        chip = (topic.width / self._scale if topic else 0) + 2 * CHIP_PADDING
        return chip + 2 * GAP + len(DIFFICULTIES) * (PIP[0] + PIP[2])

    def _sizes(self, role: str) -> tuple[float, float]:
        largest, smallest = self.layout.sizes[role]
        return largest * self._scale, smallest * self._scale

    @property
    def _own(self) -> Path | None:
        return self.theme.own_fonts
