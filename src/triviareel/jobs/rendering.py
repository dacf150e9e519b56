"""The last stage: a job's questions.csv becomes its video, once, however many workers are at it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime

from triviareel.errors import Conflict, Stopped
from triviareel.jobs import claim, crew, film, gate, machine, places, premiere
from triviareel.jobs.claim import Claim
from triviareel.jobs.desk import QUESTIONS, Desk, Outcome, Stages, attempt, unbegun
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import Manifest, State, Used
from triviareel.jobs.places import JobPlace
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import Film
from triviareel.jobs.studio import Studio
from triviareel.questions.model import Question
from triviareel.video import gpus
from triviareel.video.encoder import THREADS


def render_all(desk: Desk, studio: Studio, jobs: Sequence[Job], workers: int | None = None) -> list[Outcome]:
    """Bring jobs to `rendered`, some at a time; the watcher is told of each as it ends.

    Those that another worker is at are put behind the others, then waited for: they end up finished by the other one,
    and are skipped here, or are taken over once it is heard of no more. So are those that another worker took over from
    this one, once each.

    Args:
        desk: of the run.
        studio: of the request's look.
        jobs: those to be done; each has its questions.csv.
        workers: how many at a time; None for as many as the processors carry.

    Raises:
        Stopped: a signal told the process to stop; what was under way is left as it was before.
    """
    overtaken = set[Job]()

    def one(job: Job) -> Outcome | None:
        if desk.stop.is_set():
            return replace(unbegun(desk, job), error=Stopped("stopped before this video was begun"))
        outcome = render(desk, studio, job)
        if outcome.busy:
            return None
        if isinstance(outcome.error, Conflict) and job not in overtaken:
            overtaken.add(job)
            return None
        desk.watcher.done(outcome)
        return outcome

    return crew.queue(jobs, one, workers or default_workers(len(jobs), on_gpu=studio.on_gpu), desk.pace.look_s)


def default_workers(videos: int, *, on_gpu: bool = False) -> int:
    """As many jobs at a time as there are processors for their encoders' threads, or as the GPUs that encode take."""
    if on_gpu:
        return gpus.workers(gpus.found(), machine.processors(), videos)
    return max(1, min(videos, machine.processors() // THREADS))


def render(desk: Desk, studio: Studio, job: Job) -> Outcome:
    """Bring one job to `rendered`; a finished video of the same render key is left alone.

    A job that is told to stop leaves its manifest as it was before its render. One that another worker is at comes back
    as busy.
    """
    stages = Stages(lambda name: desk.watcher.stage(job.name, name), QUESTIONS)
    place = places.of_job(desk.request.channel, job.name)
    with ExitStack() as held:  # until the end is in the manifest, whatever it is

        def do(ledger: Ledger, outcome: Outcome) -> Outcome:
            if claim.busy(desk.store, place.film.claim, desk.pace):
                return replace(outcome, busy=True)
            questions = gate.questions(desk.store, place.questions, outcome.csv)
            stages.current = "render"
            key = studio.render_key(questions, job.seed)
            if _is_done(ledger.manifest, key) and (found := premiere.finished(desk.store, place.film, key)):
                return replace(outcome, film=found, skipped=True)
            mine = claim.take(desk.store, place.film.claim, desk.pace)
            if mine is None:
                return replace(outcome, busy=True)
            held.enter_context(mine)
            ledger.refresh()
            seen = premiere.standing(desk.store, place.film)
            if found := premiere.found(desk.store, place.film, key):
                return replace(outcome, film=_settled(desk, place, ledger, found, key), skipped=True)
            return replace(outcome, film=_make(desk, studio, job, questions, key, seen, ledger, stages, mine))

        return attempt(desk, job, stages, do)


def _is_done(manifest: Manifest, key: str) -> bool:
    return manifest.state == State.RENDERED and manifest.render_key == key


def _settled(desk: Desk, place: JobPlace, ledger: Ledger, found: Film, key: str) -> Film:
    """The finished video, once its manifest says so: a run may have ended between its last two writes."""

    def change(manifest: Manifest) -> Manifest:
        if _is_done(manifest, key):
            return manifest
        whole = replace(found, outputs=premiere.outputs(desk.store, place.film, found.facts))
        return _rendered(manifest, whole, key, desk.clock())

    ledger.update(change)
    return found


def _make(
    desk: Desk,
    studio: Studio,
    job: Job,
    questions: Sequence[Question],
    key: str,
    seen: int,
    ledger: Ledger,
    stages: Stages,
    mine: Claim,
) -> Film:
    """Make the video, with the manifest at `rendering` meanwhile."""
    resting = ledger.manifest
    ledger.save(resting.reach(State.RENDERING, desk.clock(), attempts=resting.attempts + 1, failure=None))
    try:
        made = film.produce(
            studio,
            desk.store,
            places.of_job(desk.request.channel, job.name).film,
            seen,
            questions,
            job.seed,
            stages,
            lambda progress: desk.watcher.frames(job.name, progress),
            mine.until(desk.stop),
            mine.confirm,
        )
    except Stopped as stopped:
        if not desk.stop.is_set():
            raise mine.conflict() from stopped
        ledger.save(resting)
        raise
    used = Used(made.characters_spoken, made.seconds, made.facts.encoder, machine.described(), resting.used.gemini)
    ledger.save(replace(_rendered(ledger.manifest, made, key, desk.clock()), used=used))
    return made


def _rendered(manifest: Manifest, made: Film, key: str, now: datetime) -> Manifest:
    return manifest.reach(
        State.RENDERED,
        now,
        failure=None,
        outputs={**manifest.outputs, **made.outputs},
        render_key=key,
        content_hash=made.facts.content_hash,
    )
