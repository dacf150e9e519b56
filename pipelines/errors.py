"""Every error with which launching ends on purpose.

    LaunchError
    ├── BadInput      what was asked for cannot work; asking again cannot help             (exit 2)
    ├── RunFailed     the run ended, and not well                                          (exit 3)
    ├── TryAgain      Google Cloud could not be reached or is busy                         (exit 75)
    └── Stopped       the run was cancelled, or the following of it ended                  (exit 75)

Each is one line that names the thing, what is wrong with it and the mend.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar


class LaunchError(Exception):
    """Root of the tree; `exit_code` is what a process that ends with it returns."""

    exit_code: ClassVar[int] = 2


class BadInput(LaunchError):  # noqa: N818 - the name says what is the matter
    """What was asked for cannot work."""


class RunFailed(LaunchError):  # noqa: N818 - it is an outcome
    """The run ended, and not well."""

    exit_code = 3


class TryAgain(LaunchError):  # noqa: N818 - it is what to do
    """Google Cloud could not be reached or is busy."""

    exit_code = 75


class Stopped(LaunchError):  # noqa: N818 - it is an outcome
    """The run was cancelled, or the following of it was ended."""

    exit_code = 75


def all_at_once(where: str, problems: Sequence[str]) -> None:
    """Do nothing without problems.

    Raises:
        BadInput: all of them, in one line.
    """
    if problems:
        count = f"{len(problems)} things to mend: " if len(problems) > 1 else ""
        raise BadInput(f"{where}: {count}{'; '.join(problems)}")
