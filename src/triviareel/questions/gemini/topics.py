"""What questions may be about: the bank's topics, and any other that people name."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence

from triviareel.errors import InputError
from triviareel.questions import bank
from triviareel.questions.checks import TOPIC, normal, quoted

MAX_TOPIC = 80
"""Characters: the name of a subject; what is longer is a text of its own."""

_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def problems(names: Sequence[str]) -> list[str]:
    """Everything wrong with some topics' names, a phrase each."""
    found = []
    for name in names:
        if len(name) > MAX_TOPIC:
            found.append(f"topic {quoted(name)} has {len(name):,} characters: name it in {MAX_TOPIC} or fewer")
        elif not normal(name) or any(unicodedata.category(char).startswith("C") for char in name):
            found.append(f"topic {quoted(name)} is empty or holds a control character: name a subject")
    return found


def by_slug(names: Sequence[str]) -> Mapping[str, str]:
    """The topics' names by their slugs, in the order given; without names, all topics of the bank.

    Raises:
        InputError: one of them can be no topic.
    """
    if wrong := problems(names):
        raise InputError("; ".join(wrong))
    if not names:
        return dict(sorted(bank.TITLES.items()))
    return {slug(name): bank.TITLES.get(slug(name), " ".join(name.split())) for name in names}


def slug(name: str) -> str:
    """A topic's slug: its words in Latin letters if it has some, else a name made from a hash."""
    latin = _NOT_SLUG.sub("-", normal(name)).strip("-")[:32].strip("-")
    if TOPIC.fullmatch(latin):
        return latin
    return "topic-" + hashlib.sha256(normal(name).encode()).hexdigest()[:12]
