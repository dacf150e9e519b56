"""Cards: the questions as layers over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from triviareel.errors import TextError
from triviareel.video.canvas import Canvas
from triviareel.video.copyfit import CardCopy, CardText, Copyist, Title, TitleCopy
from triviareel.video.layers import Layer, Motion, Picture, TimerPlace
from triviareel.video.paint import Painter
from triviareel.video.storyboard import Storyboard
from triviareel.video.theme import OPTIONS, Theme

__all__ = ["CardText", "Cards", "Title", "check", "draw", "thumbnail"]

LIGHTING = (0.6, 0.82, 0.94, 1.0)
"""How far the right option has lit up in each picture from the reveal on: most of the way at once, then easing out."""
DIMMING = (0.5, 1.0)
"""How far the others have stepped back."""
FADING = (0.85, 0.65, 0.45, 0.25, 0.1)
"""Opacity of the outro's last pictures."""

_DIMMED = 0.75
"""Brightness of a thumbnail's background."""


@dataclass(frozen=True, slots=True)
class Cards:
    """All that lies on the backgrounds."""

    layers: tuple[Layer, ...]
    """Bottom to top."""
    timer: TimerPlace


@dataclass(frozen=True, slots=True)
class _Script:
    """All texts of a video, set."""

    intro: TitleCopy
    outro: TitleCopy
    cards: tuple[CardCopy, ...]


def check(theme: Theme, canvas: Canvas, questions: Sequence[CardText], title: Title) -> None:
    """Raise TextError, naming the question and the field, if a text cannot be shown.

    Measures are kept: drawing afterwards does not take them again.
    """
    _script(theme, canvas, questions, title)


def draw(theme: Theme, canvas: Canvas, storyboard: Storyboard, questions: Sequence[CardText], title: Title) -> Cards:
    """Draw a video's cards as layers; TextError if a text cannot be shown.

    Texts are set and drawn now, 1.4 MB a question at 1080p; their cards are put under them when a picture is read.
    """
    script = _script(theme, canvas, questions, title)
    painter = Painter(theme, canvas)
    stage = _Stage(theme, canvas, storyboard, painter)
    layers = [
        stage.title(script),
        stage.question(script, questions),
        *(stage.option(script, questions, place) for place in range(len(OPTIONS))),
        stage.explanation(script),
    ]
    place = painter.timer()
    return Cards(tuple(layers), TimerPlace(place.x, place.y, place.width, place.height, painter.timer_mask()))


def thumbnail(theme: Theme, canvas: Canvas, card: CardText, title: Title, background: Any) -> Any:
    """A still that invites to play: a question with its options, none of them lit, on a dimmed background.

    Args:
        theme: its pieces and places.
        canvas: the size.
        card: the question.
        title: its heading takes the topic's place where it fits.
        background: pyvips.Image of any size; it is scaled and cropped to cover the canvas.

    Returns:
        pyvips.Image, RGB, 8 bits a band, the size of the canvas.

    Raises:
        TextError: a text cannot be shown.
    """
    copyist, painter = Copyist(theme, canvas), Painter(theme, canvas)
    copy = copyist.card(replace(card, topic=title.heading), 1, 1) or Copyist(theme, canvas).card(card, 1, 1)
    question = copyist.poster(card) if copy else None
    if not copy or not question:
        raise TextError(copyist.faults[-1])
    bottom, card_place = painter.rect(OPTIONS[-1]), painter.rect("question")
    lift = (canvas.height - (bottom.y + bottom.height - card_place.y)) // 2 - card_place.y
    pictures = [painter.poster(copy, card.difficulty, question)]
    places = [card_place]
    for place, name in enumerate(OPTIONS):
        pictures.append(painter.option(copy, painter.shown_at(place, copy.rtl)))
        places.append(painter.rect(name))
    xs = [place.x - painter.margin for place in places]
    ys = [place.y + lift - painter.margin for place in places]
    return _covering(canvas, background).composite(pictures, "over", x=xs, y=ys).flatten().rint().cast("uchar")


def _covering(canvas: Canvas, background: Any) -> Any:
    """A picture scaled and cropped to the canvas, and dimmed."""
    plain = background.colourspace("srgb")
    plain = plain.flatten() if plain.hasalpha() else plain
    filled = plain.thumbnail_image(canvas.width, height=canvas.height, size="both", crop="centre")
    return (filled * _DIMMED).rint().cast("uchar").copy(interpretation="srgb")


