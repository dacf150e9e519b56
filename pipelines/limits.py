"""Which values the parameters of trivia-videos may have: what its steps would refuse, `submit` refuses before.

The steps still have the last word, but they have it minutes later and on machines that are paid for. A test holds these
limits to theirs; what takes more than the value itself to judge, such as the bank's topics, is left to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

PIPELINE = "trivia-videos"

_MOST = 2**63 - 1
_NAME = r"[a-z0-9][a-z0-9-]{0,63}"
_LETTERS = "write 1 to 64 of a-z, 0-9 and hyphens, not beginning with a hyphen"
_PLACE = "write it as in gs://quiz-videos"


ELSEWHERE = {
    "encoder": "it follows from the machine, choose that by: python compile.py --render t4|l4|cpu",
    "parallelism": "choose it by: python compile.py --parallelism N",
    "run": "choose it by: --run NAME",
}
"""What may be taken for a parameter, and where it is chosen."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """What holds of a value that has its declared type."""

    holds: Callable[[Any], bool]
    mend: str


def problems(pipeline: str, values: Mapping[str, object]) -> Iterator[str]:
    """What is wrong with parameters, a phrase each that names one, its value and the mend.

    Args:
        pipeline: its name; of others than trivia-videos nothing is known.
        values: each of its declared type.
    """
    for name, value in values.items() if pipeline == PIPELINE else ():
        limit = _LIMITS.get(name)
        if limit and not limit.holds(value):
            shown = f'"{value}"' if isinstance(value, str) else value
            yield f"parameter {name} is {shown}, {limit.mend}"


def _among(*choices: object) -> _Limit:
    """One of some; an empty text stands for the default."""
    return _Limit(lambda value: value in ("", *choices), f"choose {', '.join(map(str, choices))}")


def _within(least: int, most: int) -> _Limit:
    return _Limit(lambda value: least <= value <= most, f"choose {least} to {most:,}")


def _form(pattern: str, mend: str) -> _Limit:
    return _Limit(lambda value: re.fullmatch(pattern, value) is not None, mend)


def _number(holds: Callable[[Decimal], bool], mend: str) -> _Limit:
    """A number as a text, which may be empty."""

    def judged(text: str) -> bool:
        try:
            number = Decimal(text)
        except InvalidOperation:
            return not text
        return number.is_finite() and holds(number)

    return _Limit(judged, mend)


def _whole(least: int, mend: str) -> _Limit:
    return _number(lambda number: least <= number <= _MOST and number == int(number), mend)


_LIMITS = {
    "channel": _form(_NAME, _LETTERS),
    "root": _form(r"gs://[^/].*", _PLACE),
    "assets": _form(r"(gs://[^/].*)?", _PLACE),
    "job": _form(f"({_NAME})?", _LETTERS),
    "seed": _whole(0, "write a whole number from 0 to 2**63 - 1"),
    "difficulty": _among("easy", "medium", "hard", "mixed"),
    "questions_per_video": _within(1, 100),
    "videos": _within(1, 99_999),
    "shard_size": _within(1, 500),
    "source": _among("gemini", "bank"),
    "format": _among("landscape", "portrait", "square"),
    "resolution": _among(720, 1080, 1440, 2160),
    "fps": _among(24, 25, 30, 48, 50, 60),
    "voice": _among("heart", "emma", "fenrir", "fable", "kore", "none"),
    "theme": _form(r"(limelight|.*/.*)?", "write limelight, or the path of a folder that the image has"),
    "gemini_mode": _among("online", "batch"),
    "spend_ceiling": _number(lambda number: number >= 0, "write US dollars, 0 or more"),
    "workers": _whole(1, "write a whole number, 1 or more"),
    "failure_budget": _within(0, 1),
}
