"""From an order to an inspected MP4: where the picture's rooms come together and are put to work."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from triviareel.errors import InspectionError
from triviareel.storage import Scratch
from triviareel.storage.source import settled
from triviareel.video import cards, encoder, ffmpeg, gpus, graph, score, sound, tracks
from triviareel.video.assets import AssetPack
from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.cards import CardText, Title
from triviareel.video.encoder import Choice
from triviareel.video.inspection import Inspector, check_file
from triviareel.video.media import Media
from triviareel.video.score import Speech, Spoken
from triviareel.video.storyboard import Narration, Span, Storyboard, compose
from triviareel.video.theme import Theme
from triviareel.video.verdict import Expectation, findings

VIDEO = "video.mp4"
"""What the video is called in its scratch room."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """Everything that a video follows from."""

    canvas: Canvas
    theme: Theme
    cards: tuple[CardText, ...]
    title: Title
    spoken: tuple[Spoken, ...]
    """What is said, one a card."""
    intro_speech: Speech
    """Empty where nothing is said."""
    outro_speech: Speech
    pack: AssetPack
    encoder: str = "auto"
    seed: int = 0
    ffmpeg: str = "auto"
    compose_on_gpu: bool = False
    """Let the GPU lay the layers, too, where it encodes and is proven to be able to."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an encode has come."""

    frame: int
    frames: int
    fps: float
    """Frames encoded a second."""

    @property
    def eta_s(self) -> float | None:
        """Seconds to go, once they can be told."""
        return (self.frames - self.frame) / self.fps if self.fps else None


@dataclass(frozen=True, slots=True)
class Rendered:
    """A video that passed inspection."""

    frames: int
    width: int
    height: int
    fps: int
    duration_s: Fraction
    encoder: str
    loudness_lufs: float
    true_peak_dbtp: float
    content_hash: str
    storyboard: Storyboard


def render(order: Order, scratch: Scratch, progress: Callable[[Progress], None], stop: threading.Event) -> Rendered:
    """Make a video and inspect it.

    Args:
        order: what to make.
        scratch: takes the video, as VIDEO, and what the graph reads.
        progress: told some twice a second how far the encode has come.
        stop: when set, the work ends at once.

    Raises:
        TextError: a text does not fit, or no font has its glyphs.
        EncoderMissing: the encoder asked for does not work here.
        EncodeError: ffmpeg failed.
        InspectionError: the video is not what the storyboard says; it is left in `scratch`.
        StorageError: an asset could not be read, arrived damaged, or was replaced meanwhile.
        Stopped: `stop` was set.
    """
    with settled(order.pack.sources):
        return _rendered(order, scratch, progress, stop)


def _rendered(order: Order, scratch: Scratch, progress: Callable[[Progress], None], stop: threading.Event) -> Rendered:
    choice = encoder.choose(order.encoder, ffmpeg.candidates(order.ffmpeg), ffmpeg.prove)
    if choice.encoder in encoder.ON_GPU:
        with gpus.of_process().session(stop) as gpu:
            composes = order.compose_on_gpu and ffmpeg.prove_composition(choice.executable)
            return _made(order, scratch, progress, stop, replace(choice, gpu=gpu, composes=composes))
    return _made(order, scratch, progress, stop, choice)


def _made(
    order: Order, scratch: Scratch, progress: Callable[[Progress], None], stop: threading.Event, choice: Choice
) -> Rendered:
    board = storyboard(order)
    plan, target = _plan(order, board, scratch), scratch.file(VIDEO)
    inspector = Inspector(order.canvas, board.length, [scene.reveal for scene in board.scenes], order.pack.ding)
    seen = ffmpeg.encode(
        graph.argv(plan, choice, target.name),
        cwd=target.parent,
        feed=sound.master(_score(order, board)),
        watch=inspector.watch,
        progress=lambda frame, fps: progress(Progress(frame, board.length, fps)),
        stop=stop,
    )
    faults = findings(seen, _expectation(order, board)) + check_file(target, seen, encoder.CODECS[choice.encoder])
    if faults:
        raise InspectionError(faults)
    return Rendered(
        frames=seen.frames,
        width=seen.width,
        height=seen.height,
        fps=order.canvas.fps,
        duration_s=Fraction(seen.frames, order.canvas.fps),
        encoder=choice.encoder,
        loudness_lufs=seen.loudness_lufs,
        true_peak_dbtp=seen.true_peak_dbtp,
        content_hash=seen.content_hash,
        storyboard=board,
    )


