"""One encode as a job does it, sound and inspection included, in a process of its own: see `measure.module`."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks import fixture
from triviareel import memory
from triviareel.video import ffmpeg
from triviareel.video.inspection import Inspector


def encode(task: dict[str, Any]) -> dict[str, Any]:
    """Encode the first frames of the fixture.

    Args:
        task: `frames`; `cache`, the folder with the asset pack; `target`, the file to make.

    Returns:
        `wall_s`; `encoder_cpu_s` of ffmpeg; `own_cpu_s` of this process, which makes the sound and inspects;
        `content_hash` of what came out.
    """
    memory.stay_small()  # as the command line does
    with tempfile.TemporaryDirectory() as name:
        film = fixture.make(Path(name), Path(task["cache"]))
        reveals = [scene.reveal for scene in film.board.scenes]
        inspector = Inspector(fixture.CANVAS, task["frames"], reveals, film.order.pack.ding)
        own, ffmpegs, began = _cpu_s(resource.RUSAGE_SELF), _cpu_s(resource.RUSAGE_CHILDREN), time.monotonic()
        seen = ffmpeg.encode(
            film.argv(task["frames"], task["target"]),
            cwd=film.folder,
            feed=film.sound(task["frames"]),
            watch=inspector.watch,
            progress=lambda *_: None,
            stop=threading.Event(),
        )
        wall_s = time.monotonic() - began
    assert seen.frames == task["frames"], seen.frames
    return {
        "wall_s": wall_s,
        "encoder_cpu_s": _cpu_s(resource.RUSAGE_CHILDREN) - ffmpegs,
        "own_cpu_s": _cpu_s(resource.RUSAGE_SELF) - own,
        "content_hash": seen.content_hash,
    }


def _cpu_s(whose: int) -> float:
    used = resource.getrusage(whose)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print(json.dumps(encode(json.loads(sys.argv[1]))))
