"""Stand-ins for the service behind the interfaces of Model and Batches, with a clock whose sleeps are over at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tests.fakes.clock import FakeClock
from triviareel.errors import TriviaError
from triviareel.questions.gemini.batches import Row
from triviareel.questions.gemini.model import Ask, Reply, Tokens


class Online:
    """Answers each request at once with its own prompt."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask.prompt)
        return Reply(ask.prompt, "STOP", Tokens(1, 1), ask.model)

    async def close(self) -> None: ...


class Service:
    """Batch verbs that go as they are told to, turn by turn, and then well.

    Args:
        submits: errors of hand-ins; one called "lost" is handed in all the same.
        looks: errors, or whether the batch is done.
        collects: errors of fetching.
        cancels: errors of cancelling.
        lost: prompts whose rows do not come back.
    """

    def __init__(
        self,
        submits: Sequence[TriviaError] = (),
        looks: Sequence[TriviaError | bool] = (False, False),
        collects: Sequence[TriviaError] = (),
        cancels: Sequence[TriviaError] = (),
        lost: Sequence[str] = (),
    ) -> None:
        self.submits, self.looks, self.collects = list(submits), list(looks), list(collects)
        self.cancels, self.lost = list(cancels), lost
        self.handed: dict[str, list[Row]] = {}
        """Rows by the batches' own names."""
        self.titles: dict[str, str] = {}
        """Own names by those given to them."""
        self.looked = 0
        """How often it was asked whether the batch is done."""
        self.collected: list[str] = []
        self.cancelled: list[str] = []
        self.clock = FakeClock()

    async def submit(self, name: str, rows: Sequence[Row]) -> str:
        error = self.submits.pop(0) if self.submits else None
        if error is None or str(error) == "lost":
            self.titles[name] = f"batches/{len(self.handed) + 1}"
            self.handed[self.titles[name]] = list(rows)
        if error:
            raise error
        return self.titles[name]

    async def find(self, name: str) -> str | None:
        return self.titles.get(name)

    async def is_done(self, batch: str) -> bool:  # noqa: ARG002 - there is one at a time
        await asyncio.sleep(0)
        self.looked += 1
        look = self.looks.pop(0) if self.looks else True
        if isinstance(look, TriviaError):
            raise look
        return look

    async def collect(self, batch: str, model: str) -> dict[str, Reply | TriviaError]:
        if self.collects:
            raise self.collects.pop(0)
        self.collected.append(batch)
        return {
            row.key: Reply(row.ask.prompt, "STOP", Tokens(1, 1), model, batch=True)
            for row in self.handed[batch]
            if row.ask.prompt not in self.lost
        }

    async def cancel(self, batch: str) -> None:
        if self.cancels:
            raise self.cancels.pop(0)
        self.cancelled.append(batch)

    async def close(self) -> None: ...
