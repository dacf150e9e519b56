"""What a run has taken, over all its processes, in one object of its store."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from triviareel.errors import Conflict, InputError
from triviareel.questions.gemini.cost import Usage
from triviareel.storage import Store

EVERY_S = 10.0
"""Seconds between two entries while a run goes on; a killed process is short of what came after its last one."""
_TRIES = 20
"""Entries that others may make while one is made."""


class Books:
    """The books of one run, or of one shard of it; threads may share them.

    Args:
        store: of the run.
        name: the object's.
        told: what stands there beside the figures.
    """

    def __init__(self, store: Store, name: str, told: Mapping[str, Any]) -> None:
        self._store = store
        self._name = name
        self._told = dict(told)
        self._entered = Usage()
        self._at = time.monotonic()
        self._lock = threading.Lock()

    def total(self) -> Usage:
        """What all processes have entered until now.

        Raises:
            InputError: the books are damaged.
        """
        return self._read()[0]

    def enter(self, usage: Usage) -> Usage:
        """Add what this process has taken since its last entry.

        Args:
            usage: all that it has taken.

        Returns:
            The new total.

        Raises:
            StorageError, InputError: it cannot be written.
        """
        with self._lock:
            new = usage - self._entered
            for _ in range(_TRIES):
                earlier, generation = self._read()
                total = earlier + new
                text = json.dumps({**self._told, **total.as_json()}, indent=2) + "\n"
                try:
                    self._store.write(self._name, text.encode(), expect=generation)
                except Conflict:
                    continue
                self._entered, self._at = usage, time.monotonic()
                return total
        raise Conflict(f"{self._store.uri(self._name)} is written by too many at once: run the same command again")

    def enter_at_times(self, usage: Usage) -> None:
        """As `enter`, if the last entry is a while ago."""
        if time.monotonic() - self._at >= EVERY_S:
            self.enter(usage)

    def _read(self) -> tuple[Usage, int]:
        found = self._store.stat(self._name)
        if found is None:
            return Usage(), 0
        try:
            return Usage.of_json(json.loads(self._store.read(self._name))), found.generation
        except (ValueError, TypeError, AttributeError, ArithmeticError) as error:
            raise InputError(f"{found.uri} tells no usage ({error!r}): restore it from a copy, or remove it") from None
