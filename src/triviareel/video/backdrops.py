"""The default pack's moving pictures, drawn by formula: three looping backgrounds and the timer bar.

A background is a function of the phase, 0 to 1 over the loop. Everything in it returns to where it was at phase 1, so
the last picture is followed by the first without a jump. It is drawn small, in floating point; encoding scales it up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.float32]
"""Shape (height, width, 3): sRGB, 0 to 1."""

_TURN = 2 * np.pi


@dataclass(frozen=True, slots=True)
class Blob:
    """A large soft light that circles slowly; places and sizes in frame heights, x from the middle."""

    x: float
    y: float
    size: float
    color: tuple[float, float, float]
    sway: float
    turns: int
    """Whole circles a loop; negative runs the other way round."""
    lag: float


@dataclass(frozen=True, slots=True)
class Plane:
    """Coordinates of the small picture's pixels: frame heights, the origin in the middle."""

    x: Picture
    y: Picture

    @classmethod
    def of(cls, width: int, height: int) -> Plane:
        """The plane of a picture that many pixels wide and high."""
        x = (np.arange(width, dtype=np.float32) + 0.5 - width / 2) / height
        y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
        return cls(x.astype(np.float32), y.astype(np.float32))


Draw = Callable[[Plane, float], Picture]


def _lights(plane: Plane, phase: float, blobs: tuple[Blob, ...], base: tuple[float, float, float]) -> Picture:
    """The base colour, the blobs on it, darker towards the edges."""
    x = np.array([b.x + b.sway * np.cos(_TURN * (b.turns * phase + b.lag)) for b in blobs])
    y = np.array([b.y + 0.7 * b.sway * np.sin(_TURN * (b.turns * phase + b.lag)) for b in blobs])
    size = np.array([b.size for b in blobs])
    # A Gaussian is the product of its two sections, so all blobs together are one product of matrices a colour.
    across = np.exp(-(((plane.x - x[:, None]) / size[:, None]) ** 2))
    down = np.exp(-(((plane.y - y[:, None]) / size[:, None]) ** 2))
    picture = np.stack(
        [base[c] + down.T @ (across * np.array([b.color[c] for b in blobs])[:, None]) for c in range(3)], axis=-1
    )
    edge = 1 - 0.42 * (plane.x[None, :] ** 2 / 0.79 + plane.y[:, None] ** 2 / 0.5)
    lit: Picture = (picture * edge[:, :, None]).astype(np.float32)
    return lit


_NIGHT = (
    Blob(-0.55, -0.25, 0.62, (0.20, 0.08, 0.46), 0.16, 1, 0.0),
    Blob(0.62, 0.22, 0.58, (0.30, 0.07, 0.42), 0.14, -1, 0.3),
    Blob(0.15, -0.45, 0.45, (0.03, 0.16, 0.42), 0.20, 1, 0.6),
    Blob(-0.40, 0.50, 0.42, (0.02, 0.26, 0.36), 0.18, -1, 0.1),
)


def bokeh(plane: Plane, phase: float) -> Picture:
    """Indigo and violet, with out-of-focus lights that rise and glimmer."""
    picture = _lights(plane, phase, _NIGHT, (0.045, 0.035, 0.13))
    rng = np.random.default_rng(11)
    for _ in range(34):
        x0, y0, lag, tint = rng.uniform(-0.95, 0.95), rng.uniform(-0.6, 0.6), rng.uniform(), rng.uniform()
        radius, strength = 0.02 + 0.085 * rng.uniform() ** 2, rng.uniform(0.05, 0.16)
        x = x0 + 0.04 * np.sin(_TURN * (phase + lag))
        # Rises by one frame and a margin a loop, unseen while it returns.
        y = 0.65 - (phase + lag) % 1 * 1.3 if radius < 0.05 else y0 + 0.05 * np.cos(_TURN * (phase + lag))
        shine = strength * (0.65 + 0.35 * np.sin(_TURN * (2 * phase + 3 * lag)))
        color = (0.55 + 0.4 * tint, 0.62 - 0.25 * tint, 1.0)
        _add_disc(picture, plane, x, y, radius, [shine * part for part in color])
    return picture


def _add_disc(picture: Picture, plane: Plane, x: float, y: float, radius: float, color: list[float]) -> None:
    """Add a blurred lens circle: nearly flat, a little brighter at its rim."""
    soft = 0.006 + 0.12 * radius
    reach = radius + 3 * soft
    columns = slice(*np.searchsorted(plane.x, [x - reach, x + reach]))
    rows = slice(*np.searchsorted(plane.y, [y - reach, y + reach]))
    distance = np.hypot(plane.x[None, columns] - x, plane.y[rows, None] - y)
    inside = 0.5 - 0.5 * np.tanh((distance - radius) / soft)
    light = inside * (0.6 + 0.4 * np.minimum(distance / radius, 1.2) ** 3)
    picture[rows, columns] += light[:, :, None].astype(np.float32) * np.array(color, np.float32)