def _script(theme: Theme, canvas: Canvas, questions: Sequence[CardText], title: Title) -> _Script:
    copyist = Copyist(theme, canvas)
    intro = copyist.title("intro", title.heading, title.subtitle)
    outro = copyist.title("outro", title.closing, title.closing_subtitle)
    cards = [copyist.card(card, number, len(questions)) for number, card in enumerate(questions, start=1)]
    if copyist.faults or not intro or not outro:
        more = len(copyist.faults) - 1
        raise TextError(copyist.faults[0] + (f" ({more} more such fault{'s' if more > 1 else ''})" if more else ""))
    return _Script(intro, outro, tuple(card for card in cards if card))


class _Stage:
    """Puts painted cards into time and place."""

    def __init__(self, theme: Theme, canvas: Canvas, storyboard: Storyboard, painter: Painter) -> None:
        self._theme = theme
        self._storyboard = storyboard
        self._painter = painter
        self._enter = canvas.frames(theme.enter_s)
        self._leave = canvas.frames(theme.pace.leave_s)
        self._step = max(1, canvas.fps // 30)
        """Frames from one picture of a highlight or a fade to the next."""

    def title(self, script: _Script) -> Layer:
        """The intro and the outro."""
        intro, outro = self._storyboard.intro, self._storyboard.outro
        closing = self._painter.title(script.outro)
        pictures = [Picture(intro.start, self._painter.title(script.intro)), Picture(outro.start, closing)]
        first = outro.end - len(FADING) * self._step
        for index, opacity in enumerate(FADING):
            pictures.append(Picture(first + index * self._step, _faded(closing, opacity)))
        motion = self._motion("title", [intro.start, outro.start], [intro.end - self._leave, outro.end])
        return self._layer("title", "intro", motion, pictures)

    def question(self, script: _Script, questions: Sequence[CardText]) -> Layer:
        """The questions with their headers."""
        scenes = self._storyboard.scenes
        starts = [scene.span.start for scene in scenes]
        pictures = [
            Picture(start, self._painter.question(copy, card.difficulty))
            for start, copy, card in zip(starts, script.cards, questions, strict=True)
        ]
        motion = self._motion("question", starts, [scene.leave for scene in scenes])
        return self._layer("question", "question", motion, pictures)

    def option(self, script: _Script, questions: Sequence[CardText], place: int) -> Layer:
        """The options that are shown at one place, each question's own."""
        scenes = self._storyboard.scenes
        pictures: list[Picture] = []
        enters: list[int] = []
        for scene, copy, card in zip(scenes, script.cards, questions, strict=True):
            index = self._painter.shown_at(place, copy.rtl)
            enters.append(scene.options[index].start)
            pictures.append(Picture(enters[-1], self._painter.option(copy, index)))
            state, shares = ("right", LIGHTING) if index == card.answer_index else ("dim", DIMMING)
            for count, share in enumerate(shares):
                image = self._painter.option(copy, index, state, share)
                pictures.append(Picture(scene.reveal + count * self._step, image))
        name = OPTIONS[place]
        return self._layer(name, name, self._motion(name, enters, [scene.leave for scene in scenes]), pictures)

    def explanation(self, script: _Script) -> Layer:
        """The explanations, each once the right option is lit."""
        scenes = self._storyboard.scenes
        lit = len(LIGHTING) * self._step
        enters = [max(scene.reveal + lit, scene.told.start - self._enter // 2) for scene in scenes]
        pictures = [Picture(at, self._painter.explanation(copy)) for at, copy in zip(enters, script.cards, strict=True)]
        motion = self._motion("explanation", enters, [scene.leave for scene in scenes])
        return self._layer("explanation", "explanation", motion, pictures)

    def _motion(self, name: str, enters: Sequence[int], leaves: Sequence[int]) -> Motion:
        travel = self._theme.travels[name]
        sides = travel.enter_from, travel.leave_to
        return Motion(tuple(enters), tuple(leaves), *sides, self._enter, self._leave)

    def _layer(self, name: str, place: str, motion: Motion, pictures: Sequence[Picture]) -> Layer:
        rect = self._painter.rect(place).grown(self._painter.margin)
        return Layer(name, rect.x, rect.y, rect.width, rect.height, motion, tuple(pictures))


def _faded(image: Any, opacity: float) -> Any:
    return (image * [1, 1, 1, opacity]).rint().cast("uchar").copy(interpretation="srgb")
