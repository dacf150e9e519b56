"""The command that makes a video, word for word: it follows from its plan alone, and changes only when it is meant to.

To accept a change: `python -m tests.golden.test_argv`, and read the difference.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from triviareel.video import graph
from triviareel.video.canvas import Canvas, Format
from triviareel.video.encoder import Choice
from triviareel.video.layers import Layer, Motion, Side
from triviareel.video.storyboard import Span

FFMPEG = Path("/bin/ffmpeg")
CARD = Layer("card", 200, 100, 1200, 600, Motion((6, 400), (300, 700), Side.TOP, Side.LEFT, 8, 6), ())
PLAN = graph.Plan(
    canvas=Canvas(Format.LANDSCAPE, 1080, 30),
    length=900,
    backgrounds=(
        graph.Background("/a/1.mp4", Fraction(30), 1920, 1080, conformed=True, frames=450),
        graph.Background("/a/2.mp4", Fraction(25), 1280, 720, conformed=False, frames=450, still=True),
    ),
    layers=((CARD, Path("/s/card.nut")),),
    timer=graph.Timer(
        "/a/bar.mp4", Fraction(30), Path("/s/mask.png"), 600, 900, 400, 40, (Span(100, 150), Span(500, 150))
    ),
)
CHOICES = {
    "x264": Choice(FFMPEG, "x264"),
    "av1": Choice(FFMPEG, "av1"),
    "nvenc": Choice(FFMPEG, "nvenc", gpu=1),
    "nvenc-composing": Choice(FFMPEG, "nvenc", gpu=1, composes=True),
    "av1-nvenc": Choice(FFMPEG, "av1-nvenc", gpu=0),
}


def golden(name: str) -> Path:
    return Path(__file__).parent / f"graph_{name}.txt"


def command(name: str) -> str:
    """A word a line."""
    return "\n".join(graph.argv(PLAN, CHOICES[name], "video.mp4")) + "\n"


@pytest.mark.parametrize("name", CHOICES)
def test_the_command_is_the_committed_one_whatever_machine_asks_for_it(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def untouched(*_: object) -> None:
        raise AssertionError("building a command looks at no file")

    monkeypatch.setattr(Path, "open", untouched)
    monkeypatch.setattr(Path, "stat", untouched)
    built = [command(name) for _ in range(2)]
    monkeypatch.undo()
    assert built == [golden(name).read_text()] * 2


if __name__ == "__main__":
    for each in CHOICES:
        golden(each).write_text(command(each))