_DUSK = (
    Blob(0.58, -0.30, 0.66, (0.36, 0.05, 0.36), 0.16, -1, 0.2),
    Blob(-0.62, 0.28, 0.60, (0.12, 0.10, 0.50), 0.14, 1, 0.5),
    Blob(-0.10, -0.50, 0.44, (0.22, 0.03, 0.40), 0.20, 1, 0.9),
    Blob(0.35, 0.52, 0.40, (0.02, 0.20, 0.38), 0.16, -1, 0.7),
)
_BEAMS = ((0.10, 0.030, 1, 0.10), (0.27, 0.075, -1, 0.07), (0.45, 0.018, 2, 0.13), (0.62, 0.110, 1, 0.06))
_MORE_BEAMS = ((0.70, 0.022, -2, 0.12), (0.82, 0.060, 1, 0.08), (0.94, 0.035, -1, 0.09), (0.35, 0.012, 1, 0.12))


def streaks(plane: Plane, phase: float) -> Picture:
    """Violet and magenta, with slanting beams of light that glide past each other."""
    picture = _lights(plane, phase, _DUSK, (0.055, 0.03, 0.12))
    slant = (plane.x[None, :] * 0.84 + plane.y[:, None] * 0.54) / 2.4 + 0.5
    along = plane.y[:, None] * 0.84 - plane.x[None, :] * 0.54
    light = np.zeros_like(slant)
    for place, width, turns, strength in _BEAMS + _MORE_BEAMS:
        at = place + 0.11 * np.sin(_TURN * (turns * phase + place * 3))
        length = 0.55 + 0.25 * np.cos(_TURN * (phase + place * 5))
        light += strength * np.exp(-(((slant - at) / width) ** 2) - (((along - 0.3 * (place - 0.5)) / length) ** 2))
    picture += light[:, :, None] * np.array([0.95, 0.55, 1.0], np.float32)
    return picture


_SEA = (
    Blob(-0.50, -0.30, 0.60, (0.02, 0.20, 0.40), 0.16, 1, 0.4),
    Blob(0.60, -0.15, 0.56, (0.14, 0.07, 0.46), 0.15, -1, 0.0),
    Blob(0.10, 0.50, 0.55, (0.00, 0.30, 0.36), 0.18, 1, 0.7),
    Blob(-0.75, 0.40, 0.40, (0.16, 0.06, 0.44), 0.14, -1, 0.2),
)


def waves(plane: Plane, phase: float) -> Picture:
    """Teal and blue, with translucent ribbons that flow across."""
    picture = _lights(plane, phase, _SEA, (0.03, 0.05, 0.13))
    for number in range(6):
        lag, turns = number * 0.17, 1 if number % 2 else -1
        crest = (
            -0.12
            + 0.11 * number
            + 0.10 * np.sin(1.9 * plane.x + _TURN * (turns * phase + lag))
            + 0.045 * np.sin(4.3 * plane.x - _TURN * (phase + 2.3 * lag))
        )
        below = plane.y[:, None] - crest[None, :]
        edge = 0.5 + 0.5 * np.tanh(below / 0.007)
        body = edge * np.exp(-np.maximum(below, 0) / (0.10 + 0.02 * number))
        rim = np.exp(-((below / 0.011) ** 2))
        color = np.array([0.16 + 0.05 * number, 0.62 - 0.06 * number, 0.86], np.float32)
        picture += (0.125 * body + 0.06 * rim).astype(np.float32)[:, :, None] * color
    return picture


BACKGROUNDS: tuple[Draw, Draw, Draw] = (bokeh, streaks, waves)

_TRACK = (0.10, 0.10, 0.22)
_STOPS = (0.0, 0.40, 0.70, 0.95)
"""Share of the countdown that has passed at each of the colours."""
_COLORS = np.array([(0.10, 0.85, 0.78), (0.42, 0.90, 0.50), (1.00, 0.72, 0.20), (1.00, 0.27, 0.33)])


def timer_bar(width: int, height: int, phase: float) -> Picture:
    """A bar that shrinks to the left and turns from teal by amber to red.

    Args:
        width: pixels.
        height: pixels.
        phase: share of the countdown that has passed.
    """
    color = np.array([np.interp(phase, _STOPS, _COLORS[:, c]) for c in range(3)])
    x = np.arange(width) + 0.5
    y = np.arange(height)[:, None] + 0.5
    end = (1 - phase) * width
    radius = height / 2
    # The end is round: the bar reaches less far in the rows near its edges.
    reach = end - radius + np.sqrt(np.maximum(radius**2 - (y - radius) ** 2, 0))
    filled = np.clip(reach - x + 0.5, 0, 1)
    shade = 1.08 - 0.24 * y / height + 0.10 * np.exp(-(((end - x) / (4 * height)) ** 2))
    bar = np.minimum(color * shade[:, :, None], 1)
    glow = 0.35 * np.exp(-np.maximum(x - end, 0) / (1.5 * height)) * min(1.0, 8 * (1 - phase))
    track = np.array(_TRACK) + glow[None, :, None] * color * 0.5
    return np.asarray(filled[:, :, None] * bar + (1 - filled[:, :, None]) * track, np.float32)
