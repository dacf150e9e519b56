"""The question: what every source makes and every video shows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LETTERS = ("A", "B", "C", "D")


class Difficulty(StrEnum):
    """How hard a question is for an adult without special knowledge of its topic."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


@dataclass(frozen=True, slots=True)
class Question:
    """One multiple-choice question; construct freely, then ask `checks.problems` whether it is sound."""

    id: str
    """Stable name such as "geo-capital-fr"; unique within a questions.csv."""
    topic: str
    """A topic's slug, such as "geography"."""
    difficulty: Difficulty
    question: str
    """The question as read on the card, ending in a question mark or a gap."""
    options: tuple[str, str, str, str]
    """The options A to D in the order in which they are shown."""
    answer: str
    """The letter of the right option."""
    explanation: str
    """One sentence that is said and shown after the reveal."""
    source: str
    """Where the fact comes from."""

    @property
    def answer_index(self) -> int:
        """Position of the right option, 0 to 3."""
        return LETTERS.index(self.answer)

    @property
    def right_option(self) -> str:
        """The text of the right option."""
        return self.options[self.answer_index]
