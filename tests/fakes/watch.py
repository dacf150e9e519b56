"""Whoever counts the calls of a Gemini caller."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from triviareel.errors import SpendCeiling
from triviareel.questions.gemini.caller import Attempt
from triviareel.questions.gemini.model import Ask


class Counting:
    """See `caller.Watch`: remembers, and forbids calls from a number on; None forbids none."""

    def __init__(self, most: int | None = None) -> None:
        self.most = most
        self.open = 0
        self.attempts: list[Attempt] = []

    async def room(self, _: Ask) -> None: ...

    @contextmanager
    def calling(self, _: Ask, __: int) -> Iterator[None]:
        if self.most is not None and len(self.attempts) >= self.most:
            raise SpendCeiling("enough")
        self.open += 1
        try:
            yield
        finally:
            self.open -= 1

    def after(self, attempt: Attempt) -> None:
        self.attempts.append(attempt)

    def mended(self, _: Iterable[str]) -> None: ...
