"""What is said in a video: plain strings, one a clip; the voice normalises them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from triviareel.speech import numbers
from triviareel.speech.names import spelled

LETTERS = ("A", "B", "C", "D")

_ANSWERS = (
    "The answer is {letter}: {option}.",
    "It's {letter}: {option}.",
    "The right answer is {letter}: {option}.",
    "That's {letter}: {option}.",
)
_OUTRO = "Thanks for playing. See you soon!"
_LONGEST_INTRO = 38
"""Characters; a title that makes it longer is not said, so that the intro stays within three seconds."""

_ABOUT_LETTERS = re.compile(r"\b(symbols?|abbreviations?|Roman numerals?|chemical formula)\b", re.IGNORECASE)
_LETTERS_ONLY = re.compile(r"[A-Z][a-z]{0,2}|[A-Z]{1,3}|[IVXLCDM]+")


@dataclass(frozen=True, slots=True)
class Lines:
    """What is said of one question."""

    question: str
    options: tuple[str, str, str, str]
    """Letter and option: "A: Paris."."""
    answer: str
    """The right option and the explanation."""


def for_question(question: str, options: Sequence[str], answer_index: int, explanation: str) -> Lines:
    """The lines of one question; the same question is always answered in the same words.

    Args:
        question: as shown on the card.
        options: four, in order.
        answer_index: of the right option, 0 to 3.
        explanation: one sentence, may be empty.
    """
    said = [_option(question, option) for option in options]
    a, b, c, d = (f"{letter}: {_ended(option)}" for letter, option in zip(LETTERS, said, strict=True))
    turn = zlib.crc32(question.encode("utf-8", "surrogatepass")) % len(_ANSWERS)
    right = said[answer_index].rstrip(" .")
    answer = _ANSWERS[turn].format(letter=LETTERS[answer_index], option=right)
    if len(right) == 1:  # a letter and a full stop would be read as somebody's initial, without a pause
        answer = answer.rstrip(".") + ";"
    return Lines(_ended(question, "?"), (a, b, c, d), f"{answer} {_ended(explanation)}".strip())


def for_intro(title: str, count: int) -> str:
    """The welcome: the video's title and the number of questions, at most about three seconds."""
    questions = f"{numbers.cardinal(count)} question{'' if count == 1 else 's'}"
    name = title.strip().rstrip(" .!?:")
    line = f"{name}: {questions}."
    return line if name and len(line) <= _LONGEST_INTRO else f"{questions.capitalize()}: let's go!"


def for_outro() -> str:
    """The goodbye."""
    return _OUTRO


def _option(question: str, option: str) -> str:
    """An option as it is said: letter by letter where the question is about a symbol and the option looks like one."""
    if _ABOUT_LETTERS.search(question) and _LETTERS_ONLY.fullmatch(option.strip()):
        return spelled(option)
    return option.strip()


def _ended(text: str, mark: str = ".") -> str:
    """With a mark at its end, so that the voice falls or rises there."""
    text = text.strip()
    return text + mark if text and text[-1] not in ".?!…:" else text
