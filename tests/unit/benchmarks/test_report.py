from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks import report
from benchmarks.contestants import Floor, Ours
from benchmarks.jobs import Job
from benchmarks.machine import Machine
from benchmarks.measure import Cost
from benchmarks.processes import Memory
from benchmarks.quality import Quality
from benchmarks.report import Results, Stretch, Whole

MB = 10**6
MACHINE = Machine("2026-11-22", "abc", "A processor", 2, 24.0, "Debian", "3.11", "9.0", "2.2.1", 0.1)


def cost(wall_s: float, cpu_s: float = 0.0, mb: int = 100) -> Cost:
    return Cost(wall_s, cpu_s, Memory(mb * MB, mb * MB, mb * MB))


def job(questions: int, mb: int, encode_s: float = 90.0) -> Job:
    return Job(questions, 60.0 * questions, cost(100.0, 150.0, mb), {"opening": 100 - encode_s, "encode": encode_s})


def good() -> Results:
    ours = Ours(10.0, 20.0, 3.0, 500 * MB, "hash")
    floor = Floor(cost(0, 19.0), cost(0, 1.0), cost(0, 2.0), "hash")  # the encoder alone: 18 s
    return Results(
        machine=MACHINE,
        whole=Whole(3000, ours, cost(4.0, 4.0), floor),
        stretch=Stretch(900, ours, usual=cost(31.0), trimmed=cost(15.0), moviepy=cost(51.0)),
        judged_frames=600,
        qualities=[Quality("x264", True, cost(2.0), 2_000_000, 97.0, 95.0), Quality("NVENC", True)],
        short=job(1, 600),
        middle=job(4, 640),
        long=job(10, 650),
        help_cpu_s=0.1,
    )


def missed(results: Results) -> list[str]:
    return [reach.what for reach in report.reaches(results) if not reach.reached]


def test_nothing_is_missed_where_all_was_reached() -> None:
    assert missed(good()) == []
    assert "**no**" not in report.page(good())


def test_the_limit_is_a_tenth_over_the_encoder_alone_and_the_backgrounds() -> None:
    results = good()
    limit = 1.1 * 18 + 2
    for cpu_s, wrong in ((limit - 0.01, 0), (limit + 0.01, 1)):
        whole = replace(results.whole, ours=replace(results.whole.ours, encoder_cpu_s=cpu_s))
        assert len(missed(replace(results, whole=whole))) == wrong


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"stretch": replace(good().stretch, moviepy=cost(49.0))}, "faster than MoviePy"),
        ({"stretch": replace(good().stretch, usual=cost(29.0))}, "faster than the usual graph"),
        ({"long": job(10, 661)}, "memory of a video of 10:00 against one of 1:00"),
        ({"middle": job(4, 701)}, "memory of a whole job"),
        ({"middle": job(4, 600, encode_s=84.0)}, "share of a job's time beside the encode (4 questions)"),
        ({"help_cpu_s": 0.31}, "CPU time of `triviareel --help`"),
    ],
)
def test_what_falls_short_is_told(change: dict[str, Any], what: str) -> None:
    results = replace(good(), **change)
    assert missed(results) == [what]
    assert "**no**" in report.page(results)


def test_an_encoder_that_does_not_work_keeps_its_row() -> None:
    assert "| **NVENC** | does not work here |" in report.page(good())


def test_a_floor_of_other_frames_is_no_floor() -> None:
    results = good()
    other = replace(results.whole, floor=replace(results.whole.floor, content_hash="other"))
    assert "THE VIDEOS DIFFER" in report.page(replace(results, whole=other))


def test_figures_of_a_busy_machine_say_so() -> None:
    assert report.BUSY not in report.page(good())
    assert report.BUSY in report.page(replace(good(), machine=replace(MACHINE, load=5.8)))


def test_every_table_is_rectangular() -> None:
    blocks = report.page(good()).split("\n\n")
    tables = [block.splitlines() for block in blocks if block.startswith("|")]
    assert len(tables) == 6
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1
