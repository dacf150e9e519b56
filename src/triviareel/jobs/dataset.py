"""dataset.json: a job's questions as soon as they are there, and what they took: none is paid for twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from triviareel.errors import InputError
from triviareel.questions.model import Difficulty, Question

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Dataset:
    """What `generate` makes of a job."""

    questions: tuple[Question, ...]
    gemini: Mapping[str, Any] = field(default_factory=dict)
    """What asking took, all attempts together; empty for the bank's questions."""
    rejected: str = ""
    """Questions that were dropped in all attempts, as rejected.jsonl."""


def dumps(dataset: Dataset) -> bytes:
    """A dataset as `dataset.json`."""
    return (json.dumps({"schema_version": SCHEMA_VERSION, **asdict(dataset)}, ensure_ascii=False) + "\n").encode()


def loads(data: bytes, name: str) -> Dataset:
    """The dataset that `dumps` wrote; whether its questions are sound is for `csvfile` to say.

    Raises:
        InputError: it is damaged, or was written by a newer version of this package.
    """
    try:
        whole = json.loads(data)
        if whole["schema_version"] != SCHEMA_VERSION:
            raise ValueError(f"schema_version {whole['schema_version']!r}")
        return Dataset(
            tuple(_question(row) for row in whole["questions"]), dict(whole["gemini"]), str(whole["rejected"])
        )
    except (KeyError, TypeError, ValueError) as error:  # a UnicodeDecodeError is a ValueError, too
        raise InputError(
            f"{name} is damaged ({error}): restore it, or delete it to have the questions found anew"
        ) from error


def _question(row: Mapping[str, Any]) -> Question:
    a, b, c, d = (str(option) for option in row["options"])
    texts = {name: str(row[name]) for name in ("id", "topic", "question", "answer", "explanation", "source")}
    return Question(**texts, difficulty=Difficulty(row["difficulty"]), options=(a, b, c, d))
