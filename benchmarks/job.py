"""One whole `triviareel make`, in a process of its own: see `measure.module`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import IO, Any

from triviareel.cli import app
from triviareel.cli.screen import Screen
from triviareel.video import ffmpeg

_PARTS = {"render": "cards"}
"""What a stage begins with, where that is less than all of it."""


class Stopwatch:
    """Notes when the parts of a job begin."""

    def __init__(self, began: float) -> None:
        """Start with the part "opening", at a monotonic time."""
        self._marks = [("opening", began)]

    def mark(self, name: str) -> None:
        """A part begins, and the one before it ends."""
        self._marks.append((name, time.monotonic()))

    def seconds(self) -> dict[str, float]:
        """How long each part took, by name."""
        total: dict[str, float] = {}
        for (name, began), (_, ended) in pairwise([*self._marks, ("", time.monotonic())]):
            total[name] = total.get(name, 0.0) + ended - began
        return total

    def stage(self, stage: Callable[..., None]) -> Callable[..., None]:
        """`Screen.stage`, with a mark where a stage begins."""

        def marked(screen: Screen, job: str, name: str) -> None:
            self.mark(_PARTS.get(name, name))
            stage(screen, job, name)

        return marked

    def encode(self, encode: Callable[..., Any]) -> Callable[..., Any]:
        """`ffmpeg.encode`, with marks where its parts begin."""

        def marked(argv: list[str], *, feed: Iterable[bytes], watch: Callable[[Any], Any], **others: Any) -> Any:
            self.mark("sound")
            return encode(argv, feed=self._started(feed), watch=lambda stream: watch(_Ending(stream, self)), **others)

        return marked

    def _started(self, feed: Iterable[bytes]) -> Iterator[bytes]:
        """The soundtrack. Before its first block it was measured as a whole, and the encoder had to wait."""
        for number, block in enumerate(feed):
            if number == 0:
                self.mark("encode")
            yield block


class _Ending:
    """The encoder's output; notes when it ends."""

    def __init__(self, stream: IO[bytes], watch: Stopwatch) -> None:
        self._stream = stream
        self._watch: Stopwatch | None = watch

    def read(self, size: int = -1) -> bytes:
        """The next bytes; none at the end, which may be asked for again."""
        data = self._stream.read(size)
        if not data and self._watch:
            self._watch.mark("inspection")
            self._watch = None
        return data


def make(task: dict[str, Any]) -> dict[str, Any]:
    """Make one video of the bank's questions, with the default voice and look.

    Args:
        task: `questions`, how many; `root`, where to; `cache`, with the asset pack; `seed`; `began`, the monotonic
            time at which this process was started.

    Returns:
        `seconds` by part; `frames` and `fps` of the video.
    """
    watch = Stopwatch(task["began"])
    Screen.stage = watch.stage(Screen.stage)  # type: ignore[method-assign]
    ffmpeg.encode = watch.encode(ffmpeg.encode)
    os.environ["TRIVIAREEL_CACHE"] = task["cache"]
    options = {"--questions": task["questions"], "--seed": task["seed"], "--root": task["root"], "--encoder": "x264"}
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = app.run(["make", *(str(word) for option in options.items() for word in option), "--json"])
    if code:
        raise SystemExit(code)
    video = json.loads(told.getvalue())
    return {"seconds": watch.seconds(), "frames": video["frames"], "fps": video["fps"]}


if __name__ == "__main__":
    print(json.dumps(make(json.loads(sys.argv[1]))))
