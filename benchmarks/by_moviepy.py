"""The fixture as MoviePy makes it, in a process of its own: see `measure.module`."""

from __future__ import annotations

import json
import sys
from typing import Any

from moviepy import AudioFileClip, CompositeVideoClip, ImageClip, VideoFileClip, vfx


def film(task: dict[str, Any]) -> None:
    """Write a video of clips laid over one another.

    Args:
        task: `size`, `fps`, `duration_s`; `background`, a file to be looped; `stills` and `bars`, lists of objects
            with `path`, `x`, `y`, `start_s`, `duration_s` and, for bars, `size`; `sound`, a file; `encoder`, ffmpeg's
            options for the picture; `target`.
    """
    duration_s = task["duration_s"]
    background = VideoFileClip(task["background"], audio=False).with_effects([vfx.Loop(duration=duration_s)])
    stills = [_placed(ImageClip(still["path"], transparent=True), still) for still in task["stills"]]
    bars = [_placed(VideoFileClip(bar["path"], audio=False).resized(tuple(bar["size"])), bar) for bar in task["bars"]]
    whole = CompositeVideoClip([background, *stills, *bars], size=tuple(task["size"])).with_duration(duration_s)
    options = dict(task["encoder"])
    codec, preset, threads = options.pop("c:v"), options.pop("preset"), int(options.pop("threads"))
    whole.with_audio(AudioFileClip(task["sound"]).subclipped(0, duration_s)).write_videofile(
        task["target"],
        fps=task["fps"],
        codec=codec,
        preset=preset,
        threads=threads,
        audio_codec="aac",
        audio_bitrate="192k",
        audio_fps=48_000,
        ffmpeg_params=[word for key, value in options.items() for word in (f"-{key}", value)],
        logger=None,
    )


def _placed(clip: Any, where: dict[str, Any]) -> Any:
    return (
        clip.with_start(where["start_s"])
        .with_duration(where["duration_s"])
        .with_position((where["x"], where["y"]))
    )  # fmt: skip


if __name__ == "__main__":
    film(json.loads(sys.argv[1]))
    print("{}")
