"""The commands that make something to see: make, render, assets build."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from triviareel import settings
from triviareel.cli.screen import Screen, finished_line
from triviareel.errors import Stopped
from triviareel.jobs import batch, film, places, studio
from triviareel.jobs.film import Stages
from triviareel.jobs.request import Look, Request
from triviareel.questions import csvfile
from triviareel.storage import locate
from triviareel.storage.store import open_store
from triviareel.video import assets


def make(
    request: Request, job: str | None, root: str, assets_uri: str | None, workers: int | None, *, as_json: bool
) -> int:
    """Make the videos of a request; returns the exit code."""
    with stoppable() as stop, Screen(as_json=as_json) as screen:
        setup = batch.Setup(root, assets_uri, workers, settings.read(), stop, batch.utc_now)
        outcomes = batch.make(request, job, setup, screen)
        failed = [outcome for outcome in outcomes if outcome.error]
        if failed and len(outcomes) > 1:
            name = outcomes[0].job.rpartition("-")[0]
            screen.say(
                f"triviareel: {len(outcomes) - len(failed)} of {len(outcomes)} videos are done, {len(failed)} failed; "
                f"their manifests say why; to try those again add: --job {name}"
            )
    return batch.exit_code(outcomes)


def render(csv: str, output: str, look: Look, seed: int, channel: str, assets_uri: str | None, *, as_json: bool) -> int:
    """Make one video from a questions.csv; returns the exit code."""
    source, source_name = locate(csv)
    store, name = locate(output)
    place = places.of_output(name)
    questions = csvfile.loads(source.read(source_name), csv)
    with stoppable() as stop, Screen(as_json=as_json) as screen:
        pack = studio.pack_of(assets_uri, channel) if assets_uri else None
        opened = studio.open_studio(look, settings.read(), pack)
        label = name.rpartition(".")[0]
        made = film.finished(store, place, opened.render_key(questions, seed))
        skipped = made is not None
        if made is None:
            stages = Stages(lambda stage: screen.stage(label, stage))
            made = film.produce(
                opened, store, place, questions, seed, stages, lambda progress: screen.frames(label, progress), stop
            )
    uri = store.uri(place.video)
    if as_json:
        screen.emit({"csv": csv, "video": uri, **made.facts.as_json(), "skipped": skipped})
    screen.say(finished_line(uri, made.facts, skipped=skipped))
    return 0


def assets_build(to: str, channel: str, *, as_json: bool) -> int:
    """Make an asset pack; returns the exit code."""
    with stoppable(), Screen(as_json=as_json) as screen:
        screen.stage("assets", "drawing backgrounds, timer bar and ding")
        store = open_store(to)
        files = []
        with store.scratch() as scratch:
            assets.build(scratch / "pack")
            for name in assets.NAMES:
                files.append(store.commit(f"{studio.pack_place(channel)}/{name}", scratch / "pack" / name).uri)
    if as_json:
        screen.emit({"assets": to, "channel": channel, "files": files})
    screen.say(f"{store.uri(studio.pack_place(channel))}  (use it with --assets {to} --channel {channel})")
    return 0


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; the main thread then raises Stopped, so that everything is cleaned up."""
    stop = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if not stop.is_set():
            stop.set()
            raise Stopped("stopped; what was finished stays, run the same command with --job to go on with the rest")

    before = {number: signal.signal(number, end) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
