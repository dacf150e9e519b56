"""The one ffmpeg graph of a video, as a value: acts, layers, timer and sound in; argv out. No files, no processes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg
from ffmpeg.nodes import FilterableStream, FilterNode, Node

from triviareel.video import containers, motion
from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.encoder import Choice, audio_arguments, video_arguments
from triviareel.video.layers import Layer
from triviareel.video.storyboard import Span

_FRAGMENTS = "movflags=+delay_moov+default_base_moof:frag_duration=500000"
# MP4 to a pipe must be fragmented; half a second a fragment keeps the inspection close behind the encoder

_SEAM_S = 3600
# A jump back in time is a loop's seam, and is closed; one forward is what the template says, however slow it is


@dataclass(frozen=True, slots=True)
class Background:
    """A template that is looped under part of the video."""

    location: str
    """Where it is opened: an absolute path, or an address of `storage.streams`."""
    fps: Fraction
    width: int
    height: int
    conformed: bool
    """Already 8-bit 4:2:0, bt709, limited range, upright."""
    frames: int
    """How many frames of the video it lies under."""
    still: bool = False
    """It has one picture."""


@dataclass(frozen=True, slots=True)
class Timer:
    """The timer bar, its mask as a one-picture PNG, and where and when it is played."""

    location: str
    """As a background's."""
    fps: Fraction
    mask: Path
    x: int
    y: int
    width: int
    height: int
    plays: tuple[Span, ...]
    """All of one length."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a graph is made of."""

    canvas: Canvas
    length: int
    """Frames in the video."""
    backgrounds: tuple[Background, ...]
    layers: tuple[tuple[Layer, Path], ...]
    """Bottom to top, each with the track that holds its pictures."""
    timer: Timer
    """Lies on top."""


def argv(plan: Plan, choice: Choice, target: str) -> list[str]:
    """The command that makes the video.

    It takes the sound on stdin (s16le, stereo, 48 kHz), writes the MP4 to `target` in its working folder and the same
    packets as fragments to stdout, and its progress to stderr.
    """
    composed = _composed(plan, _ON_GPU if choice.composes else _ON_CPU)
    picture = _tag(composed.filter("trim", end_frame=plan.length))  # -frames would cut the sound in ffmpeg 5.1
    sound = ffmpeg.input("pipe:0", f="s16le", ar=SAMPLE_RATE, ac=2).audio
    output = ffmpeg.output(
        picture,
        sound,
        f"[f=mp4:movflags=+faststart]{target}|[f=mp4:{_FRAGMENTS}]pipe\\:1",
        f="tee",
        **video_arguments(choice, plan.canvas),
        **audio_arguments(),
        **{"r": plan.canvas.fps, "flags": "+global_header", "map_metadata": "-1"},
    )
    quiet = ["-v", "error", "-nostats", "-progress", "pipe:2", "-filter_complex_threads", "1"]
    device = ["-init_hw_device", f"cuda=gpu:{choice.gpu or 0}", "-filter_hw_device", "gpu"] if choice.composes else []
    command: list[str] = output.compile(cmd=[str(choice.executable), *quiet, *device], overwrite_output=True)
    return command


