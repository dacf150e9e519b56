"""Keeps count of what one job's calls take, and stops them before the run's budget is crossed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal

from triviareel.errors import AnswerFault, Charge, ModelBusy, ModelDown, ModelRefused, StorageError, TriviaError
from triviareel.questions.gemini.caller import Attempt
from triviareel.questions.gemini.cost import Budget, Prices, Usage
from triviareel.questions.gemini.model import Ask


class Tally:
    """What a `Caller` reports to.

    Args:
        prices: of the models that are asked.
        budget: shared by all jobs of a run.
        patient: whether a call waits for what others under way will leave of the budget. Not in batch mode, where those
            wait for this one.
    """

    def __init__(self, prices: Prices, budget: Budget, *, patient: bool = True) -> None:
        self.usage = Usage()
        self._prices = prices
        self._budget = budget
        self._patient = patient

    async def room(self, ask: Ask) -> None:
        """See Watch."""
        if self._patient:
            await self._budget.room(self._prices.of(ask.model).at_most(ask))

    @contextmanager
    def calling(self, ask: Ask, number: int) -> Iterator[None]:  # noqa: ARG002 - every attempt may cost the same
        """See Watch."""
        with self._budget.setting_aside(self._prices.of(ask.model).at_most(ask)):
            yield

    def after(self, attempt: Attempt) -> None:
        """See Watch."""
        self.usage.calls += 1
        self.usage.retries += attempt.number > 1
        self._charge(attempt)
        if isinstance(attempt.fault, AnswerFault):
            self.usage.faults[attempt.fault.kind] += 1
        elif attempt.fault:
            self.usage.faults[type(attempt.fault).__name__] += 1

    def mended(self, faults: Iterable[str]) -> None:
        """See Watch."""
        self.usage.faults.update(faults)

    def _charge(self, attempt: Attempt) -> None:
        """Count what a call cost or, if nobody can tell, what it may have cost at most."""
        price, reply = self._prices.of(attempt.ask.model), attempt.reply
        if reply and reply.booked:
            return
        if reply and reply.tokens.total:
            money = price.of(reply.tokens, batch=reply.batch)
            self.usage.charge(reply.tokens, money)
        else:
            charge = _unseen(attempt.fault) if reply is None else "batch" if reply.batch else "whole"
            money = Decimal(0) if charge == "none" else price.at_most(attempt.ask, batch=charge == "batch")
            self.usage.unseen_usd += money
        self._budget.spend(money)


def _unseen(fault: TriviaError | None) -> Charge:
    """What a call that brought no reply may have cost."""
    if isinstance(fault, ModelBusy | ModelRefused | StorageError):  # without its books a run asks nothing
        return "none"
    return fault.charge if isinstance(fault, ModelDown) else "whole"
