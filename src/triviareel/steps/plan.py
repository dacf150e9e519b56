"""The first step: of a request it makes jobs, each with its manifest, and shards of them."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from threading import Event

from triviareel.errors import InputError
from triviareel.jobs import ends, places, runs
from triviareel.jobs.launch import launch
from triviareel.jobs.request import Look, Request, bad_name, is_name
from triviareel.jobs.runs import SHARD_SIZE, Run
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser, listed, whole
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter, say
from triviareel.steps.shard import now
from triviareel.storage import Store, open_store
from triviareel.video import theme

_PLAIN = Request()
_FIRST_YEAR = 2020
"""An earlier time of creation is none: schedules have been seen to fill in 1970 (vertex-ai-samples #3771)."""


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("plan", "Plan the jobs of a request: their manifests, and the shards they are done in.")
    known.take("assets", "URI", "where CHANNEL/video-assets lies; it must be there before anything is planned")
    known.take("topics", "A,B,…", "topics, with commas between them; all of the bank's if not given")
    known.take("difficulty", "easy|medium|hard|mixed", "how hard the questions are", _PLAIN.difficulty)
    known.take("questions-per-video", "N", "questions in each video", str(_PLAIN.questions))
    known.take("videos", "N", "number of videos", str(_PLAIN.videos))
    known.take("shard-size", "N", "most videos of a shard", str(SHARD_SIZE))
    known.take("source", "bank|gemini", "where the questions come from", _PLAIN.source)
    known.take("language", "NAME", "language of the questions", _PLAIN.language)
    known.take("audience", "WORDS", "who watches; anybody if not given")
    known.take("format", "landscape|portrait|square", "shape of the picture", _PLAIN.look.format)
    known.take("resolution", "720|1080|1440|2160", "pixels of the shorter side", str(_PLAIN.look.resolution))
    known.take("fps", "24|25|30|48|50|60", "frames a second", str(_PLAIN.look.fps))
    known.take("voice", "NAME|none", "who reads aloud", _PLAIN.look.voice)
    known.take("theme", "NAME", "how the cards look", _PLAIN.look.theme)
    known.take("encoder", "auto|x264|nvenc|av1", "video encoder", _PLAIN.look.encoder)
    known.take("seed", "N", "same seed, same videos; follows from the run's name if not given")
    known.take("job", "NAME", "name of the batch, or of a run whose batch goes on; the time of --created if not given")
    known.take("created", "TIME", "when the run was made, ISO 8601; the present time if not given")
    known.put("jobs", "JSON Lines, a job a line: job, shard, seed, uri")
    known.need("shards", "PATH", "file to write: JSON list of the shards' keys, such as 0000")
    return known


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step. Planned again under the run's name, it plans the same."""
    return enter(parser(), argv, _plan)


def _plan(given: argparse.Namespace, stop: Event) -> int:  # noqa: ARG001 - the signal raises; nothing long is waited for
    store, place = open_store(given.root), runs.place_of(given.channel, given.run)
    with ends.noted(store, place, "plan", "", now()):
        if given.assets:
            _check_assets(given.assets, given.channel)
        theme.load(given.theme)  # a shard would find it missing only once its questions are paid for
        size = _number(given.shard_size, "shard-size")
        run = launch(store, request_of(given), given.run, given.job or None, created(given.created, now()), size)
        artifacts.write(given.shards, json.dumps(run.keys()).encode())
        artifacts.put(given, [_jobs(store, run)])
    say(f"run {run.name}: {run.request.videos} jobs as {run.job}, {len(run.keys())} shards, seed {run.request.seed}")
    return 0


def request_of(given: argparse.Namespace) -> Request:
    """The request that the arguments describe.

    Raises:
        InputError: a number is none. What else is wrong is told when it is planned, all at once.
    """
    look = Look(
        format=given.format,
        resolution=_number(given.resolution, "resolution"),
        fps=_number(given.fps, "fps"),
        voice=given.voice,
        theme=given.theme,
        encoder=given.encoder,
    )
    return Request(
        channel=given.channel,
        topics=listed(given.topics),
        difficulty=given.difficulty,
        questions=_number(given.questions_per_video, "questions-per-video"),
        videos=_number(given.videos, "videos"),
        source=given.source,
        look=look,
        seed=whole(given.seed, "seed"),
        language=given.language,
        audience=given.audience,
    )


def created(text: str, fallback: datetime) -> datetime:
    """When the run was made, UTC, whole seconds.

    Raises:
        InputError: it is no time, or has no time zone.
    """
    if not text:
        return fallback.replace(microsecond=0)
    try:
        time = datetime.fromisoformat(text)
        if time.utcoffset() is None:
            raise ValueError
    except ValueError as error:
        raise InputError(f"created {text[:40]!r}: give a time with its zone, such as 2026-11-14T12:00:00Z") from error
    return (time.astimezone(UTC) if time.year >= _FIRST_YEAR else fallback).replace(microsecond=0)


def _number(text: str, what: str) -> int:
    number = whole(text, what)
    assert number is not None  # noqa: S101 - for the type checker; it has a default that is none
    return number


def _check_assets(uri: str, channel: str) -> None:
    """Raise InputError unless a channel has an asset pack; whether it is whole, the render sees."""
    if not is_name(channel):
        raise InputError(bad_name("channel", channel))
    store, name = open_store(uri), f"{channel}/video-assets"
    if next(iter(store.list(name)), None) is None:
        raise InputError(
            f"{store.uri(name)}: channel {channel} has no asset pack there; "
            f"make one to start from: triviareel assets build --to {uri} --channel {channel}"
        )


def _jobs(store: Store, run: Run) -> Artifact:
    rows = [
        {"job": job.name, "shard": key, "seed": job.seed, "uri": store.uri(places.of_job(run.channel, job.name).folder)}
        for key, jobs in run.shards().items()
        for job in jobs
    ]
    metadata: dict[str, int | float | str] = {"jobs": len(rows), "shards": len(run.keys()), "job": run.job}
    metadata["seed"] = str(run.request.seed)  # a text, since numbers become doubles on the way
    return Artifact("jobs", artifacts.lines(rows), metadata)


if __name__ == "__main__":
    sys.exit(main())
