"""A stand-in for `video.render.render` alone: the same file for every order, with no encoder at work.

For proofs of what happens around a render, which have thousands of them. All else is real: texts are tried on the
cards, thumbnail, captions and metadata are made, and the file goes the way of every video.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from fractions import Fraction

from triviareel.errors import Stopped
from triviareel.storage import Scratch
from triviareel.video import render as real
from triviareel.video.render import VIDEO, Order, Progress, Rendered

FRAMES = 24
SIZE = 200_000


class Render:
    """Counts how often it is called, and can be held up.

    Args:
        seconds: how long a render takes; it heeds its stop meanwhile.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.calls = 0
        self.meanwhile: Callable[[], None] = lambda: None
        """Is called in the midst of a render."""

    def __call__(
        self, order: Order, scratch: Scratch, progress: Callable[[Progress], None], stop: threading.Event
    ) -> Rendered:
        """See `video.render.render`."""
        self.calls += 1
        progress(Progress(0, FRAMES, 0.0))
        self.meanwhile()
        if stop.wait(self.seconds):
            raise Stopped("stopped while rendering")
        seed = order.seed.to_bytes(8, "big")
        scratch.file(VIDEO).write_bytes((seed + order.cards[0].id.encode()) * (SIZE // 16))
        return Rendered(
            frames=FRAMES,
            width=order.canvas.width,
            height=order.canvas.height,
            fps=order.canvas.fps,
            duration_s=Fraction(FRAMES, order.canvas.fps),
            encoder="x264",
            loudness_lufs=-14.0,
            true_peak_dbtp=-1.0,
            content_hash=f"{order.seed:x}",
            storyboard=real.storyboard(order),
        )
