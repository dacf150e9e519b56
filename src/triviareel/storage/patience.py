"""How long a store waits for a service, and how often it asks again."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from triviareel import ending

_HURRIED_S = 2.0
"""For each answer once the process was told to stop: a claim can still be given back."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Waits, in seconds."""

    connect_s: float = 5.0
    answer_s: float = 4.0
    """For the next byte of an answer, at the first try: a process that is told to stop must be gone within 10."""
    longest_answer_s: float = 60.0
    """It is doubled with each try up to this: a slow line is busy with our bytes long after they were handed over."""
    first_wait_s: float = 0.5
    """Between the first two tries; doubled with each one."""
    longest_wait_s: float = 8.0
    in_all_s: float = 90.0
    """From the first fault of an operation until it is given up."""
    stranger_s: float = 10.0
    """The same as long as the service has never answered: then its address is wrong rather than the moment."""


class Tries:
    """The tries of one operation, from its first fault on."""

    def __init__(self, patience: Patience, *, stranger: bool) -> None:
        self._patience = patience
        self._allowed_s = patience.stranger_s if stranger else patience.in_all_s
        self._count = 0
        self._until = 0.0

    def timeout(self) -> tuple[float, float]:
        """For the request of this try: to be connected, and for each part of the answer."""
        given = self._patience
        answer_s = min(given.longest_answer_s, given.answer_s * 2**self._count)
        if ending.stopping():
            return min(given.connect_s, _HURRIED_S), min(answer_s, _HURRIED_S)
        return given.connect_s, answer_s

    def wait(self) -> bool:
        """Wait for the next try; False if there shall be none, at once if the process is told to stop."""
        now = time.monotonic()
        if not self._count:
            self._until = now + self._allowed_s
        longest = min(self._patience.longest_wait_s, self._patience.first_wait_s * 2**self._count)
        wait_s = longest * random.uniform(0.5, 1)  # many workers that met one fault must not come back as one
        self._count += 1
        return now + wait_s <= self._until and not ending.wait(wait_s)
