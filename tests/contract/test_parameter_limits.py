"""What `submit` refuses of parameters is what the steps would refuse, and never more."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines import limits
from pipelines.compiled import parse
from tests import compiled
from triviareel.errors import InputError
from triviareel.jobs import gemini, request, runs
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.request import Look
from triviareel.speech import neural, voices
from triviareel.steps import arguments, plan
from triviareel.video import theme

GOOD: dict[str, list[Any]] = {
    "channel": ["demo", "0", "a" * 64, "a-1"],
    "root": ["gs://quiz-videos", "gs://quiz-videos/some folder"],
    "assets": ["", "gs://quiz-assets"],
    "job": ["", "monday"],
    "seed": ["", "0", "7", "7.0", str(2**63 - 1)],
    "difficulty": ["", "easy", "medium", "hard", "mixed"],
    "questions_per_video": [1, 100],
    "videos": [1, 99_999],
    "shard_size": [1, 500],
    "source": ["", "bank", "gemini"],
    "format": ["", "landscape", "portrait", "square"],
    "resolution": [720, 1080, 1440, 2160],
    "fps": [24, 25, 30, 48, 50, 60],
    "voice": ["", *voices.names(), *neural.known()],
    "theme": ["", *theme.names(), str(Path(theme.__file__).parent / "themes" / "limelight")],
    "gemini_mode": ["", "online", "batch"],
    "spend_ceiling": ["", "0", "0.50", "5"],
    "workers": ["", "1", "64"],
    "failure_budget": [0.0, 0.05, 1.0],
}
BAD: dict[str, list[Any]] = {
    "channel": ["", "Demo", "-a", "a b", "a" * 65, "a\n"],
    "root": ["", "quiz-videos", "/gcs/quiz-videos", "s3://quiz"],
    "assets": ["quiz-assets"],
    "job": ["Monday", "a/b"],
    "seed": ["-1", "1.5", "x", str(2**63), "nan", "1e999999999"],
    "difficulty": ["hrad", "Easy"],
    "questions_per_video": [0, 101],
    "videos": [-1, 0, 100_000],
    "shard_size": [0, 501],
    "source": ["wikipedia"],
    "format": ["tall", "16:9"],
    "resolution": [0, 1081],
    "fps": [0, 29],
    "voice": ["hart", "Heart"],
    "theme": ["limelite"],
    "gemini_mode": ["offline"],
    "spend_ceiling": ["-1", "five", "$5", "inf"],
    "workers": ["0", "1.5", "many"],
    "failure_budget": [-0.01, 1.01],
}
NOT_OF_THE_STEPS = ("root", "assets")
"""A step by hand takes folders, too; on Vertex AI they would be lost with the task's machine."""


def told(name: str, value: object) -> list[str]:
    return list(limits.problems("trivia-videos", {name: value}))


def judged_by_the_steps(name: str, value: object) -> None:
    """Raise InputError if the step that takes a parameter refuses the value."""
    text = str(value)
    if name == "spend_ceiling":
        gemini.options(Wishes(spend_ceiling=text or None))
    elif name == "gemini_mode":
        gemini.options(Wishes(mode=text or None))
    elif name == "workers":
        arguments.count(text, name)
    elif name == "failure_budget":
        arguments.share(text, name)
    elif name == "theme":
        theme.load(text or Look().theme)
    elif name == "voice":
        if text and text not in (*neural.known(), voices.NONE):
            raise InputError(name)
    elif name == "shard_size":
        if not 0 < int(text) <= runs.MAX_SHARD_SIZE:
            raise InputError(name)
    elif name == "job":
        if text and not request.is_name(text):
            raise InputError(name)
    else:
        chosen = {"channel": "demo", "root": "r", "run": "r", "executor-output": "e", "jobs": "j", "jobs-uri": "u"}
        chosen |= {"shards": "s", name.replace("_", "-"): text}
        argv = [f"--{option}={given}" for option, given in chosen.items()]
        request.checked(plan.request_of(plan.parser().read(argv)))


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_what_the_steps_take_is_sent(name: str, value: object) -> None:
    assert told(name, value) == []
    judged_by_the_steps(name, value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_what_the_steps_would_refuse_is_told_before_with_the_mend(name: str, value: object) -> None:
    (said,) = told(name, value)
    assert said.startswith(f"parameter {name} is ")
    assert re.search(r", (choose|write) ", said)
    if name not in NOT_OF_THE_STEPS:
        with pytest.raises(InputError):
            judged_by_the_steps(name, value)


TEXTS = st.text(max_size=8) | st.from_regex(r"\s?[-+]?[0-9_.]{0,4}(e[0-9]{1,3})?", fullmatch=True)


@given(name=st.sampled_from(["channel", "job", "seed", "spend_ceiling", "workers", "difficulty"]), text=TEXTS)
def test_no_text_that_the_steps_take_is_refused(name: str, text: str) -> None:
    with suppress(InputError):
        judged_by_the_steps(name, text)
        assert told(name, text) == []


def test_there_are_limits_for_parameters_that_there_are_and_their_descriptions_say_the_same() -> None:
    inputs = parse(compiled.spec(), "f").inputs
    assert set(GOOD) == set(BAD) == set(limits._LIMITS) <= set(inputs)
    for name, limit in limits._LIMITS.items():
        if limit.mend.startswith("choose "):
            for word in re.findall(r"[\w,]+(?<!,)", limit.mend.removeprefix("choose ")):
                assert word in inputs[name].about, name


def test_nothing_is_known_of_other_pipelines() -> None:
    assert list(limits.problems("other", {"videos": 0})) == []
