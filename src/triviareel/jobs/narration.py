"""From questions to the sound of their being read: script, voice, and the rate of the soundtrack."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from triviareel.errors import Stopped
from triviareel.questions.model import Question
from triviareel.speech import script
from triviareel.speech.clip import Samples, Voice
from triviareel.speech.finish import resampled
from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.sound import Spoken


@dataclass(frozen=True, slots=True, eq=False)
class Narrated:
    """A video's speech, at the rate of its soundtrack; empty arrays with the voice "none"."""

    spoken: tuple[Spoken, ...]
    """One a question."""
    intro: Samples
    outro: Samples
    intro_text: str
    """What is said over the title."""
    outro_text: str
    characters: int
    """How many were spoken; 0 with the voice "none"."""


def narrate(voice: Voice, questions: Sequence[Question], title: str, stop: threading.Event) -> Narrated:
    """Have everything said that is said in a video.

    Raises:
        VoiceError: the voice cannot say one of the texts.
        Stopped: `stop` was set.
    """
    characters = 0

    def say(text: str) -> Samples:
        nonlocal characters
        if stop.is_set():
            raise Stopped("stopped while speaking; nothing was left behind")
        clip = voice.say(text)
        characters += len(text) if len(clip.samples) else 0
        return resampled(clip, SAMPLE_RATE)

    spoken = []
    for question in questions:
        lines = script.for_question(question.question, question.options, question.answer_index, question.explanation)
        a, b, c, d = (say(option) for option in lines.options)
        spoken.append(Spoken(say(lines.question), (a, b, c, d), say(lines.answer)))
    intro_text, outro_text = script.for_intro(title, len(questions)), script.for_outro()
    return Narrated(tuple(spoken), say(intro_text), say(outro_text), intro_text, outro_text, characters)
