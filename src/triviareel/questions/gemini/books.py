"""What a run has taken, over all its processes, in one object of its store; those that are killed included."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

from triviareel.errors import Conflict, InputError
from triviareel.questions.gemini.cost import Budget, Usage
from triviareel.questions.gemini.model import Ask, GivenUp, Model, Reply
from triviareel.storage import Store

EVERY_S = 1.0
"""Seconds between two entries of what has come: an object takes one write a second (Cloud Storage, "Quotas")."""
_TRIES = 20
"""Entries that others may make while one is made."""


class Books:
    """The books of one run, or of one shard of it; threads may share them.

    Beside what was taken stands what each process holds: the most that its calls may cost before it enters anything
    again. What a killed one held stays there, and counts as spent.

    Args:
        store: of the run.
        name: the object's.
        told: what stands there beside the figures.
    """

    def __init__(self, store: Store, name: str, told: Mapping[str, Any]) -> None:
        self._store = store
        self._name = name
        self._told = dict(told)
        self._mark = secrets.token_hex(4)
        self._entered = Usage()
        self._held = Decimal(0)
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def total(self) -> Usage:
        """What all processes have entered until now, what they hold being unseen.

        Raises:
            InputError: the books are damaged.
        """
        entered, held, _ = self._read()
        return entered + Usage(unseen_usd=sum(held.values(), Decimal(0)))

    def enter(self, usage: Usage, held_usd: Decimal | None = None) -> None:
        """Add what this process has taken since its last entry.

        Args:
            usage: all that it has taken.
            held_usd: the most that it may spend before its next entry; None for what is left of what it held.

        Raises:
            StorageError, InputError: it cannot be written.
        """
        with self._lock:
            new = usage - self._entered
            mine = max(Decimal(0), self._held - new.at_most_usd) if held_usd is None else held_usd
            for _ in range(_TRIES):
                earlier, held, generation = self._read()
                held = {mark: usd for mark, usd in {**held, self._mark: mine}.items() if usd}
                told = {**self._told, **(earlier + new).as_json()}
                told["held_usd"] = {mark: float(round(usd, 6)) for mark, usd in held.items()}
                try:
                    self._store.write(self._name, f"{json.dumps(told, indent=2)}\n".encode(), expect=generation)
                except Conflict:
                    continue
                self._entered, self._held, self._at = usage, mine, time.monotonic()
                return
        raise Conflict(f"{self._store.uri(self._name)} is written by too many at once: run the same command again")

    def enter_at_times(self, usage: Usage) -> None:
        """As `enter`, if the last entry is a while ago."""
        if time.monotonic() - self._at >= EVERY_S:
            self.enter(usage)

    def _read(self) -> tuple[Usage, dict[str, Decimal], int]:
        """What was entered, what is held, and the generation that says so."""
        found = self._store.stat(self._name)
        if found is None:
            return Usage(), {}, 0
        try:
            told = json.loads(self._store.read(self._name))
            held = {str(mark): Decimal(str(usd)) for mark, usd in told.get("held_usd", {}).items()}
            return Usage.of_json(told), held, found.generation
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise InputError(f"{found.uri} tells no usage ({error!r}): restore it from a copy, or remove it") from None


class Booked:
    """A model that is asked only once the books hold what its answers may cost: a killed process tells nothing.

    Args:
        model: is asked.
        budget: of the run; what calls may cost is set aside there before they come here.
        hold: enters how much more may be spent, in US dollars.
    """

    def __init__(self, model: Model, budget: Budget, hold: Callable[[Decimal], Awaitable[None]]) -> None:
        self._model = model
        self._budget = budget
        self._hold = hold
        self._turn = asyncio.Lock()

    async def ask(self, ask: Ask) -> Reply:
        """See Model.

        Raises:
            StorageError, InputError: it cannot be entered, so nothing is asked.
        """
        try:
            if self._budget.to_hold():
                async with self._turn:
                    await self._held()
        except asyncio.CancelledError:
            raise GivenUp("none") from None
        return await self._model.ask(ask)

    async def close(self) -> None:
        """See Model."""
        await self._model.close()

    async def _held(self) -> None:
        if more := self._budget.to_hold():  # unless it was entered for another call meanwhile
            until = self._budget.spent_usd + more
            await self._hold(more)
            self._budget.held_until_usd = until
