"""Years, decades, dates and times."""

from __future__ import annotations

import re

from triviareel.speech import numbers

_MONTHS = ("January February March April May June July August September October November December").split()  # noqa: SIM905 - a row of words reads better than a column
_SHORT = {m[:3]: m for m in _MONTHS} | {"Sept": "September"}
_MONTH = "|".join([*_MONTHS, *(rf"{short}\." for short in _SHORT if short != "May")])
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:1\d|20)\d\d"

_ISO = re.compile(rf"(?<![\w-])({_YEAR})-(0[1-9]|1[0-2])-({_DAY})(?![\w-])")
_DAY_MONTH = re.compile(rf"\b(the )?({_DAY})(?:st|nd|rd|th)?(?: of)? ({_MONTH})(?!\w)(,? \d{{4}}(?![\d,]))?")
_MONTH_DAY = re.compile(rf"\b({_MONTH}) ({_DAY})(?:st|nd|rd|th)?(?![\w:]|[.,]\d)(,? \d{{4}}(?![\d,]))?")
_MONTH_YEAR = re.compile(rf"\b({_MONTH}),? ({_YEAR})(?![\w,]\d|\w)")
_SPAN = re.compile(rf"(?<![\w.,-])({_YEAR})\s?[–-]\s?({_YEAR}|\d\d)(?![\w.,-]?\d|\w)")
_DECADE = re.compile(r"(?<![\w.,])(?:'(\d0)|((?:1\d|20)\d0))'?s\b")
_AGE = re.compile(r"(?<![\w.,'])([2-9]0)'?s\b(?!\w)")
_ERA = re.compile(r"(?<![\w.,])(\d{1,4}) (BCE|BC|CE|AD)\b|\bAD (\d{1,4})(?![\w.,]\d|\w)")
_CUED = re.compile(
    rf"\b((?:[Ii]n|[Ss]ince|[Uu]ntil|[Cc]irca|[Dd]uring|[Tt]he year|[Ee]arly|[Ll]ate|mid) )({_YEAR})"
    r"(?![\w%°/]|[.,]\d|-\w)"
)
"""Words after which four digits are a year whatever follows: "In 1969 astronauts landed"."""
_BARE = re.compile(rf"(?<![\w.,$£€#+*^/-])({_YEAR})(?!\w|[.,:]\d|\s?[%°/*+^-]|[-–]\w)")
_NOT_NOUNS = (
    "was|is|as|has|its|this|across|his|hers|us|always|perhaps|plus|minus|times|"
    "it|he|she|the|when|that|and|or|to|a|by|in|on|at"
)
_COUNTED = re.compile(
    rf" (?:(?:(?!(?:{_NOT_NOUNS})\b)[a-z]+ )?(?!(?:{_NOT_NOUNS})\b)[a-z]+[^\Ws]s\b"
    r"|people\b|men\b|women\b|children\b|feet\b|million\b|billion\b|percent\b|degrees\b|per )"
)
"""What follows a number that counts something: a plural, perhaps after an adjective."""
_TIME = re.compile(r"(?<![\w:.])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?:\s?([AaPp])\.?[Mm]\b\.?)?(?![\w:])")
_HOUR = re.compile(r"(?<![\w:.])(1[0-2]|[1-9])\s?([AaPp])\.?[Mm]\b\.?")
_RATIO = re.compile(r"(?<![\w:.])(\d{1,4}):(\d{1,4})(?![\w:])")


def dates(text: str) -> str:
    """Dates, decades, eras, spans of years and times in words: all that its own marks tell apart from a number."""
    text = _ISO.sub(lambda m: _date(m[3], _MONTHS[int(m[2]) - 1], m[1]), text)
    text = _DAY_MONTH.sub(lambda m: _date(m[2], m[3], m[4] or ""), text)
    text = _MONTH_DAY.sub(_month_day, text)
    text = _MONTH_YEAR.sub(lambda m: f"{_month(m[1])} {_year(m[2])}", text)
    text = _ERA.sub(_era, text)
    text = _SPAN.sub(_span, text)
    text = _DECADE.sub(lambda m: numbers.plural(numbers.cardinal(int(m[1])) if m[1] else _year(m[2])), text)
    text = _AGE.sub(lambda m: numbers.plural(numbers.cardinal(int(m[1]))), text)
    text = _TIME.sub(_time, text)
    text = _HOUR.sub(lambda m: f"{numbers.cardinal(int(m[1]))} {m[2].upper()}-M", text)
    return _RATIO.sub(lambda m: f"{numbers.number(m[1])} to {numbers.number(m[2])}", text)


def years(text: str) -> str:
    """Years that stand alone in words; money and measures must have been said before.

    Four digits from 1000 to 2099 without a comma are a year, unless they plainly count something ("1500 species").
    """
    text = _CUED.sub(lambda m: f"{m[1]}{_year(m[2])}", text)
    return _BARE.sub(_bare, text)


def _year(text: str) -> str:
    return numbers.year(int(text))


def _month(text: str) -> str:
    return _SHORT.get(text.rstrip("."), text)


def _date(day: str, month: str, year: str) -> str:
    end = f", {_year(year.strip(' ,'))}" if year else ""
    return f"the {numbers.ordinal(int(day))} of {_month(month)}{end}"


def _month_day(match: re.Match[str]) -> str:
    month, day, year = match.groups()
    end = f", {_year(year.strip(' ,'))}" if year else ""
    return f"{_month(month)} the {numbers.ordinal(int(day))}{end}"


def _era(match: re.Match[str]) -> str:
    before, era, after = match.groups()
    if after:
        return f"A-D {_year(after)}"
    return f"{_year(before)} {'-'.join(era)}"


def _span(match: re.Match[str]) -> str:
    return f"{_year(match[1])} to {_year(match[2])}"


def _bare(match: re.Match[str]) -> str:
    counts = _COUNTED.match(match.string, match.end())
    return match[0] if counts else _year(match[1])


def _time(match: re.Match[str]) -> str:
    hour, minute, second, half = match.groups()
    words = numbers.cardinal(int(hour))
    if second:
        return f"{words}, {numbers.cardinal(int(minute))}, {numbers.cardinal(int(second))}"
    if minute != "00":
        words += f" {'oh ' if minute.startswith('0') else ''}{numbers.cardinal(int(minute))}"
    elif not half:
        words += " o'clock" if 1 <= int(hour) <= 12 else " hundred hours"
    return f"{words} {half.upper()}-M" if half else words
