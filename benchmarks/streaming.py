"""`python -m benchmarks.streaming`: what a worker reads of a bucket's assets, and what reading them so costs.

The bucket is the tests' fake Cloud Storage on loopback, so figures of time are without a network; what is read is the
same with one. Writes RESULTS-streaming.md; `--videos 2` tries the code and writes nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import BUSY, IDLE
from tests.fakes.gcs import GcsServer
from triviareel import settings
from triviareel.storage import open_store
from triviareel.storage.source import FileSource, Source, settled
from triviareel.storage.streams import Streams
from triviareel.video import assets, containers, ffmpeg, stock

RESULTS = Path(__file__).parent / "RESULTS-streaming.md"
PLACE = "demo/video-assets"
VIDEOS = 20
SHARE = 1.05
"""So many times the assets' size may be read by a worker that makes VIDEOS videos."""
ROUNDS = 15
LOOPS = 6
"""How often a template is read in one round: a video of a minute."""
SLOWER = 1.05
"""So many times the time from a file still counts as the same: rounds differ by as much among themselves."""
_MB = 10**6


@dataclass(frozen=True, slots=True)
class Decoding:
    """One way to read a template, in rounds that alternate with the other way's."""

    wall_s: list[float]
    cpu_s: list[float]
    """Of ffmpeg alone."""


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is measured."""

    videos: int
    size: int
    """Bytes of the five assets."""
    read: int
    """Bytes of them that left the bucket for all videos."""
    again: int
    """… for a second run, which finds them finished."""
    made_s: float
    again_s: float
    stream: Decoding
    file: Decoding


def measure(videos: int) -> Figures:
    """Measure everything; some three minutes with 20 videos."""
    pack = stock.in_cache(settings.read().cache)
    with GcsServer(["b", "a"]) as server:
        for name in assets.FILES:
            server.put(f"{PLACE}/{name}", (pack / name).read_bytes(), "a")
        os.environ["STORAGE_EMULATOR_HOST"] = server.url
        made_s, read = _make(server, videos)
        again_s, again = _make(server, videos)
        stream, file = _decoding(pack)
    size = sum((pack / name).stat().st_size for name in assets.FILES)
    return Figures(videos, size, read, again, made_s, again_s, stream, file)


def _make(server: GcsServer, videos: int) -> tuple[float, int]:
    """One worker makes them, or finds them made: (seconds, bytes of the assets that left the bucket)."""
    words = ["--questions", "1", "--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264"]
    words += ["--videos", str(videos), "--job", "bench", "--seed", "7", "--root", "gs://b", "--assets", "gs://a"]
    before, began = _read(server), time.monotonic()
    with tempfile.TemporaryDirectory() as cache:
        subprocess.run(
            [sys.executable, "-c", "from triviareel.cli import main; main()", "make", *words],
            env={**os.environ, "TRIVIAREEL_CACHE": cache},
            stderr=subprocess.DEVNULL,
            check=True,
        )
    return time.monotonic() - began, _read(server) - before


def _read(server: GcsServer) -> int:
    return sum(call.sent for call in server.journal if call.bucket == "a" and call.operation == "read")


def _decoding(pack: Path) -> tuple[Decoding, Decoding]:
    """Decode a template over and over, from the stream and from the file by turns."""
    store, streams = open_store("gs://a"), Streams(1 << 30)
    found = store.stat(f"{PLACE}/1.mp4")
    assert found
    source: Source = streams.source(store, found)
    ways = (source, FileSource(pack / "1.mp4"))
    taken: tuple[list[tuple[float, float]], ...] = ([], [])
    with settled([source]):
        for _ in range(ROUNDS):
            for way, times in zip(ways, taken, strict=True):
                times.append(_decoded(way.location))
    streams.close()
    stream, file = (Decoding([wall for wall, _ in times], [cpu for _, cpu in times]) for times in taken)
    return stream, file


def _decoded(location: str) -> tuple[float, float]:
    """Seconds of wall and CPU time in which ffmpeg decodes a template LOOPS times."""
    guard = [
        word for name, value in containers.guard(location, containers.OUTSIDE).items() for word in (f"-{name}", value)
    ]
    argv = [str(ffmpeg.executable()), "-v", "error", *guard, "-stream_loop", str(LOOPS - 1)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ffmpeg.run([*argv, "-i", location, "-an", "-f", "null", "-"])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.monotonic() - began, cpu_s


def page(figures: Figures, load: float) -> str:
    """All of RESULTS-streaming.md."""
    share = figures.read / figures.size
    ratio = min(figures.stream.wall_s) / min(figures.file.wall_s)  # the rounds that others disturbed least
    cpu = statistics.median(figures.stream.cpu_s) / statistics.median(figures.file.cpu_s)
    reached = [
        (f"read from the bucket for {figures.videos} videos", f"≤ {SHARE:.2f} × the assets' size", f"{share:.3f} ×",
         share <= SHARE),
        ("read for finished ones", "nothing", f"{figures.again:,} bytes", figures.again == 0),
        ("time to decode from the stream against a file", f"≤ {SLOWER:.2f} ×", f"{ratio:.2f} ×", ratio <= SLOWER),
    ]  # fmt: skip
    rows = [
        ("the five assets", f"{figures.size / _MB:.1f} MB"),
        (f"{figures.videos} videos of one question, 720p, one worker", f"{figures.made_s:.0f} s"),
        ("the same command again", f"{figures.again_s:.1f} s"),
        (f"a template decoded {LOOPS} times from the stream, best of {ROUNDS}", f"{min(figures.stream.wall_s):.2f} s"),
        ("… from the file", f"{min(figures.file.wall_s):.2f} s"),
        ("… ffmpeg's CPU time, stream against file", f"{cpu:.2f} ×"),
    ]  # fmt: skip
    table = "\n".join(
        f"| {what} | {wanted} | {got} | {'yes' if good else '**no**'} |" for what, wanted, got, good in reached
    )
    more = "\n".join(f"| {what} | {got} |" for what, got in rows)
    return f"""# Assets that stream from a bucket

`python -m benchmarks.streaming`, {time.strftime("%Y-%m-%d", time.gmtime())}: Python {platform.python_version()}, \
{os.cpu_count()} cores, load {load:.1f}, ffmpeg {ffmpeg.version(ffmpeg.executable())}.
The bucket is the tests' fake on loopback: bytes are as with Cloud Storage, times are without a network.

| | to reach | measured | reached |
|---|---|---|---|
{table}

| | |
|---|---|
{more}
{chr(10).join(_busy(load))}"""


def _busy(load: float) -> Iterator[str]:
    if load > IDLE:
        yield f"\n{BUSY} The ratio is of the best of rounds that alternate.\n"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.streaming", description=__doc__)
    parser.add_argument("--videos", type=int, default=VIDEOS)
    given = parser.parse_args()
    load = os.getloadavg()[0]
    text = page(measure(given.videos), load)
    if given.videos == VIDEOS:
        RESULTS.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
