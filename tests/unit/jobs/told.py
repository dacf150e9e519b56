"""Runs whose jobs have come to all kinds of ends, without anything having been made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from triviareel.errors import ModelDown, TextError, TriviaError
from triviareel.jobs import manifest, places, records, runs
from triviareel.jobs.manifest import Manifest, Output, State, Used, planned
from triviareel.jobs.progress import Progress
from triviareel.jobs.request import Request
from triviareel.jobs.runs import Run
from triviareel.storage import Stat, Store

NOW = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
GEMINI = {"prompt_tokens": 100, "candidate_tokens": 20, "thought_tokens": 3, "money_usd": 0.25}

FAULTS: Mapping[str, tuple[str, TriviaError]] = {
    "unfit": ("checks", TextError("question x: the explanation is too long: shorten it")),
    "unasked": ("questions", ModelDown("no whole answer in 120 s: try again")),
}


def run_of(videos: int, *, name: str = "r", job: str = "b", shard_size: int = 2, source: str = "bank") -> Run:
    request = Request("demo", ("space",), questions=1, videos=videos, source=source, seed=7)
    return Run("demo", name, job, NOW, shard_size, request)


def story(run: Run, number: int, end: str) -> Manifest:
    """The manifest of a job, counted from 1, that is "planned", "written", "rendering", "rendered" or one of FAULTS."""
    job = run.jobs()[number - 1]
    told = planned(run.channel, job.name, job.seed, run.request, NOW)
    made = Output(f"out/{job.name}/questions.csv", 10, "0" * 64, 1)
    if end == "unasked":
        return replace(told, attempts=1).fail(*FAULTS[end], NOW)
    if end == "planned":
        return told
    told = told.reach(State.WRITTEN, NOW, outputs={"questions": made}, used=Used(gemini=GEMINI))
    if end in FAULTS:
        return replace(told, attempts=2).fail(*FAULTS[end], NOW)
    if end == "rendered":
        outputs = {**told.outputs, "video": replace(made, uri=f"out/{job.name}/final_video.mp4")}
        used = Used(5, {"speech": 1.0, "render": 2.5}, "x264", "machine", GEMINI)
        return told.reach(State.RENDERED, NOW + timedelta(minutes=number), outputs=outputs, used=used, attempts=1)
    return told if end == "written" else told.reach(State(end), NOW, attempts=1)


def write(store: Store, told: Manifest) -> Stat:
    return store.write(places.of_job(told.channel, told.job).manifest, manifest.dumps(told))


def fill(store: Store, run: Run, *ends: str, summaries: bool = True) -> None:
    """Write a run's plan, a manifest for each job, and unless told otherwise the summaries."""
    runs.save(store, run)
    with Progress(store, run) as progress:
        for number, end in enumerate(ends, 1):
            told = story(run, number, end)
            record = records.of_manifest(told, write(store, told).generation)
            if summaries:
                progress.put(record)
