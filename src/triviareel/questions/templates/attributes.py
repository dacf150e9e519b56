"""Country to attribute: "What is the capital of Peru?", with what other countries have as the wrong options."""

from __future__ import annotations

from collections.abc import Iterator

from triviareel.questions.draw import shuffled
from triviareel.questions.facts import Country, Facts
from triviareel.questions.templates.making import Item, cap, hints, item, level, normal, one_of, remark, three

ALIKE = ("real rial riyal", "krone krona króna", "som sum somoni", "dinar denar", "leu lek lari", "loti lilangeni")
"""Currencies whose names are too much alike to be asked against each other."""
ALSO_USED = {"bt": "rupee", "lt": "rand", "wz": "rand", "wa": "rand", "pm": "dollar", "cb": "dollar", "ha": "dollar",
             "li": "dollar", "nu": "dollar", "uy": "dollar", "pe": "dollar"}  # fmt: skip
"""A currency that is taken besides the official one, and so is no fair wrong option."""


def items(facts: Facts) -> Iterator[Item]:
    """Questions for a capital, a currency, a language, and for the origin of a capital's name."""
    yield from _capitals(facts)
    yield from _capital_meanings(facts)
    yield from _currencies(facts)
    yield from _languages(facts)


def _capitals(facts: Facts) -> Iterator[Item]:
    asks = ("What is the capital of {name}?", "Which city is the capital of {name}?")
    for fact in facts.of("capital"):
        country = facts.countries[fact.subject]
        if hints(fact.value, country.name):
            continue
        key = f"capital.{country.code}"
        wrong = three(fact.value, _capitals_near(facts, country), key)
        if wrong:
            meaning = facts.find("capital meaning", country.code)
            told = f"The name {fact.value} is said to mean “{meaning.value}”." if meaning else ""
            explanation = told or remark(facts, country, key, but="capital")
            ask = one_of(asks, key).format(name=country.name)
            yield item(key, "capitals", level(country.tier), ask, [fact.value, *wrong], explanation, fact)


def _capitals_near(facts: Facts, country: Country) -> Iterator[str]:
    """Other cities of the country first, then capitals of others nearby."""
    if city := facts.find("city", country.code):
        yield city.value["name"]
    for other in facts.near(country.code):
        if other.tier <= max(country.tier, 2) and (capital := facts.find("capital", other.code)):
            yield capital.value


def _capital_meanings(facts: Facts) -> Iterator[Item]:
    for fact in facts.of("capital meaning"):
        country, capital = facts.countries[fact.subject], facts.value("capital", fact.subject)
        key = f"capital-means.{country.code}"
        nearby = (facts.find("capital", other.code) for other in facts.near(country.code) if other.tier <= 2)
        wrong = three(capital, (f.value for f in nearby if f), key)
        if wrong and not hints(fact.value, capital):
            ask = f"Which capital's name is said to mean “{fact.value}”?"
            explanation = f"{capital} is the capital of {country.name}. {remark(facts, country, key, but='capital')}"
            yield item(key, "languages", level(country.tier, 1), ask, [capital, *wrong], explanation, fact)


def _currencies(facts: Facts) -> Iterator[Item]:
    asks = ("What is the currency of {name}?", "Which currency is used in {name}?")
    for fact in facts.of("currency"):
        country, unit = facts.countries[fact.subject], fact.value
        unfair = {
            ALSO_USED.get(country.code, ""),
            *(w for group in ALIKE if unit in group.split() for w in group.split()),
        }
        key = f"currency.{country.code}"
        wrong = three(unit, (u for u in _units_near(facts, country) if u not in unfair and not _overlap(u, unit)), key)
        if wrong and not hints(unit, country.name):
            ask = one_of(asks, key).format(name=country.name)
            explanation = _shared(facts, unit, country) + remark(facts, country, key, but="currency")
            yield item(key, "money", level(country.tier), ask, [unit, *wrong], explanation, fact)


def _units_near(facts: Facts, country: Country) -> Iterator[str]:
    for other in facts.near(country.code):
        if other.tier <= max(country.tier, 2) and (unit := facts.find("currency", other.code)):
            yield unit.value


def _overlap(one: str, other: str) -> bool:
    """Whether one name contains the other: the franc and the CFA franc."""
    a, b = normal(one).split(), normal(other).split()
    return bool(set(a) & set(b))


def _shared(facts: Facts, unit: str, country: Country) -> str:
    users = [fact.subject for fact in facts.of("currency") if fact.value == unit and fact.subject != country.code]
    if not users:
        return f"No other country has a currency called the {unit}. "
    near = next(c for c in facts.near(country.code) if c.code in users)
    if unit in ("euro", "CFA franc", "Swiss franc"):
        return f"{cap(near.name)} uses the {unit} too. "
    return f"{cap(near.name)} calls its currency the {unit} too. "


def _languages(facts: Facts) -> Iterator[Item]:
    everywhere = ("English", "French", "Spanish", "Portuguese", "Arabic", "German", "Italian", "Dutch")
    for fact in facts.of("language"):
        country, right = facts.countries[fact.subject], fact.value["language"]
        nearby = (facts.find("language", other.code) for other in facts.near(country.code)[:25])
        pool = [f.value["language"] for f in nearby if f] + shuffled(everywhere, "language", country.code)
        key = f"language.{country.code}"
        wrong = three(right, (language for language in pool if language not in fact.value["told"]), key, pool=6)
        if wrong and not hints(right, country.name):
            ask = f"Which of these is an official language of {country.name}?"
            explanation = remark(facts, country, key)
            yield item(key, "languages", level(country.tier), ask, [right, *wrong], explanation, fact)
