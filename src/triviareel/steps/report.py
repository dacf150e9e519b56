"""The last step, also after failures: it tells what became of a run, by what the jobs' manifests say."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from threading import Event

from triviareel.jobs import outcome as outcomes
from triviareel.jobs import page, runs, words
from triviareel.jobs.outcome import Outcome
from triviareel.jobs.runs import RunPlace
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter, say
from triviareel.steps.shard import now
from triviareel.storage import Store, open_store


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("report", "Tell what became of a run, by what the manifests of its jobs say.")
    known.put("report", "the report as a page of its own, HTML")
    known.put("summary", "the same in short, Markdown")
    known.put("metrics", "the figures, JSON")
    known.put(
        "dead-letters", "JSON Lines, a job without a video a line: job, shard, state, stage, error, message, manifest"
    )
    return known


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step. Its exit code tells whether there is a report, not what is in it."""
    return enter(parser(), argv, _report)


def _report(given: argparse.Namespace, stop: Event) -> int:  # noqa: ARG001 - the signal raises; nothing is half-made
    store, place = open_store(given.root), runs.place_of(given.channel, given.run)
    found = outcomes.of(store, given.channel, given.run, now())
    made = made_of(found)
    artifacts.put(given, made)
    _keep(store, place, made)
    say(f"{words.headline(found)}. {words.rest(found)}")
    say(store.uri(place.report))
    return 0


def made_of(found: Outcome) -> list[Artifact]:
    """The step's artifacts; each has the run's figures as its metadata."""
    figures, letters = found.figures(), found.dead_letters()
    told = {"outcome": str(found.verdict), **figures}
    return [
        Artifact("report", page.html(found).encode(), told),
        Artifact("summary", words.markdown(found).encode(), told),
        Artifact("metrics", (json.dumps(told) + "\n").encode(), figures),
        Artifact("dead-letters", artifacts.lines(letters), {"jobs": len(letters)}),
    ]


def _keep(store: Store, place: RunPlace, made: Sequence[Artifact]) -> None:
    """Write the artifacts into the run's own folder, too, where they stay when the pipeline's are cleared away."""
    for one, name in zip(made, (place.report, place.summary, place.metrics, place.dead_letters), strict=True):
        store.write(name, one.data)


if __name__ == "__main__":
    sys.exit(main())
