"""A look-ahead peak limiter that works on a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

CHUNK = 40
"""Samples between two values of the gain: 0.8 ms, and a divisor of every frame's length (see canvas.FRAME_RATES)."""
_HALF = 12
"""Chunks over which the gain is held low, and again eased, on each side of a peak: 2 × 10 ms."""
_REACH = 2 * _HALF + 2
_EASE = np.hanning(2 * _HALF + 3)[1:-1] / np.hanning(2 * _HALF + 3).sum()

Block = NDArray[np.float32]


def limit(blocks: Iterable[Block], ceiling: float) -> Iterator[Block]:
    """Turn a stereo stream down around its peaks so that no sample exceeds the ceiling.

    The gain falls before a peak and recovers after it along the same smooth curve, which is heard least; where nothing
    exceeds the ceiling the samples pass unchanged. Holds one block in hand.

    Args:
        blocks: shape (n, 2) each, n a multiple of CHUNK and, except for the last, more than 2 × 10 ms.
        ceiling: greatest magnitude, full scale being 1.

    Yields:
        As many blocks as came in, each as long as it was.
    """
    held: Block | None = None
    before = needed = np.ones(_REACH)
    for block in chain(blocks, (None,)):
        after = np.ones(_REACH) if block is None else _needed(block, ceiling)
        if held is not None:
            yield _turned_down(held, before, needed, after)
            before = np.concatenate([before, needed])[-_REACH:]
        held, needed = block, after


def _needed(block: Block, ceiling: float) -> NDArray[np.float64]:
    """For each chunk the greatest gain, at most 1, that keeps it under the ceiling."""
    peaks = np.abs(block).reshape(-1, CHUNK * block.shape[1]).max(axis=1)
    gains: NDArray[np.float64] = np.minimum(1.0, ceiling / np.maximum(peaks, ceiling))
    return gains


def _turned_down(
    block: Block, before: NDArray[np.float64], needed: NDArray[np.float64], after: NDArray[np.float64]
) -> Block:
    around = np.concatenate([before, needed, after[:_REACH], np.ones(max(0, _REACH - len(after)))])
    if around.min() == 1:
        return block
    # The lowest gain within reach, then a weighted mean over the same reach: never above what a chunk needs. One more
    # chunk on each side, because the gain runs in a straight line from one chunk's beginning to the next one's.
    low = ndimage.minimum_filter1d(around, 2 * _HALF + 3, mode="nearest")
    eased = np.convolve(low, _EASE, mode="same")
    at = eased[_REACH : _REACH + len(needed) + 1]
    slope = np.linspace(0, 1, CHUNK, endpoint=False)
    gains = (at[:-1, None] + np.diff(at)[:, None] * slope).astype(np.float32)
    return block * gains.reshape(-1, 1)
