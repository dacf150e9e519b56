"""Five ways to the same video, and what each takes: ours, the encoder's floor, two graphs as usually built, MoviePy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from benchmarks import measure
from benchmarks.fixture import CANVAS, Fixture, Still, stills
from benchmarks.measure import Cost
from benchmarks.processes import Memory
from triviareel.video.encoder import audio_arguments
from triviareel.video.inspection import PacketHash
from triviareel.video.storyboard import Span


@dataclass(frozen=True, slots=True)
class Ours:
    """What our encode took, by process."""

    wall_s: float
    encoder_cpu_s: float
    """Of ffmpeg: backgrounds, composition, encoding."""
    own_cpu_s: float
    """Of the process beside it: sound and inspection."""
    rss: int
    """Bytes, of both at their peak."""
    content_hash: str


@dataclass(frozen=True, slots=True)
class Floor:
    """What no way of composing can go below."""

    encode: Cost
    """Composed frames read from a pipe and encoded."""
    reading: Cost
    """The same frames read from the same pipe and dropped."""
    backgrounds: Cost
    """The backgrounds decoded and dropped."""
    content_hash: str
    """Equal to ours if the frames, the sound and the settings were."""

    @property
    def cpu_s(self) -> float:
        """Of the encoder alone."""
        return self.encode.cpu_s - self.reading.cpu_s


def ours(frames: int, cache: Path, target: Path) -> Ours:
    """The engine's graph, run and inspected as in a job."""
    cost, told = measure.module("ours", {"frames": frames, "cache": str(cache), "target": str(target)})
    return Ours(told["wall_s"], told["encoder_cpu_s"], told["own_cpu_s"], cost.peak.rss, told["content_hash"])


def composition(film: Fixture, frames: int) -> Cost:
    """The engine's graph without an encoder."""
    return measure.run(film.pictures(frames, "null", "-"), film.folder)[0]


def floor(film: Fixture, frames: int, sound: Path) -> Floor:
    """The encoder alone, and what surrounds it."""
    target = film.folder / "floor.mp4"
    feeder = film.pictures(frames, "rawvideo", "pipe:1")
    encode, _ = measure.run(encoding(film, film.arguments(), frames, target, sound), film.folder, feeder=feeder)
    reading, _ = measure.run([*from_pipe(film), "-f", "null", "-"], film.folder, feeder=feeder)
    return Floor(encode, reading, backgrounds(film, frames), content_hash(target))


def encoding(film: Fixture, options: dict[str, str], frames: int, target: Path, sound: Path | None = None) -> list[str]:
    """The command that encodes composed frames from stdin, with a soundtrack if there is one."""
    argv = from_pipe(film)
    if sound:
        argv += ["-i", str(sound), "-map", "0:v", "-map", "1:a", *_words(audio_arguments())]
    argv += [*_words(options), "-frames:v", str(frames), "-t", str(frames / CANVAS.fps)]
    return [*argv, "-flags", "+global_header", "-map_metadata", "-1", "-movflags", "+faststart", "-y", str(target)]


def backgrounds(film: Fixture, frames: int) -> Cost:
    """All backgrounds of the first frames, decoded one after the other."""
    total, left = Cost(0, 0, Memory()), frames
    for background in film.plan.backgrounds:
        count = min(left, background.frames)
        if count:
            loop = ["-threads", "1", "-stream_loop", "-1", "-i", background.location, "-frames:v", str(count)]
            total += measure.run([*_quiet(film), *loop, "-f", "null", "-"], film.folder)[0]
        left -= count
    return total


