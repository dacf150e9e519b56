"""The graph on real frames: where layers are, when they change, what colour they have."""

import shutil
import threading
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import pyvips
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from triviareel.errors import EncodeError
from triviareel.video import ffmpeg, graph, media, motion, nvenc, tracks
from triviareel.video.canvas import SAMPLE_RATE, Canvas, Format
from triviareel.video.encoder import Choice
from triviareel.video.layers import Layer, Motion, Picture, Side
from triviareel.video.storyboard import Span

CANVAS = Canvas(Format.LANDSCAPE, 720, 24)
BACK = (16, 24, 64)
RED, GREEN = (200, 30, 30), (30, 180, 60)


def colour_clip(path: Path, colour: str, *, size: str = "1280x720", rate: str = "24", seconds: float = 1) -> Path:
    source = f"color=c={colour}:s={size}:r={rate}:d={seconds}"
    bt709 = "scale=out_color_matrix=bt709:out_range=tv,setparams=colorspace=bt709:range=tv,format=yuv420p"
    ffmpeg.run([str(ffmpeg.executable()), "-v", "error", "-f", "lavfi", "-i", source, "-vf", bt709, "-qp", "0",
                "-c:v", "libx264", "-preset", "ultrafast", str(path)])  # fmt: skip
    return path


def flat(width: int, height: int, colour: tuple[int, int, int], alpha: int = 255) -> pyvips.Image:
    return pyvips.Image.black(width, height).linear(1, [*colour, alpha]).cast("uchar").copy(interpretation="srgb")


def layer(name: str, place: tuple[int, int, int, int], moves: Motion, *pictures: Picture) -> Layer:
    return Layer(name, *place, moves, pictures)


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    frames: list[Any] = []
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            frames.append(frame.reformat(format="rgb24", src_colorspace="ITU709").to_ndarray())
    return frames


@pytest.fixture(scope="module", params=["embedded", "system"])
def film(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[NDArray[np.uint8]], graph.Plan]:
    if request.param == "system" and not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg on the PATH")
    folder = tmp_path_factory.mktemp("film with 'odd' [name], and: more")
    slides = Motion((6, 40), (30, 60), Side.TOP, Side.LEFT, 8, 6)
    appears = Motion((20,), (60,), Side.RIGHT, Side.LEFT, 4, 6)
    layers = (
        layer("slides", (200, 100, 160, 90), slides, Picture(6, flat(160, 90, RED)), Picture(45, flat(160, 90, GREEN))),
        layer("half", (700, 400, 100, 100), appears, Picture(20, flat(100, 100, (255, 255, 255), 128))),
    )
    paths = [folder / f"{one.name}.nut" for one in layers]
    for one, path in zip(layers, paths, strict=True):
        tracks.write(one, CANVAS.fps, 72, path)
    (pyvips.Image.black(200, 20) + 255).cast("uchar").write_to_file(str(folder / "mask.png"))
    plays = (Span(10, 12), Span(50, 12))
    bar = colour_clip(folder / "bar.mp4", "0xFFFF00", size="400x40", rate="30", seconds=0.3)
    timer = graph.Timer(str(bar), Fraction(30), folder / "mask.png", 600, 600, 200, 20, plays)
    first = colour_clip(folder / "1.mp4", "0x101840", seconds=0.5)
    second = colour_clip(folder / "2.mp4", "0x104018", size="600x600", rate="15")
    backgrounds = (
        graph.Background(str(first), Fraction(24), 1280, 720, True, 36),
        graph.Background(str(second), Fraction(15), 600, 600, False, 36),
    )
    plan = graph.Plan(CANVAS, 72, backgrounds, tuple(zip(layers, paths, strict=True)), timer)
    ffmpeg.encode(
        graph.argv(plan, Choice(ffmpeg.executable(request.param), "x264"), "film.mp4"),
        cwd=folder,
        feed=[bytes(SAMPLE_RATE * 4)] * 3,
        watch=lambda stream: stream.read(),
        progress=lambda *_: None,
        stop=threading.Event(),
    )
    return decoded(folder / "film.mp4"), plan


