"""The offline source: thousands of questions that need no network, no key and no model."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from triviareel.errors import InputError
from triviareel.questions import checks, facts, templates, written
from triviareel.questions.draw import number, shuffled
from triviareel.questions.model import Difficulty, Question
from triviareel.questions.templates.making import Item

MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about."""

    slug: str
    title: str


TITLES = {
    "capitals": "Capitals", "culture": "Culture", "elements": "Chemical elements", "food": "Food and drink",
    "geography": "Geography", "history": "History", "landmarks": "Landmarks", "languages": "Languages and names",
    "money": "Money", "nature": "Nature", "science": "Science", "space": "Space", "sport": "Sport",
    "technology": "Technology",
}  # fmt: skip

SYNONYMS = {
    "capitals": "capital cities, capital city, cities",
    "culture": "art, arts, music, literature, books, film, films, movies, cinema, theatre, painting, religion, anthems,"
    " symbols, general knowledge, entertainment, architecture, mythology",
    "elements": "chemistry, periodic table, chemical, atoms, metals",
    "food": "drink, drinks, cooking, cuisine, kitchen, meals, gastronomy, fruit, vegetables, wine",
    "geography": "countries, world, borders, maps, continents, nations, general knowledge, travel",
    "history": "past, wars, independence, ancient history, empires, general knowledge",
    "landmarks": "heritage, world heritage, unesco, sights, monuments, buildings, architecture, tourism, travel",
    "languages": "language, words, names, linguistics, etymology",
    "money": "currency, currencies, finance, economy, economics, business",
    "nature": "animals, animal, wildlife, plants, biology, environment, mountains, rivers, lakes, volcanoes, oceans,"
    " birds, trees, weather, zoology, botany",
    "science": "physics, maths, mathematics, medicine, biology, chemistry, human body, health, general knowledge",
    "space": "astronomy, planets, stars, universe, spaceflight, rockets, cosmos, solar system",
    "sport": "sports, football, soccer, olympics, games, athletics, tennis, cricket, basketball, rugby",
    "technology": "tech, computers, computing, internet, inventions, engineering, programming, gadgets, it",
}
"""Other words for the topics; a word may stand for several."""

CLOSE = 0.8
"""Least likeness (difflib's ratio) for a misspelt topic: "geografy" and "geography" have 0.82."""


def topics() -> tuple[Topic, ...]:
    """All topics, by slug."""
    return tuple(Topic(slug, TITLES[slug]) for slug in sorted(TITLES))


def match(names: Sequence[str]) -> tuple[str, ...]:
    """Slugs of the topics that are meant, each once, in the order in which they are named.

    Raises:
        InputError: a name fits no topic; the message lists them.
    """
    found: list[str] = []
    for name in names:
        found += [slug for slug in _meant(name) if slug not in found]
    return tuple(found)


def _meant(name: str) -> list[str]:
    asked = _plain(name)
    words = _words()
    if asked in words:
        return words[asked]
    if len(asked) >= 3:
        begun = sorted(
            {slug for slug, title in TITLES.items() if _plain(slug).startswith(asked) or asked in _plain(title)}
        )
        if begun:
            return begun
    parts = [_plain(part) for part in name.split()]
    for known in (TITLES, words):
        told = [slug for part in parts if part in known for slug in words[part]]
        if told:
            return list(dict.fromkeys(told))
    close = difflib.get_close_matches(asked, words, n=1, cutoff=CLOSE)
    if close:
        return words[close[0]]
    raise InputError(f"topic {checks.quoted(name)} is unknown: choose from {', '.join(sorted(TITLES))}")


@cache
def _words() -> dict[str, list[str]]:
    """Every word for a topic, with the slugs that it stands for."""
    words: dict[str, list[str]] = {}
    for slug, title in TITLES.items():
        for word in (slug, title, *SYNONYMS[slug].split(", ")):
            slugs = words.setdefault(_plain(word), [])
            if slug not in slugs:
                slugs.append(slug)
    return {word: [word] if word in TITLES else slugs for word, slugs in words.items()}


def _plain(name: str) -> str:
    """A topic's name without case, accents, spaces and the plural's s."""
    text = "".join(checks.normal(name).split())
    return text[:-1] if text.endswith("s") and len(text) > 3 else text


