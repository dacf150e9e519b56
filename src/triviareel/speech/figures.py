"""Numbers and signs that mean nothing more particular: ranges, fractions, ordinals, powers, formulas, "=" and "&"."""

from __future__ import annotations

import re

from triviareel.speech import numbers
from triviareel.speech.measures import NUMBER

_RANGE = re.compile(rf"(?<![\w.,/-])({NUMBER})(?:\s?–\s?|-)({NUMBER})(?![\w./-])")
_SUM = re.compile(r"\d\s?=|=\s?\d|[Ww]hat is \d[\d.]*\s?-")
_ORDINAL = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)\b")
_FRACTION = re.compile(r"(?<![\w./])(?:(\d+) )?(\d{1,4})/(\d{1,4})(?![\w/]|\.\d)")
_PARTS = {2: "half", 4: "quarter"}
_POWER = re.compile(r"\^\(?([-+]?\w+)\)?")
_FORMULA = re.compile(r"(?<![\w-])(?=[A-Za-z]*\d)(?:[A-Z][a-z]?\d*){2,}(?![\w-])")
_MIXED = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_LONE_A = re.compile(r"(?<!\w)A(?=\d)")
_PLURAL = re.compile(rf"(?<![\w.])({NUMBER})s\b")
_CODE = re.compile(r"\b(Boeing|Airbus|Route|Flight|Room|Agent) ([1-9][1-9]\d)(?!\w|[.,]\d)")
_PLAIN = re.compile(rf"{NUMBER}|(?<![\w.])\.\d+")
_SIGNS = {
    "&": "and",
    "+": "plus",
    "=": "equals",
    "≡": "is equivalent to",
    "×": "times",
    "÷": "divided by",
    "±": "plus or minus",
    "≈": "is about",
    "≠": "is not equal to",
    "≤": "is at most",
    "≥": "is at least",
    "<": "is less than",
    ">": "is greater than",
    "→": "to",
    "⇒": "gives",
    "↔": "to and from",
    "√": "the square root of",
    "∞": "infinity",
    "§": "section",
    "@": "at",
    "♀": "female",
    "♂": "male",
    "∑": "the sum of",
    "∈": "in",
    "$": "dollars",
    "£": "pounds",
    "€": "euros",
    "¥": "yen",
    "₹": "rupees",
    "¢": "cents",
}
_SIGN = re.compile("|".join(map(re.escape, _SIGNS)))


def ranges(text: str) -> str:
    """Ranges: "10–20 km" → "10 to 20 km"; where something is worked out, "5-3" is a difference."""
    if _SUM.search(text):
        return re.sub(r"(?<=\d)\s?-\s?(?=\d)", " minus ", text)
    return _RANGE.sub(r"\1 to \2", text)


def spoken(text: str) -> str:
    """Every digit and sign that is left in words."""
    text = re.sub(r"\b([A-G])(?:#|♯)(?!\w)", r"\1 sharp", text)
    text = re.sub(r"\b([A-G])♭(?!\w)", r"\1 flat", text)
    text = re.sub(r"(?<=[\d)]) ?[x*·] ?(?=[\d(])", " times ", text)
    text = re.sub(r"(?<!\w)~ ?(?=\d)", "about ", text)
    text = re.sub(r"#(?=\d)", "number ", text)
    text = _ORDINAL.sub(_ordinal, text)
    text = _FRACTION.sub(_fraction, text)
    text = _POWER.sub(_power, re.sub(r"(?<!\w)([a-z])([a-z])(?=\^)", r"\1 \2", text))
    text = _CODE.sub(lambda m: f"{m[1]} {numbers.cardinal(int(m[2][0]))} {numbers.cardinal(int(m[2][1:]))}", text)
    text = _FORMULA.sub(_formula, text)
    text = _PLURAL.sub(lambda m: numbers.plural(numbers.number(m[1])), text)
    text = _MIXED.sub(" ", _LONE_A.sub("A-", text))
    text = _PLAIN.sub(lambda m: numbers.number(m[0]), text)
    return _SIGN.sub(lambda m: f" {_SIGNS[m[0]]} ", text)


def _ordinal(match: re.Match[str]) -> str:
    written = match[1].replace(",", "")
    return numbers.ordinal(int(written)) if len(written) <= 27 else numbers.digits(written)


def _fraction(match: re.Match[str]) -> str:
    whole, top, bottom = match.groups()
    if match[0] == "9/11":  # the day, not the fraction
        return "nine eleven"
    start = f"{numbers.number(whole)} and " if whole else ""
    upper, lower = int(top), int(bottom)
    if not 0 < upper < lower:
        return f"{start}{numbers.number(top)} {numbers.number(bottom)}"
    if lower > 20 and lower not in {100, 1000}:
        return f"{start}{numbers.number(top)} over {numbers.number(bottom)}"
    part = _PARTS.get(lower) or numbers.ordinal(lower)
    if upper == 1:
        return f"{start}{'a' if whole else 'one'} {part}"
    return f"{start}{numbers.cardinal(upper)} {'halves' if part == 'half' else numbers.plural(part)}"


def _power(match: re.Match[str]) -> str:
    exponent = match[1]
    if exponent in {"2", "3"}:
        return f" {'squared' if exponent == '2' else 'cubed'} "
    sign = {"-": "minus ", "+": "plus "}.get(exponent[0], "")
    return f" to the power of {sign}{exponent.lstrip('+-')} "


def _formula(match: re.Match[str]) -> str:
    """A formula, "CO2" → "C-O 2": the letters one by one, the numbers as numbers."""
    parts = re.findall(r"\d+|[A-Za-z]+", match[0])
    return " ".join(part if part.isdigit() else "-".join(part.upper()) for part in parts)
