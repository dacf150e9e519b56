"""The corpus: what is planted, and what an all-knowing reader would say to it.

good.csv      right option first; each asks for something else, many of them nearly the same
repeated.csv  questions of good.csv in other words, right option first
bad.csv       `key` is what is claimed, `truth` the letters of all options that are right
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from triviareel.questions.model import LETTERS, Difficulty, Question

FAULTS = {"given away": "given_away", "instruction": "instruction", "unclear": "unclear", "outdated": "outdated"}
"""What the reader should call the kinds that he is to notice; other kinds are told by their truth."""


@dataclass(frozen=True, slots=True)
class Plant:
    """One question and the truth about it."""

    kind: str
    """"good", "repeated", or what is wrong with it."""
    question: Question
    right: frozenset[str]
    """The texts of all options that are right."""
    earlier: str = ""
    """The good question that it repeats; empty if none."""

    @property
    def fault(self) -> str:
        """As a truthful ballot names it."""
        return FAULTS.get(self.kind, "none")


def good() -> list[Plant]:
    """Sound questions, no two alike."""
    return [_sound("good", row, at) for at, row in enumerate(_rows("good"))]


def repeated() -> list[Plant]:
    """Good ones in other words."""
    return [_sound("repeated", row[1:], at, row[0]) for at, row in enumerate(_rows("repeated"))]


def bad() -> list[Plant]:
    """Unsound in themselves."""
    found = []
    for at, (kind, question, a, b, c, d, key, truth) in enumerate(_rows("bad")):
        told = _question(f"bad-{at}", question, (a, b, c, d), key)
        found.append(Plant(kind, told, frozenset(told.options[LETTERS.index(letter)] for letter in truth)))
    return found


def _sound(kind: str, row: list[str], at: int, earlier: str = "") -> Plant:
    question, right, *wrong = row
    options = [*wrong[: at % 4], right, *wrong[at % 4 :]]
    a, b, c, d = options
    return Plant(kind, _question(f"{kind}-{at}", question, (a, b, c, d), LETTERS[at % 4]), frozenset({right}), earlier)


def _question(key: str, question: str, options: tuple[str, str, str, str], answer: str) -> Question:
    explanation, source = "It stands in every encyclopaedia.", "an encyclopaedia"
    return Question(key, "general", Difficulty.EASY, question, options, answer, explanation, source)


def _rows(name: str) -> Iterator[list[str]]:
    with (Path(__file__).parent / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from list(csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE))[1:]
