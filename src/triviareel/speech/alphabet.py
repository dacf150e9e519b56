"""Characters: made plain before the rules read them, and reduced to what an English voice can say after."""

from __future__ import annotations

import re
import unicodedata

KEPT_ACCENTS = frozenset("àáâãäåèéêëìíîïñòóôõöøùúûüçýÀÁÂÃÄÅÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÇ")
"""Accented letters that change how an English speaker says a name: "Pelé", "Malé", "Schrödinger"."""

SPEAKABLE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ ',.?!:;-") | KEPT_ACCENTS
"""Every character that a normalised text may hold."""

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "þ": "th", "Þ": "Th", "ð": "th", "Ð": "Th"}
    | {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ŋ": "ng", "ħ": "h", "Ħ": "H", "ə": "e", "Ə": "E"}
    | {"ŧ": "t", "ĸ": "k", "ƒ": "f", "ơ": "o", "ư": "u", "ɓ": "b", "ɗ": "d"}
)
_PUNCTUATION = str.maketrans(
    dict.fromkeys("‘’‛ʼʻʹ′`´＇", "'")
    | dict.fromkeys("“”„‟«»‹›″＂", '"')
    | dict.fromkeys("‐‑⁃", "-")
    | dict.fromkeys("–‒", "–")
    | dict.fromkeys("—―⸺", "—")
    | {"−": "-", "¿": "", "¡": "", "™": "", "®": "", "©": "", "\u00ad": "", "⁄": "/", "∕": "/", "№": "No. ", "…": "..."}
    | {"₽": " rubles", "ª": "a", "º": "°"}
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ⁿ", "0123456789-+n")
_GREEK = (  # noqa: SIM905 - a row of words reads better than a column
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma sigma tau upsilon "
    "phi chi psi omega"
).split()
_GREEK_LETTER = re.compile(r"(?<![\u0370-\u03ff\u1f00-\u1fff])[Α-Ωα-ω](?![\u0370-\u03ff\u1f00-\u1fff])")
_NAMED_SYMBOLS = ("So", "Sk")


def plain(text: str) -> str:
    """The text in few kinds of characters: one space, quote and apostrophe; ASCII digits; "^" before exponents."""
    text = re.sub(r"(?<!\d)\d{1,3}(?: \d{3}){2,}(?!\d)", lambda m: m[0].replace(" ", ","), text)
    text = re.sub(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))", ",", text)
    text = re.sub(r"[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻][⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ⁻]*", lambda m: "^" + m[0].translate(_SUPERSCRIPTS), text)
    text = re.sub(r"(?<=\d)(?=[¼½¾⅐-⅞])", " ", text.translate(_PUNCTUATION))
    text = unicodedata.normalize("NFKC", text).translate(_PUNCTUATION)
    text = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    text = _GREEK_LETTER.sub(_greek_name, text.replace("µ", "μ"))
    return " ".join(
        re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]+", " ", text).split()
    )


def reduced(text: str) -> str:
    """Only speakable characters: letters folded, other scripts and symbols dropped, punctuation tidied."""
    text = "".join(c if c in SPEAKABLE else _folded(c) for c in text)
    text = re.sub(r"(?<![A-Za-zÀ-ÿ])['-]+|['-]+(?![A-Za-zÀ-ÿ])", _loose_mark, text)
    text = re.sub(r"\s+(?=[,.?!:;])", "", " ".join(text.split()))
    text = re.sub(r"[,.?!:;]{2,}", lambda m: max(m[0], key=",:;.!?".index), text)
    text = re.sub(r"([,?!:;])(?=[^\s])", r"\1 ", text)
    return text.lstrip(" ,.?!:;").strip()


def pictures_named(text: str) -> str:
    """Emoji as their names, for a text that is nothing else: "🍎" → "red apple"."""
    if any(c.isalnum() for c in text):
        return text
    names = [unicodedata.name(c, "").lower() for c in text if unicodedata.category(c) in _NAMED_SYMBOLS]
    return ", ".join(name for name in names if name and "indicator" not in name) or text


def foreign_script(text: str) -> str | None:
    """The first script in a text that an English voice cannot read, as "Cyrillic"; None where there is none."""
    for char in plain(text):
        if unicodedata.category(char) in {"Lu", "Ll", "Lt", "Lo", "Mc"} and not _folded(char).strip():
            script = unicodedata.name(char, "unknown").split()[0].title()
            return {"Cjk": "Chinese", "Latin": "phonetic"}.get(script, script)
    return None


def _folded(char: str) -> str:
    """A letter without what an English voice cannot say of it; a space for what has no letter in it."""
    if char in SPEAKABLE:
        return char
    base = "".join(c for c in unicodedata.normalize("NFKD", char.translate(_LETTERS)) if not unicodedata.combining(c))
    if unicodedata.combining(char):
        return ""
    return base if base and all(c in SPEAKABLE for c in base) else " "


def _loose_mark(match: re.Match[str]) -> str:
    """Hyphens and apostrophes outside words are quotes and dashes, and are not said."""
    return " " if "-" in match[0] else ""


def _greek_name(match: re.Match[str]) -> str:
    """A single Greek letter's name; set apart from Latin letters around it, as in "Δt"."""
    capital = match[0].isupper()
    index = ord(match[0]) - (0x391 if capital else 0x3B1)
    before, after = match.string[: match.start()][-1:], match.string[match.end() :][:1]
    return f"{' ' * before.isalnum()}{_GREEK[index]}{' ' * after.isalnum()}"
