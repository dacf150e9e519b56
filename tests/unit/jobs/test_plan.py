from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import InputError
from triviareel.jobs.plan import name_at, plan, seed_of
from triviareel.jobs.request import Request, is_name

NOON = datetime(2026, 11, 14, 12, 0, 5, 999, UTC)


def test_a_job_is_named_after_the_time_in_utc() -> None:
    assert name_at(NOON) == "20261114-120005"
    assert name_at(NOON.astimezone(timezone(timedelta(hours=9)))) == "20261114-120005"


def test_a_batch_numbers_its_jobs_from_one() -> None:
    jobs = plan(Request(videos=3), "20261114-120005", 7)
    assert [job.name for job in jobs] == [f"20261114-120005-0000{n}" for n in (1, 2, 3)]
    assert len({job.seed for job in jobs}) == 3


def test_the_same_request_makes_the_same_plan_and_a_single_video_is_the_first_of_a_batch() -> None:
    assert plan(Request(videos=4), "x", 7) == plan(Request(videos=4), "x", 7)
    assert plan(Request(), "x", 7)[0].seed == plan(Request(videos=4), "x", 7)[0].seed


@given(st.integers(0, 2**63 - 1), st.integers(1, 99_999))
def test_seeds_fit_in_32_bits(seed: int, number: int) -> None:
    assert 0 <= seed_of(seed, number) < 2**32


@pytest.mark.parametrize("name", ["../x", "A", "", "a" * 65])
def test_a_bad_job_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="job"):
        plan(Request(), name, 1)


def test_a_batch_leaves_room_for_its_numbers() -> None:
    request = replace(Request(), videos=2)
    assert all(is_name(job.name) for job in plan(request, "a" * 58, 1))
    with pytest.raises(InputError, match="at most 58"):
        plan(request, "a" * 59, 1)
