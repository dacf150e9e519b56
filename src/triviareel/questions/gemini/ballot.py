"""One blind vote: questions put to a reader who is not told their keys, and what he says to each; pure."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triviareel.errors import AnswerFault
from triviareel.questions.draw import shuffled
from triviareel.questions.gemini import answers, prompts
from triviareel.questions.gemini.model import Reply, text_of
from triviareel.questions.model import LETTERS, Question

PROMPT = "verify"
FAULTS = ("none", "given_away", "unclear", "outdated", "instruction")
SEVERAL, NONE = "several", "none"

_KEY = re.compile(r"\W*([A-Da-d])\W*|none|several", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Paper:
    """One question as it is put to a reader."""

    question: Question
    order: tuple[int, ...]
    """Which option stands at A, B, C and D."""
    earlier: tuple[str, ...]
    """Questions that it may repeat."""

    def line(self, number: int) -> str:
        """As the prompt has it, key and explanation left out."""
        told: dict[str, Any] = {"n": number, "question": self.question.question}
        told["options"] = {letter: self.question.options[at] for letter, at in zip(LETTERS, self.order, strict=True)}
        if self.earlier:
            told["earlier"] = {str(at): text for at, text in enumerate(self.earlier, 1)}
        return json.dumps(told, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a reader said to one question."""

    fault: str | None
    """What is wrong with it; None where he found its key and nothing else."""


def paper(question: Question, earlier: Sequence[str], seed: int, vote: int) -> Paper:
    """A question with its options in an order that its vote draws."""
    order = shuffled(range(len(LETTERS)), seed, "vote", vote, question.id)
    return Paper(question, tuple(order), tuple(earlier))


def texts(papers: Sequence[Paper]) -> tuple[str, str]:
    """System text and prompt that put some papers, numbered from 1, to a reader."""
    lines = "\n".join(paper.line(number) for number, paper in enumerate(papers, 1))
    return prompts.load(PROMPT).filled(count=str(len(papers)), questions=lines)


def schema(count: int) -> dict[str, Any]:
    """JSON schema of the answer; the reason stands before the letter, so that it is thought of first."""
    properties = {
        "n": {"type": "integer"},
        "because": {"type": "string"},
        "answer": {"type": "string", "enum": [*LETTERS, NONE, SEVERAL]},
        "fault": {"type": "string", "enum": list(FAULTS)},
        "repeats": {"type": "integer"},
    }
    row = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "items": row, "minItems": count, "maxItems": count}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer held."""

    opinions: Mapping[int, Opinion]
    """By the papers' places; some may be missing."""
    faults: tuple[str, ...]
    """What was wrong with the answer and could be mended; see `answers.Answer`."""


def read(reply: Reply, papers: Sequence[Paper]) -> Reading:
    """The opinions in a reply.

    Raises:
        AnswerFault: there is none.
    """
    rows, faults = answers.entries(text_of(reply))
    found: dict[int, Opinion] = {}
    for row in rows:
        place = _place(row, len(papers))
        if place in found:
            raise AnswerFault("mismatched", f"{reply.model}: question {place + 1} is answered twice; ask again")
        if place is not None and (opinion := _opinion(row, papers[place])):
            found[place] = opinion
    if not found:
        raise AnswerFault("mismatched", f"{reply.model}: none of the questions is answered; ask again")
    return Reading(found, faults)


def _place(row: Any, count: int) -> int | None:
    number = row.get("n") if isinstance(row, dict) else None
    return number - 1 if type(number) is int and 1 <= number <= count else None


def _opinion(row: Mapping[str, Any], paper: Paper) -> Opinion | None:
    """What a row says; None if that cannot be told, so that the question is put again."""
    key = _KEY.fullmatch(str(row.get("answer") or "").strip())
    fault, repeats = row.get("fault"), row.get("repeats")
    if not key or fault not in FAULTS or not isinstance(repeats, int) or not 0 <= repeats <= len(paper.earlier):
        return None
    if repeats:
        return Opinion(f"repeats {paper.earlier[repeats - 1]!r}")
    because = f" ({said})" if (said := " ".join(str(row.get("because", "")).split())[:200]) else ""
    if fault != "none":
        return Opinion(f"{str(fault).replace('_', ' ')}{because}")
    return Opinion(_disagreement(key, paper, because))


def _disagreement(key: re.Match[str], paper: Paper, because: str) -> str | None:
    if key[1] is None:
        return f"{key[0].lower()} of the options is right{because}".replace("several of the options is", "several are")
    chosen = paper.order[LETTERS.index(key[1].upper())]
    question = paper.question
    if chosen == question.answer_index:
        return None
    return f"wrong key: a reader chose {question.options[chosen]!r}, not {question.right_option!r}{because}"
