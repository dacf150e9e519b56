"""From questions to a video in its place, with all that lies beside it: what `make` and `render` have in common."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from triviareel.errors import EncodeError, InspectionError, TextError, TriviaError
from triviareel.jobs import fingerprint, sidecars, thumbnail
from triviareel.jobs.manifest import Output
from triviareel.jobs.narration import Narrated, narrate
from triviareel.jobs.places import FilmPlace
from triviareel.jobs.studio import Studio
from triviareel.jobs.tape import Tape
from triviareel.questions.model import Question
from triviareel.storage import Scratch, Stat, Store
from triviareel.storage.faults import explain
from triviareel.video import cards, render
from triviareel.video.cards import CardText, Title
from triviareel.video.render import Order, Progress, Rendered

CLOSING = ("Thanks for playing!", "How many did you get right?")
"""The outro's heading and the line below it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of a finished video; kept in its metadata.json."""

    duration_s: float
    frames: int
    width: int
    height: int
    fps: int
    questions: int
    render_s: float
    """Wall time from the first card drawn to the last frame inspected."""
    encoder: str
    loudness_lufs: float
    true_peak_dbtp: float
    content_hash: str
    sha256: str
    size: int

    def as_json(self) -> dict[str, Any]:
        """Flat."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Film:
    """A finished video."""

    facts: Facts
    outputs: Mapping[str, Output]
    """Those that were written now; none if the video was there already."""
    characters_spoken: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage."""


