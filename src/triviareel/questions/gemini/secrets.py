"""The key: where it comes from, and how it is kept from being seen."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from triviareel.errors import InputError
from triviareel.storage.faults import explained

VARIABLE = "GEMINI_API_KEY"
FILE_VARIABLE = "GEMINI_API_KEY_FILE"
"""Names a file with the key alone, as Secret Manager mounts one."""

_HIDDEN = "[key]"
_MAX = 4096
"""Bytes; a key has some 40, and anything longer is another file."""


class Secret:
    """A key that no message, log or pickle shows; only `reveal` gives it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"Secret({_HIDDEN})"

    __str__ = __repr__

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written anywhere: hand over where it comes from instead")

    def reveal(self) -> str:
        """The key itself, for the SDK alone."""
        return self._value

    def scrub(self, text: str) -> str:
        """The text without the key, whoever wrote it there."""
        return text.replace(self._value, _HIDDEN)


def find(environment: Mapping[str, str]) -> Secret | None:
    """The key that the environment holds or whose file it names; None if it does neither.

    Raises:
        InputError: both are set, or what they give cannot be a key.
        StorageError: the file cannot be read at the moment.
    """
    given, file = environment.get(VARIABLE), environment.get(FILE_VARIABLE)
    if given and file:
        raise InputError(f"{VARIABLE} and {FILE_VARIABLE} are both set: unset one of them")
    if file:
        return checked(_content(file), f"{FILE_VARIABLE}={file}")
    return checked(given, VARIABLE) if given else None


def checked(value: str, name: str) -> Secret:
    """The key, if it can travel in an HTTP header.

    Args:
        value: the key; white space around it is dropped.
        name: what it was given by, for the message.
    """
    key = value.strip()
    if not key or len(key) > _MAX or not all("!" <= char <= "~" for char in key):
        raise InputError(f"{name}: that is no API key (printable ASCII without spaces): copy the key again")
    return Secret(key)


def _content(name: str) -> str:
    path = Path(name)
    if path.name == name and not os.path.lexists(name):  # it may be the key, so it is not shown
        raise InputError(f"{FILE_VARIABLE} names no file of this folder: give a path, or the key itself by {VARIABLE}")
    with explained(path, "read"), path.open("rb") as file:
        return file.read(_MAX + 1).decode("utf-8-sig", "replace")  # editors on Windows begin a file with a mark
