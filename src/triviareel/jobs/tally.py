"""The sum of many jobs: states, failures by reason, what it took."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from triviareel.jobs.manifest import State
from triviareel.jobs.records import DAMAGED, MISSING, Record

STATES = (*(str(state) for state in State), MISSING, DAMAGED)
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why jobs failed: the same class of error in the same stage."""

    stage: str
    error: str
    jobs: int
    example: str
    """The first job of them."""
    message: str
    """What that job's manifest says."""


class Tally:
    """Adds records up."""

    def __init__(self) -> None:
        self.states: Counter[str] = Counter()
        self.seconds = 0.0
        """Wall time of all jobs, one after the other; those of one machine run side by side."""
        self.tokens = 0
        self.cost_usd = 0.0
        self._reasons: Counter[tuple[str, str]] = Counter()
        self._examples: dict[tuple[str, str], Record] = {}

    def add(self, record: Record) -> None:
        """Count a job."""
        self.states[record.state] += 1
        self.seconds += record.seconds
        self.tokens += record.tokens
        self.cost_usd += record.cost_usd
        if record.error:
            reason = (record.stage, record.error)
            self._reasons[reason] += 1
            self._examples.setdefault(reason, record)

    @property
    def jobs(self) -> int:
        """How many were counted."""
        return self.states.total()

    @property
    def done(self) -> int:
        """How many are rendered."""
        return self.states[State.RENDERED]

    @property
    def failed(self) -> int:
        """How many need a hand: failed, or with a manifest that cannot be read."""
        return self.states[State.FAILED] + self.states[DAMAGED]

    @property
    def open(self) -> int:
        """How many are neither."""
        return self.jobs - self.done - self.failed

    def reasons(self) -> list[Reason]:
        """Why jobs failed, the commonest reason first."""
        ordered = sorted(self._reasons.items(), key=lambda item: (-item[1], item[0]))
        examples = self._examples
        return [Reason(*key, count, examples[key].job, examples[key].message) for key, count in ordered]

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "jobs": self.jobs,
            "states": {state: self.states[state] for state in STATES if self.states[state]},
            "failures": [
                {"stage": why.stage, "error": why.error, "jobs": why.jobs, "job": why.example, "message": why.message}
                for why in self.reasons()
            ],
            "seconds": round(self.seconds, 3),
            "tokens": self.tokens,
            "cost_usd": round(self.cost_usd, 6),
        }
