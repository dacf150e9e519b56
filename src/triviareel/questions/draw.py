"""Chance that is the same in every process, on every machine and in every Python.

`random.Random` promises the same numbers only for `random()`; `shuffle` and `sample` may change between versions, and
`hash()` does between processes. Here every choice is a digest of the words that name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def number(*key: object) -> int:
    """A 64-bit number that depends on the key's words and on nothing else."""
    words = "\x1f".join(str(word) for word in key)
    return int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def shuffled(items: Iterable[T], *key: object) -> list[T]:
    """The items in an order that is drawn by the key; equal items keep apart by their position."""
    numbered = list(enumerate(items))
    numbered.sort(key=lambda pair: number(*key, pair[0]))
    return [item for _, item in numbered]
