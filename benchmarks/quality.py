"""What the encoders and presets on offer cost and give: time, size, likeness to the frames that went in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import measure
from benchmarks.contestants import encoding, from_pipe
from benchmarks.fixture import CANVAS, Fixture
from benchmarks.measure import Cost
from triviareel.errors import EncoderMissing
from triviareel.video import encoder, ffmpeg

X264_PRESETS = ("ultrafast", "superfast", "veryfast", "medium")
EVERY = 3
"""Of so many frames one is judged: VMAF takes longer than encoding."""


@dataclass(frozen=True, slots=True)
class Quality:
    """One encoder with one preset."""

    name: str
    ours: bool
    """Whether it is what triviareel uses."""
    cost: Cost | None = None
    """None if it does not work on this machine."""
    bytes: int = 0
    vmaf: float = 0.0
    """Mean, 0 to 100; 6 are seen at once, under 2 are not seen at all."""
    worst: float = 0.0
    """The lowest of any frame judged."""


def presets(film: Fixture, frames: int) -> Iterator[Quality]:
    """Encode the same composed frames, without sound, with each of them."""
    usual = encoder.video_arguments(replace(film.choice, encoder="x264"), CANVAS)
    for preset in X264_PRESETS:
        options = {**usual, "preset": preset}
        yield _judged(film, frames, f"x264 {preset}, crf {usual['crf']}", options, ours=options == usual)
    for name in ("av1", "nvenc"):
        options = encoder.video_arguments(replace(film.choice, encoder=name), CANVAS)
        title = f"{ {'av1': 'SVT-AV1', 'nvenc': 'NVENC H.264'}[name] } {options['preset']}, "
        title += f"crf {options['crf']}" if name == "av1" else f"cq {options['cq']}"
        try:
            encoder.choose(name, [film.choice.executable], ffmpeg.prove)
        except EncoderMissing:
            yield Quality(title, ours=True)
        else:
            yield _judged(film, frames, title, options, ours=True)


def _judged(film: Fixture, frames: int, name: str, options: dict[str, str], *, ours: bool) -> Quality:
    target = film.folder / "judged.mp4"
    feeder = film.pictures(frames, "rawvideo", "pipe:1")
    cost, _ = measure.run(encoding(film, options, frames, target), film.folder, feeder=feeder)
    mean, worst = _vmaf(film, target, feeder)
    return Quality(name, ours, cost, target.stat().st_size, mean, worst)


def _vmaf(film: Fixture, video: Path, feeder: list[str]) -> tuple[float, float]:
    """VMAF of a video against the composed frames: (mean, lowest)."""
    log = film.folder / "vmaf.json"
    judge = f"[1:v][0:v]libvmaf=n_threads=2:n_subsample={EVERY}:log_fmt=json:log_path={log.name}"
    argv = [*from_pipe(film), "-i", str(video), "-filter_complex", judge, "-f", "null", "-"]
    measure.run(argv, film.folder, feeder=feeder)
    told = json.loads(log.read_text())["pooled_metrics"]["vmaf"]
    return told["mean"], told["min"]
