import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import InputError
from triviareel.jobs.places import of_job, of_output
from triviareel.jobs.request import Look, Request, checked, from_json, is_name, problems
from triviareel.speech import voices
from triviareel.video import theme


def test_the_default_request_is_sound_and_can_be_met_by_what_is_installed() -> None:
    assert problems(Request()) == []
    assert Look().voice in voices.names()
    assert Look().theme in theme.names()


def test_everything_wrong_is_named_at_once() -> None:
    look = Look(format="round", resolution=1081, fps=31, encoder="h264")
    request = Request("Demo", (), "tough", 0, 100_000, "web", look, -1)
    with pytest.raises(InputError) as caught:
        checked(request)
    message = str(caught.value)
    for part in (
        "'Demo'",
        "'tough'",
        "questions 0",
        "videos 100000",
        "seed -1",
        "'web'",
        "'round'",
        "1081",
        "31",
        "'h264'",
    ):
        assert part in message
    assert "\n" not in message


@pytest.mark.parametrize("count", [0, -1, 101, 1000])
def test_too_few_and_too_many_questions(count: int) -> None:
    assert problems(replace(Request(), questions=count)) == [f"questions {count}: choose 1 to 100"]


@pytest.mark.parametrize("language", ["English", "british english", "simple English", "en", "en-GB", "en_US"])
def test_a_voice_speaks_english(language: str) -> None:
    assert problems(Request(source="gemini", language=language)) == []


@pytest.mark.parametrize("language", ["French", "Deutsch", "中文", "Bengali", "en français"])
def test_what_no_voice_speaks_is_told_before_its_questions_are_paid_for(language: str) -> None:
    request = Request(source="gemini", language=language)
    assert problems(request) == [f"language {language!r}: the voices speak English alone; add --voice none"]
    assert problems(replace(request, look=Look(voice="none"))) == []


@pytest.mark.parametrize("name", ["", "-a", "A", "a_b", "../x", "a/b", "a\n", "a.b", "é", "a" * 65, "x\0"])
def test_names_that_are_refused(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(InputError, match="channel"):
        of_job(name, "job")
    with pytest.raises(InputError, match="job"):
        of_job("demo", name)


@given(st.from_regex(r"[a-z0-9][a-z0-9-]{0,63}", fullmatch=True))
def test_names_that_pass(name: str) -> None:
    assert of_job(name, name).manifest == f"jobs/{name}/{name}/_MANIFEST.json"


def test_a_request_survives_json() -> None:
    request = Request(topics=("science", "space"), seed=7, look=Look(format="portrait", voice="none"))
    assert from_json(json.loads(json.dumps(request.as_json()))) == request


@pytest.mark.parametrize(
    "change", [{"fps": 31}, {"topics": "science"}, {"topics": [1]}, {"channel": None}, {"questions": "5"}]
)
def test_a_damaged_request_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        from_json({**Request(seed=1).as_json(), **change})
    with pytest.raises(InputError):
        from_json({})


def test_where_things_lie_is_the_contract() -> None:
    place = of_job("demo", "20261114-120000-00003")
    assert place.questions == "jobs/demo/20261114-120000-00003/questions.csv"
    assert place.film.video == "final_videos/demo/20261114-120000-00003/final_video.mp4"
    assert place.film.thumbnail == "final_videos/demo/20261114-120000-00003/thumbnail.jpg"
    assert place.film.captions == "final_videos/demo/20261114-120000-00003/captions.srt"
    assert place.film.metadata == "final_videos/demo/20261114-120000-00003/metadata.json"
    assert place.film.reason == "jobs/demo/20261114-120000-00003/rejected/reason.txt"


def test_a_video_with_a_name_of_its_own_names_what_lies_beside_it() -> None:
    place = of_output("holiday.quiz.mp4")
    assert (place.captions, place.thumbnail, place.metadata) == (
        "holiday.quiz.srt",
        "holiday.quiz.jpg",
        "holiday.quiz.json",
    )
    assert of_output("final_video.mp4").captions == "captions.srt"


@pytest.mark.parametrize("name", ["video", "video.avi", ".mp4", ""])
def test_an_output_must_be_an_mp4(name: str) -> None:
    with pytest.raises(InputError, match="mp4"):
        of_output(name)
