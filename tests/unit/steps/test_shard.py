"""How a shard's step ends, by what became of its jobs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import ModelDown, Stopped, TextError, TriviaError
from triviareel.jobs.desk import Outcome
from triviareel.jobs.records import Record
from triviareel.steps.shard import verdict


def records(failed: int, jobs: int) -> list[Record]:
    return [Record(f"b-{number:05d}", "failed" if number < failed else "rendered") for number in range(jobs)]


def outcomes(*errors: TriviaError | None) -> list[Outcome]:
    return [Outcome("b", "out/m", "out/q", "out/v", error=error) for error in errors]


@given(jobs=st.integers(1, 500), per_cent=st.integers(0, 100))
def test_a_budget_is_spent_by_one_failure_more_than_its_share(jobs: int, per_cent: int) -> None:
    """0.29 of 100, as doubles, is less than 29."""
    allowed = jobs * per_cent // 100
    assert verdict(records(allowed, jobs), [], per_cent / 100) == 0
    if allowed < jobs:
        assert verdict(records(allowed + 1, jobs), [], per_cent / 100) == 3


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ((), 0),
        ((ModelDown("down: try again"), ModelDown("down: try again")), 75),
        ((ModelDown("down: try again"), None), 3),
        ((TextError("too long: shorten it"), ModelDown("down: try again")), 3),
        ((TextError("too long: shorten it"), Stopped("stopped")), 75),
    ],
)
def test_what_a_retry_may_mend_is_tried_again(errors: tuple[TriviaError | None, ...], code: int) -> None:
    failed = sum(error is not None for error in errors)
    assert verdict(records(failed, 2), outcomes(*errors), 0.0) == code
