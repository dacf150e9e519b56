from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.video.pace import PACE
from triviareel.errors import InputError
from triviareel.video.canvas import FRAME_RATES, SAMPLE_RATE, Canvas, Format
from triviareel.video.storyboard import COUNTDOWN_S, Narration, compose

seconds = st.fractions(min_value=0, max_value=20, max_denominator=24_000)
narrations = st.builds(Narration, seconds, st.tuples(seconds, seconds, seconds, seconds), seconds)
lengths = st.tuples(st.integers(1, 160), st.integers(1, 200))


@given(
    st.sampled_from(FRAME_RATES),
    st.lists(st.tuples(narrations, lengths), min_size=1, max_size=8),
    seconds,
    seconds,
)
def test_every_frame_belongs_to_one_scene_and_nothing_is_cut_off(
    fps: int, told: list[tuple[Narration, tuple[int, int]]], intro_s: Fraction, outro_s: Fraction
) -> None:
    canvas = Canvas(fps=fps)
    board = compose(canvas, [one for one, _ in told], [chars for _, chars in told], PACE, intro_s, outro_s)

    spans = [board.intro, *(scene.span for scene in board.scenes), board.outro]
    assert spans[0].start == 0
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert board.length == board.outro.end
    assert Fraction(board.intro.length, fps) >= intro_s
    assert Fraction(board.outro.length, fps) >= outro_s
    for scene, (narration, _) in zip(board.scenes, told, strict=True):
        steps = [scene.asked, *scene.options, scene.countdown, scene.told]
        assert all(before.end <= after.start for before, after in pairwise(steps))
        assert scene.countdown.length == COUNTDOWN_S * fps
        assert scene.reveal == scene.countdown.end < scene.told.start
        assert scene.told.end <= scene.leave < scene.span.end
        assert Fraction(scene.asked.length, fps) >= narration.question_s
        assert Fraction(scene.told.length, fps) >= narration.answer_s
        for span, said_s in zip(scene.options, narration.options_s, strict=True):
            assert Fraction(span.length, fps) >= said_s


def test_without_a_voice_a_viewer_has_time_to_read() -> None:
    silent = Narration(Fraction(0), (Fraction(0),) * 4, Fraction(0))
    short, long = (compose(Canvas(), [silent], [(chars, chars)], PACE).scenes[0] for chars in (32, 160))
    assert short.asked.length == short.told.length == 2 * 30
    assert long.asked.length == long.told.length == 10 * 30


@pytest.mark.parametrize("fps", FRAME_RATES)
def test_a_frame_is_a_whole_number_of_samples(fps: int) -> None:
    assert Canvas(fps=fps).samples_per_frame * fps == SAMPLE_RATE


@pytest.mark.parametrize(
    ("form", "size"), [("landscape", (1920, 1080)), ("portrait", (1080, 1920)), ("square", (1080, 1080))]
)
@pytest.mark.parametrize("resolution", [720, 1080, 1440, 2160])
def test_the_shorter_side_is_the_resolution(form: str, size: tuple[int, int], resolution: int) -> None:
    canvas = Canvas(Format(form), resolution)
    assert (canvas.width, canvas.height) == tuple(side * resolution // 1080 for side in size)


def test_frames_round_up() -> None:
    assert Canvas(fps=30).frames(Fraction(1, 3)) == 10
    assert Canvas(fps=30).frames(Fraction(1, 3) + Fraction(1, 1_000_000)) == 11


@pytest.mark.parametrize(("resolution", "fps", "named"), [(1000, 30, "1000"), (1080, 29, "29")])
def test_odd_sizes_and_rates_are_refused_by_name(resolution: int, fps: int, named: str) -> None:
    with pytest.raises(InputError, match=rf"{named}.*choose one of"):
        Canvas(Format.LANDSCAPE, resolution, fps)