def usual_graph(film: Fixture, frames: int, sound: Path, *, trimmed: bool) -> Cost:
    """Every state of every card as an input of its own, a picture looped at the frame rate, shown by `enable=`.

    Args:
        film: the fixture.
        frames: how many of them; within the first background.
        sound: the soundtrack.
        trimmed: each input lasts only while it is shown, as careful authors have it; otherwise, as most do, all last
            for the whole video.
    """
    inputs: list[str] = ["-stream_loop", "-1", "-i", film.plan.backgrounds[0].location, "-i", str(sound)]
    chain, last = "", "0:v"
    pictures = _kept(film, frames)
    for number, (still, path) in enumerate(pictures, start=2):
        start, length = (value / CANVAS.fps for value in (still.span.start, still.span.length))
        shown = ["-t", f"{length:.6f}", "-itsoffset", f"{start:.6f}"] if trimmed else []
        inputs += ["-loop", "1", "-framerate", str(CANVAS.fps), *shown, "-i", str(path)]
        chain += f"[{last}][{number}:v]overlay={still.x}:{still.y}:{_enabled(still.span)}[v{number}];"
        last = f"v{number}"
    timer = film.plan.timer
    for number, span in enumerate(_countdowns(film, frames), start=2 + len(pictures)):
        inputs += ["-itsoffset", f"{span.start / CANVAS.fps:.6f}", "-i", timer.location]
        chain += f"[{number}:v]scale={timer.width}:{timer.height}[t{number}];"
        chain += f"[{last}][t{number}]overlay={timer.x}:{timer.y}:eof_action=pass:{_enabled(span)}[v{number}];"
        last = f"v{number}"
    output = ["-map", f"[{last}]", "-map", "1:a", *_words(film.arguments()), *_words(audio_arguments())]
    output += ["-frames:v", str(frames), "-t", str(frames / CANVAS.fps), "-movflags", "+faststart", "-y", "usual.mp4"]
    argv = [*_quiet(film), *inputs, "-filter_complex", chain.rstrip(";"), *output]
    return measure.run(argv, film.folder)[0]


def moviepy(film: Fixture, frames: int, sound: Path) -> Cost:
    """The same pictures, bars and sound as clips of MoviePy, encoded with the same settings."""
    timer = film.plan.timer
    return measure.module(
        "by_moviepy",
        {
            "size": [CANVAS.width, CANVAS.height],
            "fps": CANVAS.fps,
            "duration_s": frames / CANVAS.fps,
            "background": film.plan.backgrounds[0].location,
            "stills": [
                {"path": str(path), "x": still.x, "y": still.y, **_seconds(still.span)}
                for still, path in _kept(film, frames)
            ],
            "bars": [
                {"path": timer.location, "x": timer.x, "y": timer.y, "size": [timer.width, timer.height],
                 **_seconds(span)}
                for span in _countdowns(film, frames)
            ],
            "sound": str(sound),
            "encoder": film.arguments(),
            "target": str(film.folder / "moviepy.mp4"),
        },
    )[0]  # fmt: skip


def content_hash(path: Path) -> str:
    """The hash of a file's packets, as the engine's inspection makes it."""
    packets = PacketHash()
    with av.open(str(path)) as container:
        for packet in container.demux():
            packets.add(packet)
    return packets.hexdigest()


def _kept(film: Fixture, frames: int) -> list[tuple[Still, Path]]:
    """The stills as PNG files."""
    found = []
    for number, still in enumerate(stills(film, frames)):
        path = film.folder / f"still{number:03}.png"
        still.image.write_to_file(str(path))
        found.append((still, path))
    return found


def _countdowns(film: Fixture, frames: int) -> Iterator[Span]:
    """When the timer bar is played; cut where the frames end."""
    for span in film.plan.timer.plays:
        if span.start < frames:
            yield Span(span.start, min(span.end, frames) - span.start)


def _enabled(span: Span) -> str:
    """Within [start, end), told in seconds: half a frame early, so that rounding shifts nothing."""
    first, last = ((frame - 0.5) / CANVAS.fps for frame in (span.start, span.end))
    return f"enable='between(t,{first:.6f},{last:.6f})'"


def _seconds(span: Span) -> dict[str, Any]:
    return {"start_s": span.start / CANVAS.fps, "duration_s": span.length / CANVAS.fps}


def _quiet(film: Fixture) -> list[str]:
    return [str(film.choice.executable), "-v", "error", "-nostdin"]


def from_pipe(film: Fixture) -> list[str]:
    """The beginning of a command that takes composed frames from stdin."""
    shape = {"pix_fmt": "yuv420p", "s": f"{CANVAS.width}x{CANVAS.height}", "r": str(CANVAS.fps)}
    # Untagged, frames would be taken for bt601 and converted
    tags = {"color_primaries": "bt709", "color_trc": "bt709", "colorspace": "bt709", "color_range": "tv"}
    command = [str(film.choice.executable), "-v", "error", "-f", "rawvideo"]
    return [*command, *_words({**shape, **tags}), "-i", "pipe:0"]


def _words(options: dict[str, str]) -> Sequence[str]:
    return [word for key, value in options.items() for word in (f"-{key}", value)]
