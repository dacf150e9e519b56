"""What the steps are told: all of it by argv, where every value is a text and an empty one means "not given".

A pipeline fills values in when it runs, and its compiler writes placeholders in their place. So the parsers take texts
alone, and each step makes numbers of them when it is run.
"""

from __future__ import annotations

import argparse
from typing import NoReturn

from triviareel.errors import InputError

_PACKAGE = "triviareel.steps"


class Parser(argparse.ArgumentParser):
    """A parser whose complaint is an InputError of one line, and which guesses at no abbreviation."""

    def __init__(self, step: str, about: str) -> None:
        """Of a step and what it does; those of all steps are there already."""
        super().__init__(prog=f"python -m {_PACKAGE}.{step}", description=about, allow_abbrev=False)
        self.step = step
        self.need("root", "URI", "where jobs, final_videos and runs are kept")
        self.need("channel", "NAME", "whose videos they are")
        self.need("run", "NAME", "the run: the same for all steps of one")
        self.need("executor-output", "PATH", "file to write, which tells the pipeline of the artifacts")
        self.add_argument("--debug", action="store_true", help="tell more, and show tracebacks")

    def need(self, name: str, metavar: str, about: str) -> None:
        """Add an option that must be given."""
        self.add_argument(f"--{name}", required=True, metavar=metavar, help=about)

    def take(self, name: str, metavar: str, about: str, default: str = "") -> None:
        """Add an option that may be left out or empty; both mean `default`."""
        shown = f"; {default} if not given" if default else ""
        self.add_argument(f"--{name}", default=default, metavar=metavar, help=about + shown)

    def put(self, name: str, about: str) -> None:
        """Add an artifact that the step writes: the path of its file, and the URI under which it will be known."""
        self.need(name, "PATH", f"file to write: {about}")
        self.need(f"{name}-uri", "URI", f"the same file's URI, for {name}'s entry in the executor output")

    def read(self, argv: list[str]) -> argparse.Namespace:
        """The arguments, with each empty one at its default.

        Raises:
            InputError: one is missing, empty without a default, or unknown.
        """
        given = self.parse_args(argv)
        for action in self._actions:
            if getattr(given, action.dest, None) == "":
                if action.required:
                    self.error(f"argument {action.option_strings[0]}: is empty, and a value is needed")
                setattr(given, action.dest, action.default)
        return given

    def error(self, message: str) -> NoReturn:
        """Raise InputError."""
        raise InputError(f"{message} (see {self.prog} --help)")


def whole(text: str, what: str) -> int | None:
    """A whole number; None if it is not given.

    Raises:
        InputError: it is none.
    """
    if not text:
        return None
    try:
        number = float(text)
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError) as error:
        raise InputError(f"{what} {text[:40]!r}: give a whole number") from error
    return int(text) if text.lstrip("+-").isdecimal() else int(number)  # a pipeline may write 5 as 5.0


def count(text: str, what: str) -> int | None:
    """A whole number of at least 1; None if it is not given.

    Raises:
        InputError: it is none.
    """
    number = whole(text, what)
    if number is not None and number < 1:
        raise InputError(f"{what} {number}: choose 1 or more")
    return number


def share(text: str, what: str) -> float:
    """A share of a whole, in [0, 1].

    Raises:
        InputError: it is none.
    """
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise InputError(f"{what} {text[:40]!r}: give a share from 0 to 1, such as 0.05")
    return number


def listed(text: str) -> tuple[str, ...]:
    """The parts of a list that is written with commas; none of an empty text."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
