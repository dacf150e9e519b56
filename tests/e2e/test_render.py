"""Real videos, small ones, looked at frame by frame."""

import shutil
import threading
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.e2e.proofs import hasty_theme
from triviareel.errors import EncoderMissing, InspectionError, Stopped
from triviareel.jobs.tape import Tape
from triviareel.storage import scratch
from triviareel.storage.scratch import DiskScratch, RamScratch, in_ram
from triviareel.video import assets, cards, ffmpeg, sound, theme
from triviareel.video.canvas import Canvas, Format
from triviareel.video.cards import CardText, Title
from triviareel.video.render import Order, Rendered, render, storyboard
from triviareel.video.score import Spoken

SILENT = np.zeros(0, np.float32)
CARDS = (
    CardText(
        "q1", "Space", "easy", "Which planet is the largest?", ("Mars", "Jupiter", "Venus", "Earth"), 1,
        "It would hold 1,300 Earths.",
    ),
    CardText(
        "q2", "Языки", "hard", "ما هي عاصمة مصر؟", ("Ελλάδα", "हिन्दी", "القاهرة", "Łódź"), 2, "½ of 80 % is 40 %.",
    ),
)  # fmt: skip


@pytest.fixture
def order(small_assets: Path) -> Order:
    pack = assets.open_pack(assets.in_folder(small_assets / "demo" / "video-assets"))
    hasty = replace(
        theme.load("limelight"),
        pace=replace(theme.load("limelight").pace, intro_s=Fraction(1), outro_s=Fraction(1), reading_rate=60),
    )
    return Order(
        canvas=Canvas(Format.LANDSCAPE, 720, 24),
        theme=hasty,
        cards=CARDS[:1],
        title=Title("Space", "1 question", "Thanks", "See you"),
        spoken=(Spoken(SILENT, (SILENT,) * 4, SILENT),),
        intro_speech=SILENT,
        outro_speech=SILENT,
        pack=pack,
        encoder="x264",
    )


def made(order: Order, folder: Path) -> tuple[Rendered, Path]:
    folder.mkdir(exist_ok=True)
    told: list[int] = []
    result = render(order, DiskScratch(folder), lambda progress: told.append(progress.frame), threading.Event())
    assert told == sorted(told)
    assert told[-1] <= result.frames
    return result, folder / "video.mp4"


def frames(path: Path, *wanted: int) -> list[NDArray[np.int16]]:
    with av.open(str(path)) as container:
        decoded = enumerate(container.decode(video=0))
        found = {
            number: frame.to_ndarray(format="rgb24").astype(np.int16) for number, frame in decoded if number in wanted
        }
    return [found[number] for number in wanted]


def test_the_same_order_gives_the_same_file(order: Order, tmp_path: Path) -> None:
    first, one = made(order, tmp_path / "1")
    second, two = made(order, tmp_path / "2")
    assert one.read_bytes() == two.read_bytes()
    assert first.content_hash == second.content_hash
    other, _ = made(replace(order, seed=1), tmp_path / "3")  # another seed begins with another background
    assert other.content_hash != first.content_hash


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="no ffmpeg of the system's is here")
def test_the_systems_ffmpeg_makes_whole_videos(order: Order, tmp_path: Path) -> None:
    # Of 64 n + 21 frames' sound, the last AAC packet begins in the last millisecond: ffmpeg 5.1's end is before it.
    pace = order.theme.pace
    longer = replace(pace, outro_s=pace.outro_s + Fraction((21 - storyboard(order).length) % 64, 24))
    order = replace(order, theme=replace(order.theme, pace=longer))
    system, _ = made(replace(order, ffmpeg="system"), tmp_path / "system")
    assert system.frames % 64 == 21
    embedded, _ = made(order, tmp_path / "embedded")
    assert system.frames == embedded.frames


