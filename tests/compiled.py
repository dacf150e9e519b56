"""The pipeline of every kind of machine, compiled once for all tests."""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

from compile import KINDS, compiled, parsed

VARIANTS = [(kind, spot) for kind in KINDS for spot in (False, True)]


@cache
def text(kind: str, spot: bool) -> str:
    """The YAML."""
    return compiled(kind, spot)


@cache
def _document(kind: str, spot: bool) -> Any:
    (document,) = parsed(text(kind, spot))
    return document


def spec(kind: str = "t4", spot: bool = False) -> Any:
    """The document, for the test to do with as it likes."""
    return copy.deepcopy(_document(kind, spot))
