"""Which encoder, with which arguments: pure decisions over what was proven to work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from triviareel.errors import EncoderMissing, InputError
from triviareel.video.canvas import SAMPLE_RATE, Canvas

ENCODERS = {"x264": "libx264", "av1": "libsvtav1", "nvenc": "h264_nvenc"}
"""What `--encoder` calls them, and what ffmpeg does."""

CODECS = {"x264": "h264", "av1": "av1", "nvenc": "h264"}
"""What each makes, by the codec's canonical name."""

_AUTO = ("nvenc", "x264")
"""In order of preference; AV1 is for those who name it, since not every player has it."""

THREADS = 3
"""x264's output depends on the number of its threads, so that is fixed: the same video on every machine.

Three keep two cores busy; each more costs some 20 MB at 1080p."""

_GOP_S = 4
"""Seconds between key frames: short enough to seek in, long enough to cost no bits."""

_X264 = {"preset": "veryfast", "crf": "21", "profile:v": "high", "threads": str(THREADS)}
# On this material veryfast is within 1 VMAF of slower presets at twice their speed: benchmarks/RESULTS.md
_AV1 = {"preset": "10", "crf": "34", "svtav1-params": "lp=4"}
_NVENC = {"preset": "p5", "tune": "hq", "rc": "vbr", "cq": "24", "b:v": "0", "profile:v": "high", "spatial-aq": "1"}

PROBES = {
    "x264": ["-c:v", "libx264", "-preset", "ultrafast"],
    "av1": ["-c:v", "libsvtav1", "-preset", "12"],
    "nvenc": ["-c:v", "h264_nvenc", "-preset", "p1"],
}
"""The shortest encode that shows whether each works."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """Whether one encoder of one ffmpeg works on this machine."""

    executable: Path
    encoder: str
    working: bool
    reason: str = ""
    """Why not, in ffmpeg's words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The ffmpeg and the encoder that a video is made with."""

    executable: Path
    encoder: str
    """A key of ENCODERS."""


def choose(name: str, executables: Iterable[Path], prove: Callable[[Path, str], Capabilities]) -> Choice:
    """The first combination that works.

    Args:
        name: "auto" or a key of ENCODERS; a named encoder is that one or an error, never another.
        executables: ffmpegs in order of preference.
        prove: tells whether an encoder of an ffmpeg works.

    Raises:
        EncoderMissing: none works.
        InputError: there is no encoder of that name.
    """
    if name != "auto" and name not in ENCODERS:
        raise InputError(f"no encoder is called {name!r}: choose auto, {', '.join(ENCODERS)}")
    failed: list[Capabilities] = []
    paths = tuple(executables)
    for encoder in _AUTO if name == "auto" else (name,):
        for path in paths:
            found = prove(path, encoder)
            if found.working:
                return Choice(path, encoder)
            failed.append(found)
    reasons = "; ".join(f"{found.executable.name}: {found.reason}" for found in failed)
    raise EncoderMissing(f"encoder {name} does not work on this machine ({reasons}): mend that, or choose another")


def video_arguments(encoder: str, canvas: Canvas) -> dict[str, str]:
    """The output options of the picture."""
    own = {"x264": _X264, "av1": _AV1, "nvenc": _NVENC}[encoder]
    return {
        "c:v": ENCODERS[encoder],
        **own,
        "g": str(_GOP_S * canvas.fps),
        "pix_fmt": "yuv420p",
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "color_range": "tv",
    }


def audio_arguments() -> dict[str, str]:
    """The output options of the sound."""
    return {"c:a": "aac", "b:a": "192k", "ar": str(SAMPLE_RATE), "ac": "2"}
