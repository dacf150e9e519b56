"""Questions of the bank put to the verifier that Gemini's go through; for those that fall, others are taken."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from triviareel.errors import InputError, TooFewQuestions, TriviaError
from triviareel.jobs.request import Request
from triviareel.questions import bank
from triviareel.questions.gemini.dataset import Dataset, Rejected
from triviareel.questions.gemini.rounds import as_raw
from triviareel.questions.model import Question

if TYPE_CHECKING:
    from triviareel.questions.gemini.feeder import GeminiFeeder


async def verified(feeder: GeminiFeeder, request: Request, topics: Sequence[str]) -> Dataset:
    """The bank's questions for a request, each as hard as the one whose place it takes.

    What went wrong is in the dataset, beside what fell and was spent until then.

    Args:
        feeder: asks; its options say how often.
        request: with its seed.
        topics: of the bank.

    Raises:
        InputError: the bank has too few questions.
    """
    chosen = bank.pick(topics, request.difficulty, request.questions, request.seed or 0)
    fallen: list[Rejected] = []
    error: TriviaError | None = None
    async with feeder:
        try:
            left = await _replaced(feeder, request, topics, chosen, fallen)
        except TriviaError as fault:
            error = fault
        else:
            if left:
                error = TooFewQuestions(len(chosen), len(chosen) - left, feeder.usage.rejected)
    return Dataset(() if error else tuple(chosen), tuple(fallen), feeder.usage, error=error)


async def _replaced(
    feeder: GeminiFeeder, request: Request, topics: Sequence[str], chosen: list[Question], fallen: list[Rejected]
) -> int:
    """Put questions that fall among the rejected and others in their places; how many places stay open."""
    seen = {question.id for question in chosen}
    places = list(range(len(chosen)))
    for _ in range(feeder.options.rounds):
        faults, _ = await feeder.verify([chosen[at] for at in places], request.seed or 0)
        bad = [(at, fault) for at, fault in zip(places, faults, strict=True) if fault is not None]
        fallen += [Rejected("verification", fault, as_raw(chosen[at])) for at, fault in bad]
        places = [at for at, _ in bad]
        for at in places:
            if (other := _other(request, topics, chosen[at], seen)) is None:
                return len(places)
            chosen[at] = other
            seen.add(other.id)
        if not places:
            break
    return len(places)


def _other(request: Request, topics: Sequence[str], question: Question, seen: Collection[str]) -> Question | None:
    """A question of the bank that is as hard and was not seen; None if there is none."""
    try:
        return bank.pick(topics, str(question.difficulty), 1, request.seed or 0, seen)[0]
    except InputError:
        return None
