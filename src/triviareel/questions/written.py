"""The questions that people wrote: data/written/TOPIC.csv, one question a row, the right option first."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files
from io import StringIO

from triviareel.questions.model import Difficulty, Question
from triviareel.questions.templates.making import Item, normal

COLUMNS = ("id", "difficulty", "question", "right", "wrong_1", "wrong_2", "wrong_3", "explanation", "source")


def items() -> Iterator[Item]:
    """Every written question, by topic and in the order of its file.

    Each is a template of its own; its answer is its subject, so that no video asks for the same thing twice.
    """
    folder = files("triviareel.questions").joinpath("data/written")
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".csv"):
            yield from _items(file.name.removesuffix(".csv"), file.read_text("utf-8"))


def _items(topic: str, text: str) -> Iterator[Item]:
    for row in csv.DictReader(StringIO(text, newline=""), strict=True):
        question = Question(
            id=row["id"],
            topic=topic,
            difficulty=Difficulty(row["difficulty"]),
            question=row["question"],
            options=(row["right"], row["wrong_1"], row["wrong_2"], row["wrong_3"]),
            answer="A",
            explanation=row["explanation"],
            source=row["source"],
        )
        yield Item(question, row["id"], normal(row["right"]))
