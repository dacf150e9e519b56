"""The command that makes one video of questions that are there already."""

from __future__ import annotations

from threading import Event

from triviareel import settings
from triviareel.cli.screen import Screen, finished_line
from triviareel.jobs import single
from triviareel.jobs.request import JobInfo


def render(info: JobInfo, stop: Event, *, as_json: bool) -> int:
    """Make one video from a questions.csv; returns the exit code."""
    with Screen(as_json=as_json) as screen:
        made = single.render(info, settings.read(), screen, stop)
    facts = made.film.facts
    if as_json:
        screen.emit({"csv": info.gcs_csv_path, "video": made.uri, **facts.as_json(), "skipped": made.skipped})
    screen.say(finished_line(made.uri, facts, skipped=made.skipped))
    return 0
