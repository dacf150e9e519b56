"""What is asked of the feeder, and what it hands back: questions, what was dropped and why, and what it took."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from triviareel.errors import Conflict, TriviaError
from triviareel.questions import csvfile
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.model import Question
from triviareel.storage import open_store

COUNTED = ("calls", "retries", "prompt_tokens", "candidate_tokens", "thought_tokens", "money_usd", "unseen_usd")


class Wanted(Protocol):
    """A request for one set of questions; `jobs.request.Request` is one."""

    @property
    def topics(self) -> Sequence[str]:
        """Names of topics; none means any."""
        ...

    @property
    def difficulty(self) -> str:
        """One of easy, medium, hard and mixed."""
        ...

    @property
    def questions(self) -> int:
        """How many, exactly."""
        ...

    @property
    def language(self) -> str:
        """Such as "English"."""
        ...

    @property
    def audience(self) -> str:
        """Who watches, such as "children of 8 to 12"."""
        ...

    @property
    def seed(self) -> int | None:
        """What the order of options and the model's own draw follow from."""
        ...


@dataclass(frozen=True, slots=True)
class Rejected:
    """A question that was dropped."""

    stage: str
    """Which check it fell at: structure, checks, duplicate, ledger or verification."""
    reason: str
    question: Mapping[str, Any]
    """As far as it was understood."""

    def as_json(self) -> dict[str, Any]:
        """One object."""
        return {"stage": self.stage, "reason": self.reason, "question": dict(self.question)}


@dataclass(frozen=True, slots=True)
class Dataset:
    """The questions of one request, and their story."""

    questions: tuple[Question, ...]
    """Exactly as many as were asked for, unless there is an error."""
    rejected: tuple[Rejected, ...] = ()
    usage: Usage = field(default_factory=Usage)
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What it was asked with: models, temperature, seed, mode, agreement rule, prompt hash."""
    error: TriviaError | None = None
    """Why there are too few questions."""

    def story(self) -> dict[str, Any]:
        """What the manifest tells."""
        return {**self.settings, **self.usage.as_json()}


def added(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """The story of a job that was asked for again: what it took adds up, all else is as it was the last time."""
    whole = dict(now)
    for name, value in now.items():
        if name in COUNTED and isinstance(earlier := before.get(name), int | float):
            whole[name] = round(earlier + value, 6)
        elif isinstance(value, dict) and isinstance(earlier := before.get(name), dict):
            whole[name] = dict(Counter(earlier) + Counter(value))
    return whole


def rejects(rejected: Sequence[Rejected]) -> bytes:
    """Dropped questions as `rejected.jsonl`, one object a line; half a character stands there as JSON escapes it."""
    lines = (json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in rejected)
    return "".join(lines).encode("utf-8", "backslashreplace")


def save_trivia(data: Dataset, job_uri: str) -> str:
    """Write a dataset's `questions.csv`, and `rejected.jsonl` if some were dropped, into a job's folder.

    The same dataset may be written again. A job that is made there later finds the questions and takes them as its own.

    Returns:
        The URI of the questions.csv.

    Raises:
        QuestionError: there are no questions.
        Conflict: the job has other questions already.
        StorageError, InputError: it cannot be written.
    """
    store = open_store(job_uri)
    table = csvfile.dumps(data.questions)
    try:
        store.write("questions.csv", table, expect=0)
    except Conflict:
        if store.read("questions.csv") != table:
            raise
    if data.rejected:
        store.write("rejected.jsonl", rejects(data.rejected))
    return store.uri("questions.csv")
