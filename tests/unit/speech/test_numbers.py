import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.speech import numbers


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "zero"),
        (13, "thirteen"),
        (20, "twenty"),
        (21, "twenty-one"),
        (100, "one hundred"),
        (105, "one hundred and five"),
        (999, "nine hundred and ninety-nine"),
        (1000, "one thousand"),
        (1001, "one thousand and one"),
        (1234, "one thousand two hundred and thirty-four"),
        (1_000_000, "one million"),
        (8_849_030, "eight million eight hundred and forty-nine thousand and thirty"),
        (-7, "minus seven"),
    ],
)
def test_cardinals(value: int, words: str) -> None:
    assert numbers.cardinal(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1, "first"),
        (2, "second"),
        (3, "third"),
        (4, "fourth"),
        (5, "fifth"),
        (8, "eighth"),
        (9, "ninth"),
        (12, "twelfth"),
        (20, "twentieth"),
        (21, "twenty-first"),
        (100, "one hundredth"),
        (101, "one hundred and first"),
    ],
)
def test_ordinals(value: int, words: str) -> None:
    assert numbers.ordinal(value) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1066, "ten sixty-six"),
        (1100, "eleven hundred"),
        (1900, "nineteen hundred"),
        (1905, "nineteen oh five"),
        (1969, "nineteen sixty-nine"),
        (2000, "two thousand"),
        (2005, "two thousand and five"),
        (2010, "twenty ten"),
        (2024, "twenty twenty-four"),
        (79, "seventy-nine"),
    ],
)
def test_years(value: int, words: str) -> None:
    assert numbers.year(value) == words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("1,234", "one thousand two hundred and thirty-four"),
        ("3.14", "three point one four"),
        ("0.05", "zero point zero five"),
        (".5", "zero point five"),
        ("007", "oh oh seven"),
        ("9" * 40, " ".join(["nine"] * 40)),
    ],
)
def test_written_numbers(written: str, words: str) -> None:
    assert numbers.number(written) == words


def _roman(value: int) -> str:
    steps = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL")]
    steps += [(10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    text = ""
    for step, letters in steps:
        text += letters * (value // step)
        value %= step
    return text


@given(st.integers(1, 3999))
def test_roman_numerals_are_read_back(value: int) -> None:
    assert numbers.roman(_roman(value)) == value


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "ABC", "xiv"])
def test_what_is_no_roman_numeral(text: str) -> None:
    assert numbers.roman(text) is None


@given(st.integers(0, 10**24 - 1))
def test_two_numbers_never_sound_the_same(value: int) -> None:
    assert numbers.cardinal(value) != numbers.cardinal(value + 1)
    assert numbers.ordinal(value) != numbers.ordinal(value + 1)
