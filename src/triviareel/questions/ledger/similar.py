"""Whether two questions ask the same: surely, perhaps, or not."""

from __future__ import annotations

from enum import IntEnum

from rapidfuzz.distance import OSA

from triviareel.questions.ledger import normalise
from triviareel.questions.ledger.normalise import Form
from triviareel.questions.ledger.words import COMMON

REPEATED = 0.72
"""Least share of common words (Dice's coefficient) at which questions with one answer are the same."""
PERHAPS = 0.3
"""Least share at which they may be the same, so that a reader is asked."""
_SPELT_LENGTH = 6
"""Shorter words differ by a letter without being misspelt: Iran and Iraq, Monet and Manet."""


class Likeness(IntEnum):
    """How sure it is that two questions ask the same."""

    DIFFERENT = 0
    PERHAPS = 1
    SAME = 2


def compare(one: Form, other: Form) -> Likeness:
    """Whether two questions ask the same.

    With different answers they do only if all words that count are the same and they do not speak of their options.
    With the same answer, names decide first: what asks about Kenya never repeats what asks about Ghana.
    """
    if not answers_alike(one, other):
        same = one.plain == other.plain and one.asks == other.asks and not (one.open or other.open)
        return Likeness.SAME if same else Likeness.DIFFERENT
    if one.words == other.words:
        return Likeness.SAME
    return _same_answer(one, other)


def answers_alike(one: Form, other: Form) -> bool:
    """Whether two answers are the same but for spelling, or for words that one of them adds: "Paris, France".

    Where the options are what is asked about, Iceland and Ireland are two answers, so nothing is forgiven.
    """
    if one.open or other.open:
        return one.answer == other.answer
    left, right = _unmatched(one.answer, other.answer)
    return not left or not right


def _same_answer(one: Form, other: Form) -> Likeness:
    left, right = _unmatched(one.words, other.words)
    shared = one.words - left
    share = 2 * len(shared) / (len(one.words) + len(other.words))
    if not left and not right:
        return Likeness.SAME
    if share < PERHAPS or shared <= COMMON or (_numbers(left) and _numbers(right)):
        return Likeness.DIFFERENT
    named = (left & one.names, right & other.names)
    if all(named):
        return Likeness.PERHAPS if shared & (one.names | other.names) else Likeness.DIFFERENT
    # That is how the members of a series differ: spider and scorpion; a word that is parted into pairs is several.
    series = len(left) == len(right) == 1 or (bool(left and right) and all(map(normalise.is_pair, left | right)))
    return Likeness.PERHAPS if share < REPEATED or series or any(named) else Likeness.SAME


def _numbers(words: frozenset[str]) -> bool:
    return any(char.isdigit() for word in words for char in word)


def _unmatched(ours: frozenset[str], theirs: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The words of each side that the other lacks, misspellings of a word counting as that word."""
    left, right = ours - theirs, theirs - ours
    for word in sorted(left):
        other = next((w for w in sorted(right) if _misspelt(word, w)), None)
        if other is not None:
            left, right = left - {word}, right - {other}
    return left, right


def _misspelt(word: str, other: str) -> bool:
    if min(len(word), len(other)) < _SPELT_LENGTH or word[0] != other[0]:
        return False
    return OSA.distance(word, other, score_cutoff=1) <= 1