@cache
def items() -> tuple[Item, ...]:
    """Every question of the bank, generated ones first; built once, in about 0.15 s of CPU time."""
    return (*templates.items(facts.load()), *written.items())


def supply(topics: Sequence[str], difficulty: str) -> int:
    """How many questions there are to `pick` from; arguments and errors as there."""
    wanted = _wanted(topics, difficulty, 1)
    return sum(item.question.topic in wanted and difficulty in (MIXED, item.question.difficulty) for item in items())


def pick(
    topics: Sequence[str], difficulty: str, count: int, seed: int, exclude: Collection[str] = ()
) -> list[Question]:
    """Questions for one video, their right options' places balanced; the same arguments give the same questions.

    They go round the topics, rise in difficulty when it is mixed, and keep apart what is alike: no two have the same
    subject or the same answer, and none has the template of the one before, as long as the bank has others.

    Args:
        topics: slugs as from `match`; none means all.
        difficulty: "easy", "medium", "hard" or "mixed".
        count: how many questions.
        seed: any integer.
        exclude: ids that are not wanted again.

    Raises:
        InputError: a topic or difficulty is unknown, or there are too few such questions.
    """
    wanted = _wanted(topics, difficulty, count)
    pool = [item for item in items() if item.question.topic in wanted and item.question.id not in exclude]
    if difficulty != MIXED:
        pool = [item for item in pool if item.question.difficulty == difficulty]
    if len(pool) < count:
        left = f" besides the {len(exclude):,} excluded" if exclude else ""
        raise InputError(
            f"the bank has {len(pool):,} {difficulty} questions on {', '.join(wanted)}{left}: "
            f"ask for {len(pool):,} or fewer, more topics or another difficulty"
        )
    chosen = _choose(sorted(pool, key=lambda item: number(seed, item.question.id)), wanted, difficulty, count, seed)
    return checks.balance([item.question for item in chosen], seed)


def _wanted(topics: Sequence[str], difficulty: str, count: int) -> tuple[str, ...]:
    for topic in topics:
        if topic not in TITLES:
            raise InputError(f"topic {checks.quoted(topic)} is unknown: choose from {', '.join(sorted(TITLES))}")
    if difficulty not in (*Difficulty, MIXED):
        raise InputError(f"difficulty {checks.quoted(difficulty)} is unknown: use easy, medium, hard or mixed")
    if count < 1:
        raise InputError(f"{count} questions were asked for: ask for 1 or more")
    return tuple(dict.fromkeys(topics)) or tuple(sorted(TITLES))


def _choose(pool: list[Item], wanted: Sequence[str], difficulty: str, count: int, seed: int) -> list[Item]:
    """Fill one place after the other with the item that breaks the fewest wishes; ties go to the first in the pool."""
    chosen: list[Item] = []
    used: Counter[str] = Counter()
    levels = _levels(difficulty, count)
    turns = shuffled(wanted, seed, "topics")
    for place in range(count):
        topic, level = turns[place % len(turns)], levels[place]
        before = chosen[-1].template if chosen else ""

        def fault(item: Item, topic: str = topic, level: str = level, before: str = before) -> tuple[int, ...]:
            return (
                used[f"subject {item.subject}"] + used[f"answer {item.question.right_option}"],
                item.template == before,
                item.question.difficulty != level,
                item.question.topic != topic,
                used[f"template {item.template}"],
            )

        fitting = [item for item in pool if item.question.topic == topic and item.question.difficulty == level]
        best = min(fitting or pool, key=fault)
        if any(fault(best)[:2]):  # a wish that outranks topic and level is broken: look everywhere
            best = min(pool, key=fault)
        pool.remove(best)
        chosen.append(best)
        used.update((f"subject {best.subject}", f"answer {best.question.right_option}", f"template {best.template}"))
    return chosen


def _levels(difficulty: str, count: int) -> list[str]:
    """The difficulty of each place: mixed rises through all three."""
    if difficulty != MIXED:
        return [difficulty] * count
    rising = [level.value for level in Difficulty]
    return [rising[place * len(rising) // count] for place in range(count)]
