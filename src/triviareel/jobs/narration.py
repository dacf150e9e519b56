"""From questions to the sound of their being read: script, voice, and the rate of the soundtrack."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass

from triviareel.errors import Stopped
from triviareel.jobs.tape import Recording, Tape
from triviareel.questions.model import Question
from triviareel.speech import script
from triviareel.speech.clip import Voice
from triviareel.speech.finish import resampled
from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.score import Spoken


@dataclass(frozen=True, slots=True, eq=False)
class Narrated:
    """A video's speech, at the rate of its soundtrack; empty with the voice "none"."""

    spoken: tuple[Spoken, ...]
    """One a question."""
    intro: Recording
    outro: Recording
    intro_text: str
    """What is said over the title."""
    outro_text: str
    characters: int
    """How many were spoken; 0 with the voice "none"."""


def narrate(voice: Voice, questions: Sequence[Question], title: str, tape: Tape, stop: threading.Event) -> Narrated:
    """Have everything said that is said in a video, and recorded on a tape.

    Raises:
        VoiceError: the voice cannot say one of the texts.
        Stopped: `stop` was set.
    """
    characters = 0

    def say(text: str) -> Recording:
        nonlocal characters
        if stop.is_set():
            raise Stopped("stopped while speaking; nothing was left behind")
        clip = voice.say(text)
        characters += len(text) if len(clip.samples) else 0
        return tape.record(resampled(clip, SAMPLE_RATE))

    spoken = []
    for question in questions:
        lines = script.for_question(question.question, question.options, question.answer_index, question.explanation)
        a, b, c, d = (say(option) for option in lines.options)
        spoken.append(Spoken(say(lines.question), (a, b, c, d), say(lines.answer)))
    intro_text, outro_text = script.for_intro(title, len(questions)), script.for_outro()
    return Narrated(tuple(spoken), say(intro_text), say(outro_text), intro_text, outro_text, characters)