class Stages:
    """Tells which stage a job is in, and keeps how long each took."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self.current = "plan"
        self.seconds: dict[str, float] = {}

    @contextmanager
    def enter(self, name: str) -> Iterator[None]:
        """Be in a stage for the time of the block; after an error, `current` still names it."""
        self.current = name
        self._tell(name)
        began = time.monotonic()
        yield
        self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - began, 3)


def finished(store: Store, place: FilmPlace, key: str) -> Film | None:
    """The video that is there already, if it was made with this render key and is whole."""
    found = store.stat(place.video)
    if not found or not store.stat(place.metadata):
        return None
    try:
        told = json.loads(store.read(place.metadata))
        facts = Facts(**told["video"])
        same = told["render_key"] == key
    except (ValueError, KeyError, TypeError):  # not a file of ours: the video is made anew
        return None
    whole = same and found.size == facts.size and store.sha256(place.video) == facts.sha256
    return Film(facts, {}) if whole else None


def produce(
    studio: Studio,
    store: Store,
    place: FilmPlace,
    questions: Sequence[Question],
    seed: int,
    stages: Stages,
    progress: Callable[[Progress], None],
    stop: threading.Event,
) -> Film:
    """Make a video and put it in its place.

    Texts and voice are tried before the render. A video that fails inspection is kept aside with the reason.

    Raises:
        TextError: a text does not fit, or no font has its glyphs.
        VoiceError: the voice cannot say a text.
        RenderError: the video could not be made.
        StorageError: it could not be written.
        Stopped: `stop` was set.
    """
    texts = tuple(_card_text(question) for question in questions)
    title = Title(sidecars.heading(questions), sidecars.subtitle(len(questions)), *CLOSING)
    with stages.enter("checks"):
        cards.check(studio.theme, studio.canvas, texts, title)
    with store.scratch() as scratch:
        with stages.enter("speech"):
            told = narrate(studio.voice, questions, title.heading, Tape(scratch.file("speech.s16")), stop)
            studio.voice.release()  # 75 MB that the encoder can use; loading it for the next job takes 0.4 s
        with stages.enter("render"):
            order = _order(studio, texts, title, told, seed)
            rendered = _render(order, scratch, store, place, progress, stop)
            video = scratch.file(render.VIDEO)
        with stages.enter("commit"):
            facts = _facts(rendered, video, len(questions), stages.seconds["render"])
            beside = _companions(studio, order, rendered, questions, told, facts, studio.render_key(questions, seed))
            outputs = _commit(store, place, beside, video)
    return Film(facts, outputs, told.characters, stages.seconds)


def _card_text(question: Question) -> CardText:
    return CardText(
        id=question.id,
        topic=sidecars.topic_title(question.topic),
        difficulty=question.difficulty,
        question=question.question,
        options=question.options,
        answer_index=question.answer_index,
        explanation=question.explanation,
    )


def _order(studio: Studio, texts: tuple[CardText, ...], title: Title, told: Narrated, seed: int) -> Order:
    return Order(
        canvas=studio.canvas,
        theme=studio.theme,
        cards=texts,
        title=title,
        spoken=told.spoken,
        intro_speech=told.intro,
        outro_speech=told.outro,
        pack=studio.pack,
        encoder=studio.look.encoder,
        seed=seed,
        ffmpeg=studio.ffmpeg,
    )


def _render(
    order: Order,
    scratch: Scratch,
    store: Store,
    place: FilmPlace,
    progress: Callable[[Progress], None],
    stop: threading.Event,
) -> Rendered:
    try:
        return render.render(order, scratch, progress, stop)
    except InspectionError as error:
        store.commit(place.rejected, scratch.file(render.VIDEO))
        store.write(place.reason, ("\n".join(error.findings) + "\n").encode())
        raise
    except EncodeError as error:
        for number in (errno.ENOSPC, errno.EFBIG):
            if os.strerror(number) in error.stderr_tail:
                raise explain(OSError(number, ""), store.uri(place.video), "write") from error
        raise


def _facts(rendered: Rendered, video: Path, questions: int, render_s: float) -> Facts:
    return Facts(
        duration_s=round(float(rendered.duration_s), 3),
        frames=rendered.frames,
        width=rendered.width,
        height=rendered.height,
        fps=rendered.fps,
        questions=questions,
        render_s=render_s,
        encoder=rendered.encoder,
        loudness_lufs=round(rendered.loudness_lufs, 2),
        true_peak_dbtp=round(rendered.true_peak_dbtp, 2),
        content_hash=rendered.content_hash,
        sha256=fingerprint.of_file(video),
        size=video.stat().st_size,
    )


def _companions(
    studio: Studio,
    order: Order,
    rendered: Rendered,
    questions: Sequence[Question],
    told: Narrated,
    facts: Facts,
    key: str,
) -> dict[str, bytes]:
    """The files beside the video, by kind."""
    board = rendered.storyboard
    words = sidecars.metadata(studio.canvas, board, questions)
    whole = {**words, "render_key": key, "video": facts.as_json()}
    return {
        "thumbnail": thumbnail.jpeg(studio, order.cards[0], order.title),
        "captions": sidecars.captions(studio.canvas, board, questions, told.intro_text, told.outro_text).encode(),
        "metadata": (json.dumps(whole, indent=2, ensure_ascii=False) + "\n").encode(),
    }


def _commit(store: Store, place: FilmPlace, beside: Mapping[str, bytes], video: Path) -> dict[str, Output]:
    """Put the companions in place, and the video last; if any cannot be written, all stand as before."""
    names = {kind: getattr(place, kind) for kind in beside}
    before = {name: store.read(name) if store.stat(name) else None for name in names.values()}
    try:
        written = {kind: store.write(names[kind], data) for kind, data in beside.items()}
        written["video"] = store.commit(place.video, video)
    except TriviaError:
        for name, data in before.items():
            store.delete(name) if data is None else store.write(name, data)
        raise
    return {kind: output(stat) for kind, stat in written.items()}


def unfit(studio: Studio, question: Question) -> str | None:
    """Why a question cannot be shown: a text that is too long for its card, or has no font; None if it can.

    The title of the video it will be in is not known yet, so a plain one stands for it.
    """
    try:
        cards.check(studio.theme, studio.canvas, (_card_text(question),), Title("Trivia", "Quiz", *CLOSING))
    except TextError as error:
        return str(error)
    return None


def output(stat: Stat) -> Output:
    """A version of an object as a manifest keeps it."""
    return Output(stat.uri, stat.size, stat.sha256 or "", stat.generation)
