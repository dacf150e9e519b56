"""Chance that is the same in every process, on every machine and in every Python.

`random.Random` promises the same numbers only for `random()`; `shuffle` and `sample` may change between versions, and
`hash()` does between processes. Here every choice is a digest of the words that name it.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_WORD = (1 << 64) - 1


def number(*key: object) -> int:
    """A 64-bit number that depends on the key's words and on nothing else."""
    words = "\x1f".join(str(word) for word in key)
    return int.from_bytes(blake2b(words.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def shuffled(items: Iterable[T], *key: object) -> list[T]:
    """The items in an order that is drawn by the key: a Fisher-Yates shuffle over SplitMix64."""
    drawn = list(items)
    state = number(*key)
    for last in range(len(drawn) - 1, 0, -1):
        state = (state + 0x9E3779B97F4A7C15) & _WORD
        mixed = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _WORD
        other = (mixed ^ (mixed >> 31)) % (last + 1)
        drawn[last], drawn[other] = drawn[other], drawn[last]
    return drawn
