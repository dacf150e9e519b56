"""The normal form of a question: what of it counts when two are compared.

Left out are case, accents, punctuation, order, articles and the frame of a question ("what is the name of"). Numbers
are digits ("two", "second", "II": 2; "a hundred and six": 106), spelling is American, words are stems, and some fifty
groups of words that say the same in trivia are one word each. Scripts without spaces are compared by pairs of
characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]  # it ships no types

from triviareel.questions import checks
from triviareel.questions.ledger.words import (
    ASKS,
    ENDINGS,
    INSIDE,
    NUMBERS,
    ORDINALS,
    ROMAN,
    SAME,
    SCALES,
    SILENT,
    SPELT,
    TENS,
)

VERSION = 3
"""Of the normal form; raise it with every change, so that stored forms are made anew."""

_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+")
_OPEN = re.compile(r"\b(of|from|among) (these|those|the following|the options)\b|\bthe following\b")
_CAPITAL = re.compile(r"(?<=[\s(\"'“‘-])[^\W\d_a-zß-öø-ÿ][\w'’-]*")
_POSSESSIVE = re.compile(r"['’]s\b")
_SYMBOL = re.compile(r"\.[a-z]{2,3}\b|(?<=[\s(\"“])[A-Z][a-z]?(?![\w'’])")
"""Domains and symbols, of which many are silent words too: ".is", element As, vitamin A, Plan B."""
_PHRASES = (
    (re.compile(r"\bunited states( of america)?\b|\bu s a?\b"), "usa"),
    (re.compile(r"\bunited kingdom\b|\bgreat britain\b|\bu k\b"), "uk"),
    (re.compile(r"\b(world war|ww) ?(one|1|i)\b|\bgreat war\b"), "1 world war"),
    (re.compile(r"\bww ?(ii|2)\b"), "2 world war"),
    (re.compile(r"\bmotion picture\b"), "movie"),
)
_stemmer = snowballstemmer.stemmer("english")


@dataclass(frozen=True, slots=True)
class Form:
    """A question as it is compared."""

    words: frozenset[str]
    """What the question is about."""
    names: frozenset[str]
    """Those of the words that name something: they begin with a capital within the sentence, or are numbers."""
    asks: frozenset[str]
    """What is asked for: who, when, where, why, many; empty where it is just what or which."""
    plain: frozenset[str]
    """The question's words as they are, which tell Saeima from Seimas."""
    open: bool
    """Whether it means nothing without its options: "which of these"."""
    answer: frozenset[str]
    """The words of the right option."""
    answer_key: str
    """The last of them, which answers that differ in length share: "Shakespeare", "William Shakespeare"."""

    @property
    def text(self) -> str:
        """The words in one line; two questions with the same are the same but for their answer."""
        return " ".join(sorted(self.words))


@lru_cache(maxsize=10_000)
def form(question: str, answer: str) -> Form:
    """The normal form of a question and its right option."""
    question = _SYMBOL.sub(_guarded, _POSSESSIVE.sub("", question))
    plain = checks.normal(question)
    words = frozenset(content(plain))
    told = content(checks.normal(answer))
    raw = plain.split()
    return Form(
        words=words,
        names=frozenset(word for word in names(question) if word in words) | {w for w in words if _has_digit(w)},
        asks=frozenset(ASKS[word] for word in raw if word in ASKS),
        plain=frozenset(raw) - SILENT,
        open=_OPEN.search(plain) is not None,
        answer=frozenset(told),
        answer_key=told[-1] if told else "",
    )


def _guarded(symbol: re.Match[str]) -> str:
    """A symbol that is no word, if it would else be left out."""
    word = symbol[0].lstrip(".")
    return f"{symbol[0]}0" if word.casefold() in SILENT else symbol[0]


def content(plain: str) -> list[str]:
    """Stems of the words that count in a text as from `checks.normal`; all its words if none counts."""
    for pattern, said in _PHRASES:
        plain = pattern.sub(said, plain)
    words = list(_numbers(plain.split()))
    counting = [word for word in words if word not in SILENT] or words
    return [part for word in counting for part in _parts(word)]


def is_pair(part: str) -> bool:
    """Whether it is a piece of a text whose words are not parted by spaces, and so less than a word."""
    return _UNSPACED.search(part) is not None


def names(question: str) -> Iterator[str]:
    """Stems of the words that begin with a capital within the sentence."""
    for found in _CAPITAL.findall(question):
        yield from content(checks.normal(found))


def _has_digit(word: str) -> bool:
    return any(char.isdigit() for char in word)


def _numbers(words: Sequence[str]) -> Iterator[str]:
    """The words with numbers as digits."""
    at = 0
    while at < len(words):
        value, end = _spelt_out(words, at)
        if end == at:
            yield _digits(words[at])
        elif words[at:end] == ["one"] and len(words) > 1:  # alone it is an answer, else often a pronoun
            yield "one"
        else:
            yield str(value)
        at = max(end, at + 1)


def _spelt_out(words: Sequence[str], at: int) -> tuple[int, int]:
    """The number that begins at a place, and the place behind it; that place itself if there is none."""
    value, used = _below_hundred(words, at)
    rest, more = _below_hundred(words, at + used)
    if words[at] in ORDINALS:  # the first hundred days are no hundred times one
        return value, at + used
    if 13 <= value <= 20 and rest >= 10:  # nineteen eighty-four
        return 100 * value + rest, at + used + more
    if words[at].isdecimal() and _word(words, at + 1) in SCALES:  # 5 million
        value, used = int(words[at]), 1
    whole, end = 0, at + used
    while scale := SCALES.get(_word(words, end), 0):
        whole, value = (whole, 100 * (value or 1)) if scale == 100 else (whole + scale * (value or 1), 0)
        joined = end + 1 + (_word(words, end + 1) == "and")
        more, used = _below_hundred(words, joined)
        value, end = value + more, joined + used if used else end + 1
    return whole + value, end


def _below_hundred(words: Sequence[str], at: int) -> tuple[int, int]:
    """A number or ordinal below a hundred that begins at a place, and how many words it has; 0 if there is none."""
    first, second = _word(words, at), _word(words, at + 1)
    if first in TENS:
        unit = NUMBERS.get(second, 0)
        return (TENS[first] + unit, 2) if 0 < unit < 10 else (TENS[first], 1)
    return (NUMBERS[first], 1) if first in NUMBERS else (0, 0)


def _word(words: Sequence[str], at: int) -> str:
    """The word at a place; empty behind the last."""
    return words[at] if at < len(words) else ""


def _digits(word: str) -> str:
    if match := _ORDINAL.fullmatch(word):
        return match[1]
    if _GROUPED.fullmatch(word):
        return word.replace(",", "")
    return str(ROMAN.get(word, word))


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """What a word is compared by: its stem, or pairs of characters where words are not parted by spaces."""
    if _UNSPACED.search(word):
        return tuple(word[at : at + 2] for at in range(len(word) - 1)) or (word,)
    if not word.isascii() or len(word) < 3 or _has_digit(word):
        return (SAME.get(word, word),)
    return (_stemmer.stemWord(_spelt(SAME.get(word, word))),)


def _spelt(word: str) -> str:
    """The word in one of its spellings."""
    word = SPELT.get(word, word)
    for british, american in ENDINGS:
        if len(word) > len(british) + 2 and word.endswith(british):
            word = word.removesuffix(british) + american
            break
    for british, american in INSIDE:
        word = word.replace(british, american)
    return word
