import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.video.pace import PACE
from triviareel.jobs import sidecars
from triviareel.questions.gemini.topics import by_slug, slug
from triviareel.questions.model import Difficulty, Question
from triviareel.video.canvas import FRAME_RATES, Canvas
from triviareel.video.storyboard import Narration, Storyboard, compose

SAID = Narration(Fraction(3), (Fraction(1), Fraction(1), Fraction(1), Fraction(1)), Fraction(9, 2))


def question(number: int, topic: str = "science", text: str = "What is it?", explanation: str = "It is.") -> Question:
    return Question(f"q{number}", topic, Difficulty.EASY, text, ("ant", "bee", "cat", "dog"), "B", explanation, "Own")


def board(canvas: Canvas, count: int) -> Storyboard:
    return compose(canvas, [SAID] * count, [(10, 10)] * count, PACE, intro_speech_s=Fraction(2))


words = st.lists(st.text("abcdefgh,'", min_size=1, max_size=60), min_size=1, max_size=40).map(" ".join)


@given(words, words, st.sampled_from(FRAME_RATES))
def test_captions_are_read_in_order_on_lines_that_fit(asked: str, explained: str, fps: int) -> None:
    canvas = Canvas(fps=fps)
    told = sidecars.captions(
        canvas, board(canvas, 2), [question(1, text=asked, explanation=explained)] * 2, "Hi", "Bye"
    )
    blocks = told.strip("\n").split("\n\n")
    last = "00:00:00,000"
    for number, block in enumerate(blocks, 1):
        index, span, *lines = block.split("\n")
        assert index == str(number)
        start, end = span.split(" --> ")
        assert re.fullmatch(r"\d\d:\d\d:\d\d,\d{3}", start)
        assert last <= start <= end
        last = end
        assert 1 <= len(lines) <= 2
        assert all(len(line) <= 42 for line in lines)
    said = " ".join(" ".join(block.split("\n")[2:]) for block in blocks)
    assert re.sub(r"\s", "", explained) in re.sub(r"\s", "", said)


def test_the_answer_is_not_in_the_captions_before_the_reveal() -> None:
    canvas = Canvas(fps=25)
    storyboard = board(canvas, 1)
    told = sidecars.captions(canvas, storyboard, [question(1)], "", "")
    reveal = sidecars._time(canvas, storyboard.scenes[0].reveal)
    [block] = [block for block in told.split("\n\n") if "B: bee. It is." in block]
    assert block.split("\n")[1].startswith(reveal)


def test_chapters_cover_the_video_from_zero_a_question_each() -> None:
    canvas = Canvas()
    storyboard = board(canvas, 3)
    words = sidecars.metadata(canvas, storyboard, [question(n) for n in range(3)])
    starts = [chapter["start_s"] for chapter in words["chapters"]]
    assert starts == [0.0, *(scene.span.start / 30 for scene in storyboard.scenes[1:])]
    assert "0:00 1. What is it?\n0:" in words["description"]
    assert words["tags"] == ["trivia", "quiz", "science"]


def test_a_description_is_short_enough_for_platforms() -> None:
    words = sidecars.metadata(Canvas(), board(Canvas(), 100), [question(n, text="x" * 160) for n in range(100)])
    assert 4000 < len(words["description"]) <= sidecars.DESCRIPTION_CHARS


@pytest.mark.parametrize(
    ("topics", "name"),
    [
        (["science"], "Science"),
        (["deep-sea", "deep-sea"], "Deep sea"),
        (["food"], "Food and drink"),
        (["space", "science"], "Space & science"),
        (["a", "b", "c"], "General knowledge"),
        (["topic"], "Topic"),
        ([slug("космос")], "General knowledge"),
        ([*by_slug(["C", "C++"])], "C"),
    ],
)
def test_a_video_is_called_after_its_topics(topics: list[str], name: str) -> None:
    assert sidecars.heading([question(n, topic) for n, topic in enumerate(topics)]) == name


def test_a_topic_without_latin_letters_is_no_tag() -> None:
    words = sidecars.metadata(Canvas(), board(Canvas(), 2), [question(1, slug("космос")), question(2, "deep-sea")])
    assert words["tags"] == ["trivia", "quiz", "deep sea"]


@pytest.mark.parametrize(("seconds", "clock"), [(0.0, "0:00"), (59.9, "0:59"), (61.0, "1:01"), (3661.0, "1:01:01")])
def test_times_in_descriptions_are_written_as_platforms_read_them(seconds: float, clock: str) -> None:
    assert sidecars._clock(seconds) == clock


def test_titles_are_short_enough_for_platforms() -> None:
    words = sidecars.metadata(Canvas(), board(Canvas(), 1), [question(1, topic="x" * 32)])
    assert len(words["title"]) <= sidecars.TITLE_CHARS
