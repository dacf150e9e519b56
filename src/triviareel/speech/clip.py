"""A spoken clip, and what a voice is."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono sound: one dimension, full scale −1 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """One text as said by one voice: trimmed, levelled, on the 16-bit grid."""

    samples: Samples
    rate: int
    """Samples a second."""

    @property
    def duration_s(self) -> Fraction:
        """Length in seconds, exact; 0 where nothing is said."""
        return Fraction(len(self.samples), self.rate)


class Voice(Protocol):
    """Says texts. Several threads may call one voice at once and get the samples that one alone would."""

    @property
    def name(self) -> str:
        """The name it is asked for by."""

    @property
    def key(self) -> str:
        """Everything that a clip depends on beside its text: engine, versions, voice, parameters."""

    def say(self, text: str) -> Clip:
        """The text as sound.

        Raises:
            VoiceError: it cannot be said; the message names the text, the reason and the mend.
        """

    def release(self) -> None:
        """Give back the memory of the models; the next `say` loads them anew."""
