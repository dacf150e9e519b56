"""One job's questions: asked of the model, checked in order of price, topped up until there are enough."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from triviareel.errors import AnswerFault, TooFewQuestions
from triviareel.questions import checks
from triviareel.questions.draw import number
from triviareel.questions.gemini import answers, topics, writing
from triviareel.questions.gemini.answers import Candidate
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.gemini.dataset import Rejected, Wanted
from triviareel.questions.gemini.model import Reply, text_of
from triviareel.questions.gemini.options import Options
from triviareel.questions.gemini.past import Past
from triviareel.questions.gemini.together import together
from triviareel.questions.gemini.writing import Mender, Order
from triviareel.questions.model import Difficulty, Question

_REPEATS = ("duplicate", "ledger")
_TOLD = 50
"""Repeats that the writer is told of: some 1,500 tokens."""


class Verifier(Protocol):
    """A second opinion on questions."""

    async def faults(
        self, questions: Sequence[Question], similar: Sequence[Sequence[str]], caller: Caller, seed: int
    ) -> list[str | None]:
        """What is wrong with each question; None where a reader found its key and no other by himself.

        Args:
            questions: to be answered blind.
            similar: of each, earlier questions that may ask the same.
            caller: asks.
            seed: of the options' new order.
        """
        ...


@dataclass(slots=True)
class Work:
    """One job under way."""

    wanted: Wanted
    name: str
    """The job's, for the ledger."""
    seed: int
    caller: Caller
    usage: Usage
    unfit: Callable[[Question], str | None]
    """Tells why a question that is sound cannot be used all the same."""
    good: list[Question] = field(default_factory=list)
    """Verified."""
    waiting: list[Question] = field(default_factory=list)
    """Checked, and not yet verified."""
    rejected: list[Rejected] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    """Ids of the good ones that are in the ledger."""

    @property
    def topics(self) -> Mapping[str, str]:
        """Names by slug."""
        return topics.by_slug(self.wanted.topics)

    @property
    def missing(self) -> int:
        """Good questions still to be found."""
        return max(0, self.wanted.questions - len(self.good))

    @property
    def met(self) -> tuple[str, ...]:
        """Questions that are not wanted again: the good ones, and the latest repeats, which come to the mind first."""
        repeats = [str(one.question["question"]) for one in self.rejected if one.stage in _REPEATS]
        return (*(question.question for question in self.good), *dict.fromkeys(repeats[-_TOLD:]))

    def reject(self, stage: str, reason: str, question: dict[str, Any]) -> None:
        """Drop a question, and keep it with the reason."""
        self.rejected.append(Rejected(stage, reason, question))
        self.usage.rejected[stage] += 1


async def fill(work: Work, past: Past, verifier: Verifier, options: Options) -> None:
    """Ask, check and verify, round after round, until no question is missing.

    Raises:
        TooFewQuestions: the rounds are used up.
        TriviaError: a call failed for good.
    """
    for turn in range(options.rounds):
        await _write(work, past, options, turn)
        while work.waiting and work.missing:
            await _verify(work, past, verifier, len(work.waiting) if options.mode == "batch" else work.missing)
        if not work.missing:
            await _keep(work, past)
        if not work.missing:
            return
    raise TooFewQuestions(work.wanted.questions, len(work.good), work.usage.rejected)


def finished(work: Work) -> tuple[Question, ...]:
    """The good questions in the order in which they are asked: rising in difficulty, right options at all letters."""
    rank = list(Difficulty)
    rising = sorted(work.good[: work.wanted.questions], key=lambda question: rank.index(question.difficulty))
    return tuple(checks.balance(rising, work.seed))


