"""The default pack, for channels that bring no assets of their own: drawn and encoded once, then kept."""

from __future__ import annotations

import tempfile
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from triviareel.errors import AssetError
from triviareel.storage.faults import explain
from triviareel.video import backdrops, synth
from triviareel.video.assets import BACKGROUNDS, DING, TIMER
from triviareel.video.canvas import SAMPLE_RATE
from triviareel.video.storyboard import COUNTDOWN_S

RECIPE = 1
"""Raise it with every change of what is made here or drawn for it: packs are kept by it."""

_LOOP_S = 10
_SCALE = 4
"""The backgrounds are drawn at a quarter of the width and height: everything in them is soft."""
_TIMER_SIZE = (1720, 36)

# Cheap to decode: one reference, no B-frames, no CABAC. A key frame every two seconds.
_X264 = {
    "preset": "veryfast",
    "crf": "22",
    "x264-params": "bframes=0:ref=1:cabac=0:weightp=0:keyint=60:min-keyint=60:scenecut=0:aq-mode=3:threads=2"
    ":lookahead-threads=1",
}


def place(cache: Path, *, fps: int = 30, width: int = 1920, height: int = 1080) -> Path:
    """Where `in_cache` keeps its pack; there once it is whole. Arguments as there."""
    return cache / f"assets-{RECIPE}-{width}x{height}-{fps}"


def in_cache(cache: Path, *, fps: int = 30, width: int = 1920, height: int = 1080) -> Path:
    """The folder of the default pack, made on first use, in 20 s; whole or not there, whoever else makes it meanwhile.

    Args:
        cache: where packs are kept, each by its recipe, size and rate.
        fps: frames a second of the templates.
        width: pixels of the backgrounds, even.
        height: pixels of the backgrounds, even.

    Raises:
        AssetError: a size is odd.
        InputError: the cache may not be written.
        StorageError: it cannot be written now.
    """
    _check_size(cache, width, height)
    folder = place(cache, fps=fps, width=width, height=height)
    if not folder.is_dir():
        with _workplace(cache) as made:
            _make(made, fps, width, height)
            try:
                made.rename(folder)
            except OSError:
                # Another process was quicker; its pack has the same bytes.
                if not folder.is_dir():
                    raise
    return folder


def _check_size(folder: Path, width: int, height: int) -> None:
    if width % 2 or height % 2 or width < 64 or height < 64:
        raise AssetError(f"{folder}: backgrounds of {width} × {height} pixels; choose even numbers from 64")


@contextmanager
def _workplace(parent: Path) -> Iterator[Path]:
    """A folder on the same disk, gone afterwards whatever happens."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".building-", dir=parent, ignore_cleanup_errors=True) as place:
            made = Path(place) / "pack"
            made.mkdir()
            yield made
    except OSError as error:
        raise explain(error, parent, "write") from error


def _make(folder: Path, fps: int, width: int, height: int) -> None:
    plane = backdrops.Plane.of(width // _SCALE, height // _SCALE)
    for name, draw in zip(BACKGROUNDS, backdrops.BACKGROUNDS, strict=True):
        _encode(folder / name, (width, height), fps, _LOOP_S * fps, partial(draw, plane))
    _encode(folder / TIMER, _TIMER_SIZE, fps, COUNTDOWN_S * fps, partial(backdrops.timer_bar, *_TIMER_SIZE))
    samples = np.rint(synth.ding() * 32767).astype("<i2")
    with wave.open(str(folder / DING), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())


def _encode(
    path: Path, size: tuple[int, int], fps: int, frames: int, draw: Callable[[float], backdrops.Picture]
) -> None:
    """Draw and encode one template, scaled up and dithered on the way: H.264, bt709, no sound."""
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format="mp4", options=options) as container:
        stream = container.add_stream("libx264", rate=fps, options=dict(_X264))
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        context = stream.codec_context
        context.flags |= av.codec.context.Flags.bitexact
        context.colorspace = context.color_primaries = context.color_trc = 1  # bt709
        context.color_range = 1  # limited
        for number in range(frames):
            small = av.VideoFrame.from_ndarray(_yuv(draw(number / frames)), format="yuv444p16le")
            # From 16 bits to 8, libswscale dithers; that is what keeps dark gradients free of bands.
            frame = small.reformat(*size, format="yuv420p", interpolation="BICUBIC")
            frame.pts = number
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


_BT709 = np.array(  # limited range, of gamma-encoded RGB (ITU-R BT.709-6, 3)
    [
        [0.2126, 0.7152, 0.0722],
        [-0.2126 / 1.8556, -0.7152 / 1.8556, 0.5],
        [0.5, -0.7152 / 1.5748, -0.0722 / 1.5748],
    ],
    np.float32,
) * np.array([[219], [224], [224]], np.float32)


def _yuv(picture: backdrops.Picture) -> NDArray[np.uint16]:
    """A picture in 16-bit limited-range YUV, shape (height, width, 3)."""
    planes = np.clip(picture, 0, 1) @ _BT709.T + np.array([16, 128, 128], np.float32)
    return np.asarray(np.rint(planes * 256), np.uint16)
