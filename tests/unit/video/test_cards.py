"""Cards are legible on any background, in their place at their time, and every text that cannot be shown is named."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import pyvips

from triviareel.errors import TextError
from triviareel.video import cards, storyboard, theme
from triviareel.video.canvas import Canvas, Format
from triviareel.video.cards import CardText, Title

THEME = theme.load("limelight")
TITLE = Title("World Capitals", "2 questions", "How many did you get?", "Play again tomorrow")
LATIN = CardText(
    "geo-au",
    "Geography",
    "easy",
    "What is the capital of Australia?",
    ("Sydney", "Canberra", "Melbourne", "Perth"),
    1,
    "Canberra was built as a compromise between Sydney and Melbourne.",
)
ARABIC = CardText(
    "geo-eg",
    "جغرافيا",
    "hard",
    "ما هي عاصمة جمهورية مصر العربية؟",
    ("القاهرة", "الإسكندرية", "Giza 1945", "أسوان"),
    0,
    "القاهرة هي أكبر مدينة في العالم العربي.",
)


def board(canvas: Canvas, count: int) -> storyboard.Storyboard:
    said = storyboard.Narration(Fraction(1), (Fraction(1),) * 4, Fraction(2))
    return storyboard.compose(canvas, [said] * count, [(10, 10)] * count, THEME.pace)


def drawn(canvas: Canvas, *questions: CardText) -> tuple[dict[str, Any], storyboard.Storyboard]:
    plan = board(canvas, len(questions))
    return {layer.name: layer for layer in cards.draw(THEME, canvas, plan, questions, TITLE).layers}, plan


def luminance(colour: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Relative luminance as WCAG 2.2 defines it; colours along the last axis, 0 to 255."""
    share = colour / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def worst_contrast(colour: str, piece: str, size: tuple[int, int], inset: int) -> float:
    """The least contrast of a text colour with a piece's inner area on black and on white."""
    ink = luminance(np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float))
    image = THEME.pieces[piece].draw(*size, 0, 1.0, THEME.stylesheet())
    found = []
    for background in (0, 255):
        pixels = image.flatten(background=[background] * 3).numpy()[inset:-inset, inset:-inset].astype(float)
        paper = luminance(pixels)
        lighter, darker = np.maximum(paper, ink), np.minimum(paper, ink)
        found.append(((lighter + 0.05) / (darker + 0.05)).min())
    return float(min(found))


@pytest.mark.parametrize(
    ("role", "piece", "size", "inset", "least"),
    [
        ("question", "question", (1728, 458), 30, 7),
        ("option", "option", (852, 156), 12, 7),
        ("explanation", "explanation", (1728, 136), 36, 7),
        ("heading", "title", (1280, 580), 40, 7),
        ("subtitle", "title", (1280, 580), 40, 4.5),
        ("difficulty", "question", (1728, 458), 30, 4.5),
        ("progress", "question", (1728, 458), 30, 7),
        ("topic", "topic", (300, 56), 10, 7),
        ("letter", "badge", (96, 96), 14, 4.5),
    ],
)
def test_text_is_legible_on_any_background(
    role: str, piece: str, size: tuple[int, int], inset: int, least: float
) -> None:
    assert worst_contrast(THEME.styles[role].colour, piece, size, inset) >= least


def test_revealed_options_are_legible() -> None:
    assert worst_contrast(THEME.reveal["right"]["option"], "option_right", (852, 156), 12) >= 7
    assert worst_contrast(THEME.reveal["dim"]["option"], "option_dim", (852, 156), 12) >= 4.5


@pytest.mark.parametrize("canvas", [Canvas(shape, resolution) for shape in Format for resolution in (720, 1440)])
def test_layers_are_even_tight_and_constant_in_size(canvas: Canvas) -> None:
    layers, plan = drawn(canvas, LATIN, ARABIC)
    assert tuple(layers) == theme.MOVING
    for layer in layers.values():
        assert all(value % 2 == 0 for value in (layer.x, layer.y, layer.width, layer.height))
        assert layer.x >= 0
        assert layer.y >= 0
        assert layer.x + layer.width <= canvas.width
        assert layer.y + layer.height <= canvas.height
        assert all(one.frame < two.frame for one, two in pairwise(layer.pictures))
        assert len(layer.motion.enters) == len(layer.motion.leaves) == 2
        assert all(one < two for one, two in zip(layer.motion.enters, layer.motion.leaves, strict=True))
        for picture in layer.pictures:
            assert (picture.image.width, picture.image.height) == (layer.width, layer.height)
            assert (picture.image.bands, picture.image.format) == (4, "uchar")
        opaque = layer.pictures[0].image.numpy()[:, :, 3] > 0
        assert opaque.mean() > 0.8, "a layer's empty margin is paid for in every frame"
    assert plan.length >= layers["title"].pictures[-1].frame


def test_options_come_in_turn_and_all_leave_together() -> None:
    layers, plan = drawn(Canvas(), LATIN)
    scene = plan.scenes[0]
    for index, name in enumerate(theme.OPTIONS):
        assert layers[name].motion.enters == (scene.options[index].start,)
        assert layers[name].motion.leaves == (scene.leave,)
    told = layers["explanation"].motion.enters[0]
    assert scene.reveal < told <= scene.told.start
    assert layers["question"].motion.enters == (scene.span.start,)


