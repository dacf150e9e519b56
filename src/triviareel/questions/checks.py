"""What makes a question sound, and where the right option stands over a whole video."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from triviareel.questions.draw import shuffled
from triviareel.questions.model import LETTERS, Difficulty, Question

MAX_QUESTION = 160
"""Characters: about 4 lines on a portrait card, and 11 s of speech at 15 characters a second."""
MAX_OPTION = 60
"""Characters: two lines of an option's box; longer ones cannot be compared within a 5-second countdown."""
MAX_EXPLANATION = 200
"""Characters: one sentence, about 14 s of speech, while the right option stays lit."""
MAX_SOURCE = 200
"""Characters: a title and a place in it; never drawn, but kept in every file."""

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
TOPIC = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")

_JOINERS = "\u200c\u200d"  # Persian and Indic spelling and composed emoji need them
_ARTICLES = ("the", "a", "an")
_KEPT = frozenset("#%&")  # what tells C# from C, and 5% from 5
_CATCH_ALL = re.compile(
    r"(all|none|both|neither|any|some|either|two)( of)?( the)?"
    r" (above|below|these|those|them|options|others|rest|other options)"
    r"|(both )?[abcd] (and|or|&) [abcd]( only)?|neither [abcd] nor [abcd]"
)


def normal(text: str) -> str:
    """The text as a viewer compares it: without case, accents, punctuation, a leading article or extra space.

    Marks that make another letter (Devanagari vowels, say) stay, and so do the point in 1.5 and the sign in -5.
    Text of nothing but punctuation is kept as it is, so that "+" and "-" differ.
    """
    words = _words(text)
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words) or text.casefold().strip()


def problems(q: Question) -> list[str]:
    """Everything that is wrong with the question, a sentence each with its mend; empty if it is sound."""
    found = list(_form(q))
    found += _texts(q)
    if not found:
        found += _options(q)
    return found


def places(count: int, seed: int) -> tuple[str, ...]:
    """Letters for the right options of `count` questions: each letter as often as any other, give or take one.

    Drawn in blocks of four different letters, so none stands more than twice in a row.
    """
    letters = [letter for block in range(-(-count // 4)) for letter in shuffled(LETTERS, seed, "place", block)]
    return tuple(letters[:count])


def balance(questions: Sequence[Question], seed: int) -> list[Question]:
    """The same questions with their options put in new places, the right ones spread over A to D."""
    return [_put(q, letter, seed) for q, letter in zip(questions, places(len(questions), seed), strict=True)]


def is_control(char: str) -> bool:
    """Whether it is not seen but changes how text is drawn, read or stored: NUL, line ends, bidi overrides."""
    if char in _JOINERS:
        return False
    return unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") or ord(char) & 0xFFFE == 0xFFFE


def _words(text: str) -> list[str]:
    marked = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in marked if not _is_accent(c) and c not in _JOINERS + "'’").casefold()
    return "".join(c if _matters(bare, i) else " " for i, c in enumerate(bare)).split()


def _put(q: Question, letter: str, seed: int) -> Question:
    options = shuffled((o for i, o in enumerate(q.options) if i != q.answer_index), seed, "options", q.id)
    options.insert(LETTERS.index(letter), q.right_option)
    a, b, c, d = options
    return replace(q, options=(a, b, c, d), answer=letter)


def _is_accent(char: str) -> bool:
    """Points and accents (Unicode combining classes 10 to 35 and from 200), but no vowel sign, nukta or virama."""
    rank = unicodedata.combining(char)
    return 10 <= rank <= 35 or rank >= 200


def _matters(text: str, at: int) -> bool:
    char = text[at]
    if not unicodedata.category(char).startswith("P") or char in _KEPT:
        return True
    after = text[at + 1 : at + 2].isdigit()
    before = text[at - 1 : at]
    if char in ".,:/":
        return after and before.isdigit()
    return char in "-‐‑–" and after and not before.isalnum()


def _form(q: Question) -> Iterator[str]:
    if not ID.fullmatch(q.id):
        yield f"id {quoted(q.id)} is not a name: use 1 to 64 letters, digits, '.', '_' or '-', first a letter or digit"
    if not TOPIC.fullmatch(q.topic):
        yield f"topic {quoted(q.topic)} is not a slug: use 1 to 32 lower-case letters, digits or '-', such as geography"
    if q.difficulty not in tuple(Difficulty):
        yield f"difficulty {quoted(str(q.difficulty))} is unknown: use easy, medium or hard"
    if len(q.options) != len(LETTERS):
        yield f"options: there are {len(q.options)}: give four"
    if q.answer not in LETTERS:
        yield f"answer {quoted(q.answer)} is not one letter: name the one right option by A, B, C or D"


def _texts(q: Question) -> Iterator[str]:
    yield from _text("question", q.question, MAX_QUESTION)
    for letter, option in zip(LETTERS, q.options, strict=False):
        yield from _text(f"option_{letter.lower()}", option, MAX_OPTION)
    yield from _text("explanation", q.explanation, MAX_EXPLANATION)
    yield from _text("source", q.source, MAX_SOURCE)


def _text(column: str, text: str, limit: int) -> Iterator[str]:
    if not any(unicodedata.category(c)[0] in "LNPS" for c in text):
        yield f"{column} is empty: write it"
    if len(text) > limit:
        yield f"{column} has {len(text):,} characters: shorten it to {limit} or fewer"
    for char in text:
        if is_control(char):
            name = unicodedata.name(char, "a control character")
            yield f"{column} contains U+{ord(char):04X} ({name.lower()}): remove it"
            return


def _options(q: Question) -> Iterator[str]:
    normals = [normal(option) for option in q.options]
    for at, text in enumerate(normals):
        if text in normals[:at]:
            first = LETTERS[normals.index(text)].lower()
            yield f"option_{LETTERS[at].lower()} says the same as option_{first}: make the four options different"
        if _CATCH_ALL.fullmatch(" ".join(_words(q.options[at]))):
            yield f"option_{LETTERS[at].lower()} is {quoted(q.options[at])}: options are shuffled: give a real one"
    asked = f" {normal(q.question)} "
    told = [f" {text} " in asked for text in normals]
    if told[q.answer_index] and sum(told) == 1:
        yield f"question contains its answer {quoted(q.right_option)}: ask without naming it"


def quoted(text: str) -> str:
    """The text quoted for a message: one line, at most 40 characters."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
