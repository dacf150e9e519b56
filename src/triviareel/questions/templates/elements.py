"""The chemical elements."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from triviareel.questions.draw import shuffled
from triviareel.questions.facts import Fact, Facts
from triviareel.questions.templates.making import Item, cap, hints, item, level, one_of, three

TOPIC = "elements"
ROOM_TEMPERATURE = 298.15
"""Kelvin: 25 °C."""
FAMILIES = {"noble gas": 2, "halogen": 6, "alkali metal": 3, "alkaline earth metal": 4}
"""Families that every table agrees on, with their series in the data."""
UNMEASURED = ("Fr", "Ra", "Sn")
"""Metals whose figures are estimates, or, for tin, those of another form."""
SAME_ORIGIN = (
    "Kr La",
    "Ra Ac",
    "Ge Fr Ga Po Eu",
    "Ce Pu U Np",
    "Sc Tm",
    "Te Se He",
    "V Th",
    "Mo W",
    "F O",
    "Cf Bk Lv",
    "Ts Cf",
    "Md Sg",
)
"""Elements whose names have origins too much alike to be asked against each other."""


@dataclass(frozen=True, slots=True)
class Element:
    """An element with what is told of it."""

    symbol: str
    fact: Fact
    value: dict[str, Any]

    @property
    def name(self) -> str:
        """English name in lower case."""
        return str(self.value["name"])


def items(facts: Facts) -> Iterator[Item]:
    """All questions about elements."""
    elements = [Element(fact.subject, fact, fact.value) for fact in facts.of("element")]
    elements.sort(key=lambda e: e.value["number"])
    for element in elements:
        yield from _symbols(facts, element, elements)
        yield from _numbers(facts, element, elements)
        yield from _origin(facts, element, elements)
    yield from _families(facts, elements)
    yield from _states(facts, elements)
    yield from _extremes(facts, elements)


def told(facts: Facts, element: Element, but: str = "") -> str:
    """A sentence that adds something about an element."""
    origin, symbol = facts.find("origin", element.symbol), facts.find("symbol origin", element.symbol)
    name, number = cap(element.name), element.value["number"]
    if symbol and but != "symbol origin":
        return f"The symbol {element.symbol} stands for {symbol.value}."
    if origin and but != "origin":
        return f"{name} is {_named(origin.value)}."
    if but != "number":
        return f"{name} is element number {number} of the periodic table."
    return f"The symbol of {element.name} is {element.symbol}."


def _named(origin: str) -> str:
    """An origin such as "after Japan" or "Greek new" in words."""
    first, rest = origin.split(" ", 1)
    return f"named after {rest}" if first == "after" else f"named from the {first} for “{rest}”"


def _symbols(facts: Facts, element: Element, elements: list[Element]) -> Iterator[Item]:
    name, symbol, tier = element.name, element.symbol, element.value["tier"]
    asks = ("What is the chemical symbol of {name}?", "Which chemical symbol stands for {name}?")
    key = f"element-symbol.{symbol}"
    alike = [e.symbol for e in elements if e.symbol[0] == symbol[0] or e.symbol[0] == name[0].upper()]
    others = shuffled(alike, key)
    if len(others) < 5:
        others += [e.symbol for e in shuffled(elements, key, 2)]
    wrong = three(symbol, others, key, pool=4)
    if wrong:
        yield item(
            key,
            TOPIC,
            level(tier),
            one_of(asks, key).format(name=name),
            [symbol, *wrong],
            told(facts, element),
            element.fact,
        )
    if name.startswith(symbol.lower()):
        return  # the symbol would give the name away
    key = f"element-named.{symbol}"
    known = [e.name for e in shuffled(elements, key) if e.value["tier"] <= max(tier, 2)]
    known.sort(key=lambda other: other[0] != symbol[0].lower())  # nitrogen and neon are taken for Na, iron is not
    wrong = three(name, known, key, pool=4)
    if wrong:
        ask = one_of(("Which element has the symbol {s}?", "The symbol {s} stands for which element?"), key).format(
            s=symbol
        )
        yield item(key, TOPIC, level(tier), ask, [name, *wrong], told(facts, element), element.fact)


def _numbers(facts: Facts, element: Element, elements: list[Element]) -> Iterator[Item]:
    if element.value["tier"] > 2:
        return
    number, key = element.value["number"], f"element-number.{element.symbol}"
    near = sorted(elements, key=lambda e: abs(e.value["number"] - number))
    wrong = three(element.name, (e.name for e in near if e.value["tier"] <= 2), key, pool=8)
    if wrong:
        asks = ("Which element has atomic number {n}?", "The atom of which element has exactly {n} protons?")
        ask = one_of(asks if number > 1 else asks[:1], key).format(n=number)
        shift = 0 if number in (1, 2, 6, 8) else 1 if number <= 20 else 2
        yield item(
            key,
            TOPIC,
            level(element.value["tier"], shift),
            ask,
            [element.name, *wrong],
            told(facts, element, "number"),
            element.fact,
        )


def _origin(facts: Facts, element: Element, elements: list[Element]) -> Iterator[Item]:
    fact = facts.find("origin", element.symbol)
    if fact is None or hints(fact.value, element.name):
        return
    key = f"element-origin.{element.symbol}"
    first, rest = fact.value.split(" ", 1)
    if first == "after":
        ask = f"Which element is named after {rest}?"
    else:
        ask = f"Which element's name comes from the {first} for “{rest}”?"
    unfair = {s for group in SAME_ORIGIN if element.symbol in group.split() for s in group.split()}
    unfair |= {f.subject for f in facts.of("origin") if f.value.split(" ", 1)[1] == rest}
    fair = (e for e in shuffled(elements, key) if e.symbol not in unfair and not hints(rest, e.name))
    wrong = three(element.name, (e.name for e in fair if e.value["tier"] <= max(2, element.value["tier"])), key)
    if wrong:
        yield item(
            key,
            TOPIC,
            level(element.value["tier"], 1),
            ask,
            [element.name, *wrong],
            told(facts, element, "origin"),
            fact,
        )


def _families(facts: Facts, elements: list[Element]) -> Iterator[Item]:
    for family, series in FAMILIES.items():
        article = "an" if family[0] == "a" else "a"
        ask = f"Which of these elements is {article} {family}?"
        strangers = [
            e for e in elements if e.value["series"] != series and e.value["tier"] <= 2 and e.symbol not in ("H",)
        ]
        for element in elements:
            if element.value["series"] != series or element.value["number"] > 100:
                continue
            key = f"element-family.{element.symbol}"
            wrong = three(element.name, (e.name for e in shuffled(strangers, key)), key)
            if wrong:
                tier = min(element.value["tier"] + (series in (3, 4)), 3)
                yield item(key, TOPIC, level(tier), ask, [element.name, *wrong], told(facts, element), element.fact)


def _states(facts: Facts, elements: list[Element]) -> Iterator[Item]:
    """Gases and liquids at room temperature, against solids that everybody knows to be solid."""
    solids = [e for e in elements if e.value["tier"] <= 2 and _solid(e)]
    for element in elements:
        state = _state(element)
        if state is None or element.value["number"] > 90:
            continue
        key = f"element-state.{element.symbol}"
        wrong = three(element.name, (e.name for e in shuffled(solids, key)), key)
        if wrong:
            ask = f"Which of these elements is a {state} at room temperature?"
            tier = 1 if element.value["tier"] == 1 else 2
            yield item(key, TOPIC, level(tier), ask, [element.name, *wrong], told(facts, element), element.fact)


def _state(element: Element) -> str | None:
    melts, boils = element.value.get("melts"), element.value.get("boils")
    if boils is not None and boils < ROOM_TEMPERATURE - 20:
        return "gas"
    if melts is not None and boils is not None and melts < ROOM_TEMPERATURE - 20 and boils > ROOM_TEMPERATURE + 20:
        return "liquid" if element.symbol != "Sn" else None
    return None


def _solid(element: Element) -> bool:
    """Solid on a hot day too: caesium and gallium melt at about 30 °C."""
    return bool((element.value.get("melts") or 0) > ROOM_TEMPERATURE + 60) and element.symbol not in ("C", "As")


def _extremes(facts: Facts, elements: list[Element]) -> Iterator[Item]:
    metals = [
        e for e in elements if e.value["series"] in (3, 4, 7, 8) and e.value["tier"] <= 2 and e.symbol not in UNMEASURED
    ]
    yield from _extreme(facts, metals, "melts", "Which of these metals has the highest melting point?", _celsius)
    yield from _extreme(facts, metals, "density", "Which of these metals is the densest?", _density)


def _extreme(facts: Facts, metals: list[Element], kind: str, ask: str, tell: Callable[[float], str]) -> Iterator[Item]:
    for element in metals:
        value = element.value.get(kind)
        below = [e for e in metals if value and e.value.get(kind) and e.value[kind] < value / 1.25]
        below.sort(key=lambda e: -e.value[kind])
        key = f"element-{kind}.{element.symbol}"
        wrong = three(element.name, (e.name for e in below), key, pool=10)
        if wrong and value:
            yield item(key, TOPIC, level(2, element.value["tier"] - 1), ask, [element.name, *wrong],
                       f"{cap(element.name)} {tell(value)}. {told(facts, element)}", element.fact)  # fmt: skip


def _celsius(kelvin: float) -> str:
    return f"melts at about {round(kelvin - 273.15, -1):,.0f} degrees Celsius"


def _density(value: float) -> str:
    return f"weighs about {value:.1f} grams per cubic centimetre"
