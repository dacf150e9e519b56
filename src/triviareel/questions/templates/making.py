"""What all templates share: choosing fair wrong options, levels, wording, and putting a question together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from triviareel.questions import checks
from triviareel.questions.draw import number, shuffled
from triviareel.questions.facts import Country, Fact, Facts
from triviareel.questions.model import Difficulty, Question

LEVELS = (Difficulty.EASY, Difficulty.MEDIUM, Difficulty.HARD)
MICRO = frozenset(("vt", "mn", "sm", "ls", "an"))
"""States so small that they are no serious wrong option for a larger one."""
NEAR = 12
"""Wrong options are drawn from this many of the nearest candidates: near enough to be plausible, and not always the
same three."""
PLAIN = re.compile(r"[^\W\d_]{4,}")


@dataclass(frozen=True, slots=True)
class Item:
    """A question of the bank, with what keeps its like out of the same video."""

    question: Question
    """Its right option is A; places are drawn when it is picked."""
    template: str
    subject: str


normal = cache(checks.normal)
"""Names are compared some thousand times while the bank is built."""


@cache
def _long_words(text: str) -> tuple[str, ...]:
    return tuple(PLAIN.findall(normal(text)))


def hints(clue: str, right: str) -> bool:
    """Whether a clue gives its answer away: a word of one begins like, or contains, a word of the other."""
    return any(a[:4] == b[:4] or a in b or b in a for a in _long_words(clue) for b in _long_words(right))


def level(tier: int, shift: int = 0) -> Difficulty:
    """Difficulty of a question about a subject of this fame, asked by a template that is easier or harder by shift."""
    return LEVELS[min(max(tier - 1 + shift, 0), 2)]


def cap(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def one_of(wordings: Sequence[str], *key: object) -> str:
    """One of several ways to say the same, drawn by the key."""
    return wordings[number(*key) % len(wordings)]


def three(right: str, candidates: Iterable[str], *key: object, pool: int = NEAR) -> list[str] | None:
    """Three wrong options drawn from the first `pool` candidates that differ from each other and from the right one."""
    seen, found = {normal(right)}, []
    for text in candidates:
        if (plain := normal(text)) not in seen:
            seen.add(plain)
            found.append(text)
            if len(found) == pool:
                break
    return shuffled(found, *key)[:3] if len(found) >= 3 else None


def item(
    key: str, topic: str, difficulty: Difficulty, ask: str, options: Sequence[str], explanation: str, fact: Fact
) -> Item:
    """An item whose id is "template.subject…"; the right option comes first."""
    a, b, c, d = (cap(option) for option in options)
    template, subject = key.split(".")[:2]
    question = Question(
        id=key, topic=topic, difficulty=difficulty, question=ask, options=(a, b, c, d), answer="A",
        explanation=explanation, source=fact.source,
    )  # fmt: skip
    return Item(question, template, subject)


def slug(text: str) -> str:
    """The text as a part of an id."""
    return re.sub(r"[^a-z0-9]+", "-", normal(text)).strip("-")


def wrong_countries(facts: Facts, right: Country, fair: Callable[[Country], bool], *key: object) -> list[str] | None:
    """Labels of three countries near the right one, as well known as it where possible."""
    known = max(right.tier, 2)
    candidates = (
        c.label
        for c in facts.near(right.code)
        if c.tier <= known and fair(c) and (c.code not in MICRO or right.code in MICRO)
    )
    return three(right.label, candidates, *key)


def none_of(codes: Collection[str]) -> Callable[[Country], bool]:
    """A test of fairness: every country but these."""
    return lambda country: country.code not in codes


def people(count: int) -> str:
    """A number of people, as one says it."""
    if count >= 10_000_000:
        return f"{count / 1e6:.0f} million people" if count < 995_000_000 else f"{count / 1e9:.1f} billion people"
    if count >= 1_000_000:
        return f"{count / 1e6:.1f} million people".replace(".0", "")
    return f"{round(count, 1 - len(str(count)) + 1):,} people"


def remark(facts: Facts, country: Country, *key: object, but: str = "") -> str:
    """A sentence that adds something about a country; `but` is the kind of fact that the question itself is about."""
    said = [text for kind, text in _remarks(facts, country) if kind != but]
    return one_of(said, "remark", *key)


def several(name: str) -> bool:
    """Whether a name stands for more than one thing: "the kangaroo and the emu"."""
    return " and " in name.split(",")[0]


def neighbours(facts: Facts, country: Country) -> str:
    """A sentence on the neighbours by land; empty where the list is not whole, or nobody would listen to it."""
    listed = facts.value("borders", country.code)
    names = sorted((facts.countries[code].name for code in listed["codes"]), key=lambda name: name.removeprefix("the "))
    if not listed["whole"] or len(names) < 2:
        return ""
    if len(names) > 4:
        return f"{cap(country.name)} has {len(names)} neighbours by land."
    return f"{cap(country.name)} borders {', '.join(names[:-1])} and {names[-1]}."


@cache
def _remarks(facts: Facts, country: Country) -> tuple[tuple[str, str], ...]:
    """All that can be said of a country, with the kind of fact that it is made from."""
    code, name, capped = country.code, country.name, cap(country.name)
    said = [("population", f"{capped} has about {people(facts.value('population', code))}.")]
    if listed := neighbours(facts, country):
        said.append(("borders", listed))
    for kind, words in REMARKS:
        if fact := facts.find(kind, code):
            value = fact.value
            if isinstance(value, dict):
                value = value["year"] if kind == "independence" else value["name"]
            if value and not (kind == "capital" and hints(value, name)):
                text = words.format(name=name, Name=capped, value=value, s="s" if several(str(value)) else "")
                said.append((kind, text.replace("..", ".").replace("a national symbols", "national symbols")))
    return tuple(said)


REMARKS = (
    ("capital", "The capital of {name} is {value}."),
    ("peak", "The highest point of {name} is {value}."),
    ("currency", "The currency of {name} is the {value}."),
    ("local name", "In its own language, {name} is called {value}."),
    ("former name", "{Name} was once known as {value}."),
    ("independence", "{Name} became independent in {value}."),
    ("symbol", "{Name} has {value} as a national symbol{s}."),
    ("legislature", "The parliament of {name} is called the {value}."),
)
