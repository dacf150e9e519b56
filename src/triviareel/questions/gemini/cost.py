"""What asking costs: tokens and calls counted, turned into money by a price table, and held under a ceiling."""

from __future__ import annotations

import asyncio
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib import resources
from typing import Any

from triviareel.errors import InputError, SpendCeiling
from triviareel.questions.gemini.model import Ask, Tokens, tokens_at_most

MILLION = 1_000_000

_COUNTS = ("calls", "retries", "prompt_tokens", "candidate_tokens", "thought_tokens")
_FIELDS = frozenset({"model", "from", "prompt", "output", "batch"})


@dataclass(frozen=True, slots=True)
class Price:
    """What a model costs, in US dollars for a million tokens."""

    model: str
    since: date
    prompt: Decimal
    output: Decimal
    """Candidate and thought tokens alike."""
    batch: Decimal
    """Share of the price that batch mode costs, 0 to 1."""

    def of(self, tokens: Tokens, *, batch: bool = False) -> Decimal:
        """What some tokens cost, in US dollars."""
        whole = self.prompt * tokens.prompt + self.output * (tokens.candidate + tokens.thought)
        return whole * (self.batch if batch else 1) / MILLION

    def at_most(self, ask: Ask, *, batch: bool = False) -> Decimal:
        """The most that a call can cost: its texts by their length, and all the output that it allows."""
        return self.of(Tokens(tokens_at_most(ask), ask.max_output_tokens, 0), batch=batch)


@dataclass(frozen=True, slots=True)
class Prices:
    """A price table on a day."""

    by_model: Mapping[str, Price]

    def of(self, model: str) -> Price:
        """The price of a model.

        Raises:
            InputError: the table does not have it.
        """
        if model not in self.by_model:
            raise InputError(
                f"model {model!r} has no price: add it as [[price]] to the file of --gemini-config, "
                f"or choose one of {', '.join(sorted(self.by_model))}"
            )
        return self.by_model[model]


def prices(day: date, own: Sequence[Any] = ()) -> Prices:
    """The price table that comes with the package, as it holds on a day; `own` entries go before its.

    Raises:
        InputError: an own entry is incomplete or no price.
    """
    table = resources.files(__package__).joinpath("prices.toml").read_text("utf-8")
    ours, theirs = ([_price(entry) for entry in entries] for entries in (tomllib.loads(table)["price"], own))
    return Prices({**_holding(ours, day), **_holding(theirs, day)})


def _holding(entries: Iterable[Price], day: date) -> dict[str, Price]:
    begun = (price for price in entries if price.since <= day)
    return {price.model: price for price in sorted(begun, key=lambda price: price.since)}


def _price(entry: Any) -> Price:
    if not isinstance(entry, dict) or entry.keys() - _FIELDS or "model" not in entry:
        raise InputError(f"price {entry!r}: give model, prompt and output, and if need be from and batch")
    try:
        numbers = [Decimal(str(entry[name])) for name in ("prompt", "output")]
        batch = Decimal(str(entry.get("batch", "0.5")))
    except (KeyError, InvalidOperation) as error:
        raise InputError(f"price of {entry['model']!r}: prompt and output are dollars for a million tokens") from error
    since = entry.get("from", date.min)
    if not isinstance(since, date) or not all(0 <= n < 10**6 for n in numbers) or not 0 <= batch <= 1:
        raise InputError(f"price of {entry['model']!r}: dollars are 0 or more, batch is 0 to 1, from is a date")
    return Price(str(entry["model"]), since, numbers[0], numbers[1], batch)