async def _write(work: Work, past: Past, options: Options, turn: int) -> None:
    """One round of asking; what passes the checks that cost nothing waits for its verification."""
    count = math.ceil(work.missing * options.over_asking) + 1
    good = [question.difficulty for question in work.good]
    seed = number(work.seed, "round", turn) % 2**31
    whole = Order(
        topics=work.topics,
        levels=writing.missing_levels(work.wanted.difficulty, work.wanted.questions, good, count),
        language=work.wanted.language,
        audience=work.wanted.audience,
        avoid=(*past.recent(options.not_these_tokens, tuple(work.topics)), *work.met),
        seed=seed,
    )
    found = await together(_asked(work, order, options) for order in writing.orders(whole, seed))
    for answer in found:
        for misfit in answer.misfits:
            raw = misfit.raw if isinstance(misfit.raw, dict) else {"text": str(misfit.raw)}
            work.reject("structure", misfit.reason, raw)
        for candidate in answer.candidates:
            _sift(work, past, candidate, options)


async def _asked(work: Work, order: Order, options: Options) -> answers.Answer:
    answer = await work.caller.ask(writing.ask(order, options), read, Mender(order, options))
    work.caller.mended(answer.value.faults)
    return answer.value


def read(reply: Reply) -> answers.Answer:
    """The questions of a reply, and of one that was cut those that are whole.

    Raises:
        AnswerFault: there are none.
    """
    try:
        return answers.read(text_of(reply))
    except AnswerFault as fault:
        if fault.kind != "cut" or not reply.text:
            raise
        return answers.read(reply.text)


def _sift(work: Work, past: Past, candidate: Candidate, options: Options) -> None:
    """Let a candidate wait for its verification, or drop it."""
    raw = {**asdict(candidate), "options": list(candidate.options)}
    levels = list(Difficulty) if work.wanted.difficulty == writing.MIXED else [work.wanted.difficulty]
    if candidate.topic not in work.topics or candidate.difficulty not in levels:
        return work.reject("structure", f"{candidate.difficulty} on {candidate.topic} was not asked for", raw)
    question = as_question(candidate, options.model)
    if wrong := "; ".join(checks.problems(question)) or work.unfit(question):
        return work.reject("checks", wrong, raw)
    if repeat := past.claim(question, work.name):
        return work.reject(repeat.stage, repeat.reason, raw)
    work.waiting.append(question)
    return None


def as_question(candidate: Candidate, model: str) -> Question:
    """A candidate as a question, with a name made of its texts and the model told in its source."""
    texts = map(checks.normal, (candidate.question, *candidate.options))  # the same words may ask of other options
    digest = hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    return Question(
        id=f"gemini-{digest[:16]}",
        topic=candidate.topic,
        difficulty=Difficulty(candidate.difficulty),
        question=candidate.question,
        options=candidate.options,
        answer=candidate.answer,
        explanation=candidate.explanation,
        source=f"{model}, which names {candidate.source}"[: checks.MAX_SOURCE],
    )


async def _verify(work: Work, past: Past, verifier: Verifier, count: int) -> None:
    """Have so many of those that wait verified."""
    batch, work.waiting = work.waiting[:count], work.waiting[count:]
    seed = number(work.seed, "verify", *(question.id for question in batch)) % 2**31
    similar = [past.perhaps(question, work.name) for question in batch]
    faults = await verifier.faults(batch, similar, work.caller, seed)
    for question, fault in zip(batch, faults, strict=True):
        if fault is None:
            work.good.append(question)
        else:
            work.reject("verification", fault, as_raw(question))


async def _keep(work: Work, past: Past) -> None:
    """Write the good questions into the ledger; those that another run was quicker to ask are dropped."""
    while not work.missing:  # where one is dropped, a spare one takes its place and has to be kept, too
        chosen = [question for question in work.good[: work.wanted.questions] if question.id not in work.kept]
        if not chosen:
            return
        clashes = await past.keep(chosen, work.name)
        work.kept |= {question.id for question in chosen} - clashes.keys()
        for question in chosen:
            if repeat := clashes.get(question.id):
                work.good.remove(question)
                work.reject(repeat.stage, repeat.reason, as_raw(question))


def as_raw(question: Question) -> dict[str, Any]:
    """A question as it is kept in `rejected.jsonl`."""
    return {**asdict(question), "options": list(question.options)}