@pytest.mark.skipif(not scratch.has_ram_files(), reason="this system has no files in memory")
def test_in_memory_the_same_file_is_made(order: Order, tmp_path: Path) -> None:
    with in_ram() as room:
        assert isinstance(room, RamScratch)
        render(speaking(order, room.file("speech.s16")), room, lambda _: None, threading.Event())
        in_memory = room.file("video.mp4").read_bytes()
    _, on_disk = made(speaking(order, tmp_path / "speech.s16"), tmp_path / "disk")
    assert in_memory == on_disk.read_bytes()


def speaking(order: Order, tape: Path) -> Order:
    speech = (np.sin(np.arange(24_000) / 20) / 3).astype(np.float32)
    return replace(order, spoken=(Spoken(Tape(tape).record(speech), (SILENT,) * 4, SILENT),))


@pytest.mark.parametrize("form", Format)
def test_the_right_option_lights_up_in_the_reveals_first_frame(order: Order, tmp_path: Path, form: Format) -> None:
    order = replace(order, canvas=Canvas(form, 720, 24), cards=CARDS, spoken=order.spoken * 2)
    result, path = made(order, tmp_path)
    assert (result.width, result.height) == (order.canvas.width, order.canvas.height)
    for scene, card in zip(result.storyboard.scenes, order.cards, strict=True):
        before, at = frames(path, scene.reveal - 1, scene.reveal)
        layers = {layer.name: layer for layer in drawn(order).layers}
        change = {
            name: float(np.abs(at - before)[layer.y : layer.y + layer.height, layer.x : layer.x + layer.width].mean())
            for name, layer in layers.items()
            if name.startswith("option_")
        }
        lit = max(change, key=lambda name: change[name])
        # Right-to-left cards are mirrored: in two columns A stands on the right, on the layer of B.
        mirrored = (
            "abcd"[card.answer_index ^ 1] if card.id == "q2" and form != Format.PORTRAIT else "abcd"[card.answer_index]
        )
        assert lit == f"option_{mirrored}"
        assert change[lit] > 15


def drawn(order: Order) -> cards.Cards:
    return cards.draw(order.theme, order.canvas, storyboard(order), order.cards, order.title)


def test_pulses_in_quiet_music_stay_under_the_ceiling_when_they_are_coded(order: Order, tmp_path: Path) -> None:
    """Of 130 such videos with nobody's voice, ffmpeg 9's usual search for AAC's quantisers put peaks into four."""
    card = replace(CARDS[0], question=f"{'Word ' * 10:.46}?", explanation=f"{'Word ' * 20:.79}.")
    result, _ = made(replace(order, theme=theme.load(hasty_theme(tmp_path)), cards=(card,), seed=638_556_637), tmp_path)
    assert result.true_peak_dbtp < -1.5


def test_av1_makes_av1_and_passes_the_same_inspection(order: Order, tmp_path: Path) -> None:
    result, path = made(replace(order, encoder="av1"), tmp_path)
    assert result.encoder == "av1"
    with av.open(str(path)) as container:
        assert "av1" in container.streams.video[0].codec_context.name


def test_nvenc_by_name_is_nvenc_or_an_error(order: Order, tmp_path: Path) -> None:
    if ffmpeg.prove(ffmpeg.executable(), "nvenc").working:
        assert made(replace(order, encoder="nvenc"), tmp_path)[0].encoder == "nvenc"
        return
    with pytest.raises(EncoderMissing, match="nvenc does not work on this machine"):
        made(replace(order, encoder="nvenc"), tmp_path)
    assert not (tmp_path / "video.mp4").exists()


def test_a_video_that_fails_inspection_says_why_and_stays_for_a_look(
    order: Order, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    master = sound.master
    monkeypatch.setattr(sound, "master", lambda score: (bytes(len(block)) for block in master(score)))  # mute
    with pytest.raises(InspectionError, match="no ding at the reveal"):
        render(order, DiskScratch(tmp_path), lambda _: None, threading.Event())
    assert (tmp_path / "video.mp4").stat().st_size > 100_000


def test_stop_before_the_end_leaves_by_stopped(order: Order, tmp_path: Path) -> None:
    stop = threading.Event()
    with pytest.raises(Stopped):
        render(order, DiskScratch(tmp_path), lambda _: stop.set(), stop)
