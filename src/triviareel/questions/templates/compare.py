"""Borders, sizes and seas: which of four countries touches, tops or lacks something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from triviareel.questions.draw import shuffled
from triviareel.questions.facts import Country, Facts
from triviareel.questions.templates.making import (
    Item,
    cap,
    hints,
    item,
    level,
    neighbours,
    one_of,
    people,
    remark,
    three,
    wrong_countries,
)

PAIRS = """
fr-br fr-ns fr-nl fr-gy sp-mo sp-uk da-ca us-cu us-rs uk-cy eg-is np-bg iz-is sy-is le-is jo-is ag-mo za-bc
bc-za ri-al ri-mk mj-ri tu-cy gr-cy pk-ch in-af sa-is bt-bg
"""
UNFAIR = frozenset(frozenset(pair.split("-")) for pair in PAIRS.split())
"""Pairs that meet overseas, at a point, at a bridge, or where the border is disputed: asked neither way."""


def items(facts: Facts) -> Iterator[Item]:
    """Neighbours, sizes and landlocked countries."""
    for country in facts.countries.values():
        yield from _neighbours(facts, country)
    for measure in MEASURES:
        yield from _largest(facts, measure)
    yield from _landlocked(facts)
    yield from _territories(facts)


def _neighbours(facts: Facts, country: Country) -> Iterator[Item]:
    fact = facts.find("borders", country.code)
    if fact is None or not fact.value["codes"]:
        return
    plain = [facts.countries[c] for c in fact.value["codes"] if frozenset((c, country.code)) not in UNFAIR]
    plain = sorted((c for c in plain if not hints(c.name, country.name)), key=lambda c: c.tier)
    touching = {*fact.value["codes"], *(c for c in facts.countries if frozenset((c, country.code)) in UNFAIR)}
    known = max(country.tier, 2)
    fair = (c for c in facts.near(country.code) if c.code not in touching and c.tier <= known)
    apart = list(islice(fair, 8))
    if len(fact.value["codes"]) == 1 and fact.value["whole"]:
        key = f"only-neighbour.{country.code}"
        wrong = three(plain[0].label, (c.label for c in apart), key) if plain else None
        if wrong:
            ask = f"Which is the only country that shares a land border with {country.name}?"
            told = remark(facts, country, key, but="borders")
            yield item(key, "geography", level(country.tier), ask, [plain[0].label, *wrong], told, fact)
        return
    if plain:
        right = shuffled(plain[:3], "neighbour", country.code)[0]
        key = f"neighbour.{country.code}"
        wrong = three(right.label, (c.label for c in apart), key)
        asks = (
            "Which of these countries borders {name}?",
            "Which of these countries shares a land border with {name}?",
        )
        if wrong:
            ask = one_of(asks, key).format(name=country.name)
            yield item(
                key, "geography", level(country.tier), ask, [right.label, *wrong], _count(facts, country, key), fact
            )
    if len(plain) >= 3:
        right = shuffled(apart[:4], "stranger", country.code)[0]
        key = f"stranger.{country.code}"
        three_of = [c.label for c in shuffled(plain[:6], key)[:3]]
        ask = f"Which of these countries does not border {country.name}?"
        yield item(
            key, "geography", level(country.tier, 1), ask, [right.label, *three_of], _count(facts, country, key), fact
        )


def _count(facts: Facts, country: Country, key: str) -> str:
    return neighbours(facts, country) or remark(facts, country, key, but="borders")


@dataclass(frozen=True, slots=True)
class Measure:
    """A size by which countries are compared."""

    name: str
    kind: str
    topic: str
    ask: str
    gap: float
    """How many times as much the right country must have as each wrong one: figures are estimates, and change."""
    tiers: int
    """Countries up to this fame are right options."""
    least: int
    """The smallest value that is asked for."""


MEASURES = (
    Measure("largest", "area", "geography", "Which of these countries is the largest by area?", 1.3, 1, 30_000),
    Measure("populous", "population", "geography", "Which of these countries has the most people?", 1.35, 1, 4_000_000),
    Measure("coast", "coast", "geography", "Which of these countries has the longest coastline?", 2.0, 1, 1_000),
    Measure("highest", "height", "nature", "Which of these countries has the highest mountain?", 1.25, 2, 2_000),
)


def _largest(facts: Facts, measure: Measure) -> Iterator[Item]:
    for fact in facts.of(measure.kind):
        country, value = facts.countries[fact.subject], fact.value
        if country.tier > measure.tiers or value < measure.least:
            continue
        key = f"{measure.name}.{country.code}"
        below = (c for c in facts.near(country.code)[:50] if _fits(facts, measure, c, value))
        wrong = three(country.label, (c.label for c in below), key, pool=8)
        if wrong:
            told = _told(facts, measure, country, value)
            shift = 1 if measure.kind == "height" and country.tier == 1 else 0
            yield item(
                key, measure.topic, level(2 if measure.kind == "coast" else country.tier, shift), measure.ask,
                [country.label, *wrong], told, fact,
            )  # fmt: skip


def _fits(facts: Facts, measure: Measure, other: Country, value: int) -> bool:
    """Clearly smaller, but not absurdly so."""
    return other.tier <= 2 and value / 12 < facts.value(measure.kind, other.code) < value / measure.gap


def _told(facts: Facts, measure: Measure, country: Country, value: int) -> str:
    name = cap(country.name)
    if measure.kind == "area":
        return f"{name} covers about {_round(value)} square kilometres."
    if measure.kind == "population":
        return f"{name} has about {people(value)}."
    if measure.kind == "coast":
        return f"The coast of {country.name} is about {_round(value)} kilometres long."
    peak = facts.find("peak", country.code)
    at = f" on {peak.value['name']}" if peak else ""
    return f"{name} rises to {value:,} metres{at}."


def _round(value: int) -> str:
    """Two or three leading digits: more would be forgotten at once."""
    if value >= 1_000_000:
        return f"{value / 1e6:.1f} million".replace(".0 ", " ")
    return f"{round(value, 2 - len(str(value))):,}"


def _landlocked(facts: Facts) -> Iterator[Item]:
    asks = ("Which of these countries has no coast?", "Which of these countries is landlocked?")
    for fact in facts.of("coast"):
        country = facts.countries[fact.subject]
        if fact.value == 0:
            key = f"landlocked.{country.code}"
            wrong = wrong_countries(facts, country, lambda c: facts.value("coast", c.code) > 0, key)
            if wrong:
                told = remark(facts, country, key)
                yield item(
                    key, "geography", level(country.tier), one_of(asks, key), [country.label, *wrong], told, fact
                )


def _territories(facts: Facts) -> Iterator[Item]:
    powers = ("us", "uk", "fr", "nl", "da", "no", "as", "nz")
    asks = ("{Name} {is_} under the sovereignty of which country?", "Which country has sovereignty over {name}?")
    for fact in facts.of("territory"):
        owner, name, key = facts.countries[fact.value["of"]], fact.value["name"], f"territory.{fact.subject}"
        wrong = three(owner.label, (facts.countries[c].label for c in shuffled(powers, key)), key)
        if wrong:
            many = name.endswith("Islands")
            ask = one_of(asks, key).format(name=name, Name=cap(name), is_="are" if many else "is")
            told = remark(facts, owner, key)
            yield item(key, "geography", level(fact.value["tier"]), ask, [owner.label, *wrong], told, fact)
