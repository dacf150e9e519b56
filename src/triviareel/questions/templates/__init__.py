"""Templates: how facts become questions."""

from __future__ import annotations

from collections.abc import Iterator

from triviareel.questions.facts import Facts
from triviareel.questions.templates import attributes, compare, elements, nature, past, which
from triviareel.questions.templates.making import Item


def items(facts: Facts) -> Iterator[Item]:
    """Every question that the facts give, always in the same order."""
    for module in (which, attributes, compare, nature, past, elements):
        yield from module.items(facts)
