"""The frame that everything is laid out on: format, size and rate."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from triviareel.errors import InputError

SAMPLE_RATE = 48_000
"""Samples a second of every soundtrack; what video platforms expect beside AAC."""

RESOLUTIONS = (720, 1080, 1440, 2160)
FRAME_RATES = (24, 25, 30, 48, 50, 60)
"""Each divides SAMPLE_RATE, so a frame is a whole number of samples."""

_DESIGN = {"landscape": (1920, 1080), "portrait": (1080, 1920), "square": (1080, 1080)}


class Format(StrEnum):
    """The shape of the frame."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True)
class Canvas:
    """Size and rate of a video.

    Themes are drawn in design units, in which the shorter side of the frame is 1080; `scale` turns units into pixels.
    """

    format: Format = Format.LANDSCAPE
    resolution: int = 1080
    """Pixels of the shorter side."""
    fps: int = 30

    def __post_init__(self) -> None:
        if self.resolution not in RESOLUTIONS:
            raise InputError(f"resolution {self.resolution}: choose one of {', '.join(map(str, RESOLUTIONS))}")
        if self.fps not in FRAME_RATES:
            raise InputError(f"frame rate {self.fps}: choose one of {', '.join(map(str, FRAME_RATES))}")

    @property
    def design_size(self) -> tuple[int, int]:
        """Width and height in design units."""
        return _DESIGN[self.format]

    @property
    def scale(self) -> Fraction:
        """Pixels a design unit."""
        return Fraction(self.resolution, 1080)

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.design_size[0] * self.scale)

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.design_size[1] * self.scale)

    @property
    def samples_per_frame(self) -> int:
        """Sound samples that pass during one frame."""
        return SAMPLE_RATE // self.fps

    def frames(self, seconds: Fraction | int) -> int:
        """The whole number of frames that covers a duration."""
        return -(-Fraction(seconds) * self.fps // 1).__int__()
