"""From a request and the time to the jobs it makes: pure, so that the same request and time make the same plan."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from triviareel.errors import InputError
from triviareel.jobs.request import Request, bad_name, is_name

_NUMBER_LENGTH = len("-00001")


@dataclass(frozen=True, slots=True)
class Job:
    """One video to be made."""

    name: str
    seed: int
    """What everything random in this video follows from."""


def name_at(now: datetime) -> str:
    """What a job is called that is planned at a time; `now` knows its time zone."""
    return now.astimezone(UTC).strftime("%Y%m%d-%H%M%S")


def check_name(request: Request, name: str) -> None:
    """Raise InputError if the jobs of a request may not be called so."""
    if not is_name(name) or (request.videos > 1 and not is_name(name + "-" * _NUMBER_LENGTH)):
        limit = "" if len(name) <= 64 - _NUMBER_LENGTH else f" (in a batch at most {64 - _NUMBER_LENGTH})"
        raise InputError(bad_name("job", name) + limit)


def names(request: Request, name: str) -> tuple[str, ...]:
    """What the jobs of a request are called: one `name`, or in a batch `name-00001` and so on.

    Raises:
        InputError: no job may be called so.
    """
    check_name(request, name)
    if request.videos == 1:
        return (name,)
    return tuple(f"{name}-{number:05d}" for number in range(1, request.videos + 1))


def plan(request: Request, name: str, seed: int) -> tuple[Job, ...]:
    """The jobs of a request.

    Raises:
        InputError: no job may be called `name`.
    """
    return tuple(Job(own, seed_of(seed, number)) for number, own in enumerate(names(request, name), 1))


def seed_of(seed: int, number: int) -> int:
    """The seed of one video of a batch; videos of neighbouring seeds and numbers have nothing in common."""
    digest = hashlib.sha256(f"{seed}/{number}".encode()).digest()
    return int.from_bytes(digest[:4])
