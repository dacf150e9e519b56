"""`python -m benchmarks`: measure everything, then write RESULTS.md; `--quick` measures little and prints it."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks import contestants, fixture, jobs, machine, quality, report
from benchmarks.fixture import Fixture
from benchmarks.jobs import Job
from benchmarks.quality import Quality
from benchmarks.report import Results, Stretch, Whole
from triviareel.video import stock

RESULTS = Path(__file__).parent / "RESULTS.md"


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is measured."""

    frames: int
    """Of the fixture, for the comparison with the encoder alone."""
    stretch: int
    """Frames of the fixture that the slow ways make; within the first background."""
    judged: int
    """Frames for which presets are compared."""
    questions: tuple[int, int, int]
    """Of the jobs: about 1 minute, some minutes, about 10."""


FULL = Scale(fixture.FRAMES, 900, 600, (3, 10, 28))
QUICK = Scale(240, 120, 60, (1, 1, 2))


def measure(scale: Scale, folder: Path) -> Results:
    """Measure everything, one thing after the other.

    Args:
        scale: how much.
        folder: an empty one, for what is made on the way.
    """
    described = machine.describe()
    if described.load > report.IDLE:
        _tell(f"the machine is busy (load {described.load:.1f}): wait until it is idle for figures that mean something")
    cache = folder / "cache"
    _tell("drawing the backgrounds")
    stock.in_cache(cache)
    film = fixture.make(folder, cache)
    sound = folder / "sound.wav"
    fixture.write_sound(film.sound(scale.frames), sound)
    return Results(
        machine=described,
        whole=_whole(film, scale.frames, cache, sound),
        stretch=_stretch(film, scale.stretch, cache, sound),
        judged_frames=scale.judged,
        qualities=_qualities(film, scale.judged),
        short=_job(scale.questions[0], cache, folder),
        middle=_job(scale.questions[1], cache, folder),
        long=_job(scale.questions[2], cache, folder),
        help_cpu_s=jobs.help_cpu_s(),
    )


def _whole(film: Fixture, frames: int, cache: Path, sound: Path) -> Whole:
    _tell("the whole fixture: ours")
    ours = contestants.ours(frames, cache, film.folder / "ours.mp4")
    _tell("our graph without an encoder")
    composition = contestants.composition(film, frames)
    _tell("the encoder alone")
    return Whole(frames, ours, composition, contestants.floor(film, frames, sound))


def _stretch(film: Fixture, frames: int, cache: Path, sound: Path) -> Stretch:
    _tell("the fixture's beginning: ours")
    ours = contestants.ours(frames, cache, film.folder / "ours.mp4")
    _tell("the usual graph, inputs trimmed")
    trimmed = contestants.usual_graph(film, frames, sound, trimmed=True)
    _tell("the usual graph")
    usual = contestants.usual_graph(film, frames, sound, trimmed=False)
    _tell("MoviePy")
    return Stretch(frames, ours, usual, trimmed, contestants.moviepy(film, frames, sound))


def _qualities(film: Fixture, frames: int) -> list[Quality]:
    _tell("encoders and presets")
    return list(quality.presets(film, frames))


def _job(questions: int, cache: Path, folder: Path) -> Job:
    _tell(f"a whole job of {questions} questions")
    return jobs.make(questions, cache, folder / "root")


def _tell(what: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="measure little, to try the code; print, write nothing")
    quick = parser.parse_args().quick
    with tempfile.TemporaryDirectory(prefix="triviareel-bench-") as folder:
        page = report.page(measure(QUICK if quick else FULL, Path(folder)))
    if not quick:
        RESULTS.write_text(page)
    print(page)


if __name__ == "__main__":
    main()
