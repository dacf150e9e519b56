"""What is measured: 100 s of 1080p30 with 10 questions, laid out by the engine's own parts."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from triviareel.questions import bank
from triviareel.storage.scratch import DiskScratch
from triviareel.video import assets, cards, encoder, ffmpeg, graph, render, sound, stock, theme
from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.cards import CardText, Title
from triviareel.video.encoder import Choice
from triviareel.video.layers import Layer
from triviareel.video.render import Order
from triviareel.video.score import Spoken
from triviareel.video.storyboard import Narration, Pace, Span, Storyboard, compose

CANVAS = Canvas()
FRAMES = 3000
QUESTIONS = 10
SEED = 7

_PACE = Pace(
    intro_s=Fraction(2),
    outro_s=Fraction(3),
    settle_s=Fraction(1, 5),
    breath_s=Fraction(1, 5),
    option_s=Fraction(3, 10),
    ring_s=Fraction(1, 2),
    hold_s=Fraction(3, 10),
    leave_s=Fraction(3, 10),
    reading_rate=10,
)
_READ = (8, 10)
"""Characters of every question and explanation: with this pace, 9.5 s a question, and 100 s in all."""

_BRIEF = 3
"""Frames; a picture shown for fewer is a step of a highlight."""


@dataclass(frozen=True, slots=True)
class Fixture:
    """The video to be made, ready to be encoded."""

    order: Order
    board: Storyboard
    plan: graph.Plan
    choice: Choice
    folder: Path
    """Holds the layers' tracks."""

    def arguments(self, preset: str | None = None) -> dict[str, str]:
        """The encoder's options for the picture; of x264, another preset if one is named."""
        own = encoder.video_arguments(self.choice, CANVAS)
        return {**own, "preset": preset} if preset else own

    def argv(self, frames: int, target: str) -> list[str]:
        """The engine's command for the first frames of the video."""
        return graph.argv(replace(self.plan, length=frames), self.choice, target)

    def pictures(self, frames: int, form: str, target: str) -> list[str]:
        """The same graph without an encoder: its frames as they are, to a file, a pipe or nowhere.

        Args:
            frames: how many.
            form: ffmpeg's name of the format, "rawvideo" or "null".
            target: file name, or "pipe:1".
        """
        whole = self.argv(frames, target)
        composed, label = (whole[whole.index(option) + 1] for option in ("-filter_complex", "-map"))
        command = [str(self.choice.executable), "-v", "error", "-nostdin", "-filter_complex_threads", "1"]
        output = ["-filter_complex", composed, "-map", label, "-frames:v", str(frames), "-pix_fmt", "yuv420p"]
        return [*command, *output, "-f", form, "-y", target]

    def sound(self, frames: int) -> Iterator[bytes]:
        """The soundtrack under the first frames, mastered: s16le, stereo, in blocks of a second."""
        score = render._score(self.order, self.board)
        return islice(sound.master(score), -(-frames // CANVAS.fps))


@dataclass(frozen=True, slots=True)
class Still:
    """A picture as editors have it: a file that is shown at a place for a time."""

    image: Any
    """pyvips.Image, RGBA."""
    x: int
    y: int
    span: Span


def make(folder: Path, cache: Path, encoder_name: str = "x264") -> Fixture:
    """Lay the video out and write what its graph reads into a folder; the asset pack comes from the cache."""
    chosen = theme.load("limelight")
    chosen = replace(chosen, pace=_PACE)
    questions = bank.pick((), "mixed", QUESTIONS, SEED)
    texts = tuple(
        CardText(
            id=question.id,
            topic=bank.TITLES[question.topic],
            difficulty=question.difficulty,
            question=question.question,
            options=question.options,
            answer_index=question.answer_index,
            explanation=question.explanation,
        )
        for question in questions
    )
    none = np.zeros(0, np.float32)
    order = Order(
        canvas=CANVAS,
        theme=chosen,
        cards=texts,
        title=Title("Benchmark", f"{QUESTIONS} questions", "Thanks for playing!", "How many did you get right?"),
        spoken=(Spoken(none, (none, none, none, none), none),) * QUESTIONS,
        intro_speech=none,
        outro_speech=none,
        pack=assets.open_pack(assets.in_folder(stock.in_cache(cache)), thorough=False),
        encoder=encoder_name,
    )
    silent = Narration(Fraction(0), (Fraction(0),) * 4, Fraction(0))
    board = compose(CANVAS, [silent] * QUESTIONS, [_READ] * QUESTIONS, _PACE)
    assert board.length == FRAMES, board.length
    choice = encoder.choose(encoder_name, ffmpeg.candidates(), ffmpeg.prove)
    return Fixture(order, board, render._plan(order, board, DiskScratch(folder)), choice, folder)


def write_sound(blocks: Iterator[bytes], path: Path) -> None:
    """Keep a soundtrack as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, SAMPLE_RATE, 0, "NONE", ""))
        for block in blocks:
            file.writeframes(block)


def stills(film: Fixture, end: int) -> Iterator[Still]:
    """What the layers show up to a frame, bottom to top, as pictures at rest.

    Motion and the steps of a highlight are left out: a card is there at once, and lit at once.
    """
    order = film.order
    for layer in cards.draw(order.theme, CANVAS, film.board, order.cards, order.title).layers:
        for index, span in settled(layer):
            if span.start < end:
                cut = Span(span.start, min(span.end, end) - span.start)
                yield Still(layer.pictures[index].image, layer.x, layer.y, cut)


def settled(layer: Layer) -> Iterator[tuple[int, Span]]:
    """A layer's lasting pictures, by index, each from its frame (or the first step towards it) to the next one's."""
    starts = [picture.frame for picture in layer.pictures]
    begun: int | None = None
    for index, start in enumerate(starts):
        left = min((at for at in layer.motion.leaves if at > start), default=start)
        following = starts[index + 1] if index + 1 < len(starts) else left
        end = min(left, following)
        begun = start if begun is None else begun
        if end - start >= _BRIEF:
            yield index, Span(begun, end - begun)
            begun = None