def test_the_right_option_lights_up_in_the_reveals_first_frame() -> None:
    layers, plan = drawn(Canvas(resolution=720), LATIN)
    for index, name in enumerate(theme.OPTIONS):
        before, first, *_, last = layers[name].pictures
        assert first.frame == plan.scenes[0].reveal
        change = np.abs(first.image.numpy().astype(int) - before.image.numpy()).mean()
        assert change > (40 if index == LATIN.answer_index else 2)
        green = last.image.numpy()[:, :, 1].mean() > 150
        assert green == (index == LATIN.answer_index)


def test_a_card_from_right_to_left_is_mirrored() -> None:
    layers, plan = drawn(Canvas(resolution=720), LATIN, ARABIC)
    scene = plan.scenes[1]
    # the first option stands in the right-hand column, so it is there that the first one comes in
    assert layers["option_b"].motion.enters[1] == scene.options[0].start
    assert layers["option_a"].motion.enters[1] == scene.options[1].start
    latin, arabic = (layers["option_b"].pictures[at].image.numpy()[:, :, 2] for at in (0, 5))
    width = latin.shape[1] // 4
    assert latin[:, :width].mean() > latin[:, -width:].mean()
    assert arabic[:, :width].mean() < arabic[:, -width:].mean()


def test_options_in_one_column_keep_their_order_from_right_to_left() -> None:
    layers, plan = drawn(Canvas(Format.PORTRAIT, 720), ARABIC)
    enters = [layers[name].motion.enters[0] for name in theme.OPTIONS]
    assert enters == [span.start for span in plan.scenes[0].options]


def test_the_timers_mask_fits_its_place_in_the_question_card() -> None:
    canvas = Canvas(resolution=720)
    timer = cards.draw(THEME, canvas, board(canvas, 1), [LATIN], TITLE).timer
    assert (timer.mask.width, timer.mask.height, timer.mask.bands) == (timer.width, timer.height, 1)
    assert all(value % 2 == 0 for value in (timer.x, timer.y, timer.width, timer.height))
    mask = timer.mask.numpy()
    assert mask[timer.height // 2, timer.width // 2] == 255
    assert mask[0, 0] == 0


def test_the_outro_fades() -> None:
    layers, plan = drawn(Canvas(resolution=720), LATIN)
    *_, before, last = layers["title"].pictures
    assert last.frame == plan.length - 1
    assert last.image.numpy()[:, :, 3].max() < before.image.numpy()[:, :, 3].max() < 128


def test_the_same_questions_make_the_same_pictures() -> None:
    canvas = Canvas(Format.SQUARE, 720)
    one, two = (drawn(canvas, LATIN, ARABIC)[0] for _ in range(2))
    for name, layer in one.items():
        for first, second in zip(layer.pictures, two[name].pictures, strict=True):
            assert np.array_equal(first.image.numpy(), second.image.numpy())


@pytest.mark.parametrize("canvas", [Canvas(shape, resolution) for shape in Format for resolution in (720, 2160)])
def test_texts_of_the_greatest_length_fit(canvas: Canvas) -> None:
    def long(count: int) -> str:
        return ("Which of the planets known since antiquity was the one that Galileo saw in 1610 " * 4)[:count].strip()

    options = long(60), long(59), long(58), long(57)
    card = CardText("long", "Language and literature", "medium", long(160), options, 0, long(200))
    cards.check(THEME, canvas, [card], TITLE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"question": "word " * 900}, r"question geo-au, question: 4,500 characters do not fit .*; shorten it"),
        ({"options": ("a", "x" * 300, "b", "c")}, r"question geo-au, option b: 300 characters do not fit"),
        ({"question": f"Who or what is {'m' * 60}?"}, r"76 characters do not fit .*; replace the word m{40}, which is"),
        ({"explanation": "Hieroglyph 𓀀"}, r"question geo-au, explanation: no font has 𓀀 U\+13000 egyptian"),
        ({"options": ("a", "b", " ", "c")}, r"question geo-au, option c: is empty; give it a text"),
        ({"explanation": "\u00ad\u200d"}, r"question geo-au, explanation: is empty"),
        ({"question": "NUL \0?"}, r"question geo-au, question: no font has U\+0000 control character"),
        ({"topic": "T" * 200}, r"question geo-au, topic: 200 characters do not fit"),
        ({"question": "", "explanation": ""}, r"question geo-au, question: is empty.*\(1 more such fault\)"),
    ],
)
def test_a_text_that_cannot_be_shown_is_named(change: dict[str, Any], message: str) -> None:
    with pytest.raises(TextError, match=message) as caught:
        cards.check(THEME, Canvas(), [LATIN, replace(LATIN, **change)], TITLE)
    assert "\n" not in str(caught.value)


def test_a_title_that_cannot_be_shown_is_named() -> None:
    with pytest.raises(TextError, match=r"outro, heading: is empty"):
        cards.check(THEME, Canvas(), [LATIN], replace(TITLE, closing=""))


def test_a_thumbnail_covers_the_canvas_and_tells_nothing() -> None:
    canvas = Canvas(resolution=720)
    background = pyvips.Image.black(300, 500, bands=3).copy(interpretation="srgb") + 200
    stills = [
        cards.thumbnail(THEME, canvas, replace(LATIN, answer_index=index), TITLE, background.cast("uchar")).numpy()
        for index in (0, 1)
    ]
    assert stills[0].shape == (720, 1280, 3)
    assert np.array_equal(*stills)
    assert stills[0][2, 2].tolist() == [150, 150, 150]