@pytest.mark.parametrize(
    ("name", "codec", "frames", "rate"),
    [
        ("1.mov", "libx264", 12, 24),
        ("1.mkv", "mpeg2video", 12, 24),
        ("1.webm", "libvpx", 12, 24),
        ("1.avi", "mpeg4", 12, 24),
        ("slow.mp4", "libx264", 2, 1),
        ("still.mp4", "libx264", 1, 5),
    ],
)
def test_templates_of_every_kind_that_passes_the_probe_are_looped(
    name: str, codec: str, frames: int, rate: int, tmp_path: Path
) -> None:
    source = f"testsrc2=s=320x180:r={rate}:d={frames / rate}"
    ffmpeg.run([str(ffmpeg.executable()), "-v", "error", "-f", "lavfi", "-i", source, "-c:v", codec, "-pix_fmt",
                "yuv420p", str(tmp_path / name)])  # fmt: skip
    found = media.probe(tmp_path / name)
    (pyvips.Image.black(64, 16) + 255).cast("uchar").write_to_file(str(tmp_path / "mask.png"))
    timer = graph.Timer(found.location, found.fps, tmp_path / "mask.png", 0, 0, 64, 16, (Span(4, 12),))
    background = graph.Background(found.location, found.fps, found.width, found.height, False, 36, found.frames == 1)
    seen = ffmpeg.encode(
        graph.argv(graph.Plan(CANVAS, 36, (background,), (), timer), Choice(ffmpeg.executable(), "x264"), "film.mp4"),
        cwd=tmp_path,
        feed=[bytes(SAMPLE_RATE * 4)] * 2,
        watch=lambda stream: stream.read(),
        progress=lambda *_: None,
        stop=threading.Event(),
        stall_s=20,
    )
    assert seen
    assert media.probe(tmp_path / "film.mp4").frames == 36


def near(pixel: NDArray[np.uint8], colour: tuple[int, int, int], tolerance: int = 6) -> bool:
    return bool(np.abs(pixel.astype(int) - colour).max() <= tolerance)


