"""Layers: pictures that lie on the background, change seldom and move by rule.

A layer is a *sparse track*: a picture is stored only for the frames in which the layer changes, and ffmpeg holds it
until the next. Where a layer is in a given frame follows from its motion, which the graph works out as an expression.
So a card that stands for eight seconds is drawn, stored and decoded once, and a layer off the frame costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """An edge of the frame."""

    LEFT = "left"
    RIGHT = "right"
    TOP = "top"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Motion:
    """How a layer comes into the frame and leaves it again, any number of times.

    Before its first entrance and after each exit it lies outside the frame.
    """

    enters: tuple[int, ...]
    """Frames in which an entrance begins, rising."""
    leaves: tuple[int, ...]
    """Frames in which the exit after each entrance begins; as many as `enters`, each after its entrance."""
    enter_from: Side
    leave_to: Side
    enter_frames: int
    """Length of an entrance; it slows down towards its end (ease-out)."""
    leave_frames: int
    """Length of an exit; it gains speed (ease-in)."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One state of a layer."""

    frame: int
    """The frame from which it is shown."""
    image: Any
    """pyvips.Image: RGBA, 8 bits a band, sRGB, alpha not premultiplied, exactly the layer's size."""


@dataclass(frozen=True, slots=True)
class Layer:
    """A sparse track with a place; all in pixels of the canvas, all even (chroma is stored for 2 × 2 pixels)."""

    name: str
    x: int
    y: int
    width: int
    height: int
    motion: Motion
    pictures: tuple[Picture, ...]
    """Rising in frame; none once they are written to a track."""


@dataclass(frozen=True, slots=True)
class TimerPlace:
    """Where the timer bar asset is played, and through which mask; pixels, even."""

    x: int
    y: int
    width: int
    height: int
    mask: Any
    """pyvips.Image: one band, 8 bits, the size of the place: 255 where the bar is seen."""