def storyboard(order: Order) -> Storyboard:
    """When an order's cards are shown and its clips are heard."""
    return compose(
        order.canvas,
        [
            Narration(_seconds(said.question), tuple(map(_seconds, said.options)), _seconds(said.answer))  # type: ignore[arg-type]  # four in, four out
            for said in order.spoken
        ],
        [(len(card.question), len(card.explanation)) for card in order.cards],
        order.theme.pace,
        _seconds(order.intro_speech),
        _seconds(order.outro_speech),
    )


def _seconds(samples: Speech) -> Fraction:
    return Fraction(len(samples), SAMPLE_RATE)


def _plan(order: Order, board: Storyboard, scratch: Scratch) -> graph.Plan:
    """Draw the cards, write what the graph reads, and describe it."""
    drawn = cards.draw(order.theme, order.canvas, board, order.cards, order.title)
    layers = []
    for layer in drawn.layers:
        track = scratch.file(f"{layer.name}.nut")
        tracks.write(layer, order.canvas.fps, board.length, track)
        layers.append((replace(layer, pictures=()), track))  # they are on disk now; no need to hold them in memory
    place, mask = drawn.timer, scratch.file("timer.png")
    mask.write_bytes(place.mask.pngsave_buffer())
    timer = order.pack.timer
    spans = [scene.span for scene in board.scenes]
    media = order.pack.backgrounds
    return graph.Plan(
        canvas=order.canvas,
        length=board.length,
        backgrounds=tuple(
            _background(media[index], frames)
            for index, frames in graph.acts(spans, board.length, len(media), order.seed % len(media))
        ),
        layers=tuple(layers),
        timer=graph.Timer(
            timer.location, timer.fps, mask, place.x, place.y, place.width, place.height,
            tuple(scene.countdown for scene in board.scenes),
        ),
    )  # fmt: skip


def _background(media: Media, frames: int) -> graph.Background:
    conformed = media.pixel_format == "yuv420p" and media.matrix == 1 and media.color_range != 2 and media.rotation == 0
    still = media.frames == 1
    return graph.Background(media.location, media.fps, media.width, media.height, conformed, frames, still)


def _score(order: Order, board: Storyboard) -> score.Score:
    return score.arrange(
        order.canvas, board, order.spoken, order.pack.ding, order.intro_speech, order.outro_speech,
        order.theme.pace, order.seed,
    )  # fmt: skip


def _expectation(order: Order, board: Storyboard) -> Expectation:
    speech: list[tuple[str, Span]] = []
    for card, scene, said in zip(order.cards, board.scenes, order.spoken, strict=True):
        clips = [("question", scene.asked, said.question), ("answer", scene.told, said.answer)]
        clips += [("option", span, clip) for span, clip in zip(scene.options, said.options, strict=True)]
        speech += [(f"{what} of {card.id}", span) for what, span, clip in clips if len(clip)]
    everywhere = all(media.moving for media in order.pack.backgrounds)
    countdowns = tuple(scene.countdown for scene in board.scenes)
    return Expectation(
        canvas=order.canvas,
        frames=board.length,
        moving=(Span(0, board.length),) if everywhere else countdowns,
        speech=tuple(speech),
        reveals=tuple(scene.reveal for scene in board.scenes),
    )
