"""Voices by name: the embedded neural ones, and `none`.

A new engine is a class that does what `Voice` says, in a module of its own, and its names in `_openers`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from triviareel.errors import VoiceError
from triviareel.speech.cache import CachedVoice
from triviareel.speech.clip import Clip, Samples, Voice

__all__ = ["NONE", "Clip", "Samples", "Voice", "names", "open_voice"]

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
    """The voices that work on this machine, `none` last."""
    return tuple(name for name, opener in _openers().items() if _opens(opener))


def open_voice(name: str, cache: Path | None) -> Voice:
    """A voice by name; models are loaded at the first text, not here.

    Args:
        name: one of `names()`.
        cache: folder in which clips are kept between runs; None keeps none.

    Raises:
        VoiceError: no such voice, or it is not installed.
    """
    if name == NONE:  # without loading what others need
        return SilentVoice()
    opener = _openers().get(name)
    if opener is None and not _has_neural():
        raise VoiceError(f'voice "{name}": hibari-tts is not installed; install triviareel[video] or use --voice none')
    if opener is None:
        raise VoiceError(f'there is no voice "{name}": choose one of {", ".join(names())}')
    voice = opener()
    return voice if cache is None else CachedVoice(voice, cache)


def _openers() -> dict[str, Callable[[], Voice]]:
    """What opens each voice, by its name; it raises VoiceError where the voice lacks something on this machine."""
    openers: dict[str, Callable[[], Voice]] = {}
    if _has_neural():
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # else onnxruntime keeps a device id from its import on
        from triviareel.speech import neural

        openers |= {name: partial(neural.NeuralVoice, name) for name in neural.known()}
    return {**openers, NONE: SilentVoice}


def _has_neural() -> bool:
    return importlib.util.find_spec("hibari") is not None


def _opens(opener: Callable[[], Voice]) -> bool:
    try:
        opener()
    except VoiceError:
        return False
    return True
