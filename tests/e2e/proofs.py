"""What the proofs of kills and races have in common: the bucket they are about, and what must be true of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.fakes.gcs import GcsServer
from triviareel.jobs.places import JobPlace, of_job
from triviareel.video import theme

COMPANIONS = ("thumbnail", "captions", "metadata")
SHA256 = "triviareel-sha256"


@dataclass
class Seen:
    """What went wrong; each of these stays 0."""

    lost: list[str] = field(default_factory=list)
    half_visible: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)

    def assert_none(self) -> None:
        """Raise AssertionError if anything did."""
        assert self == Seen()

    def told(self) -> str:
        """For people."""
        return f"{len(self.lost)} lost, {len(self.half_visible)} half-visible, {len(self.doubled)} doubled"


def look(server: GcsServer, job: str, seen: Seen) -> None:
    """See whether a job shows anything that is not whole, whatever its workers were doing when they were killed."""
    place, objects = of_job("demo", job), server.objects()
    film = place.film
    there = [getattr(film, kind) for kind in COMPANIONS if getattr(film, kind) in objects]
    if film.video not in objects:
        if there:
            seen.half_visible.append(f"{job}: {there} without a video")
        return
    sha256 = objects[film.video]["metadata"][SHA256]
    if film.metadata in objects:
        told = json.loads(server.read(film.metadata))["video"]
        if told["sha256"] != sha256 or told["size"] != int(objects[film.video]["size"]) or len(there) < len(COMPANIONS):
            seen.half_visible.append(f"{job}: metadata.json of another video, or not the last to come")
    elif film.pending not in objects:
        seen.half_visible.append(f"{job}: a video with neither metadata nor what they can be made of")


def conclude(server: GcsServer, job: str, seen: Seen) -> None:
    """See that a job is done, that everything of it was written once, and that nothing is left of its workers."""
    place, objects = of_job("demo", job), server.objects()
    look(server, job, seen)
    wanted = [place.film.video, *(getattr(place.film, kind) for kind in COMPANIONS), place.questions, place.manifest]
    missing = [name for name in wanted if name not in objects]
    told = json.loads(server.read(place.manifest)) if place.manifest in objects else {}
    if missing or told.get("state") != "rendered" or told["outputs"]["video"]["uri"] != f"gs://b/{place.film.video}":
        seen.lost.append(f"{job}: {missing} {told.get('state')} {told.get('failure')}")
    else:
        generation = int(objects[place.film.video]["generation"])
        if told["outputs"]["video"]["generation"] != generation:
            seen.lost.append(f"{job}: its manifest tells of another generation")
    seen.half_visible += [f"{job}: {name} is left" for name in _leavings(place) if name in objects]
    for name in (place.film.video, place.questions, place.dataset):
        if (times := generations(server, name)) != 1:
            seen.doubled.append(f"{name}: {times} generations")


def generations(server: GcsServer, name: str) -> int:
    """How often an object was made or replaced."""
    return sum(commit.name == name and commit.kind == "write" for commit in server.commits)


def _leavings(place: JobPlace) -> tuple[str, ...]:
    return place.film.claim, place.film.pending, place.asking


@contextmanager
def faults(server: GcsServer, seed: int, rate: float) -> Iterator[None]:
    """A share of all requests goes wrong, for the time of the block."""
    server.random_faults(rate, seed)
    yield
    server.clear_faults()


def hasty_theme(folder: Path) -> str:
    """A theme whose videos take a third of the usual time."""
    place = folder / "hasty"
    shutil.copytree(Path(theme.__file__).parent / "themes" / "limelight", place)
    file = place / "theme.toml"
    text = file.read_text()
    for usual, hasty in (("intro = 3.0", "intro = 1.0"), ("outro = 4.0", "outro = 1.0"), ("rate = 16", "rate = 40")):
        assert usual in text
        text = text.replace(usual, hasty)
    file.write_text(text)
    return str(place)


def commands() -> list[str]:
    """The command lines of all that runs on this machine, where the system tells."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:  # it ended meanwhile
            continue
    return found
