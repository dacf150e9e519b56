"""The fourth step: it renders one shard's videos, several at a time, and none of them can take down the others."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from triviareel import settings
from triviareel.errors import InputError
from triviareel.jobs import crew, places, records
from triviareel.jobs.desk import Outcome
from triviareel.jobs.manifest import State
from triviareel.jobs.plan import Job
from triviareel.jobs.progress import Progress, Recorder
from triviareel.jobs.records import Record
from triviareel.jobs.rendering import render_all
from triviareel.jobs.studio import open_studio, pack_of
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser, share, whole
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter, say
from triviareel.steps.shard import Shard, Teller, explaining, metadata, open_shard, row, settle, verdict


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("render", "Render each of a shard's jobs that is not rendered yet.")
    known.take("assets", "URI", "where CHANNEL/video-assets lies; a generated pack is used if not given")
    known.need("written", "PATH", "file to read: what write wrote")
    known.need("shard", "KEY", "which shard's jobs, such as 0003")
    known.take("workers", "N", "videos at a time; as many as the machine carries if not given")
    known.take("failure-budget", "SHARE", "share of the shard's jobs that may fail", "0.05")
    known.take("encoder", "auto|x264|nvenc|av1", "video encoder; the request's if not given")
    known.put("videos", "JSON Lines, a job a line: job, state, video, seconds")
    return known


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step. A finished video is left alone, and one that cannot be made does not keep the others from it."""
    return enter(parser(), argv, _render)


def _render(given: argparse.Namespace, stop: Event) -> int:
    with explaining(given, "render"):
        budget = share(given.failure_budget, "failure-budget")
        workers = whole(given.workers, "workers")
        if workers is not None and workers < 1:
            raise InputError(f"workers {workers}: choose 1 or more")
        shard = open_shard(given, given.written)
        outcomes = _made(given, shard, workers, stop) if shard.sound else []
        found = settle(shard, outcomes, State.WRITTEN)
        films = {outcome.job: outcome for outcome in outcomes}
        rows = [_row(record, films.get(record.job)) for record in found]
        artifacts.put(given, [Artifact("videos", artifacts.lines(rows), metadata(found))])
        return verdict(found, outcomes, budget)


def _made(given: argparse.Namespace, shard: Shard, workers: int | None, stop: Event) -> list[Outcome]:
    look = shard.run.request.look
    look = replace(look, encoder=given.encoder or look.encoder)
    pack = pack_of(given.assets, shard.run.channel) if given.assets else None
    studio = open_studio(look, settings.read(), pack, say)
    with Progress(shard.store, shard.run, [shard.key]) as kept:
        return render_all(shard.desk(Recorder(Teller(), kept), stop), studio, _suspects_last(shard), workers)


def _suspects_last(shard: Shard) -> list[Job]:
    """The shard's jobs, those in whose render a worker ended before at the end: if it ends again, the rest is done."""

    def suspect(job: Job) -> bool:
        found = records.read(shard.store, places.of_job(shard.run.channel, job.name).manifest, job.name)
        return found.state == State.RENDERING

    marks = crew.spread(shard.sound, suspect)
    return [job for _mark, job in sorted(zip(marks, shard.sound, strict=True), key=lambda pair: pair[0])]


def _row(record: Record, outcome: Outcome | None) -> dict[str, object]:
    film = outcome.film if outcome else None
    made = {"duration_s": film.facts.duration_s, "encoder": film.facts.encoder} if film else {}
    return row(record, video=record.video or None, seconds=record.seconds, **made)


if __name__ == "__main__":
    sys.exit(main())
