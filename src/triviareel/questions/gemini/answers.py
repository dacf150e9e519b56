"""From a model's text to questions: whatever it is wrapped in, and however it names its keys."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triviareel.errors import AnswerFault
from triviareel.questions.checks import normal, quoted
from triviareel.questions.model import LETTERS, Difficulty

MAX_CHARACTERS = 1_000_000
"""Of an answer: 100 questions have some 60,000."""

_ANSWER_NAMES = ("answer", "correct_answer", "correct_option", "correct", "answer_index", "key")
_OPTION_NAMES = ("options", "choices", "answers")
_LIST_NAMES = ("questions", "items", "data", "results")
_KEY = re.compile(r"(?:(?:option|answer|choice)\b)?\W{0,3}([a-d])\W{0,2}", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]")
_LABEL = re.compile(r"\s*\(?([A-Da-d])[).:]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question as a model wrote it, its form understood and nothing else known of it."""

    topic: str
    difficulty: str
    question: str
    options: tuple[str, str, str, str]
    answer: str
    """One of LETTERS."""
    explanation: str
    source: str


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a list of questions that is none."""

    raw: Any
    """As it was parsed."""
    reason: str
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer held."""

    candidates: tuple[Candidate, ...]
    misfits: tuple[Misfit, ...]
    faults: tuple[str, ...] = ()
    """What was wrong with it and could be mended: "fenced", or "cut" where it broke off after some questions."""