@dataclass(slots=True)
class Usage:
    """What was asked and what it took; grows as its job goes on. Usages add up."""

    calls: int = 0
    """Answers that were got or tried for, each attempt one."""
    retries: int = 0
    """Attempts after the first of a call."""
    prompt_tokens: int = 0
    candidate_tokens: int = 0
    thought_tokens: int = 0
    money_usd: Decimal = Decimal(0)
    """For all answers that came."""
    unseen_usd: Decimal = Decimal(0)
    """At most, for calls whose answers never came, or came without their tokens, and may be charged all the same."""
    faults: Counter[str] = field(default_factory=Counter)
    """Calls that failed, by what was wrong with their answers."""
    rejected: Counter[str] = field(default_factory=Counter)
    """Questions that were dropped, by reason."""

    @property
    def at_most_usd(self) -> Decimal:
        """What it may have cost at most."""
        return self.money_usd + self.unseen_usd

    def charge(self, tokens: Tokens, money_usd: Decimal) -> None:
        """Count the tokens of an answer, and what they cost."""
        self.prompt_tokens += tokens.prompt
        self.candidate_tokens += tokens.candidate
        self.thought_tokens += tokens.thought
        self.money_usd += money_usd

    def __add__(self, other: Usage) -> Usage:
        return Usage(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def __sub__(self, earlier: Usage) -> Usage:
        """What has come since."""
        return Usage(*(getattr(self, one.name) - getattr(earlier, one.name) for one in fields(self)))

    @classmethod
    def of_json(cls, told: Mapping[str, Any]) -> Usage:
        """The usage that `as_json` tells.

        Raises:
            ValueError, TypeError, ArithmeticError: it tells none.
        """
        known: dict[str, Any] = {name: int(told.get(name, 0)) for name in _COUNTS}
        known |= {name: Decimal(str(told.get(name, 0))) for name in ("money_usd", "unseen_usd")}
        known |= {name: Counter(told.get(name, {})) for name in ("faults", "rejected")}
        return cls(**known)

    def as_json(self) -> dict[str, Any]:
        """One object; money as a number of dollars, to a millionth."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "money_usd": float(round(self.money_usd, 6)),
            "unseen_usd": float(round(self.unseen_usd, 6)),
            "faults": dict(sorted(self.faults.items())),
            "rejected": dict(sorted(self.rejected.items())),
        }


class Budget:
    """A ceiling over all that a run spends; money is set aside before a call and settled after it."""

    def __init__(self, ceiling_usd: Decimal | None, spent_usd: Decimal = Decimal(0)) -> None:
        self.ceiling_usd = ceiling_usd
        """None for no ceiling."""
        self.spent_usd = spent_usd
        """Also by earlier processes of the same run, and what is unseen at its most."""
        self.held_until_usd = spent_usd
        """What may be spent by what the run's books say."""
        self._aside = Decimal(0)
        self._waiting: list[asyncio.Event] = []

    async def room(self, most_usd: Decimal) -> None:
        """Wait until a call fits under the ceiling, or never will: those under way seldom cost what is set aside."""
        while self._aside and self.ceiling_usd is not None:
            left = self.ceiling_usd - self.spent_usd - most_usd
            if left < 0 or left >= self._aside:
                return
            self._waiting.append(asyncio.Event())
            await self._waiting[-1].wait()

    @contextmanager
    def setting_aside(self, most_usd: Decimal) -> Iterator[None]:
        """Hold the most that a call can cost for as long as the block runs.

        Raises:
            SpendCeiling: with it, and with what other calls in flight hold, the ceiling could be crossed.
        """
        if self.ceiling_usd is not None and self.spent_usd + self._aside + most_usd > self.ceiling_usd:
            aside = f", {self._aside:.4f} set aside for calls under way" if self._aside else ""
            raise SpendCeiling(
                f"the spend ceiling of {self.ceiling_usd:f} USD is near ({self.spent_usd:.4f} spent{aside}, "
                f"a call could cost {most_usd:.4f}): nothing more is asked; "
                "raise --spend-ceiling and run it again to go on"
            )
        self._aside += most_usd
        try:
            yield
        finally:
            self._aside -= most_usd
            waiting, self._waiting = self._waiting, []
            for one in waiting:
                one.set()

    def to_hold(self) -> Decimal:
        """How much more the books have to hold before the calls under way are made; 0 if they hold it already.

        Twice what those may cost at most: they cost a fraction of it, so that it is entered once in many calls.
        """
        if self.spent_usd + self._aside <= self.held_until_usd:
            return Decimal(0)
        more = 2 * self._aside
        return more if self.ceiling_usd is None else min(more, self.ceiling_usd - self.spent_usd)

    def spend(self, money_usd: Decimal) -> None:
        """Count what a call has cost."""
        self.spent_usd += money_usd
