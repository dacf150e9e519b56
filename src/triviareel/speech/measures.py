"""Quantities: money, units, percentages, temperatures, and the numbers in them."""

from __future__ import annotations

import re

from triviareel.speech import numbers

_SCALES = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion", "tn": "trillion"}
_BIG = "hundred|thousand|million|billion|trillion"
NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""A number as written, commas between groups of three."""

_CURRENCIES = {
    "$": ("dollar", "dollars", "cent"),
    "£": ("pound", "pounds", "penny"),
    "€": ("euro", "euros", "cent"),
    "¥": ("yen", "yen", "sen"),
    "₹": ("rupee", "rupees", "paisa"),
    "₩": ("won", "won", "jeon"),
    "₺": ("lira", "lira", "kurus"),
    "₪": ("shekel", "shekels", "agora"),
    "฿": ("baht", "baht", "satang"),
}
_COUNTRIES = {"US": "U-S ", "A": "Australian ", "C": "Canadian ", "NZ": "New Zealand ", "HK": "Hong Kong ", "": ""}
_MONEY = re.compile(rf"(?<!\w)(US|NZ|HK|A|C)?([$£€¥₹₩₺₪฿])\s?({NUMBER})(?:\s?({_BIG})\b|\s?(bn|tn|[kKmMbB])\b)?(-\w)?")

_UNITS = {
    "km": ("kilometre", "kilometres"),
    "m": ("metre", "metres"),
    "cm": ("centimetre", "centimetres"),
    "mm": ("millimetre", "millimetres"),
    "μm": ("micrometre", "micrometres"),
    "nm": ("nanometre", "nanometres"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "mg": ("milligram", "milligrams"),
    "t": ("tonne", "tonnes"),
    "l": ("litre", "litres"),
    "L": ("litre", "litres"),
    "ml": ("millilitre", "millilitres"),
    "mL": ("millilitre", "millilitres"),
    "ha": ("hectare", "hectares"),
    "ft": ("foot", "feet"),
    "mi": ("mile", "miles"),
    "yd": ("yard", "yards"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "mph": ("mile per hour", "miles per hour"),
    "kph": ("kilometre per hour", "kilometres per hour"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "ns": ("nanosecond", "nanoseconds"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "GHz": ("gigahertz", "gigahertz"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "MW": ("megawatt", "megawatts"),
    "GW": ("gigawatt", "gigawatts"),
    "kWh": ("kilowatt hour", "kilowatt hours"),
    "V": ("volt", "volts"),
    "kV": ("kilovolt", "kilovolts"),
    "J": ("joule", "joules"),
    "kJ": ("kilojoule", "kilojoules"),
    "kcal": ("kilocalorie", "kilocalories"),
    "N": ("newton", "newtons"),
    "Pa": ("pascal", "pascals"),
    "hPa": ("hectopascal", "hectopascals"),
    "kPa": ("kilopascal", "kilopascals"),
    "dB": ("decibel", "decibels"),
    "K": ("kelvin", "kelvin"),
    "KB": ("kilobyte", "kilobytes"),
    "kB": ("kilobyte", "kilobytes"),
    "MB": ("megabyte", "megabytes"),
    "GB": ("gigabyte", "gigabytes"),
    "TB": ("terabyte", "terabytes"),
    "AU": ("astronomical unit", "astronomical units"),
    "ly": ("light year", "light years"),
    "sq km": ("square kilometre", "square kilometres"),
    "sq mi": ("square mile", "square miles"),
    "sq ft": ("square foot", "square feet"),
}
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_POWER = rf"(?:{_UNIT})(?:\^[23])?"
_COMPOUND = rf"{_POWER}(?:/{_POWER})?"
_MEASURE = re.compile(rf"(?<![\w.,:])({NUMBER})((?:\s(?:{_BIG}))?)(\s?|-)({_COMPOUND})(?![\w^°/'])")
_ALONE = re.compile(
    rf"(?<![\w/^])(?:(?:{_UNIT})\^[23](?:/{_POWER})?|{_POWER}/(?:{_UNIT})(?:\^2)?|k[mg]|[cm]m|mph)(?![\w^/'])"
)
_PER_ALONE = re.compile(rf"(?<=[a-z])/((?:{_UNIT})\^[23])(?![\w^])")
_DEGREES = re.compile(rf"({NUMBER})?\s?°\s?([CFK]|[NSEW])?(?!\w)")
_DEGREE_NAMES = {"C": " Celsius", "F": " Fahrenheit", "K": " kelvin", "N": " north", "S": " south", "E": " east"}
_FEET = re.compile(r"(?<!\w)(\d+)'\s?(\d+)\"")
_NEGATIVE = re.compile(r"(?<![\w.)\]])-(?=[$£€]?\.?\d)")
_CENTS = re.compile(rf"(?<!\w)({NUMBER})\s?(¢|c\b|p\b)")


def spoken(text: str) -> str:
    """Money, units and percentages in words; a plain number beside one is said with it."""
    text = _NEGATIVE.sub("minus ", text)
    text = _MONEY.sub(_money, text)
    text = _CENTS.sub(
        lambda m: f"{numbers.number(m[1])} {'pence' if m[2] == 'p' else _counted(m[1], 'cent', 'cents')}", text
    )
    text = _FEET.sub(lambda m: f"{numbers.number(m[1])} feet {numbers.number(m[2])} inches", text)
    text = _DEGREES.sub(_degrees, text)
    text = _MEASURE.sub(_measure, text)
    text = _PER_ALONE.sub(lambda m: f" per {_unit(m[1], one=True)}", text)
    text = _ALONE.sub(lambda m: _unit(m[0], one=False), text)
    return text.replace("%", " percent ").replace("‰", " per thousand ")


def _counted(number: str, one: str, many: str) -> str:
    return one if number == "1" else many


def _money(match: re.Match[str]) -> str:
    country, sign, amount, scale, short, adjective = match.groups()
    one, many, hundredth = _CURRENCIES[sign]
    scale = scale or (_SCALES[short.lower()] if short else None)
    name = _COUNTRIES[country or ""] + (one if adjective or (amount == "1" and not scale) else many)
    end = adjective.replace("-", " ") if adjective else ""
    whole, _, part = amount.partition(".")
    if scale or len(part) != 2:
        return f"{numbers.number(amount)}{f' {scale}' if scale else ''} {name}{end}"
    parts = []
    if whole.strip("0"):
        parts.append(f"{numbers.number(whole)} {_COUNTRIES[country or '']}{_counted(whole, one, many)}")
    if part != "00":
        small = "pence" if hundredth == "penny" else _counted(part.lstrip("0"), hundredth, f"{hundredth}s")
        parts.append(f"{numbers.cardinal(int(part))} {small}")
    return (" and ".join(parts) or f"zero {name}") + end


def _degrees(match: re.Match[str]) -> str:
    amount, scale = match.groups()
    word = _DEGREE_NAMES.get(scale, " west") if scale else ""
    if amount is None:
        return f" degrees{word}"
    return f"{numbers.number(amount)} {_counted(amount, 'degree', 'degrees')}{word}"


def _measure(match: re.Match[str]) -> str:
    amount, scale, between, unit = match.groups()
    if unit in {"K", "s"} and between != " ":  # "4K" is a resolution, "10s" a plural; "300 K" and "10 s" are measured
        return match[0]
    one = (amount == "1" and not scale) or between == "-"
    return f"{numbers.number(amount)}{scale} {_unit(unit, one)}"


def _unit(symbol: str, one: bool) -> str:
    """A unit in words: "km^2" → "square kilometres", "m/s^2" → "metres per second squared"."""
    top, _, below = symbol.partition("/")
    words = _power(top, one)
    if not below:
        return words
    if below in {"s^2", "s^3"}:
        return f"{words} per second {'squared' if below.endswith('2') else 'cubed'}"
    return f"{words} per {_power(below, one=True)}"


def _power(symbol: str, one: bool) -> str:
    base, _, exponent = symbol.partition("^")
    prefix = {"2": "square ", "3": "cubic ", "": ""}[exponent]
    return prefix + _UNITS[base][0 if one else 1]
