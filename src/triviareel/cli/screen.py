"""What is told while videos are made: bars on a terminal, short lines elsewhere; results as JSON on stdout if asked."""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, TaskID, TextColumn
from rich.text import Text

from triviareel.errors import Stopped
from triviareel.jobs.desk import Outcome
from triviareel.jobs.premiere import Facts
from triviareel.video import render

_QUARTERS = 4
"""Without a terminal, a line is printed at each quarter of a video."""

_WORDS = {
    "checks": "checking the texts",
    "speech": "speaking",
    "render": "rendering",
    "commit": "putting it in its place",
}


class Screen:
    """Tells people on stderr and programs on stdout; called by several threads. A context manager."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._console = Console(stderr=True, highlight=False)
        self._bars = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.percentage:>3.0f} %"),
            _Eta(),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}
        self._quarters: dict[str, int] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> Screen:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def note(self, line: str) -> None:
        """See Watcher."""
        self.say(line)

    def stage(self, job: str, name: str) -> None:
        """See Watcher."""
        words = f"{job}: {_WORDS.get(name, name)}"
        with self._lock:
            if job not in self._tasks:
                self._tasks[job] = self._bars.add_task(words, total=None, eta_s=None)
            self._bars.update(self._tasks[job], description=words)
        if not self._console.is_terminal:
            self.say(words)

    def frames(self, job: str, progress: render.Progress) -> None:
        """See Watcher."""
        with self._lock:
            if job in self._tasks:
                self._bars.update(
                    self._tasks[job], completed=progress.frame, total=progress.frames, eta_s=progress.eta_s
                )
            quarter = _QUARTERS * progress.frame // max(1, progress.frames)
            news = quarter > self._quarters.get(job, 0)
            self._quarters[job] = quarter
        if news and not self._console.is_terminal:
            self.say(f"{job}: {100 * quarter // _QUARTERS} %, {progress.fps:.0f} frames/s")

    def done(self, outcome: Outcome) -> None:
        """See Watcher."""
        with self._lock:
            if outcome.job in self._tasks:
                self._bars.remove_task(self._tasks.pop(outcome.job))
        if self._as_json:
            self.emit(outcome.as_json())
        if outcome.film:
            self.say(finished_line(outcome.video, outcome.film.facts, skipped=outcome.skipped))
        elif outcome.error and not isinstance(outcome.error, Stopped):  # that is told once, for all of them
            self.say(f"triviareel: {outcome.job}: {' '.join(str(outcome.error).split())}")

    def say(self, line: str) -> None:
        """One line for people."""
        self._console.print(line, markup=False, soft_wrap=True)

    def emit(self, data: dict[str, Any]) -> None:
        """One line for programs."""
        with self._lock:
            print(json.dumps(data, ensure_ascii=False), flush=True, file=sys.stdout)


class _Eta(ProgressColumn):
    """The time that a task still takes, as its encoder estimates it."""

    def render(self, task: Any) -> Text:
        eta_s = task.fields.get("eta_s")
        return Text("" if eta_s is None else f"{int(eta_s) // 60}:{int(eta_s) % 60:02d} left")


def finished_line(video: str, facts: Facts, *, skipped: bool) -> str:
    """Where a video is and what it is."""
    seconds = round(facts.duration_s)
    made = "was there already" if skipped else f"made in {facts.render_s:.0f} s with {facts.encoder}"
    return f"{video}  ({seconds // 60}:{seconds % 60:02d}, {facts.width}×{facts.height}, {facts.fps} fps; {made})"
