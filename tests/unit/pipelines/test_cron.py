"""Cron expressions: what they mean, in which zone, and what is refused."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.cron import next_times, parse
from pipelines.errors import BadInput

NOON = datetime(2026, 11, 4, 12, tzinfo=UTC)


def times(text: str, zone: str | None = None, after: datetime = NOON, count: int = 3) -> list[str]:
    return [time.strftime("%a %m-%d %H:%M %z") for time in next_times(parse(text, zone), after, count)]


def test_the_next_times_are_in_the_zone() -> None:
    assert times("0 6 * * mon-fri", "Europe/Berlin") == [
        "Thu 11-05 06:00 +0100", "Fri 11-06 06:00 +0100", "Mon 11-09 06:00 +0100",
    ]  # fmt: skip
    assert times("TZ=America/New_York */30 7 * * *", count=2) == ["Wed 11-04 07:30 -0500", "Thu 11-05 07:00 -0500"]


def test_a_day_fits_by_month_or_by_week_if_both_are_given() -> None:
    assert times("0 6 1,15 * fri", count=4) == [
        "Fri 11-06 06:00 +0000", "Fri 11-13 06:00 +0000", "Sun 11-15 06:00 +0000", "Fri 11-20 06:00 +0000",
    ]  # fmt: skip
    assert times("0 6 1 * *", count=2) == ["Tue 12-01 06:00 +0000", "Fri 01-01 06:00 +0000"]


def test_sunday_is_both_zero_and_seven() -> None:
    assert times("0 6 * * 0") == times("0 6 * * 7") == times("0 6 * * sun")


def test_a_time_that_the_clock_skips_is_left_out_and_a_doubled_one_taken_once() -> None:
    spring, autumn = datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)
    assert times("30 2 * * *", "Europe/Berlin", spring, 1) == ["Mon 03-30 02:30 +0200"]
    assert times("30 2 * * *", "Europe/Berlin", autumn, 2) == ["Sun 10-25 02:30 +0200", "Mon 10-26 02:30 +0100"]


def test_leap_days_come() -> None:
    assert times("0 0 29 2 *", count=1) == ["Tue 02-29 00:00 +0000"]


@pytest.mark.parametrize(
    ("text", "zone", "said"),
    [
        ("0 6 * *", None, "needs five"),
        ("0 0 6 * * *", None, "needs five"),
        ("", None, "needs five"),
        ("60 6 * * *", None, "60 is no minute"),
        ("0 24 * * *", None, "24 is no hour"),
        ("0 6 0 * *", None, "day of the month"),
        ("0 6 * 13 *", None, "no month"),
        ("0 6 * * 8", None, "day of the week"),
        ("5-1 6 * * *", None, "5-1 is no minute"),
        ("*/0 6 * * *", None, "*/0 is no minute"),
        ("0, 6 * * *", None, "0, is no minute"),
        ("²  6 * * *", None, "is no minute"),
        ("@daily", None, "needs five"),
        ("0 6 30 feb *", None, "never comes"),
        ("TZ=UTC 0 6 * * *", "Europe/Berlin", "told twice"),
        ("0 6 * * *", "Berlin", "time zone Berlin"),
        ("0 6 * * *", "../../etc/passwd", "time zone"),
    ],
)
def test_what_is_none_is_refused_with_the_mend(text: str, zone: str | None, said: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse(text, zone)
    assert said in str(caught.value)


FIELDS = ("0-59", "0-23", "1-31", "1-12", "0-6")


def field(span: str) -> st.SearchStrategy[str]:
    least, most = map(int, span.split("-"))
    number = st.integers(least, most)
    ranges = st.tuples(number, number).map(lambda ends: f"{min(ends)}-{max(ends)}")
    steps = st.tuples(st.just("*") | ranges, st.integers(1, 9)).map(lambda parts: f"{parts[0]}/{parts[1]}")
    return st.just("*") | st.lists(number.map(str) | ranges | steps, min_size=1, max_size=3).map(",".join)


def fits(word: str, number: int, span: str) -> bool:
    """A field as the manual page of crontab tells it, number by number."""
    for part in word.split(","):
        inner, _, step = part.partition("/")
        low, high = map(int, (span if inner == "*" else inner if "-" in inner else f"{inner}-{inner}").split("-"))
        if low <= number <= high and (number - low) % int(step or 1) == 0:
            return True
    return False


@given(st.tuples(*map(field, FIELDS)), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))
def test_the_next_time_is_the_first_minute_that_fits(words: tuple[str, ...], naive: datetime) -> None:
    after = naive.replace(tzinfo=UTC)
    try:
        cron = parse(" ".join(words), None)
    except BadInput:  # such as 31 February
        assert words[3] != "*"
        return
    found = next_times(cron, after, 1)[0]

    def right(time: datetime) -> bool:
        numbers = (time.minute, time.hour, time.day, time.month, time.isoweekday() % 7)
        minute, hour, day, month, weekday = map(fits, words, numbers, FIELDS)
        either = not words[2].startswith("*") and not words[4].startswith("*")
        return minute and hour and month and ((day or weekday) if either else (day and weekday))

    assert right(found)
    assert found > after
    minute = after.replace(second=0, microsecond=0) + timedelta(minutes=1)
    for _ in range(3000):  # two days; beyond, only the found one is judged
        if minute >= found:
            break
        assert not right(minute)
        minute += timedelta(minutes=1)


@given(st.text(max_size=30), st.none() | st.text(max_size=10))
def test_any_text_is_taken_or_refused(text: str, zone: str | None) -> None:
    with suppress(BadInput):  # what else is raised is a fault
        parse(text, zone)
