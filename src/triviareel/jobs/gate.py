"""What is handed in from outside, judged before anything takes time: a questions.csv, and a place for a video."""

from __future__ import annotations

import json

from triviareel.errors import InputError
from triviareel.jobs.places import FilmPlace
from triviareel.questions import csvfile
from triviareel.questions.model import Question
from triviareel.storage import Store


def questions(store: Store, name: str, shown: str) -> list[Question]:
    """The questions of a questions.csv; a file too large to be one is not even read.

    Args:
        store: where it lies.
        name: its name there.
        shown: what to call it in errors.

    Raises:
        QuestionError: it breaks the rules.
        InputError: it is not there, or may not be read.
    """
    if found := store.stat(name):
        csvfile.check_size(found.size, shown)
    return csvfile.loads(store.read(name), shown)


def check_place(store: Store, place: FilmPlace) -> None:
    """Make sure that a video can be put in a place, and that no file is lost to what comes to lie beside it.

    Raises:
        InputError: the place cannot be written, or one of the names is taken by something that is not ours.
        StorageError: it cannot be written now.
    """
    with store.scratch():
        store.stat(place.video)
    if _ours(store, place.metadata):
        return
    if store.stat(place.pending):  # a worker was killed half-way, or is at it
        return
    if _ours(store, place.metadata):  # and has come to its end since
        return
    for name in (place.thumbnail, place.captions, place.metadata):
        if store.stat(name):
            raise InputError(
                f"{store.uri(name)} is there already, and a file of this name comes to lie beside the video: "
                "move it, or choose another --output"
            )


def _ours(store: Store, metadata: str) -> bool:
    """Whether a metadata.json came with a video of ours, which a new video with its companions may replace."""
    if not store.stat(metadata):
        return False
    try:
        return "render_key" in json.loads(store.read(metadata))
    except (InputError, ValueError, TypeError):  # the first where another worker is about to replace it
        return False
