"""One video from any questions.csv: what `triviareel render` does, and what other programs call."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from triviareel import settings
from triviareel.errors import Conflict, Stopped
from triviareel.jobs import claim, crew, film, gate, places, premiere, studio
from triviareel.jobs.claim import PACE, Pace
from triviareel.jobs.desk import Outcome, Stages, Watcher
from triviareel.jobs.places import FilmPlace
from triviareel.jobs.premiere import Film
from triviareel.jobs.request import JobInfo
from triviareel.jobs.studio import Studio
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.storage import Store, locate
from triviareel.video.render import Progress


@dataclass(frozen=True, slots=True)
class Single:
    """A video that is there."""

    uri: str
    film: Film
    skipped: bool
    """It was there already."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made, and where."""

    label: str
    studio: Studio
    store: Store
    place: FilmPlace
    questions: tuple[Question, ...]
    seed: int


def process_job(info: JobInfo) -> str:
    """Make the video of a questions.csv, unless it is there already, and put its companions beside it.

        process_job(JobInfo(gcs_csv_path="gs://b/q/questions.csv", output_path="gs://b/v/final_video.mp4"))

    Returns:
        The video's URI.

    Raises:
        InputError: it cannot be made; trying again cannot help.
        RenderError, StorageError: it could not be made now.
    """
    return render(info, settings.read(), _Silence(), threading.Event()).uri


def render(info: JobInfo, machine: Settings, watcher: Watcher, stop: threading.Event, pace: Pace = PACE) -> Single:
    """Make one video from a questions.csv; whoever else is making the very same one, or takes it over, is waited for.

    Args:
        info: what to make of what.
        machine: its settings.
        watcher: is told what happens; the job is called by the video's name without its ending.
        stop: when set, the work ends at once.
        pace: of the claim beside the video.

    Raises:
        InputError: it cannot be made; nothing has been written.
        RenderError, StorageError: it could not be made now.
        Stopped: `stop` was set.
    """
    source, source_name = locate(info.gcs_csv_path)
    store, name = locate(info.output_path)
    place = places.of_output(name)
    store.uri(place.video)  # refuses a name that cannot be used, before anything is read
    questions = tuple(gate.questions(source, source_name, info.gcs_csv_path))
    gate.check_place(store, place)
    pack = None if info.assets is None else studio.pack_of(info.assets, info.channel)
    opened = studio.open_studio(info.look, machine, pack, watcher.note)
    order = _Order(name.rpartition(".")[0], opened, store, place, questions, info.seed)
    overtaken = threading.Event()

    def one(order: _Order) -> Single | None:
        try:
            return _once(order, watcher, stop, pace)
        except Conflict:
            if overtaken.is_set():
                raise
            overtaken.set()
            return None

    [made] = crew.queue([order], one, 1, pace.look_s)
    return made


def _once(order: _Order, watcher: Watcher, stop: threading.Event, pace: Pace) -> Single | None:
    """The video, made now or found; None if another worker is at it."""
    store, place, uri = order.store, order.place, order.store.uri(order.place.video)
    if stop.is_set():
        raise Stopped("stopped before the video was begun")
    if claim.busy(store, place.claim, pace):
        return None
    key = order.studio.render_key(order.questions, order.seed)
    if found := premiere.finished(store, place, key):
        return Single(uri, found, skipped=True)
    if (mine := claim.take(store, place.claim, pace)) is None:
        return None
    with mine:
        seen = premiere.standing(store, place)
        if found := premiere.found(store, place, key):
            return Single(uri, found, skipped=True)
        try:
            made = film.produce(
                order.studio,
                store,
                place,
                seen,
                order.questions,
                order.seed,
                Stages(lambda stage: watcher.stage(order.label, stage)),
                lambda progress: watcher.frames(order.label, progress),
                mine.until(stop),
                mine.confirm,
            )
        except Stopped as stopped:
            raise (stopped if stop.is_set() else mine.conflict()) from None
        return Single(uri, made, skipped=False)


class _Silence:
    """A watcher that tells nobody."""

    def note(self, line: str) -> None: ...
    def stage(self, job: str, name: str) -> None: ...
    def frames(self, job: str, progress: Progress) -> None: ...
    def done(self, outcome: Outcome) -> None: ...
