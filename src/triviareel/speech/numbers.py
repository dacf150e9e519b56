"""Numbers as English words, as they are said in Britain: "one hundred and five", "nineteen oh five"."""

from __future__ import annotations

import re

_ONES = (  # noqa: SIM905 - a row of words reads better than a column
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = ["", "thousand", "million", "billion", "trillion", "quadrillion", "quintillion", "sextillion"]
_LONGEST = 3 * len(_SCALES)
"""Digits that still have a name; longer numbers are said digit by digit."""
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_ROMAN = re.compile(r"M{0,3}(CM|CD|D?C{0,3})(XC|XL|L?X{0,3})(IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def digits(text: str, zero: str = "zero") -> str:
    """Each digit by itself: "007" → "zero zero seven"; other characters are passed over."""
    return " ".join(zero if c == "0" else _ONES[int(c)] for c in text if c.isdecimal())


def cardinal(number: int) -> str:
    """1234 → "one thousand two hundred and thirty-four"; negative with "minus"."""
    if number < 0:
        return "minus " + cardinal(-number)
    if number >= 10**_LONGEST:
        return digits(str(number))
    if number < 1000:
        return _hundreds(number)
    words: list[str] = []
    for power in range(len(_SCALES) - 1, 0, -1):
        group = number // 1000**power % 1000
        if group:
            words.append(f"{_hundreds(group)} {_SCALES[power]}")
    rest = number % 1000
    if rest:
        words.append(("and " if rest < 100 else "") + _hundreds(rest))
    return " ".join(words)


def _hundreds(number: int) -> str:
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    rest = number % 100
    return f"{_ONES[number // 100]} hundred" + (f" and {_hundreds(rest)}" if rest else "")


def ordinal(number: int) -> str:
    """21 → "twenty-first"; numbers without a name keep their digits and end in "th"."""
    head, last = re.fullmatch(r"(.*?)([a-z]+)", cardinal(number)).groups()  # type: ignore[union-attr]  # words end in letters
    if last in _ORDINALS:
        return head + _ORDINALS[last]
    return head + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def plural(words: str) -> str:
    """The plural of number words: "sixty" → "sixties", "six" → "sixes"."""
    if words.endswith("y"):
        return words[:-1] + "ies"
    return words + ("es" if words.endswith("x") else "s")


def year(number: int) -> str:
    """A year of four digits in pairs: 1969 → "nineteen sixty-nine", 1905 → "nineteen oh five", 2005 in full."""
    century, rest = divmod(number, 100)
    if not 10 <= century <= 99 or (century % 10 == 0 and rest < 10):
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def number(text: str) -> str:
    """A written number, grouped by commas or not, with or without decimals: "1,234.5", "007", "0.05"."""
    whole, _, decimals = text.replace(",", "").partition(".")
    if len(whole) > _LONGEST:
        words = digits(whole)
    elif len(whole) > 1 and whole.startswith("0"):
        words = digits(whole, "oh")
    else:
        words = cardinal(int(whole or 0))
    return f"{words} point {digits(decimals)}" if decimals else words


def roman(text: str) -> int | None:
    """The value of a well-formed Roman numeral in capitals, else None."""
    if not text or not _ROMAN.fullmatch(text):
        return None
    values = [_ROMAN_VALUES[c] for c in text]
    return sum(-v if any(w > v for w in values[i + 1 : i + 2]) else v for i, v in enumerate(values))
