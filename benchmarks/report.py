"""The figures as a page of Markdown, each beside what is to be reached; pure text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.contestants import Floor, Ours
from benchmarks.jobs import Job
from benchmarks.machine import Machine
from benchmarks.measure import Cost
from benchmarks.quality import EVERY, Quality

FLOOR_FACTOR = 1.10
MOVIEPY_FACTOR = 5.0
USUAL_FACTOR = 3.0
MEMORY_MB = 700
FLAT = 1.10
"""A long video may take so many times the memory of a short one and still counts as the same."""
BESIDE_SHARE = 0.15
HELP_CPU_S = 0.3

IDLE = 1.0
"""Load up to which a machine counts as idle."""
BUSY = "**The machine was busy with other work: wall times, and ratios of them, mean nothing.**"

_FPS = 30
_MB = 10**6


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole fixture: ours beside the encoder alone."""

    frames: int
    ours: Ours
    composition: Cost
    floor: Floor


@dataclass(frozen=True, slots=True)
class Stretch:
    """The fixture's beginning, made in each of the ways."""

    frames: int
    ours: Ours
    usual: Cost
    trimmed: Cost
    moviepy: Cost


@dataclass(frozen=True, slots=True)
class Results:
    """Everything that one run measured."""

    machine: Machine
    whole: Whole
    stretch: Stretch
    judged_frames: int
    qualities: Sequence[Quality]
    short: Job
    middle: Job
    long: Job
    help_cpu_s: float


@dataclass(frozen=True, slots=True)
class Reach:
    """Something that was to be reached."""

    what: str
    wanted: str
    got: str
    reached: bool

    def row(self) -> tuple[str, ...]:
        """As a row of a table."""
        return self.what, self.wanted, self.got, "yes" if self.reached else "**no**"


def page(results: Results) -> str:
    """All of RESULTS.md."""
    parts = [
        _head(results.machine),
        _section("Reached?", _table(("", "to reach", "measured", "reached"), map(Reach.row, reaches(results)))),
        _section("Composition", _whole(results.whole)),
        _section("Other ways to the same video", _stretch(results.stretch)),
        _section("Encoders and presets", _qualities(results.qualities, results.judged_frames)),
        _section("Whole jobs", _jobs((results.short, results.middle, results.long))),
    ]
    return "\n\n".join(parts) + "\n"


def reaches(results: Results) -> Iterator[Reach]:
    """What was to be reached, and whether it was."""
    ours, floor = results.whole.ours, results.whole.floor
    limit = FLOOR_FACTOR * floor.cpu_s + floor.backgrounds.cpu_s
    yield Reach(
        "CPU time of our ffmpeg against the encoder alone",
        f"≤ {FLOOR_FACTOR:.2f} × {floor.cpu_s:.1f} s + {floor.backgrounds.cpu_s:.1f} s = {limit:.1f} s",
        f"{ours.encoder_cpu_s:.1f} s",
        ours.encoder_cpu_s <= limit,
    )
    yield from _faster(results.stretch)
    peak = max(job.cost.peak.pss for job in (results.short, results.middle, results.long))
    yield Reach("memory of a whole job", f"≤ {MEMORY_MB} MB", f"{peak / _MB:.0f} MB", peak <= MEMORY_MB * _MB)
    grown = results.long.cost.peak.pss / results.short.cost.peak.pss
    yield Reach(
        f"memory of a video of {_minutes(results.long)} against one of {_minutes(results.short)}",
        f"≤ {FLAT:.2f} ×",
        f"{grown:.2f} ×",
        grown <= FLAT,
    )
    share = results.middle.beside_s / results.middle.cost.wall_s
    yield Reach(
        f"share of a job's time beside the encode ({results.middle.questions} questions)",
        f"≤ {BESIDE_SHARE:.0%}",
        f"{share:.1%}",
        share <= BESIDE_SHARE,
    )
    used = results.help_cpu_s
    yield Reach("CPU time of `triviareel --help`", f"≤ {HELP_CPU_S} s", f"{used:.2f} s", used <= HELP_CPU_S)


def _faster(stretch: Stretch) -> Iterator[Reach]:
    others = (
        ("MoviePy", stretch.moviepy, MOVIEPY_FACTOR),
        ("the usual graph", stretch.usual, USUAL_FACTOR),
    )
    for name, cost, factor in others:
        times = cost.wall_s / stretch.ours.wall_s
        yield Reach(f"faster than {name}", f"≥ {factor:.0f} ×", f"{times:.1f} ×", times >= factor)


def _head(machine: Machine) -> str:
    rows = (
        ("date", machine.date),
        ("commit", machine.commit),
        ("CPU", f"{machine.cpu}, {machine.cores} cores"),
        ("memory", f"{machine.memory_gb:.0f} GB"),
        ("system", machine.system),
        ("Python, ffmpeg, MoviePy", f"{machine.python}, {machine.ffmpeg}, {machine.moviepy}"),
        ("load before", f"{machine.load:.1f}"),
    )
    return (
        "# Benchmarks\n\n"
        "Made by `make bench` in one run; compare figures within it, not with those of another machine. 1 MB is "
        "10⁶ bytes.\n\n" + _table(("", ""), rows) + (f"\n\n{BUSY}" if machine.load > IDLE else "")
    )