def acts(scenes: Sequence[Span], end: int, backgrounds: int, first: int) -> list[tuple[int, int]]:
    """Which background lies under which stretch of the video: (index, frames), cut where a question begins.

    Args:
        scenes: the questions' spans.
        end: frames in the video; the last act reaches to it, the first one starts at 0.
        backgrounds: how many there are.
        first: the index to begin with.
    """
    count = min(backgrounds, len(scenes))
    starts = [0, *(scenes[len(scenes) * act // count].start for act in range(1, count)), end]
    return [((first + act) % backgrounds, starts[act + 1] - starts[act]) for act in range(count)]


@dataclass(frozen=True, slots=True)
class _Composition:
    """Where the layers are laid on the background."""

    placed: Callable[[Any], Any]
    """Brings pictures there."""
    overlay: Callable[[Any, Any, str, str], Any]


def _composed(plan: Plan, where: _Composition) -> Any:
    canvas = plan.canvas
    stages = [_conform(background, canvas) for background in plan.backgrounds]
    picture = where.placed(ffmpeg.concat(*stages, v=1, a=0) if len(stages) > 1 else stages[0])
    for layer, track in plan.layers:
        x, y = motion.expressions(layer, canvas.width, canvas.height, canvas.fps)
        picture = where.overlay(picture, where.placed(_alpha(_own(track))), x, y)
    timer = plan.timer
    y = motion.shown_during(timer.plays, timer.y, canvas.height, canvas.fps)
    return where.overlay(picture, where.placed(_timer(timer, canvas)), str(timer.x), y)


def _conform(background: Background, canvas: Canvas) -> Any:
    """A template as frames of the canvas: looped, at its rate, filling its size, and no more work than that needs."""
    if background.still:  # looped, its time would stand still as well
        stream = _outside(background.location, loop=1).filter("tpad", stop_mode="clone", stop=-1)
    else:
        stream = _outside(background.location, loop=0, discontinuity=_SEAM_S)
    if background.fps != canvas.fps:
        stream = stream.filter("fps", canvas.fps)
    if (background.width, background.height) != (canvas.width, canvas.height):
        # Cropped before it is scaled, so that no pixel is scaled in vain; even sizes for chroma's sake
        shape = Fraction(canvas.width, canvas.height)
        width = min(background.width, int(background.height * shape)) // 2 * 2
        height = min(background.height, int(background.width / shape)) // 2 * 2
        stream = stream.filter("crop", width, height)
    if not background.conformed or (background.width, background.height) != (canvas.width, canvas.height):
        stream = stream.filter("scale", canvas.width, canvas.height, out_color_matrix="bt709", out_range="tv")
        stream = stream.filter("setsar", 1).filter("format", "yuv420p")
    return _counted(stream.filter("trim", end_frame=background.frames), canvas)


def _timer(timer: Timer, canvas: Canvas) -> Any:
    """The bar, decoded once, replayed from memory at each countdown and seen through its mask."""
    length = timer.plays[0].length
    bar = _outside(timer.location)
    if timer.fps != canvas.fps:
        bar = bar.filter("fps", canvas.fps)
    bar = (
        bar.filter("scale", timer.width, timer.height, out_color_matrix="bt709", out_range="tv")
        .filter("format", "yuv420p")
        .filter("tpad", stop_mode="clone", stop=-1)  # a bar that is a little short ends on its last frame
        .filter("trim", end_frame=length)
    )
    played = _counted(bar, canvas).filter("loop", loop=len(timer.plays) - 1, size=length)
    placed = played.filter("setpts", motion.replay_pts(timer.plays))
    return ffmpeg.filter([placed, _own(timer.mask).filter("format", "gray")], "alphamerge")


def _counted(stream: Any, canvas: Canvas) -> Any:
    """Frames timed by their number, whatever their file said."""
    return stream.filter("settb", f"1/{canvas.fps}").filter("setpts", "N")


def _outside(location: str, **options: Any) -> Any:
    """The pictures of a file that a channel brought."""
    return _movie(location, containers.OUTSIDE, options)


def _own(path: Path) -> Any:
    """The pictures of a file that was written for this graph."""
    return _movie(str(path), containers.OWN, {})


def _movie(location: str, formats: str, options: dict[str, Any]) -> Any:
    """The pictures of a file, opened by the movie filter, which decodes only what is asked of it.

    An input of its own would decode ahead: of a template for a later act, all of it, at 3 MB a frame. The node is made
    by hand because ffmpeg-python's own filter() admits no filter without inputs.
    """
    guard = ":".join(f"{name}={value}" for name, value in containers.guard(location, formats).items())
    node = FilterNode.__new__(FilterNode)
    options = {"filename": location, "dec_threads": 1, "format_opts": guard, **options}
    Node.__init__(node, None, "movie", {}, FilterableStream, 0, 0, (), options)
    return node.stream()


def _alpha(picture: Any) -> Any:
    return picture.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuva420p")


def _overlay(below: Any, above: Any, x: str, y: str) -> Any:
    return ffmpeg.overlay(below, above, x=x, y=y, eof_action="pass", format="yuv420")


def _overlay_cuda(below: Any, above: Any, x: str, y: str) -> Any:
    return ffmpeg.filter([below, above], "overlay_cuda", x=x, y=y, eof_action="pass")


_ON_CPU = _Composition(lambda picture: picture, _overlay)
_ON_GPU = _Composition(lambda picture: picture.filter("hwupload"), _overlay_cuda)
# A track's picture is uploaded once and stays for as long as it is shown, so what travels is the background, at 3 MB a
# frame. It is decoded here: the movie filter, which opens each act when it comes, knows no NVDEC


def _tag(picture: Any) -> Any:
    tags = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "range": "tv"}
    return picture.filter("setparams", **tags)
