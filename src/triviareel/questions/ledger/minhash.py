"""Locality-sensitive hashing: texts that share most of their three-letter pieces share a bucket with near certainty.

MinHash over 3-character shingles, 12 bands of 4 rows: texts that share 85 % of their pieces (one letter is misspelt)
meet in some band with probability 1 - (1 - 0.85⁴)¹² > 99.98 %, those that share 70 % with 96 %, 30 % with 9 %. The
buckets are kept in sorted arrays that are mapped from a file (see index.py), which no package offers: datasketch's
tables are dictionaries that would have to be filled anew by every process.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BANDS = 12
ROWS = 4
SHINGLE = 3

_CHUNK = 4096
"""Texts at a time: some 150,000 pieces, so that each array stays near 1 MB."""
_SPREAD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], np.uint64)
"""Odd numbers that spread a piece's three characters over 64 bits (golden ratio; primes of xxHash)."""

Hashes = NDArray[np.uint64]


def buckets(texts: Sequence[str]) -> Hashes:
    """For each text (rows) its bucket in each band (columns): numbers below 2³²."""
    parts = [_chunk(texts[at : at + _CHUNK]) for at in range(0, len(texts), _CHUNK)]
    return np.concatenate(parts) if parts else np.empty((0, BANDS), np.uint64)


def _chunk(texts: Sequence[str]) -> Hashes:
    padded = [f" {text} " if text else "   " for text in texts]
    lengths = np.array([len(text) for text in padded])
    pieces = _pieces("".join(padded))
    starts = np.cumsum(lengths) - lengths
    # reduceat takes [start, end) pairs if every other result is dropped; pieces that span two texts are left out
    edges = np.stack([starts, starts + lengths - SHINGLE + 1], axis=1).ravel()[:-1]
    found = np.zeros((len(texts), BANDS), np.uint64)
    for row in range(BANDS * ROWS):
        least = np.minimum.reduceat(mixed(pieces ^ mixed(np.array([row + 1], np.uint64))), edges)[::2]
        band = row // ROWS
        found[:, band] = mixed(found[:, band] ^ least)
    return found >> np.uint64(32)


def _pieces(text: str) -> Hashes:
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    a, b, c = (codes[at : len(codes) - SHINGLE + 1 + at] * _SPREAD[at : at + 1] for at in range(SHINGLE))
    return mixed(a + b + c)


def mixed(values: Hashes) -> Hashes:
    """SplitMix64's finaliser: every bit of a number depends on every bit of the value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