def test_frames_are_exact_in_number_and_size(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    frames, plan = film
    assert len(frames) == plan.length
    assert frames[0].shape == (720, 1280, 3)


def test_every_template_fills_the_frame_for_its_act(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    frames, _ = film
    for number, frame in enumerate(frames):
        wanted = BACK if number < 36 else (16, 64, 24)
        assert near(frame[2, 2], wanted), number
        assert near(frame[-3, -3], wanted), number


def test_a_layer_is_where_its_motion_says_in_every_frame(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    frames, plan = film
    moved = plan.layers[0][0]
    for number, frame in enumerate(frames):
        x, y = motion.position(moved, 1280, 720, number)
        wanted = RED if number < 45 else GREEN
        found = np.argwhere(np.abs(frame.astype(int) - wanted).max(axis=2) < 40)
        shown_w, shown_h = min(1280, x + 160) - max(0, x), min(720, y + 90) - max(0, y)
        if shown_w < 4 or shown_h < 4:
            assert len(found) < 1000, number
            continue
        top, left = found.min(axis=0)
        assert abs(left - max(0, x)) <= 2, number  # chroma lies on even pixels
        assert abs(top - max(0, y)) <= 2, number


def test_a_picture_changes_in_its_own_frame_and_keeps_its_colour(
    film: tuple[list[NDArray[np.uint8]], graph.Plan],
) -> None:
    frames, _ = film
    assert near(frames[29][145, 280], RED)  # at rest since frame 13
    assert near(frames[47][145, 280], GREEN, 12)


def test_half_transparent_pixels_are_half_background(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    frames, _ = film
    assert near(frames[30][450, 750], tuple((255 + c) // 2 for c in BACK), 8)  # type: ignore[arg-type]  # three in, three out


def test_the_timer_is_seen_in_each_countdown_and_only_then(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    frames, plan = film
    shown = {number for number, frame in enumerate(frames) if frame[610, 700, :2].min() > 200}
    assert shown == {number for span in plan.timer.plays for number in range(span.start, span.end)}


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(13, 90)), min_size=1, max_size=6),
    st.sampled_from(Side),
    st.sampled_from(Side),
    st.integers(1, 12),
    st.integers(1, 12),
)
def test_a_layer_rests_in_its_place_and_is_outside_before_and_after(
    rhythm: list[tuple[int, int]], enter: Side, leave: Side, enter_frames: int, leave_frames: int
) -> None:
    enters, leaves, now = [], [], 0
    for pause, stay in rhythm:
        now += pause + 12
        enters.append(now)
        now += stay
        leaves.append(now)
    moves = Motion(tuple(enters), tuple(leaves), enter, leave, enter_frames, leave_frames)
    card = layer("card", (100, 50, 200, 80), moves, Picture(0, None))

    def outside(frame: int) -> bool:
        x, y = motion.position(card, 1280, 720, frame)
        return x >= 1280 or y >= 720 or x + 200 <= 0 or y + 80 <= 0

    assert outside(enters[0] - 1)
    for entered, left in zip(enters, leaves, strict=True):
        assert motion.position(card, 1280, 720, left - 1) == (100, 50)
        assert motion.position(card, 1280, 720, entered + enter_frames - 1) == (100, 50)
        assert outside(left + leave_frames - 1)


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40), st.integers(0, 2))
def test_acts_change_where_a_question_begins_and_cover_the_video(lengths: list[int], first: int) -> None:
    scenes, at = [], 90
    for length in lengths:
        scenes.append(Span(at, length))
        at += length
    found = graph.acts(scenes, at + 100, 3, first)
    assert sum(frames for _, frames in found) == at + 100
    assert found[0][0] == first
    assert all(before != after for (before, _), (after, _) in pairwise(found))
    cuts = np.cumsum([frames for _, frames in found])[:-1]
    assert set(cuts) <= {scene.start for scene in scenes}


def test_a_hundred_questions_fit_on_a_command_line() -> None:
    scenes = [Span(90 + 600 * index, 600) for index in range(100)]
    moves = Motion(tuple(s.start for s in scenes), tuple(s.end - 12 for s in scenes), Side.TOP, Side.LEFT, 12, 12)
    layers = tuple((layer(f"l{index}", (0, 0, 100, 100), moves), Path(f"/t/{index}.nut")) for index in range(7))
    timer = graph.Timer("/t/bar", Fraction(30), Path("/t/m"), 0, 0, 10, 10, tuple(Span(s.start, 150) for s in scenes))
    plan = graph.Plan(
        Canvas(), 61_000, (graph.Background("/1", Fraction(30), 1920, 1080, True, 61_000),), layers, timer
    )
    longest = max(map(len, graph.argv(plan, Choice(Path("ffmpeg"), "x264"), "v.mp4")))
    assert longest < 128 * 1024  # Linux's MAX_ARG_STRLEN


@pytest.mark.parametrize("which", ["embedded", "system"])
def test_the_gpus_graph_is_understood_up_to_the_device_that_is_not_there(
    film: tuple[list[NDArray[np.uint8]], graph.Plan], which: str, tmp_path: Path
) -> None:
    if which == "system" and not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg on the PATH")
    argv = graph.argv(film[1], Choice(ffmpeg.executable(which), "nvenc", gpu=0, composes=True), "film.mp4")
    start = argv.index("-init_hw_device")
    assert argv[start : start + 4] == ["-init_hw_device", "cuda=gpu:0", "-filter_hw_device", "gpu"]
    del argv[start : start + 4]  # with it, a machine without a GPU would not even look at the graph
    with pytest.raises(EncodeError) as error:
        ffmpeg.encode(
            argv,
            cwd=tmp_path,
            feed=[],
            watch=lambda stream: stream.read(),
            progress=lambda *_: None,
            stop=threading.Event(),
        )
    assert "hardware device reference is required" in error.value.stderr_tail
    assert "not found" not in error.value.stderr_tail
    assert "No such filter" not in error.value.stderr_tail


@pytest.mark.parametrize("which", ["embedded", "system"])
def test_a_gpu_lays_the_layers_as_the_processors_do(
    film: tuple[list[NDArray[np.uint8]], graph.Plan], which: str, tmp_path: Path
) -> None:
    """Any that has CUDA: its encoder is not needed."""
    if which == "system" and not shutil.which("ffmpeg"):
        pytest.skip("no ffmpeg on the PATH")
    path = ffmpeg.executable(which)
    try:
        ffmpeg.run([str(path), "-v", "error", "-init_hw_device", "cuda=gpu:0", "-f", "lavfi", "-i",
                    "color=s=64x64:d=0.1", "-f", "null", "-"])  # fmt: skip
    except EncodeError as error:
        pytest.skip(str(nvenc.reason(error.stderr_tail)))
    theirs = composed(film[1], Choice(path, "x264"), tmp_path / "processors.mkv")
    its = composed(film[1], Choice(path, "nvenc", gpu=0, composes=True), tmp_path / "gpu.mkv")
    for number, (one, other) in enumerate(zip(its, theirs, strict=True)):
        off = np.abs(one.astype(int) - other)
        assert off.mean() < 0.5, number  # what moves may be a row apart: here rows are even, there they need not be
        assert off.max() <= 8 or number not in (*range(25, 30), *range(50, 60)), number  # the layers rest


def composed(plan: graph.Plan, choice: Choice, target: Path) -> list[NDArray[np.uint8]]:
    """The frames of a graph as its encoder would get them."""
    argv = graph.argv(plan, choice, "film.mp4")
    wiring, picture = (argv[argv.index(option) + 1] for option in ("-filter_complex", "-map"))
    fetched = "hwdownload,format=yuv420p" if choice.composes else "null"
    ffmpeg.run([*argv[: argv.index("-f")], "-filter_complex", f"{wiring};{picture}{fetched}[out]", "-map", "[out]",
                "-c:v", "libx264", "-qp", "0", "-preset", "ultrafast", str(target)])  # fmt: skip
    return decoded(target)


def test_on_the_gpu_every_layer_moves_by_the_same_rule(film: tuple[list[NDArray[np.uint8]], graph.Plan]) -> None:
    def overlays(composes: bool) -> list[str]:
        argv = graph.argv(film[1], Choice(Path("ffmpeg"), "nvenc", composes=composes), "film.mp4")
        filters = argv[argv.index("-filter_complex") + 1].split("]overlay")[1:]
        return [one[one.index(":x=") : one.index("[")] for one in filters]

    assert overlays(composes=True) == overlays(composes=False)
    assert len(overlays(composes=True)) == len(film[1].layers) + 1
