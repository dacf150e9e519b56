"""The last stage: a job's questions.csv becomes its video, once, however many workers are at it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from triviareel.errors import Stopped
from triviareel.jobs import crew, film, gate, machine, places, premiere
from triviareel.jobs.desk import QUESTIONS, Desk, Outcome, Stages, attempt, unbegun
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import Manifest, State, Used
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import Film
from triviareel.jobs.studio import Studio
from triviareel.questions.model import Question
from triviareel.video.encoder import THREADS


def render_all(desk: Desk, studio: Studio, jobs: Sequence[Job], workers: int | None = None) -> list[Outcome]:
    """Bring jobs to `rendered`, some at a time; the watcher is told of each as it ends.

    Args:
        desk: of the run.
        studio: of the request's look.
        jobs: those to be done; each has its questions.csv.
        workers: how many at a time; None for as many as the processors carry.

    Raises:
        Stopped: a signal told the process to stop; what was under way is left as it was before.
    """

    def one(job: Job) -> Outcome | None:
        if desk.stop.is_set():
            return replace(unbegun(desk, job), error=Stopped("stopped before this video was begun"))
        outcome = render(desk, studio, job)
        if outcome:
            desk.watcher.done(outcome)
        return outcome

    return crew.queue(jobs, one, workers or default_workers(len(jobs)))


def default_workers(videos: int) -> int:
    """As many jobs at a time as there are processors for their encoders' threads."""
    return max(1, min(videos, machine.processors() // THREADS))


def render(desk: Desk, studio: Studio, job: Job) -> Outcome | None:
    """Bring one job to `rendered`; a finished video of the same render key is left alone.

    A job that is told to stop leaves its manifest as it was before its render.

    Returns:
        How it ended; None if another worker is at it.
    """
    stages = Stages(lambda name: desk.watcher.stage(job.name, name), QUESTIONS)

    def do(ledger: Ledger, outcome: Outcome) -> Outcome:
        place = places.of_job(desk.request.channel, job.name)
        questions = gate.questions(desk.store, place.questions, outcome.csv)
        stages.current = "render"
        key = studio.render_key(questions, job.seed)
        if found := premiere.finished(desk.store, place.film, key):
            if ledger.manifest.state != State.RENDERED:  # a run ended between its last two writes
                ledger.save(_rendered(ledger.manifest, found, key, desk.clock()))
            return replace(outcome, film=found, skipped=True)
        made = _make(desk, studio, job, questions, key, ledger, stages)
        return replace(outcome, film=made)

    return attempt(desk, job, stages, do)


def _make(
    desk: Desk, studio: Studio, job: Job, questions: Sequence[Question], key: str, ledger: Ledger, stages: Stages
) -> Film:
    """Make the video, with the manifest at `rendering` meanwhile."""
    resting = ledger.manifest
    ledger.save(resting.reach(State.RENDERING, desk.clock(), attempts=resting.attempts + 1, failure=None))
    try:
        made = film.produce(
            studio,
            desk.store,
            places.of_job(desk.request.channel, job.name).film,
            questions,
            job.seed,
            stages,
            lambda progress: desk.watcher.frames(job.name, progress),
            desk.stop,
        )
    except Stopped:
        ledger.save(resting)
        raise
    ledger.save(_rendered(ledger.manifest, made, key, desk.clock()))
    return made


def _rendered(manifest: Manifest, made: Film, key: str, now: datetime) -> Manifest:
    used = manifest.used
    if made.outputs:
        used = Used(made.characters_spoken, made.seconds, made.facts.encoder, machine.described(), manifest.used.gemini)
    return manifest.reach(
        State.RENDERED,
        now,
        failure=None,
        outputs={**manifest.outputs, **made.outputs},
        used=used,
        render_key=key,
        content_hash=made.facts.content_hash,
    )
