"""What steps are told by argv, and what becomes of what is wrong with it."""

from __future__ import annotations

import importlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import InputError
from triviareel.steps import plan, report
from triviareel.steps.arguments import count, listed, share, whole

COMMON = ["--root", "out", "--channel", "demo", "--run", "r", "--executor-output", "x/out.json"]
PLAN = [*COMMON, "--jobs", "j", "--jobs-uri", "gs://j", "--shards", "s"]
NOW = datetime(2026, 11, 14, 12, 0, 0, 999, tzinfo=UTC)


@pytest.mark.parametrize("step", ["plan", "generate", "write", "render", "report"])
def test_help_tells_every_option(step: str, capsys: pytest.CaptureFixture[str]) -> None:
    module = importlib.import_module(f"triviareel.steps.{step}")
    with pytest.raises(SystemExit) as ended:
        module.main(["--help"])
    assert ended.value.code == 0
    assert "--executor-output PATH" in capsys.readouterr().out


def test_empty_means_not_given() -> None:
    parser = plan.parser()
    sparse = parser.read(PLAN)
    empty = parser.read([*PLAN, "--difficulty", "", "--videos", "", "--topics", "", "--seed", "", "--assets", ""])
    assert vars(sparse) == vars(empty)
    request = plan.request_of(empty)
    assert (request.difficulty, request.videos, request.topics, request.seed) == ("mixed", 1, (), None)


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (PLAN[2:], "--root"),
        ([*PLAN, "--root", ""], "argument --root: is empty"),
        ([*PLAN, "--video", "3"], "--video"),
        ([*PLAN, "--videos"], "--videos"),
        ([*PLAN, "stray"], "stray"),
    ],
)
def test_what_is_missing_or_unknown_is_one_line_and_exit_2(
    argv: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan.main(argv) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith("triviareel.steps.plan: ")
    assert told in line
    assert line.endswith("(see python -m triviareel.steps.plan --help)")


@pytest.mark.parametrize("word", ["--videos=many", "--fps=24.5", "--seed=1e999", "--shard-size=nan", "--created=soon"])
def test_what_is_no_number_or_time_is_named(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert plan.main([*PLAN, word]) == 2
    assert word.partition("=")[0].strip("-") in capsys.readouterr().err


def test_a_theme_that_is_not_there_is_refused_before_anything_is_planned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert plan.main([*PLAN, "--root", str(tmp_path), "--theme", "limelite"]) == 2
    assert "theme 'limelite': neither one of limelight nor a folder" in capsys.readouterr().err
    assert not (tmp_path / "jobs").exists()


def test_a_name_that_could_lead_elsewhere_is_refused(tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    for option in ("--run", "--channel"):
        words = ["--root", str(tmp_path), option, "../x"]
        outputs = [
            f"--{name}{end}=x" for name in ("report", "summary", "metrics", "dead-letters") for end in ("", "-uri")
        ]
        assert report.main([*COMMON, *outputs, *words]) == 2
        assert "'../x'" in capsys.readouterr().err


@given(number=st.integers(-(2**53), 2**53))
def test_whole_numbers_come_as_they_are_or_as_doubles(number: int) -> None:
    assert whole(str(number), "n") == number
    assert whole(f"{number}.0", "n") == number
    assert whole("", "n") is None


@given(text=st.text(max_size=12))
def test_no_text_is_taken_for_a_number_that_it_is_not(text: str) -> None:
    for read in (whole, share):
        with suppress(InputError):
            value = read(text, "n")
            assert value is None or float(text) == value


@pytest.mark.parametrize("text", ["-0.1", "1.1", "5%", "nan", "inf", ""])
def test_a_share_is_one(text: str) -> None:
    with pytest.raises(InputError, match="give a share from 0 to 1"):
        share(text, "failure-budget")


@pytest.mark.parametrize("text", ["0", "-1", "0.0", "two", "1.5"])
def test_there_is_at_least_one_of_what_is_counted(text: str) -> None:
    assert (count("", "workers"), count("2.0", "workers")) == (None, 2)
    with pytest.raises(InputError, match=r"workers .*(choose 1 or more|give a whole number)"):
        count(text, "workers")


def test_lists_have_commas() -> None:
    assert listed("space, old rome ,,") == ("space", "old rome")
    assert listed("") == ()


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-11-14T13:30:00.123456789+01:00", datetime(2026, 11, 14, 12, 30, tzinfo=UTC)),
        ("2026-11-14T12:30:00Z", datetime(2026, 11, 14, 12, 30, tzinfo=UTC)),
        ("1970-01-01T00:00:00Z", NOW.replace(microsecond=0)),
        ("", NOW.replace(microsecond=0)),
    ],
)
def test_when_a_run_was_made(text: str, time: datetime) -> None:
    assert plan.created(text, NOW) == time
