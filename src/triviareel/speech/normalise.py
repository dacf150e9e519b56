"""Text made speakable: every number, sign and abbreviation in words, before an English voice sees it.

The rules are pure functions from text to text, each in the room of what it knows; here is their order. Dates come
before measures, measures before bare numbers, because each takes from the text what the next would misread.
"""

from __future__ import annotations

import re

from triviareel.speech import calendar, figures, measures, names
from triviareel.speech.alphabet import SPEAKABLE, foreign_script, pictures_named, plain, reduced
from triviareel.speech.names import spelled

__all__ = ["SPEAKABLE", "VERSION", "foreign_script", "speakable", "spelled"]

VERSION = 1
"""Part of every voice's key: raise it when a text may come out otherwise."""

_STAGES = (
    names.expanded,
    calendar.dates,
    figures.ranges,
    measures.spoken,
    calendar.years,
    names.letters,
    names.numerals,
    figures.spoken,
)


def speakable(text: str) -> str:
    """The text as it is to be said: letters, spaces and plain punctuation only (`SPEAKABLE`).

    Never raises. What cannot be said (emoji, other scripts) is left out, so ask `foreign_script` as well; a text of
    nothing but emoji becomes their names, and one without anything to say becomes "".
    """
    text = _blanks(pictures_named(plain(text)))
    for stage in _STAGES:
        text = stage(text)
    return reduced(_marks(text))


def _blanks(text: str) -> str:
    """Gaps to be filled ("____") by name; dashes between words are pauses."""
    text = re.sub(r"_{2,}|(?<!\w)_(?!\w)", " blank ", text).replace("_", " ")
    return re.sub(r"(?<=\s)[-–]{1,3}(?=\s)|—|--+", ", ", text)


def _marks(text: str) -> str:
    """Signs of writing that are heard as a pause or not at all."""
    text = re.sub(r"\s*[()\[\]{}|•]+\s*(?=[.?!,;:]|$)", "", text)
    text = re.sub(r"^\s*[()\[\]{}|•]+", "", text)
    text = re.sub(r"\s*[()\[\]{}|•]+\s*", ", ", text)
    text = re.sub(r"\.{2,}", ", ", text)
    return text.replace("–", " to ").replace("/", " ").replace('"', " ")
