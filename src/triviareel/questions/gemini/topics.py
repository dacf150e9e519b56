"""What questions may be about: the bank's topics, and any other that people name."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from triviareel.errors import InputError
from triviareel.questions import bank
from triviareel.questions.checks import TOPIC, is_control, normal, quoted

MAX_TOPIC = 80
"""Characters: the name of a subject; what is longer is a text of its own."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_NAMELESS = "topic"
_HASH = re.compile(r"-[0-9a-f]{12}$")


def problems(names: Sequence[str]) -> list[str]:
    """Everything wrong with some topics' names, a phrase each."""
    found = []
    for name in names:
        if len(name) > MAX_TOPIC:
            found.append(f"topic {quoted(name)} has {len(name):,} characters: name it in {MAX_TOPIC} or fewer")
        elif not normal(name) or any(map(is_control, name)):
            found.append(f"topic {quoted(name)} is empty or holds a control character: name a subject")
    return found


def by_slug(names: Sequence[str]) -> Mapping[str, str]:
    """The topics' names by their slugs, in the order given; without names, all topics of the bank.

    Of two subjects that would have one slug (C and C++) the later one's is made longer.

    Raises:
        InputError: one of them can be no topic.
    """
    if wrong := problems(names):
        raise InputError("; ".join(wrong))
    if not names:
        return dict(sorted(bank.TITLES.items()))
    found: dict[str, str] = {}
    plain: dict[str, str] = {}
    for name in names:
        key = slug(name)
        if plain.setdefault(key, normal(name)) != normal(name):
            key = _longer(key[:19].strip("-"), name)
        found[key] = bank.TITLES.get(key, " ".join(name.split()))
    return found


def slug(name: str) -> str:
    """A topic's slug: its words in Latin letters if it has some, else a name made from a hash."""
    latin = _NOT_SLUG.sub("-", normal(name)).strip("-")[:32].strip("-")
    return latin if TOPIC.fullmatch(latin) else _longer(_NAMELESS, name)


def words(slug: str) -> str:
    """What a slug tells of its topic's name; nothing if no word of it is in Latin letters."""
    told = _HASH.sub("", slug)
    return "" if told == _NAMELESS and told != slug else told.replace("-", " ")


def _longer(start: str, name: str) -> str:
    """A slug that only this name has."""
    return f"{start}-{hashlib.sha256(normal(name).encode()).hexdigest()[:12]}"
