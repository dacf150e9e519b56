"""From questions to a video in its place, with all that lies beside it: what `make` and `render` have in common."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from triviareel import memory
from triviareel.errors import EncodeError, InspectionError, RenderError
from triviareel.jobs import fingerprint, fit, premiere, sidecars, thumbnail
from triviareel.jobs.desk import Stages
from triviareel.jobs.narration import Narrated, narrate
from triviareel.jobs.places import FilmPlace
from triviareel.jobs.premiere import Facts, Film
from triviareel.jobs.studio import Studio
from triviareel.jobs.tape import Tape
from triviareel.questions.model import Question
from triviareel.storage import Scratch, Store
from triviareel.storage.faults import explain
from triviareel.video import cards, render
from triviareel.video.cards import CardText, Title
from triviareel.video.render import Order, Progress, Rendered


def produce(
    studio: Studio,
    store: Store,
    place: FilmPlace,
    seen: int,
    questions: Sequence[Question],
    seed: int,
    stages: Stages,
    progress: Callable[[Progress], None],
    stop: threading.Event,
    confirm: Callable[[], None],
) -> Film:
    """Make a video and put it in its place; for whoever holds the place's claim.

    Texts, assets and voice are tried before the render. A video that fails inspection is kept aside with the reason.

    Args:
        studio: theme, voice and asset pack.
        store: where it goes, and where its scratch files are.
        place: its names there.
        seen: the generation of the video that was found wanting, and is to be replaced; 0 for none.
        questions: what is asked in it.
        seed: what everything random in it follows from.
        stages: is told what is being done.
        progress: is told how far the encode has come.
        stop: when set, the work ends at once.
        confirm: raises Conflict if the claim is lost.

    Raises:
        AssetError: a file of the asset pack is damaged, or of the wrong kind.
        TextError: a text does not fit, or no font has its glyphs.
        VoiceError: the voice cannot say a text.
        RenderError: the video could not be made.
        StorageError: it could not be written; as Conflict, since another worker was faster.
        Stopped: `stop` was set.
    """
    texts, title = tuple(fit.card_text(question) for question in questions), fit.title_of(questions)
    with stages.enter("checks"):
        cards.check(studio.theme, studio.canvas, texts, title)
        studio.lazy_pack.open()  # if it is damaged, that is known before anything is spoken
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
            outputs = premiere.commit(store, place, beside, video, seen, confirm)
    return Film(facts, outputs, told.characters, stages.seconds)


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
        compose_on_gpu=studio.compose_on_gpu,
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
        if why := memory.suspicion():
            raise RenderError(f"{error}{why}") from error
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
