"""The third step: it writes the questions.csv of each of a shard's jobs, and says so in its manifest."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from threading import Event

from triviareel.jobs import crew, places, writing
from triviareel.jobs.manifest import State
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter
from triviareel.steps.shard import Shard, Teller, explaining, metadata, open_shard, row, settle, verdict


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("write", "Write the questions.csv of each of a shard's jobs, and say so in its manifest.")
    known.need("questions", "PATH", "file to read: what generate wrote")
    known.need("shard", "KEY", "which shard's jobs, such as 0003")
    known.put("written", "JSON Lines, a job a line: job, state, csv, manifest")
    return known


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step. A questions.csv that is there stays; a job that fails here is handed on as failed."""
    return enter(parser(), argv, _write)


def _write(given: argparse.Namespace, stop: Event) -> int:
    with explaining(given, "write"):
        shard = open_shard(given, given.questions)
        desk = shard.desk(Teller(), stop)
        outcomes = crew.spread(shard.sound, lambda job: writing.write(desk, job))
        found = settle(shard, outcomes, State.WRITTEN)
        rows = [row(record, **_place(shard, record.job)) for record in found]
        artifacts.put(given, [Artifact("written", artifacts.lines(rows), metadata(found))])
        return verdict(found, outcomes, 1.0)


def _place(shard: Shard, job: str) -> dict[str, str]:
    place, uri = places.of_job(shard.run.channel, job), shard.store.uri
    return {"shard": shard.key, "csv": uri(place.questions), "manifest": uri(place.manifest)}


if __name__ == "__main__":
    sys.exit(main())
