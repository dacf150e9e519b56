"""What was asked before: by the channel, as its ledger tells, and by all jobs of this run."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triviareel.errors import TriviaError
from triviareel.questions.ledger import Ledger, index, normalise, similar
from triviareel.questions.ledger.normalise import Form
from triviareel.questions.ledger.similar import Likeness
from triviareel.questions.model import Question

_SHOWN = 3
"""Earlier questions that a verifier is shown of the run, and as many of the channel."""
log = logging.getLogger(__name__)

PARTS = 200
"""Parts of a ledger that make a compaction worth its while."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Why a question is not wanted again."""

    stage: str
    """"duplicate" if this run has it, "ledger" if the channel has asked it."""
    reason: str


class Past:
    """Questions that are not wanted again; used by one event loop.

    A question that was claimed stays so even if it is dropped later: what was wrong once need not be tried twice.
    """

    def __init__(self, ledger: Ledger | None = None) -> None:
        self._ledger = ledger
        self._claimed: list[tuple[Form, Question]] = []
        self._buckets: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        self._perhaps: dict[str, tuple[str, ...]] = {}

    def claim(self, question: Question, job: str) -> Repeat | None:
        """Keep a question for a job, unless it repeats another: then which."""
        form = normalise.form(question.question, question.right_option)
        keys = list(enumerate(map(int, index.buckets([form])[0])))
        perhaps = []
        for at in sorted({at for key in keys for at in self._buckets[key]}):
            other, theirs = self._claimed[at]
            likeness = similar.compare(form, other)
            if likeness is Likeness.PERHAPS:
                perhaps.append(theirs.question)
            elif likeness is Likeness.SAME:
                return Repeat("duplicate", f"asks the same as {theirs.question!r}")
        if self._ledger and (match := self._ledger.find(question, job)):
            how = "the same words" if match.exact else "other words"
            return Repeat("ledger", f"asked before in {how}: {match.question!r} (job {match.job}, {match.at})")
        for key in keys:
            self._buckets[key].append(len(self._claimed))
        self._claimed.append((form, question))
        self._perhaps[question.id] = tuple(perhaps[-_SHOWN:])
        return None

    def perhaps(self, question: Question, job: str) -> tuple[str, ...]:
        """Questions of this run and of the channel that may ask the same in other words.

        Of two that are alike in this run only the later one is shown the other, so that they do not fall together.
        """
        ours = self._perhaps.get(question.id, ())
        return (*ours, *(self._ledger.perhaps(question, _SHOWN, job) if self._ledger else ()))

    def recent(self, tokens: int, topics: Sequence[str]) -> tuple[str, ...]:
        """The channel's latest questions on some topics, as many as fit into some tokens."""
        return self._ledger.recent(tokens, topics) if self._ledger and tokens else ()

    async def keep(self, questions: Sequence[Question], job: str) -> Mapping[str, Repeat]:
        """Write a job's questions into the ledger; those that another run was quicker to ask are told by their ids."""
        if self._ledger is None:
            return {}
        clashes = await asyncio.to_thread(self._ledger.add, questions, job)
        return {key: Repeat("ledger", f"asked meanwhile by job {match.job}") for key, match in clashes.items()}

    def tidy(self) -> None:
        """Compact the ledger, if it has many parts."""
        if self._ledger:
            try:
                self._ledger.compact(PARTS)
            except TriviaError as error:  # the questions are safe, and the next run tries again
                log.warning("the ledger could not be compacted: %s", error)
