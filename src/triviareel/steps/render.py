"""The fourth step: it renders one shard's videos, several at a time, and none of them can take down the others."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from triviareel import settings
from triviareel.errors import RenderError
from triviareel.jobs import claim, crew, places, records
from triviareel.jobs.desk import Desk, Outcome, Stages, attempt
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import State
from triviareel.jobs.plan import Job
from triviareel.jobs.progress import Progress, Recorder
from triviareel.jobs.records import Record
from triviareel.jobs.rendering import render_all
from triviareel.jobs.studio import open_studio, pack_of
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser, count, share
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter, say
from triviareel.steps.shard import Shard, Teller, explaining, metadata, open_shard, row, settle, verdict

LIVES = 3
"""Attempts after which a job is given up if the last one ended with its worker; a stop by signal counts as none."""


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
        workers = count(given.workers, "workers")
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
        desk = shard.desk(Recorder(Teller(), kept), stop)
        ready, lost = _sorted(desk, shard.sound)
        return [*(_given_up(desk, job) for job in lost), *render_all(desk, studio, ready, workers)]


def _sorted(desk: Desk, jobs: Sequence[Job]) -> tuple[list[Job], list[Job]]:
    """Jobs in the order in which they are to be rendered, and those that are given up.

    Those in whose render a worker ended come last: if they do it again, the others are done.
    """

    def ended(job: Job) -> int:
        """How many attempts there were, if the last one ended with its worker."""
        place = places.of_job(desk.request.channel, job.name)
        found = records.read(desk.store, place.manifest, job.name)
        if found.state != State.RENDERING or claim.busy(desk.store, place.film.claim, desk.pace):
            return 0
        return found.attempts

    counts = dict(zip(jobs, crew.spread(jobs, ended), strict=True))
    return sorted((job for job in jobs if counts[job] < LIVES), key=lambda job: counts[job]), [
        job for job in jobs if counts[job] >= LIVES
    ]


def _given_up(desk: Desk, job: Job) -> Outcome:
    def do(ledger: Ledger, outcome: Outcome) -> Outcome:
        raise RenderError(
            f"{outcome.video}: {ledger.manifest.attempts} attempts, the last of which ended with its worker: "
            "give workers more memory, or look at its questions, then open it anew with triviareel retry"
        )

    outcome = attempt(desk, job, Stages(current="render"), do)
    desk.watcher.done(outcome)
    return outcome


def _row(record: Record, outcome: Outcome | None) -> dict[str, object]:
    film = outcome.film if outcome else None
    made = {"duration_s": film.facts.duration_s, "encoder": film.facts.encoder} if film else {}
    return row(record, video=record.video or None, seconds=record.seconds, **made)


if __name__ == "__main__":
    sys.exit(main())
