"""Questions as cards show them, and whether they can be shown at all; needs a theme and its fonts, no encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from triviareel.errors import TextError
from triviareel.jobs import sidecars
from triviareel.jobs.request import Look
from triviareel.questions.model import Question
from triviareel.video import cards, theme
from triviareel.video.cards import CardText, Title

CLOSING = ("Thanks for playing!", "How many did you get right?")
"""The outro's heading and the line below it."""


def card_text(question: Question) -> CardText:
    """A question as its card has it."""
    return CardText(
        id=question.id,
        topic=sidecars.topic_title(question.topic),
        difficulty=question.difficulty,
        question=question.question,
        options=question.options,
        answer_index=question.answer_index,
        explanation=question.explanation,
    )


def title_of(questions: Sequence[Question]) -> Title:
    """What stands on the first and the last card of a video of these questions."""
    return Title(sidecars.heading(questions), sidecars.subtitle(len(questions)), *CLOSING)


def trial(look: Look) -> Callable[[Question], str | None]:
    """What tells why a question cannot be shown: a text that is too long for its card, or has no font; None if it can.

    The title of the video it will be in is not known yet, so a plain one stands for it.

    Raises:
        ThemeError: the look's theme is not there, or is none.
    """
    stage, canvas, plain = theme.load(look.theme), look.canvas(), Title("Trivia", "Quiz", *CLOSING)

    def unfit(question: Question) -> str | None:
        try:
            cards.check(stage, canvas, (card_text(question),), plain)
        except TextError as error:
            return str(error)
        return None

    return unfit
