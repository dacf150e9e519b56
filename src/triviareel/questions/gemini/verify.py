"""Verification: independent readers answer each question blind, and what they do not confirm is dropped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from triviareel.errors import AnswerFault, InputError, TriviaError
from triviareel.questions.draw import number
from triviareel.questions.gemini import ballot, policy
from triviareel.questions.gemini.ballot import Opinion, Paper, Reading
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.model import Ask, Reply
from triviareel.questions.gemini.together import together
from triviareel.questions.model import Question

PER_CALL = 10
"""Questions that a reader answers at a time: with many more, models answer the later ones with less care."""
TOKENS_PER_QUESTION = 100
"""Output to allow for: number, reason, letter, fault and repeat take some 60."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How many readers must confirm a question, of how many at most."""

    agree: int
    of: int

    @classmethod
    def parse(cls, text: str) -> Rule:
        """The rule that "1 of 1" or "2 of 3" names.

        Raises:
            InputError: it names none.
        """
        agree, _, of = text.partition(" of ")
        if not (agree.isdecimal() and of.isdecimal() and 1 <= int(agree) <= int(of) <= 9):
            raise InputError(f"agreement {text!r} is no rule: choose one such as '1 of 1' or '2 of 3'")
        return cls(int(agree), int(of))

    def verdict(self, opinions: Sequence[Opinion]) -> Opinion | None:
        """What the opinions come to: one that speaks for all; None while others are needed."""
        against = [opinion for opinion in opinions if opinion.fault]
        if len(opinions) - len(against) >= self.agree:
            return Opinion(None)
        return against[0] if len(against) > self.of - self.agree else None


@dataclass(frozen=True, slots=True)
class BlindVerifier:
    """A second opinion on questions, from wherever they are: a model's, or the bank's."""

    model: str
    """Who reads; another model than the writer makes other mistakes."""
    agreement: str = "1 of 1"
    thinking_budget: int = 2048
    """Tokens that an answer may spend on thought, besides its text."""

    async def faults(
        self, questions: Sequence[Question], similar: Sequence[Sequence[str]], caller: Caller, seed: int
    ) -> list[str | None]:
        """What is wrong with each question; None where readers confirm its key by the rule.

        Args:
            questions: to be answered blind.
            similar: of each, earlier questions that may ask the same.
            caller: asks.
            seed: of the options' order, which every reader has for himself.

        Raises:
            TriviaError: the model cannot be reached, or the money is spent.
        """
        rule = Rule.parse(self.agreement)
        opinions: list[list[Opinion]] = [[] for _ in questions]
        for vote in range(rule.of):
            open_ = [at for at, given in enumerate(opinions) if rule.verdict(given) is None]
            chunks = [open_[at : at + PER_CALL] for at in range(0, len(open_), PER_CALL)]
            papers = [[ballot.paper(questions[at], similar[at], seed, vote) for at in chunk] for chunk in chunks]
            readings = await together(self._vote(some, caller, number(seed, "reader", vote)) for some in papers)
            for chunk, reading in zip(chunks, readings, strict=True):
                for at, opinion in zip(chunk, reading, strict=True):
                    opinions[at].append(opinion)
        return [_told(rule.verdict(given)) for given in opinions]

    async def _vote(self, papers: Sequence[Paper], caller: Caller, seed: int) -> list[Opinion]:
        """An opinion on each paper; what a reader passed over is put to him again.

        Each turn answers a paper or gives one up, so there are no more turns than papers.
        """
        found: dict[int, Opinion] = {}
        while missing := [at for at in range(len(papers)) if at not in found]:
            narrower = _Narrower(self, [papers[at] for at in missing])
            try:
                answer = await caller.ask(self.ask(narrower.papers, seed % 2**31), narrower.read, narrower)
            except AnswerFault as fault:
                found[missing[0]] = Opinion(f"unverified: {fault}")
            else:
                caller.mended(answer.value.faults)
                found |= {missing[place]: opinion for place, opinion in answer.value.opinions.items()}
        return [found[at] for at in range(len(papers))]

    def ask(self, papers: Sequence[Paper], seed: int) -> Ask:
        """The request that puts some papers to a reader."""
        system, prompt = ballot.texts(papers)
        return Ask(
            model=self.model,
            prompt=prompt,
            system=system,
            schema=ballot.schema(len(papers)),
            seed=seed,
            max_output_tokens=self.thinking_budget + 256 + TOKENS_PER_QUESTION * len(papers),
            thinking_budget=self.thinking_budget,
        )


class _Narrower:
    """Puts half as many papers after an answer of no use, so that one that is blocked does not spoil the others."""

    def __init__(self, verifier: BlindVerifier, papers: Sequence[Paper]) -> None:
        self._verifier = verifier
        self.papers = papers

    def read(self, reply: Reply) -> Reading:
        """The opinions in a reply."""
        return ballot.read(reply, self.papers)

    def __call__(self, before: Ask, fault: TriviaError) -> Ask:
        """The request to make after a fault."""
        changed = policy.otherwise(before, fault)
        if not isinstance(fault, AnswerFault):
            return changed
        self.papers = self.papers[: max(1, len(self.papers) // 2)]
        return self._verifier.ask(self.papers, changed.seed or 0)


def _told(verdict: Opinion | None) -> str | None:
    """What is wrong with a question, readers who do not come to a verdict included."""
    return verdict.fault if verdict else "unverified: the readers do not agree"
