"""The command that makes one video of questions that are there already."""

from __future__ import annotations

from threading import Event

from triviareel import settings
from triviareel.cli.screen import Screen, finished_line
from triviareel.jobs import film, gate, places, premiere, studio
from triviareel.jobs.desk import Stages
from triviareel.jobs.request import Look
from triviareel.storage import locate


def render(
    csv: str, output: str, look: Look, seed: int, channel: str, assets_uri: str | None, stop: Event, *, as_json: bool
) -> int:
    """Make one video from a questions.csv; returns the exit code."""
    source, source_name = locate(csv)
    store, name = locate(output)
    place = places.of_output(name)
    uri = store.uri(place.video)
    questions = gate.questions(source, source_name, csv)
    gate.check_place(store, place)
    with Screen(as_json=as_json) as screen:
        pack = None if assets_uri is None else studio.pack_of(assets_uri, channel)
        opened = studio.open_studio(look, settings.read(), pack, screen.note)
        label = name.rpartition(".")[0]
        made = premiere.finished(store, place, opened.render_key(questions, seed))
        skipped = made is not None
        if made is None:
            stages = Stages(lambda stage: screen.stage(label, stage))
            made = film.produce(
                opened, store, place, questions, seed, stages, lambda progress: screen.frames(label, progress), stop
            )
    if as_json:
        screen.emit({"csv": csv, "video": uri, **made.facts.as_json(), "skipped": skipped})
    screen.say(finished_line(uri, made.facts, skipped=skipped))
    return 0
