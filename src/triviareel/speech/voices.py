"""Voices by name: the embedded neural voice, and `none`."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import numpy as np

from triviareel.errors import VoiceError
from triviareel.speech.cache import CachedVoice
from triviareel.speech.clip import Clip, Samples, Voice

__all__ = ["DEFAULT", "NONE", "Clip", "Samples", "Voice", "names", "open_voice"]

DEFAULT = "heart"
"""What is used when nobody chooses."""
NONE = "none"
"""The voice that says nothing: viewers read, at the pace of the theme."""

_SILENT_RATE = 24_000


class SilentVoice:
    """Says nothing, at once."""

    name = NONE
    key = NONE

    def say(self, text: str) -> Clip:  # noqa: ARG002 - the voice protocol
        """An empty clip."""
        return Clip(np.zeros(0, np.float32), _SILENT_RATE)

    def release(self) -> None:
        """Nothing is held."""


def names() -> tuple[str, ...]:
    """The voices that work on this machine, the default first, `none` last."""
    if importlib.util.find_spec("hibari") is None:
        return (NONE,)
    _report_nothing()
    from triviareel.speech import neural

    return (*neural.installed(), NONE)


def open_voice(name: str, cache: Path | None) -> Voice:
    """A voice by name; models are loaded at the first text, not here.

    Args:
        name: one of `names()`.
        cache: folder in which clips are kept between runs; None keeps none.

    Raises:
        VoiceError: no such voice, or it is not installed.
    """
    if name == NONE:
        return SilentVoice()
    if importlib.util.find_spec("hibari") is None:
        raise VoiceError(f'voice "{name}": hibari-tts is not installed; install triviareel[video] or use --voice none')
    _report_nothing()
    from triviareel.speech.neural import NeuralVoice, known

    if name not in known():
        raise VoiceError(f'there is no voice "{name}": choose one of {", ".join(names())}')
    voice = NeuralVoice(name)
    return voice if cache is None else CachedVoice(voice, cache)


def _report_nothing() -> None:
    """Have onnxruntime, which the neural voice runs on, keep no device id and send nothing; it begins when imported."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
