from __future__ import annotations

from benchmarks.fixture import settled
from triviareel.video.layers import Layer, Motion, Picture, Side
from triviareel.video.storyboard import Span


def layer(pictures: list[int], leaves: list[int]) -> Layer:
    motion = Motion(tuple(pictures[: len(leaves)]), tuple(leaves), Side.LEFT, Side.TOP, 5, 5)
    return Layer("card", 0, 0, 2, 2, motion, tuple(Picture(frame, None) for frame in pictures))


def test_a_picture_lasts_until_the_next_one_or_until_its_card_leaves() -> None:
    assert list(settled(layer([10, 50, 120], [100, 150]))) == [
        (0, Span(10, 40)),
        (1, Span(50, 50)),
        (2, Span(120, 30)),
    ]


def test_the_steps_of_a_highlight_belong_to_its_last_picture() -> None:
    assert list(settled(layer([0, 40, 41, 42], [90]))) == [(0, Span(0, 40)), (3, Span(40, 50))]


def test_a_fade_at_the_end_is_left_out() -> None:
    assert list(settled(layer([0, 97, 98, 99], [100]))) == [(0, Span(0, 97))]
