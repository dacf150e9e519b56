"""Names inside a store: relative, with forward slashes, and unable to lead out of it."""

from __future__ import annotations

import unicodedata

from triviareel.errors import InputError

MAX_PART_BYTES = 200
"""Longest part of a name in UTF-8; file systems take 255, and a temporary name needs some of that."""


def checked(name: str) -> str:
    """The name itself, if it is a safe one.

    Raises:
        InputError: it is absolute, climbs with "..", is hidden, has a control character, or is empty or too long.
    """
    shown = repr(name if len(name) <= 80 else name[:77] + "...")
    if not name or any(not part for part in name.split("/")):
        raise InputError(f"name {shown} is absolute or has an empty part: use a relative name such as jobs/demo")
    for part in name.split("/"):
        if part.startswith("."):  # covers "." and "..", and keeps hidden names for what is temporary
            raise InputError(f"name {shown} has a part that begins with a dot: choose a name that stays in its folder")
        if "\\" in part or any(unicodedata.category(char) in ("Cc", "Cs") for char in part):
            raise InputError(f"name {shown} holds a control character or backslash: use letters, digits and hyphens")
        if len(part.encode()) > MAX_PART_BYTES:
            raise InputError(f"name {shown} is too long: at most {MAX_PART_BYTES} bytes between slashes")
    return name
