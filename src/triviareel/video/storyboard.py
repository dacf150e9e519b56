"""What is seen and heard when: pure values, in whole frames counted from the start of the video."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from triviareel.video.canvas import Canvas

COUNTDOWN_S = 5
"""Seconds to think; the length of the timer bar asset."""


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of frames [start, end)."""

    start: int
    length: int

    @property
    def end(self) -> int:
        """The first frame after the span."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Narration:
    """How long each spoken clip of one question lasts, in seconds; 0 where nothing is said."""

    question_s: Fraction
    options_s: tuple[Fraction, Fraction, Fraction, Fraction]
    answer_s: Fraction
    """The right option and the explanation, one clip."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The theme's timing, in seconds."""

    intro_s: Fraction
    outro_s: Fraction
    settle_s: Fraction
    """From a card's appearance to its first word."""
    breath_s: Fraction
    """Pause between one spoken clip and the next."""
    option_s: Fraction
    """Least time between one option's appearance and the next."""
    ring_s: Fraction
    """From the reveal's first frame, where the ding starts, to the spoken answer."""
    hold_s: Fraction
    """From the last word, or the end of reading, to the cards' leaving."""
    leave_s: Fraction
    """The cards' way out."""
    reading_rate: int
    """Characters a second that a viewer reads when nobody reads aloud (broadcast subtitling allows 15 to 20)."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One question's time on screen."""

    span: Span
    asked: Span
    """The question is read aloud, or given time to be read."""
    options: tuple[Span, Span, Span, Span]
    """From each option's appearance to the end of its reading."""
    countdown: Span
    """The timer bar runs; ends where the reveal begins."""
    told: Span
    """The answer and its explanation are said, or given time to be read; starts after the ding has rung."""
    leave: int
    """The first frame of the cards' way out."""

    @property
    def reveal(self) -> int:
        """The frame in which the right option lights up and the ding starts."""
        return self.countdown.end


@dataclass(frozen=True, slots=True)
class Storyboard:
    """The whole video: intro, one scene a question, outro, without gaps."""

    intro: Span
    scenes: tuple[Scene, ...]
    outro: Span

    @property
    def length(self) -> int:
        """Frames in the video."""
        return self.outro.end


def compose(
    canvas: Canvas,
    narrations: Sequence[Narration],
    reading_chars: Sequence[tuple[int, int]],
    pace: Pace,
    intro_speech_s: Fraction = Fraction(0),
    outro_speech_s: Fraction = Fraction(0),
) -> Storyboard:
    """Lay a video out in time.

    Args:
        canvas: its frame rate makes frames of seconds.
        narrations: the spoken lengths, one a question.
        reading_chars: for each question, the characters of its text and of its explanation: with no voice, the time on
            screen follows from them.
        pace: the theme's timing.
        intro_speech_s: length of what is said over the title, in seconds.
        outro_speech_s: length of what is said over the outro, in seconds.
    """
    breath = canvas.frames(pace.breath_s)
    settle = canvas.frames(pace.settle_s)

    def framed(plain_s: Fraction, speech_s: Fraction) -> int:
        spoken = settle + canvas.frames(speech_s) + breath if speech_s else 0
        return max(canvas.frames(plain_s), spoken)

    intro = Span(0, framed(pace.intro_s, intro_speech_s))
    scenes: list[Scene] = []
    start = intro.end
    for narration, chars in zip(narrations, reading_chars, strict=True):
        scenes.append(_scene(canvas, pace, start, narration, chars))
        start = scenes[-1].span.end
    return Storyboard(intro, tuple(scenes), Span(start, framed(pace.outro_s, outro_speech_s)))


def _scene(canvas: Canvas, pace: Pace, start: int, narration: Narration, chars: tuple[int, int]) -> Scene:
    breath = canvas.frames(pace.breath_s)

    def reading(count: int) -> Fraction:
        return Fraction(count, pace.reading_rate)

    asked = Span(
        start + canvas.frames(pace.settle_s),
        canvas.frames(narration.question_s or reading(chars[0])),
    )
    options: list[Span] = []
    at = asked.end + breath
    for said_s in narration.options_s:
        length = canvas.frames(max(said_s, pace.option_s))
        options.append(Span(at, length))
        at += length + (breath if said_s else 0)
    countdown = Span(at, canvas.frames(COUNTDOWN_S))
    told = Span(
        countdown.end + canvas.frames(pace.ring_s),
        canvas.frames(narration.answer_s or reading(chars[1])),
    )
    leave = told.end + canvas.frames(pace.hold_s)
    end = leave + canvas.frames(pace.leave_s)
    a, b, c, d = options
    return Scene(Span(start, end - start), asked, (a, b, c, d), countdown, told, leave)
