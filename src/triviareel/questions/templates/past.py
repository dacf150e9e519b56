"""How countries became independent."""

from __future__ import annotations

from collections.abc import Iterator

from triviareel.questions.facts import Facts
from triviareel.questions.templates.making import Item, hints, item, level, remark, three

POWERS = ("the United Kingdom", "France", "Spain", "Portugal", "the Netherlands", "Belgium", "Italy", "Germany")


def items(facts: Facts) -> Iterator[Item]:
    """From whom, and when."""
    yield from _from(facts)
    yield from _when(facts)


def _from(facts: Facts) -> Iterator[Item]:
    for fact in facts.of("independence"):
        country, ruler, year = facts.countries[fact.subject], fact.value["from"], fact.value["year"]
        key = f"independence.{country.code}"
        others = [power for power in POWERS if power != ruler]
        wrong = three(ruler.removeprefix("the "), (power.removeprefix("the ") for power in others), key)
        if wrong and not hints(ruler, country.name):
            when = f" in {year}" if year else ""
            ask = f"From which country did {country.name} gain independence{when}?"
            told = remark(facts, country, key, but="independence")
            right = ruler.removeprefix("the ")
            yield item(key, "history", level(country.tier), ask, [right, *wrong], told, fact)


def _when(facts: Facts) -> Iterator[Item]:
    """Years that stand apart by some years at least, on both sides of the right one."""
    for fact in facts.of("independence"):
        country, year = facts.countries[fact.subject], fact.value["year"]
        if year is None or country.tier == 3:
            continue
        key = f"independence-year.{country.code}"
        others = [year + step for step in (-39, -23, -13, -8, 9, 14, 22) if year + step <= 2015]
        wrong = three(str(year), map(str, others), key)
        if wrong:
            ask = f"In which year did {country.name} become independent from {fact.value['from']}?"
            told = remark(facts, country, key, but="independence")
            yield item(key, "history", level(country.tier, 1), ask, [str(year), *wrong], told, fact)
