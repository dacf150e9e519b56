"""Which encoder, with which arguments: pure decisions over what was proven to work."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from triviareel.errors import EncoderMissing, InputError
from triviareel.video.canvas import SAMPLE_RATE, Canvas

ENCODERS = {"x264": "libx264", "av1": "libsvtav1", "nvenc": "h264_nvenc", "av1-nvenc": "av1_nvenc"}
"""What they are called here, and what ffmpeg calls them."""

CODECS = {"x264": "h264", "av1": "av1", "nvenc": "h264", "av1-nvenc": "av1"}
"""What each makes, by the codec's canonical name."""

ON_GPU = ("nvenc", "av1-nvenc")

_CHOICES = {"auto": ("nvenc", "x264"), "x264": ("x264",), "nvenc": ("nvenc",), "av1": ("av1-nvenc", "av1")}
"""What `--encoder` calls them, and what is tried for each, in order of preference. H.264 goes first, since not every
player has AV1; that is for those who name it, and an L4 makes it by itself."""

NAMES = tuple(name for name in _CHOICES if name != "auto")
"""What `--encoder` may name."""

THREADS = 3
"""x264's output depends on the number of its threads, so that is fixed: the same video on every machine.

Three keep two cores busy; each more costs some 20 MB at 1080p."""

_GOP_S = 4
"""Seconds between key frames: short enough to seek in, long enough to cost no bits."""

_X264 = {"preset": "veryfast", "crf": "21", "profile:v": "high", "threads": str(THREADS)}
# On this material veryfast is within 1 VMAF of slower presets at twice their speed: benchmarks/RESULTS.md
_AV1 = {"preset": "10", "crf": "34", "svtav1-params": "lp=4"}
_NVENC = {"preset": "p5", "tune": "hq", "rc": "vbr", "cq": "24", "b:v": "0", "profile:v": "high", "bf": "3",
          "b_ref_mode": "middle", "rc-lookahead": "20", "spatial-aq": "1", "temporal-aq": "1"}  # fmt: skip
# As NVIDIA advises where delay does not matter (Video Codec SDK, "NVENC Video Encoder API Programming Guide",
# recommended settings): constant quality, look-ahead, B frames that serve as references, adaptive quantisation. Turing
# (T4) and Ada (L4) do all of it in H.264 ("NVENC Application Note", capabilities). p6 and p7 gain little and halve the
# speed of a T4's one engine. Not run on such a GPU yet: see docs/gpu.md
_AV1_NVENC = {"preset": "p5", "tune": "hq", "rc": "vbr", "cq": "32", "b:v": "0", "rc-lookahead": "20",
              "spatial-aq": "1", "temporal-aq": "1"}  # fmt: skip

PROBES = {
    "x264": ["-c:v", "libx264", "-preset", "ultrafast"],
    "av1": ["-c:v", "libsvtav1", "-preset", "12"],
}
"""The shortest encode that shows whether each works; NVENC is asked for a few frames just as it will encode."""


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
    gpu: int | None = None
    """Which one encodes, as CUDA counts them; None for any, or for none."""
    composes: bool = False
    """Whether the GPU also lays the layers on the background."""


def choose(name: str, executables: Iterable[Path], prove: Callable[[Path, str], Capabilities]) -> Choice:
    """The first combination that works.

    Args:
        name: "auto" or one of NAMES; a named encoder is that one or an error, never another.
        executables: ffmpegs in order of preference.
        prove: tells whether an encoder of an ffmpeg works.

    Raises:
        EncoderMissing: none works.
        InputError: there is no encoder of that name.
    """
    if name not in _CHOICES:
        raise InputError(f"no encoder is called {name!r}: choose {', '.join(_CHOICES)}")
    failed: list[Capabilities] = []
    paths = tuple(executables)
    for encoder in _CHOICES[name]:
        for path in paths:
            found = prove(path, encoder)
            if found.working:
                return Choice(path, encoder)
            failed.append(found)
    reasons = "; ".join(f"{found.executable.name}: {found.reason}" for found in failed)
    raise EncoderMissing(f"encoder {name} does not work on this machine ({reasons}): mend that, or choose another")


def video_arguments(choice: Choice, canvas: Canvas) -> dict[str, str]:
    """The output options of the picture; what the GPU has composed stays there, and needs no format."""
    own = {"x264": _X264, "av1": _AV1, "nvenc": _NVENC, "av1-nvenc": _AV1_NVENC}[choice.encoder]
    return {
        "c:v": ENCODERS[choice.encoder],
        **own,
        **({} if choice.gpu is None or choice.composes else {"gpu": str(choice.gpu)}),
        "g": str(_GOP_S * canvas.fps),
        **({} if choice.composes else {"pix_fmt": "yuv420p"}),
        "color_primaries": "bt709",
        "color_trc": "bt709",
        "colorspace": "bt709",
        "color_range": "tv",
    }


def audio_arguments() -> dict[str, str]:
    """The output options of the sound.

    The coder is not ffmpeg's usual one ("twoloop"): after a tick in quiet music, ffmpeg 9's may put a peak 5 dB above
    all that it was given. At this rate the fast one is as true to speech (segmental SNR 48 dB, of the other 37 dB).
    """
    return {"c:a": "aac", "aac_coder": "fast", "b:a": "192k", "ar": str(SAMPLE_RATE), "ac": "2"}