def schema(count: int, topics: Sequence[str], levels: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer of `count` questions, on some topics (slugs) and of some difficulties."""
    text = {"type": "string"}
    properties = {
        "topic": {"type": "string", "enum": list(topics)},
        "difficulty": {"type": "string", "enum": list(levels)},
        "question": text,
        "options": {"type": "array", "items": text, "minItems": 4, "maxItems": 4},
        "answer": {"type": "string", "enum": list(LETTERS)},
        "explanation": text,
        "source": text,
    }
    question = {"type": "object", "properties": properties, "required": list(properties)}
    return {"type": "array", "items": question, "minItems": count, "maxItems": count}


def read(text: str) -> Answer:
    """Whatever questions a model's text holds.

    Raises:
        AnswerFault: there is no list of questions in it.
    """
    rows, faults = entries(text[:MAX_CHARACTERS])
    if not rows:
        if "cut" in faults:
            raise AnswerFault("cut", "the answer broke off before the end of its first question; ask for fewer")
        raise AnswerFault("mismatched", "the answer's JSON holds no questions; ask again")
    first = _first_number(rows)
    candidates, misfits = [], []
    for entry in rows:
        try:
            candidates.append(_candidate(entry, first))
        except _Mismatch as error:
            misfits.append(Misfit(entry, str(error)))
    if not candidates:
        raise AnswerFault("mismatched", f"no question of the answer can be used ({misfits[0].reason}); ask again")
    return Answer(tuple(candidates), tuple(misfits), faults)


class _Mismatch(Exception):  # noqa: N818 - never leaves this module
    """An entry is no question, for the reason it carries."""


def entries(text: str) -> tuple[list[Any], tuple[str, ...]]:
    """The list in a text, and the faults that are mended: fences and talk around it are left aside, and what broke off.

    Raises:
        AnswerFault: there is no JSON in it.
    """
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    if start < 0:
        raise AnswerFault("not JSON", f"the answer holds no JSON: {quoted(' '.join(text.split()))}; ask again")
    fenced = ("fenced",) if "```" in text else ()
    try:
        whole, _ = json.JSONDecoder().raw_decode(text, start)
    except (ValueError, RecursionError):
        return _salvaged(text, start), (*fenced, "cut")
    return _listed(whole), fenced


def _listed(whole: Any) -> list[Any]:
    if isinstance(whole, dict):
        lists = [whole[name] for name in _LIST_NAMES if isinstance(whole.get(name), list)]
        return lists[0] if lists else [whole]
    return whole if isinstance(whole, list) else []


def _salvaged(text: str, start: int) -> list[Any]:
    """The whole objects at the beginning of a list that breaks off."""
    decoder, found = json.JSONDecoder(), []
    at = text.find("[", start)
    while at >= 0 and (begin := text.find("{", at)) >= 0:
        try:
            entry, at = decoder.raw_decode(text, begin)
        except (ValueError, RecursionError):
            break
        found.append(entry)
    return found


def _candidate(entry: Any, first: int | None) -> Candidate:
    if not isinstance(entry, dict):
        raise _Mismatch(f"{quoted(str(entry))} is not an object")
    options = _options(entry)
    return Candidate(
        topic=_text(entry, "topic"),
        difficulty=_difficulty(entry),
        question=_text(entry, "question"),
        options=options,
        answer=_letter(entry, options, first),
        explanation=_text(entry, "explanation"),
        source=_text(entry, "source"),
    )


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise _Mismatch(f"{name} is missing" if value in (None, "") else f"{name} is not a text")
    return " ".join(value.split())


def _difficulty(entry: Mapping[str, Any]) -> str:
    level = _text(entry, "difficulty").casefold()
    if level not in tuple(Difficulty):
        raise _Mismatch(f"difficulty {quoted(level)} is unknown")
    return level


def _options(entry: Mapping[str, Any]) -> tuple[str, str, str, str]:
    given = next((entry[name] for name in _OPTION_NAMES if name in entry), None)
    if isinstance(given, dict):
        given = [given.get(letter, given.get(letter.lower())) for letter in LETTERS]
    elif given is None:
        given = [entry.get(f"option_{letter.lower()}") for letter in LETTERS]
    if not isinstance(given, list) or len(given) != len(LETTERS):
        raise _Mismatch(f"there are {len(given) if isinstance(given, list) else 'no'} options, not four")
    if not all(isinstance(option, str | int | float) and not isinstance(option, bool) for option in given):
        raise _Mismatch("an option is not a text")
    a, b, c, d = _unlabelled([" ".join(str(option).split()) for option in given])
    return a, b, c, d


def _unlabelled(options: list[str]) -> list[str]:
    """The options without "A) ", "B) " and so on, if all four begin so."""
    labels = [_LABEL.match(option) for option in options]
    if all(label and label[1].upper() == letter for label, letter in zip(labels, LETTERS, strict=True)):
        return [option[label.end() :] for option, label in zip(options, labels, strict=True) if label]
    return options


def _given_key(entry: Any) -> str:
    if not isinstance(entry, dict):
        return ""
    value = next((entry[name] for name in _ANSWER_NAMES if name in entry), "")
    return "" if isinstance(value, bool) or not isinstance(value, str | int) else str(value).strip()


def _first_number(entries: Sequence[Any]) -> int | None:
    """Whether the numbers among an answer's keys count from 0 or 1; None where they leave it open."""
    numbers = {_given_key(entry) for entry in entries}
    if "0" in numbers:
        return None if "4" in numbers else 0
    return 1 if "4" in numbers else None


def _letter(entry: Mapping[str, Any], options: Sequence[str], first: int | None) -> str:
    """The letter that a key means: a letter, an option's text, or its number.

    A letter is what the schema asks for, so it goes before an option that reads the same. A number that could mean
    two options means none.
    """
    key = _given_key(entry)
    if letter := _KEY.fullmatch(key):
        return letter[1].upper()
    meant = set(_by_text(key, options))
    if _NUMBER.fullmatch(key):
        meant |= {int(key) - start for start in ((0, 1) if first is None else (first,))} & set(range(len(LETTERS)))
    if len(meant) != 1:
        fault = "could mean several options" if meant else "is no option"
        raise _Mismatch(f"answer {quoted(key)} {fault}" if key else "answer is missing")
    return LETTERS[meant.pop()]


def _by_text(key: str, options: Sequence[str]) -> Iterator[int]:
    unlabelled = _LABEL.sub("", key, count=1)
    wanted = {normal(key), normal(unlabelled)} if key else set()
    return (at for at, option in enumerate(options) if normal(option) in wanted)
