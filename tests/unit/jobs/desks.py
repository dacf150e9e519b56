"""What the tests of jobs work with."""

from __future__ import annotations

from datetime import UTC, datetime

from triviareel.jobs.desk import Outcome
from triviareel.jobs.request import Look, Request
from triviareel.video.render import Progress

NOW = datetime(2026, 11, 14, 12, 0, 5, tzinfo=UTC)
REQUEST = Request(questions=2, seed=7, look=Look(resolution=720, fps=24, voice="none", encoder="x264"))


class Notes:
    """A watcher that only remembers."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []
        self.lines: list[str] = []

    def note(self, line: str) -> None:
        self.lines.append(line)

    def stage(self, job: str, name: str) -> None: ...
    def frames(self, job: str, progress: Progress) -> None: ...
    def done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
