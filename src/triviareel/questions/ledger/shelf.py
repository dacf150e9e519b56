"""Segments that this process has read from a store without local files, kept for all its ledgers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from triviareel.questions.ledger.index import Segment

MOST_BYTES = 512 * 1024 * 1024
"""Two million questions; a ledger that has more in use holds on to them itself."""


class Shelf:
    """Segments by name, which never change; those that nobody has asked for the longest go first. Threads share it.

    Args:
        most_bytes: how much is kept for whoever comes next.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._kept: OrderedDict[str, Segment] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, read: Callable[[], Segment]) -> Segment:
        """A segment, read if it is not here; two that ask for it at once have it read once.

        Args:
            name: what no other segment is called, wherever it lies.
            read: reads it.
        """
        with self._lock:
            if name not in self._kept:
                self._kept[name] = read()
            self._kept.move_to_end(name)
            found = self._kept[name]
            while sum(segment.size for segment in self._kept.values()) > self._most_bytes:
                self._kept.popitem(last=False)
            return found


SHELF = Shelf()
"""This process's own."""
