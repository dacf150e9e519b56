"""A model that reads ballots and answers them truthfully, knowing the corpus; what it is not told it does not use."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from tests.corpus.plants import Plant
from tests.fakes.watch import Counting
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.limiter import Limiter
from triviareel.questions.gemini.model import Ask, Reply, Tokens


class TruthfulReader:
    """Answers each ballot by what is true of the question, whatever its key."""

    def __init__(self, plants: Iterable[Plant]) -> None:
        self.known = {plant.question.question: plant for plant in plants}
        self.asks: list[Ask] = []

    async def ask(self, ask: Ask) -> Reply:
        """Every question's row."""
        self.asks.append(ask)
        papers = [json.loads(line) for line in ask.prompt.splitlines() if line.startswith('{"n": ')]
        text = json.dumps([self.row(paper) for paper in papers])
        return Reply(text, "STOP", Tokens(len(ask.prompt) // 4, len(text) // 4, 0), ask.model)

    async def close(self) -> None:
        """Nothing is open."""

    def row(self, paper: dict[str, Any]) -> dict[str, Any]:
        """What is true of one paper."""
        plant = self.known[paper["question"]]
        letters = [letter for letter, option in paper["options"].items() if option in plant.right]
        told = letters[0] if len(letters) == 1 else "several" if letters else "none"
        repeats = [int(at) for at, text in paper.get("earlier", {}).items() if self._same(plant, text)]
        row = {"n": paper["n"], "because": "It is so.", "answer": told, "fault": plant.fault}
        return {**row, "repeats": repeats[0] if repeats else 0}

    def _same(self, plant: Plant, text: str) -> bool:
        other = self.known[text]
        return (plant.earlier or plant.question.question) == (other.earlier or text)


def caller(model: TruthfulReader) -> Caller:
    """Asks the reader without limits."""
    return Caller(model, Limiter(), Counting())
