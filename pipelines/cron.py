"""When a schedule starts its runs: the five fields of cron, in a time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import islice

from pipelines.config import near
from pipelines.errors import BadInput

_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_HORIZON_DAYS = 366 * 8 + 2
"""29 February comes at least once in so many days, also around a year such as 2100."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    least: int
    most: int
    words: dict[str, int]


_FIELDS = (
    _Field("minute", 0, 59, {}),
    _Field("hour", 0, 23, {}),
    _Field("day of the month", 1, 31, {}),
    _Field("month", 1, 12, _MONTHS),
    _Field("day of the week", 0, 7, _DAYS),  # 0 and 7 are Sunday
)


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression with its time zone."""

    text: str
    """The five fields."""
    zone_name: str
    zone: tzinfo
    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    """0 is Sunday."""
    either_day: bool
    """Whether a day fits by month or by week: it is so, in cron, if both are given."""

    def __str__(self) -> str:
        return f"TZ={self.zone_name} {self.text}"

    def on(self, day: date) -> bool:
        """Whether there are runs on a day."""
        if day.month not in self.months:
            return False
        by_month, by_week = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        return by_month or by_week if self.either_day else by_month and by_week


def parse(text: str, zone: str | None) -> Cron:
    """A cron expression.

    Args:
        text: five fields, perhaps with TZ=ZONE or CRON_TZ=ZONE before them.
        zone: the name of a time zone; UTC if it is told nowhere.

    Raises:
        BadInput: it is none, or never comes.
    """
    words = text.split()
    if words and words[0].startswith(("TZ=", "CRON_TZ=")):
        told = words.pop(0).partition("=")[2]
        if zone and zone != told:
            raise BadInput(f'cron "{text}": its time zone is told twice, as {told} and as {zone}; keep one')
        zone = told
    if len(words) != len(_FIELDS):
        form = "minute, hour, day of the month, month and day of the week, as in 0 6 * * *"
        raise BadInput(f'cron "{text}": has {len(words)} fields and needs five, {form}')
    minutes, hours, days, months, weekdays = (
        _numbers(word, field, text) for word, field in zip(words, _FIELDS, strict=True)
    )
    name = zone or "UTC"
    cron = Cron(
        text=" ".join(words),
        zone_name=name,
        zone=_zone(name),
        minutes=minutes,
        hours=hours,
        days=days,
        months=months,
        weekdays=frozenset(day % 7 for day in weekdays),
        either_day=not words[2].startswith("*") and not words[4].startswith("*"),
    )
    if next(cron_times(cron, datetime(2000, 1, 1, tzinfo=UTC)), None) is None:
        raise BadInput(f'cron "{text}": never comes, there is no such day; choose another')
    return cron


def next_times(cron: Cron, after: datetime, count: int = 3) -> list[datetime]:
    """The next times, each in the expression's time zone."""
    return list(islice(cron_times(cron, after), count))


def cron_times(cron: Cron, after: datetime) -> Iterator[datetime]:
    """All times after another one, in order, as far as the horizon.

    A time that the clock skips in spring is left out, one that comes twice in autumn is taken once, the first time.
    """
    first = after.astimezone(cron.zone).date()
    for offset in range(_HORIZON_DAYS):
        day = first + timedelta(days=offset)
        if not cron.on(day):
            continue
        for hour in sorted(cron.hours):
            for minute in sorted(cron.minutes):
                time = datetime(day.year, day.month, day.day, hour, minute, tzinfo=cron.zone)
                there = time.astimezone(UTC).astimezone(cron.zone).replace(fold=0) == time
                if there and time.astimezone(UTC) > after.astimezone(UTC):
                    yield time


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return UTC
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        known = zoneinfo.available_timezones()
        mend = near(name, known) if known else "this machine knows none; install tzdata"
        mend = mend if mend.startswith(("did", "this")) else "write it as in Europe/Berlin"
        raise BadInput(f"time zone {name}: is not known, {mend}") from None


def _numbers(word: str, field: _Field, text: str) -> frozenset[int]:
    """What a field stands for."""
    try:
        return frozenset(number for part in word.lower().split(",") for number in _part(part, field))
    except ValueError:
        raise BadInput(
            f'cron "{text}": {word} is no {field.name}, write {field.least} to {field.most}, *, ranges such as '
            f"{field.least}-{field.least + 3}, lists with commas, or steps such as */2"
        ) from None


def _part(part: str, field: _Field) -> range:
    span, slash, step = part.partition("/")
    every = _natural(step) if slash else 1
    first, dash, last = span.partition("-")
    if span == "*":
        low, high = field.least, field.most
    else:
        low = _natural(first, field.words)
        # 5/15 means 5-59/15
        high = _natural(last, field.words) if dash else (field.most if slash else low)
    if not field.least <= low <= high <= field.most or every < 1:
        raise ValueError(part)
    return range(low, high + 1, every)


def _natural(text: str, words: dict[str, int] | None = None) -> int:
    if words and text in words:
        return words[text]
    if not (text.isascii() and text.isdigit()):
        raise ValueError(text)
    return int(text)
