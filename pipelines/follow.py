"""Follows a run to its end: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from pipelines.errors import LaunchError, RunFailed, Stopped, TryAgain
from pipelines.runs import Run, Task

_PATIENCE = 30
"""Looks that may fail one after the other; at the usual 10 seconds between two, some minutes of broken network."""
_LONGEST_S = 60.0
_ORDER = ("failed", "running", "cancelling", "cancel pending", "pending", "cancelled", "succeeded", "cached")
"""What people want to see first, of a run that has more tasks than the screen has lines."""
_COLOURS = {"failed": "red", "running": "cyan", "succeeded": "green", "cached": "green", "cancelled": "yellow"}
_AROUND = 6
"""Lines of the screen that are not tasks."""


def follow(look: Callable[[], Run], show: Screen, every_s: float, sleep: Callable[[float], None] = time.sleep) -> Run:
    """Look at a run until it is over.

    Args:
        look: asks for it; TryAgain is taken for a passing fault.
        show: tells of it.
        every_s: seconds between two looks; longer after faults.
        sleep: waits.

    Raises:
        TryAgain: it could not be looked at for long; the run may go on.
    """
    faults = 0
    while True:
        try:
            run = look()
        except TryAgain as fault:
            faults += 1
            if faults >= _PATIENCE:
                raise TryAgain(f"{fault} (the run may go on; it could not be seen {faults} times in a row)") from fault
            show.fault(fault)
        else:
            faults = 0
            show.look(run)
            if run.over:
                return run
        sleep(min(every_s * 2**faults, max(every_s, _LONGEST_S)))


def verdict(run: Run, console_link: str) -> None:
    """Return for a run that went well.

    Raises:
        RunFailed: it failed; names the tasks that did.
        Stopped: it was cancelled.
    """
    rest = f"what is missing is made by: submit --param job={run.name}, and all else as before"
    if run.state == "cancelled":
        raise Stopped(f"run {run.name}: was cancelled; {rest}")
    if run.state == "failed":
        failed = [task for task in run.tasks if task.state == "failed"]
        names = ", ".join(f"{task.name} ({task.error or 'no reason given'})" for task in failed[:3])
        more = f" and {len(failed) - 3} more" if len(failed) > 3 else ""
        what = f"{names}{more}" if failed else run.error or "no task says why"
        raise RunFailed(f"run {run.name}: failed in {what}; see its logs: {console_link}; {rest}")


class Screen:
    """Tells of a run on stderr; a context manager."""

    def __init__(self, console: Console, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.console = console
        self._clock = clock
        self._run: Run | None = None
        self._told: dict[str, tuple[str, int]] = {}
        self._note = ""
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=1, transient=False)

    def __enter__(self) -> Screen:
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.console.is_terminal:
            self._live.stop()

    def look(self, run: Run) -> None:
        """Tell what is new."""
        self._run, self._note = run, ""
        if self.console.is_terminal:
            self._live.refresh()
            return
        for at, task in enumerate(run.tasks):  # tasks of a loop share their names
            news = (task.state, task.retries)
            if self._told.get(f"{at} {task.name}") != news:
                self._told[f"{at} {task.name}"] = news
                self._say(line(task, self._clock()))
        if self._told.get("") != (run.state, 0):
            self._told[""] = (run.state, 0)
            self._say(f"run {run.name}: {run.state}")

    def fault(self, error: LaunchError) -> None:
        """Tell that the run could not be seen for once."""
        self._note = f"{error}; looking again"
        if not self.console.is_terminal:
            self._say(self._note)

    def _say(self, text: str) -> None:
        self.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _table(self) -> RenderableType:
        if not self._run:
            return Text(self._note)
        return table(self._run, self._clock(), max(5, self.console.height - _AROUND), self._note)


def line(task: Task, now: datetime) -> str:
    """A task in one line."""
    parts = [span(task.elapsed(now)), f"{task.retries} retries" if task.retries else "", task.error]
    told = ", ".join(part for part in parts if part)
    return f"{task.name}: {task.state}" + (f" ({told})" if told else "")


def table(run: Run, now: datetime, rows: int, note: str = "") -> RenderableType:
    """A run's tasks, those first that matter most; what does not fit is counted."""
    grid = Table(title=f"{run.name}: {run.state}", title_justify="left", expand=False)
    for name, side in (("task", "left"), ("state", "left"), ("elapsed", "right"), ("retries", "right")):
        grid.add_column(name, justify="right" if side == "right" else "left")
    tasks = sorted(run.tasks, key=lambda task: _ORDER.index(task.state) if task.state in _ORDER else len(_ORDER))
    for task in tasks[:rows]:
        state = Text(task.state, style=_COLOURS.get(task.state, ""))
        grid.add_row(Text(task.name), state, span(task.elapsed(now)), str(task.retries or ""))
    counts = Counter(task.state for task in tasks)
    below = [", ".join(f"{count} {state}" for state, count in counts.items())]
    below += [f"{len(tasks) - rows} more are not shown"] if len(tasks) > rows else []
    below += [note] if note else []
    return Group(grid, *(Text(text) for text in below))


def span(length: timedelta | None) -> str:
    """A length of time, as in 1:02:03."""
    if length is None:
        return ""
    seconds = max(0, int(length.total_seconds()))
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02d}:{seconds % 60:02d}" if hours else f"{minutes}:{seconds % 60:02d}"
