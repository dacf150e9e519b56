"""Mountains, rivers, lakes and volcanoes."""

from __future__ import annotations

from collections.abc import Iterator

from triviareel.questions.draw import shuffled
from triviareel.questions.facts import Fact, Facts
from triviareel.questions.model import Difficulty
from triviareel.questions.templates.making import (
    Item,
    cap,
    hints,
    item,
    level,
    none_of,
    one_of,
    remark,
    slug,
    three,
    wrong_countries,
)

PEAKS_SHARED = {"fr": "it", "cg": "ug", "mk": "al", "ch": "np", "np": "ch", "gy": "ve br"}
"""Countries of which the peak is the highest point too, or stands on the border."""


FAME = {
    Difficulty.EASY: "etna vesuvius eyjafjallajokull kilauea santorini lake-superior great-salt-lake lake-michigan"
    " lake-titicaca lake-baikal lake-geneva",
    Difficulty.MEDIUM: "krakatau popocatepetl stromboli mauna-loa mount-rainier pinatubo teide merapi hekla katla"
    " cotopaxi tambora lake-balaton lake-victoria lake-constance lake-winnipeg lake-nicaragua lake-maracaibo"
    " great-bear-lake great-slave-lake lake-toba tonle-sap lake-van lake-tanganyika lake-malawi lake-taupo"
    " lake-ladoga lake-onega lake-eyre lake-turkana lake-tana",
}
"""Volcanoes and lakes by the difficulty of telling where they are; all others are hard."""


def fame(name: str) -> Difficulty:
    """How hard it is to tell where a volcano or lake is."""
    return next((level for level, names in FAME.items() if slug(name) in names.split()), Difficulty.HARD)


def items(facts: Facts) -> Iterator[Item]:
    """All questions of this module."""
    yield from _peaks(facts)
    yield from _rivers(facts)
    yield from _lakes(facts)
    yield from _volcanoes(facts)


def _peaks(facts: Facts) -> Iterator[Item]:
    asks = ("What is the highest point of {name}?", "Which peak is the highest in {name}?")
    backs = ("{peak} is the highest point of which country?", "Which country has {peak} as its highest point?")
    for fact in facts.of("peak"):
        country, peak, tier = facts.countries[fact.subject], fact.value["name"], fact.value["tier"]
        height = f"{cap(peak)} stands {facts.value('height', country.code):,} metres high."
        if hints(peak, country.name):
            continue
        others = (facts.find("peak", other.code) for other in facts.near(country.code))
        unfair = PEAKS_SHARED.get(country.code, "").split()
        key = f"peak.{country.code}"
        wrong = three(peak, (f.value["name"] for f in others if f and f.subject not in unfair), key, pool=9)
        if wrong:
            ask = one_of(asks, key).format(name=country.name)
            yield item(key, "nature", level(tier), ask, [peak, *wrong], height, fact)
        key = f"peak-of.{country.code}"
        labels = wrong_countries(facts, country, none_of(unfair), key)
        if labels and country.code not in ("ch", "np"):
            told = f"{height} {remark(facts, country, key, but='peak')}"
            ask = one_of(backs, key).format(peak=peak)
            yield item(key, "nature", level(tier), ask, [country.label, *labels], told, fact)


def _rivers(facts: Facts) -> Iterator[Item]:
    for fact in facts.of("river"):
        river, unfair = fact.value["name"], {*fact.value["through"], *fact.value["basin"]}
        rights = [facts.countries[code] for code in fact.value["through"]]
        rights = [country for country in rights if not hints(river, country.name)]
        if not rights:
            continue
        right = shuffled(rights[:3], "river", river)[0]
        key = f"river.{slug(river)}"
        wrong = wrong_countries(facts, right, none_of(unfair), key)
        if wrong:
            ask = f"Through which of these countries does the {river} flow?"
            told = f"The {river} is about {round(fact.value['km'], -1):,} kilometres long."
            yield item(key, "nature", level(fact.value["tier"]), ask, [right.label, *wrong], told, fact)


def _lakes(facts: Facts) -> Iterator[Item]:
    for fact in facts.of("lake"):
        country, lake, key = facts.countries[fact.subject], fact.value, f"lake.{slug(fact.value)}"
        wrong = wrong_countries(facts, country, none_of(()), key)
        if wrong and not hints(lake, country.name):
            told = remark(facts, country, key)
            yield item(
                key,
                "nature",
                fame(lake),
                f"In which country is {lake}?",
                [country.label, *wrong],
                told,
                fact,
            )
    for fact in facts.of("shared lake"):
        yield from _shared_lake(facts, fact)


def _shared_lake(facts: Facts, fact: Fact) -> Iterator[Item]:
    lake, shores = fact.value["name"], [facts.countries[code] for code in fact.value["countries"]]
    fitting = [country for country in shores if not hints(lake, country.name)]
    right = shuffled(fitting, "lake", lake)[0]
    key = f"lake.{slug(lake)}"
    wrong = wrong_countries(facts, right, none_of([c.code for c in shores]), key)
    if wrong is None:
        return
    other = next((c for c in shores if c != right), right)
    ask = f"{cap(lake)} lies between {other.name} and which other country?"
    names = [country.name for country in shores]
    if len(shores) > 2:
        ask = f"Which of these countries has a shore on {lake}?"
    told = f"{cap(lake)} is shared by {', '.join(names[:-1])} and {names[-1]}."
    yield item(key, "nature", fame(lake), ask, [right.label, *wrong], told, fact)


def _volcanoes(facts: Facts) -> Iterator[Item]:
    asks = ("In which country is the volcano {name}?", "The volcano {name} rises in which country?")
    for fact in facts.of("volcano"):
        country, name, key = facts.countries[fact.subject], fact.value, f"volcano.{slug(fact.value)}"
        wrong = wrong_countries(facts, country, none_of(()), key)
        if wrong and not hints(name, country.name):
            told = remark(facts, country, key)
            ask = one_of(asks, key).format(name=name)
            yield item(
                key,
                "nature",
                fame(name),
                ask,
                [country.label, *wrong],
                told,
                fact,
            )
