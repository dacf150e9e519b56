"""Reading a theme.toml so that every fault is named: the file, the key, what is wrong and the mend."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import Any, NoReturn

from triviareel.errors import ThemeError

_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


class Table:
    """One table of a theme.toml; each reading method takes a key, and `done` refuses what nobody took."""

    def __init__(self, path: Path, where: str, values: dict[str, Any]) -> None:
        self._path = path
        self._where = where
        self._values = values
        self._taken: set[str] = set()

    def fail(self, key: str, fault: str) -> NoReturn:
        """Raise ThemeError about a key."""
        raise ThemeError(f"{self._path}: {self._name(key)} {fault}")

    def keys(self) -> tuple[str, ...]:
        """The keys, in the file's order."""
        return tuple(self._values)

    def table(self, key: str) -> Table:
        """A table below this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            self.fail(key, "is a value; make it a table")
        return Table(self._path, self._name(key), value)

    def text(self, key: str, choices: Collection[str] = ()) -> str:
        """A text that is not empty; one of the choices where there are any."""
        value = self._take(key)
        if not isinstance(value, str) or not value.strip():
            self.fail(key, f"is {value!r}; write a text in quotes")
        if choices and value not in choices:
            self.fail(key, f"is {value!r}; choose one of {', '.join(choices)}")
        return value

    def texts(self, key: str, least: int = 1, most: int = 16) -> tuple[str, ...]:
        """A list of texts."""
        value = self._take(key)
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.fail(key, f"is {value!r}; write a list of texts")
        if not least <= len(value) <= most:
            self.fail(key, f"has {len(value)} entries; it takes {least if least == most else f'{least} to {most}'}")
        return tuple(value)

    def flag(self, key: str, otherwise: bool) -> bool:
        """True or false, and optional."""
        if not self._offered(key):
            return otherwise
        value = self._take(key)
        if not isinstance(value, bool):
            self.fail(key, f"is {value!r}; write true or false")
        return value

    def number(self, key: str, low: float, high: float, otherwise: float | None = None) -> float:
        """A number from low to high; optional if there is another value."""
        if otherwise is not None and not self._offered(key):
            return otherwise
        return self._number(key, self._take(key), low, high)

    def pair(self, key: str, low: float, high: float) -> tuple[float, float]:
        """Two numbers, the larger first."""
        value = self._take(key)
        if not isinstance(value, list) or len(value) != 2:
            self.fail(key, f"is {value!r}; write two numbers, [largest, smallest]")
        largest, smallest = (self._number(key, one, low, high) for one in value)
        if largest < smallest:
            self.fail(key, f"is {value!r}: the largest is below the smallest; swap them")
        return largest, smallest

    def colour(self, key: str) -> str:
        """A colour written #RRGGBB or #RRGGBBAA."""
        value = self.text(key)
        if not _COLOUR.fullmatch(value):
            self.fail(key, f"is {value!r}; write a colour as #RRGGBB or #RRGGBBAA")
        return value

    def done(self) -> None:
        """ThemeError if the table has a key that means nothing."""
        for key in self._values:
            if key not in self._taken:
                near = difflib.get_close_matches(key, self._taken, 1)
                self.fail(key, f"means nothing here; {f'did you mean {near[0]}?' if near else 'remove it'}")

    def _number(self, key: str, value: object, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            self.fail(key, f"is {value!r}; write a number")
        if not low <= value <= high:
            self.fail(key, f"is {value}; choose {low:g} to {high:g}")
        return value

    def _offered(self, key: str) -> bool:
        """Whether an optional key is there; from now on it is one that `done` may suggest."""
        self._taken.add(key)
        return key in self._values

    def _take(self, key: str) -> Any:
        self._taken.add(key)
        if key not in self._values:
            near = difflib.get_close_matches(key, set(self._values) - self._taken, 1)
            self.fail(key, f"is missing{f'; is it spelt {near[0]}?' if near else '; add it'}")
        return self._values[key]

    def _name(self, key: str) -> str:
        return f"{self._where}.{key}" if self._where else key


def read(path: Path) -> Table:
    """The file's root table; ThemeError if there is no file, or it is not TOML."""
    try:
        return Table(path, "", tomllib.loads(path.read_bytes().decode("utf-8")))
    except FileNotFoundError:
        raise ThemeError(f"{path}: missing; a theme is a folder with a theme.toml and its SVG pieces") from None
    except OSError as error:
        raise ThemeError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ThemeError(f"{path}: not TOML: {error}") from None
