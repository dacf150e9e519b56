"""Texts fit their boxes, look even, and are shown literally in every script."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triviareel.video import fonts, text, theme
from triviareel.video.pango import Align
from triviareel.video.text import Setting

STYLE = theme.load("limelight").styles["question"]
ROOM = (1600, 264)
SIZES = (68.0, 38.0)
KNOWN = sorted(point for points in fonts.coverage().values() for point in points if point > 32)


def fit(words: str, room: tuple[int, int] = ROOM, sizes: tuple[float, float] = SIZES, **more: object) -> Setting:
    setting = text.fit(words, STYLE, room, sizes, **more)  # type: ignore[arg-type]  # tests pass what they like
    assert setting is not None
    return setting


def test_short_texts_take_the_largest_size_and_long_ones_shrink() -> None:
    assert fit("Short?").size == SIZES[0]
    long = fit("Which of these words is a little longer than the others? " * 3)
    assert SIZES[1] <= long.size < SIZES[0]
    assert long.lines > 1


def test_a_text_too_long_for_the_smallest_size_is_refused() -> None:
    assert text.fit("word " * 1000, STYLE, ROOM, SIZES) is None
    assert text.fit("x" * 200_000, STYLE, ROOM, SIZES) is None
    assert text.fit("x" * 200, STYLE, ROOM, SIZES) is None
    assert text.fit("two words", STYLE, (200, 264), SIZES, most_lines=1) is None


def test_markup_is_shown_literally() -> None:
    assert fit("<b>A</b> &amp;").width > fit("A &").width * 2
    assert fit("</span>").width > 0


def test_lines_are_balanced() -> None:
    setting = fit("Which country is the largest in the world by land?", sizes=(68.0, 68.0))
    assert setting.lines == 2
    assert setting.width < 0.7 * ROOM[0]


def test_a_line_is_saved_where_it_costs_little() -> None:
    words = "What is the capital city of Australia?"
    wide = fit(words, (4000, 264), (60.0, 60.0)).width
    assert fit(words, (round(wide * 0.95), 264), (60.0, 60.0)).lines == 2
    calm = fit(words, (round(wide * 0.95), 264), (60.0, 30.0))
    assert calm.lines == 1
    assert calm.size < 60
    dear = fit(words, (round(wide * 0.7), 264), (60.0, 30.0))
    assert (dear.lines, dear.size) == (2, 60)


def test_options_share_one_size() -> None:
    words = ["Lima", "A rather long option that needs more than one line", "Rome", "Oslo"]
    room, sizes = (400, 120), (48.0, 24.0)
    found = text.fit_even(words, STYLE, room, sizes, Align.LEFT)
    assert len({setting.size for setting in found if setting}) == 1
    assert text.fit_even(["a", "x" * 200], STYLE, room, sizes, Align.LEFT)[1] is None


@pytest.mark.parametrize(
    ("words", "rtl"),
    [("ما هي", True), ("שלום", True), ("1945 مصر", True), ("Giza 1945", False), ("भारत", False), ("1945", False)],
)
def test_direction_follows_the_first_letter(words: str, rtl: bool) -> None:
    assert text.is_rtl(words) is rtl


@pytest.mark.parametrize("words", ["Short", "مصر", "مصر العربية الطويلة جدا جدا"])
@pytest.mark.parametrize("room", [(700, 120), (300, 200)])
def test_alignment_is_physical_whatever_the_direction(words: str, room: tuple[int, int]) -> None:
    sizes = (40.0, 20.0)
    left, right = (fit(words, room, sizes, align=align) for align in (Align.LEFT, Align.RIGHT))
    assert left.x == 0
    assert right.x + right.width == room[0]


def test_a_word_is_in_one_typeface() -> None:
    assert fit("Ωμέγα").markup.count("Noto Sans") == 1  # Montserrat has Ω and μ, but not έ
    assert "font_family" not in fit("Omega Москва Việt").markup


def test_joined_scripts_are_not_spaced_out_or_made_capital() -> None:
    style = replace(STYLE, tracking=0.1, capitals=True)
    latin, arabic, greek = (text.fit(words, style, ROOM, SIZES) for words in ("topic", "جغرافيا", "Γεωγραφία"))
    assert latin
    assert "TOPIC" in latin.markup
    assert "letter_spacing" in latin.markup
    assert arabic
    assert "letter_spacing" not in arabic.markup
    assert greek
    assert "Γεωγραφία" in greek.markup


def test_signs_stay_with_their_number() -> None:
    assert text.tidy(" 40 %  of\n5 €, vrai ? ") == "40\u00a0% of 5\u00a0€, vrai\u00a0?"


def test_shaped_scripts_differ_from_their_letters_in_a_row() -> None:
    joined, apart = fit("مصر"), fit("م\u200cص\u200cر")  # non-joiners keep letters from joining
    assert joined.width != apart.width
    assert fit("क्षि").width < fit("क").width * 3


def test_the_same_text_is_the_same_picture() -> None:
    one, two = (fit("Ωμέγα नमस्ते مصر 🎉 CO₂").mask().numpy() for _ in range(2))
    assert (one == two).all()
    assert one.max() == 255


@settings(max_examples=60)
@given(st.text(st.sampled_from(KNOWN).map(chr), min_size=1, max_size=60).filter(lambda words: words.strip()))
def test_whatever_is_set_stays_in_its_box(words: str) -> None:
    setting = text.fit(words, STYLE, ROOM, SIZES)
    if setting:
        mask = setting.mask()
        assert (mask.width, mask.height) == (setting.width, setting.height)
        assert setting.x >= 0
        assert setting.x + setting.width <= ROOM[0]