def _whole(whole: Whole) -> str:
    ours, floor = whole.ours, whole.floor
    same = "the same packets came out of both" if ours.content_hash == floor.content_hash else "**THE VIDEOS DIFFER**"
    together_s = ours.encoder_cpu_s + ours.own_cpu_s
    lines = (
        ("ours: ffmpeg (decodes, composes, encodes)", "", ours.encoder_cpu_s, ""),
        ("ours: with sound and inspection beside it", _number(ours.wall_s), together_s, _mb(ours.rss)),
        ("the encoder alone, fed composed frames", "", floor.cpu_s, _mb(floor.encode.peak.rss)),
        ("the backgrounds decoded, nothing else", "", floor.backgrounds.cpu_s, ""),
        ("our graph without an encoder", _number(whole.composition.wall_s), whole.composition.cpu_s, ""),
    )
    rows = [(name, wall, _number(cpu_s), f"{cpu_s / floor.cpu_s:.2f} ×", memory) for name, wall, cpu_s, memory in lines]
    cards_ms = 1000 * (whole.composition.cpu_s - floor.backgrounds.cpu_s) / whole.frames
    return (
        f"{whole.frames / _FPS:.0f} s of 1080p at 30 frames/s: three looping backgrounds, 10 questions with their "
        "cards and timer bars, sound without a voice; x264 with the same settings and threads everywhere.\n\n"
        + _table(("", "wall s", "CPU s", "of the encoder's", "peak RSS MB"), rows)
        + f"\n\nThe encoder alone is fed raw frames through a pipe by a process that is not counted; what reading them "
        f"takes ({floor.reading.cpu_s:.1f} s) is deducted, and for its wall time it has a neighbour, so none is given. "
        f"For proof, {same}. Cards, timer and motion take {cards_ms:.1f} ms of CPU a frame."
    )


def _stretch(stretch: Stretch) -> str:
    ours = stretch.ours
    cpu_s = ours.encoder_cpu_s + ours.own_cpu_s
    rows = [("ours, sound and inspection included", _number(ours.wall_s), _number(cpu_s), _mb(ours.rss), "1.0 ×")]
    others = (
        ("the usual graph, inputs trimmed", stretch.trimmed),
        ("the usual graph", stretch.usual),
        ("MoviePy", stretch.moviepy),
    )
    for name, cost in others:
        times = f"{cost.wall_s / ours.wall_s:.1f} ×"
        rows.append((name, _number(cost.wall_s), _number(cost.cpu_s), _mb(cost.peak.rss), times))
    return (
        f"The fixture's first {stretch.frames / _FPS:.0f} s, with one background; the same pictures at the same places "
        "and times, without motion for the others, and with ready-made sound.\n\n"
        + _table(("", "wall s", "CPU s", "peak RSS MB", "wall"), rows)
        + "\n\nThe usual graph has an input for each state of each card, `-loop 1`, and an overlay with "
        "`enable='between(t,…)'`. All its inputs run for the whole video, so it slows down with every question; "
        "trimmed, each lasts (`-itsoffset`, `-t`) only while it is shown."
    )


def _qualities(qualities: Sequence[Quality], frames: int) -> str:
    rows = []
    for quality in qualities:
        name = f"**{quality.name}**" if quality.ours else quality.name
        if quality.cost is None:
            rows.append((name, "does not work here", "", "", "", "", ""))
            continue
        cost = quality.cost
        size = f"{quality.bytes * 8 * _FPS / frames / _MB:.2f}"
        vmaf = (f"{quality.vmaf:.1f}", f"{quality.worst:.1f}")
        rows.append((name, _number(cost.wall_s), _number(cost.cpu_s), _mb(cost.peak.rss), size, *vmaf))
    return (
        f"The fixture's first {frames / _FPS:.0f} s as composed frames through a pipe (see above), so wall time has a "
        f"neighbour. VMAF of every {EVERY}rd frame against those that went in. Bold: what `--encoder` offers.\n\n"
        + _table(("", "wall s", "CPU s", "peak RSS MB", "Mbit/s", "VMAF mean", "worst"), rows)
    )


def _jobs(jobs: Sequence[Job]) -> str:
    parts = list(jobs[0].seconds)
    rows: list[tuple[str, ...]] = [
        ("wall s", *(_number(job.cost.wall_s) for job in jobs)),
        *((f"… {part}", *(_number(job.seconds.get(part, 0)) for job in jobs)) for part in parts),
        ("share beside the encode", *(f"{job.beside_s / job.cost.wall_s:.1%}" for job in jobs)),
        ("CPU s", *(_number(job.cost.cpu_s) for job in jobs)),
        ("peak PSS MB", *(_mb(job.cost.peak.pss) for job in jobs)),
        ("peak RSS MB (shared pages counted twice)", *(_mb(job.cost.peak.rss) for job in jobs)),
        ("peak anonymous MB", *(_mb(job.cost.peak.anonymous) for job in jobs)),
    ]
    head = ("", *(f"{job.questions} question{'s' if job.questions > 1 else ''}, {_minutes(job)}" for job in jobs))
    return (
        "`triviareel make` as a program, spoken, its voice's cache empty, 1080p, x264; memory of all its processes "
        "together, looked at five times a second.\n\n" + _table(head, rows) + "\n\nopening: Python, theme, encoder's "
        "proof, asset pack, questions; sound: mixed and measured before the encoder starts; inspection: what is left "
        "of it when the encoder has ended; commit: thumbnail, captions, checksums."
    )


def _section(title: str, text: str) -> str:
    return f"## {title}\n\n{text}"


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]] | Sequence[tuple[str, ...]]) -> str:
    rule = ["---", *("--:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _minutes(job: Job) -> str:
    seconds = round(job.video_s)
    return f"{seconds // 60}:{seconds % 60:02d}"


def _number(value: float) -> str:
    return f"{value:.1f}"


def _mb(value: int) -> str:
    return f"{value / _MB:.0f}"
