"""Keeps count of what one job's calls take, and stops them before the run's budget is crossed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from triviareel.errors import AnswerFault
from triviareel.questions.gemini.caller import Attempt
from triviareel.questions.gemini.cost import Budget, Prices, Usage
from triviareel.questions.gemini.model import Ask


class Tally:
    """What a `Caller` reports to.

    Args:
        prices: of the models that are asked.
        budget: shared by all jobs of a run.
    """

    def __init__(self, prices: Prices, budget: Budget) -> None:
        self.usage = Usage()
        self._prices = prices
        self._budget = budget

    @contextmanager
    def calling(self, ask: Ask, number: int) -> Iterator[None]:  # noqa: ARG002 - every attempt may cost the same
        """See Watch."""
        with self._budget.setting_aside(self._prices.of(ask.model).at_most(ask)):
            yield

    def after(self, attempt: Attempt) -> None:
        """See Watch."""
        self.usage.calls += 1
        self.usage.retries += attempt.number > 1
        if attempt.reply:
            money = self._prices.of(attempt.ask.model).of(attempt.reply.tokens, batch=attempt.reply.batch)
            self.usage.charge(attempt.reply.tokens, money)
            self._budget.spend(money)
        if isinstance(attempt.fault, AnswerFault):
            self.usage.faults[attempt.fault.kind] += 1
        elif attempt.fault:
            self.usage.faults[type(attempt.fault).__name__] += 1
