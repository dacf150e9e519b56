"""Bad input of every kind: one line that names the thing and the mend, the right exit code, nothing half-written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from triviareel.cli.app import run

HEADER = "id,topic,difficulty,question,option_a,option_b,option_c,option_d,answer,explanation,source"
ROW = "geo-fr,geography,easy,What is the capital of France?,Lyon,Paris,Nice,Lille,B,Paris it is.,Own"
SMALL = ["--resolution", "720", "--fps", "24", "--voice", "none"]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty folder; gives the exit code and what people read."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / ".cache"))

    def call(*words: str) -> tuple[int, str]:
        capfd.readouterr()
        code = run(list(words))
        out, err = capfd.readouterr()
        assert out == ""
        return code, err

    return call


def made(folder: Path) -> list[str]:
    """What lies in a folder beside the cache and the input."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".cache" not in path.parts and path.suffix != ".csv" and "assets" not in path.parts
    )


def complaint(told: tuple[int, str], code: int = 2) -> str:
    """The one line that was told, once the exit code is right."""
    assert told[0] == code, told
    lines = [line for line in told[1].splitlines() if line.startswith("triviareel: ")]
    assert len(lines) == 1, told[1]
    assert told[1].splitlines()[-1] == lines[0]
    assert "Traceback" not in told[1]
    return lines[0]


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (["make", "--qestions", "3"], ["--qestions", "did you mean --questions?", "make --help"]),
        (["make", "--questions", "many"], ["--questions", "'many' is no whole number"]),
        (["make", "--seed", "3.5"], ["--seed", "'3.5' is no whole number"]),
        (["mke"], ["'mke'; did you mean 'make'? (see"]),
        (["make", "--gemini-mode", "batch"], ["gemini-mode 'batch'", "add --source gemini"]),
        (["questions", "--output", "q.csv", "--spend-ceiling", "1"], ["spend-ceiling '1'", "add --source gemini"]),
        (["make", "extra"], ["extra"]),
        (["render", "--csv", "x.csv"], ["--output"]),
        (["make", "--questions", "0"], ["questions 0", "1 to 100"]),
        (["make", "--questions", "1000"], ["questions 1000", "1 to 100"]),
        (["make", "--videos", "0"], ["videos 0"]),
        (["make", "--workers", "0"], ["workers 0"]),
        (["make", "--topic", "quidditch"], ["quidditch", "science"]),
        (["make", "--channel", "../x"], ["channel '../x'", "a-z"]),
        (["make", "--channel", "a\0b"], ["channel"]),
        (["make", "--job", "../../etc"], ["job '../../etc'", "a-z"]),
        (["make", "--job", "Über"], ["job 'Über'"]),
        (["make", "--job", ""], ["job ''"]),  # as a variable that was never set gives it
        (["make", "--assets", ""], ["place ''"]),
        (["make", "--theme", ""], ["theme ''", "limelight"]),
        (["make", "--format", "round", "--fps", "31", "--encoder", "h265"], ["'round'", "31", "'h265'", "landscape"]),
        (["make", "--voice", "nobody"], ["nobody", "heart"]),
        (["make", "--theme", "nowhere"], ["nowhere", "limelight"]),
        (["make", "--root", "gs://Bucket/x"], ["gs://Bucket", "small letters"]),
        (["make", "--assets", "nowhere"], ["nowhere/demo/video-assets", "assets build"]),
        (["make", "--source", "web"], ["'web'", "bank"]),
        (["questions", "--output", "gs://b"], ["gs://b", "names a folder"]),
        (["questions", "--output", "sub/"], ["sub/"]),
        (["questions", "--output", "v.mp4"], ["v.mp4", "v.csv"]),
        (["render", "--csv", "/dev/zero", "--output", "v.mp4"], ["/dev/zero", "plain file"]),
        (["render", "--csv", "none.csv", "--output", "v.mp4"], ["none.csv", "does not exist"]),
        (["render", "--csv", "none.csv", "--output", "v.avi"], ["v.avi", "such as v.mp4"]),
        (["render", "--csv", "none.csv", "--output", "v"], ["'v'", "such as v.mp4"]),
        (["render", "--csv", "none.csv", "--output", ".mp4"], ["'.mp4'", "such as trivia.mp4"]),
        (["render", "--csv", "none.csv", "--output", "../.v.mp4"], [".v.mp4"]),
        (["assets", "build", "--to", "x", "--channel", "../y"], ["channel '../y'"]),
        (["make", "--root", "gs:/b"], ["gs:/b", "two slashes"]),
        (["status", "outt"], ["outt does not exist", "spelling"]),
        (["status", "/dev/null"], ["/dev/null is a file"]),
        (["status", ""], ["place ''"]),
        (["retry", "outt"], ["outt does not exist"]),
        (["retry", ".", "--channel", "Demo"], ["channel 'Demo'"]),
        (["retry", ".", "--channel", "demo", "--job", "j"], ["job j: there is none in", "jobs/demo"]),
        (["retry", ".", "--job", "j"], ["--channel"]),
        (["clean", "outt"], ["outt does not exist"]),
        (["clean", "outt/v.mp4"], ["outt/v.mp4 does not exist"]),
        (["clean", "v.mp4", "--channel", "demo"], ["v.mp4", "leave --channel out"]),
        (["clean", ".", "--older-than", "soon"], ["older-than 'soon'", "7d"]),
        (["clean", ".", "--older-than", "999999d"], ["older-than '999999d'"]),
    ],
    ids=lambda value: " ".join(value).replace("\0", "NUL") if isinstance(value, list) else None,
)
def test_bad_options(command: Run, tmp_path: Path, words: list[str], parts: list[str]) -> None:
    line = complaint(command(*words))
    for part in parts:
        assert part in line
    assert made(tmp_path) == []


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", ["q.csv"]),
        (HEADER, ["q.csv"]),
        (HEADER.replace(",answer", "") + "\n" + ROW, ["answer"]),
        (HEADER + "\n" + ROW.replace("Lyon", "Paris"), ["line 2", "option"]),
        (HEADER + "\n" + ROW.replace(",B,", ",AB,"), ["line 2", "answer"]),
        (HEADER + "\n" + ROW.replace("What is", "What is " + "x" * 5000), ["line 2", "question"]),
        (HEADER + "\n" + ROW.replace("France", "Fra\0nce"), ["line 2"]),
        (HEADER + "\n" + "\n".join(ROW.replace("geo-fr", f"q{n}") for n in range(200)), ["100"]),
        ("\xff\xfe", ["q.csv"]),
    ],
    ids=[
        "empty",
        "no rows",
        "missing column",
        "two alike",
        "two right",
        "5000 characters",
        "NUL",
        "too many",
        "binary",
    ],
)
def test_bad_questions(command: Run, tmp_path: Path, text: str, parts: list[str]) -> None:
    Path("q.csv").write_bytes(text.encode("latin-1"))
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", *SMALL))
    for part in ["q.csv", *parts]:
        assert part in line
    assert made(tmp_path) == []


def write_csv(question: str = "What is the capital of France?", option: str = "Lyon") -> None:
    Path("q.csv").write_text(
        f"{HEADER}\n{ROW.replace('What is the capital of France?', question).replace('Lyon', option)}\n"
    )


def test_a_glyph_that_no_font_has_is_named_before_the_render(command: Run, tmp_path: Path, small_assets: Path) -> None:
    write_csv("What does 𓀀 mean?")
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", "--assets", str(small_assets), *SMALL))
    assert "geo-fr" in line
    assert "U+13000" in line
    assert made(tmp_path) == []


def test_a_voice_that_cannot_say_a_text_is_an_error_before_the_render(
    command: Run, tmp_path: Path, small_assets: Path
) -> None:
    write_csv("Что это такое?")
    words = ["render", "--csv", "q.csv", "--output", "v.mp4", "--assets", str(small_assets), "--resolution", "720"]
    line = complaint(command(*words))
    assert "Что" in line
    assert "--voice none" in line or "none" in line
    assert made(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("1.mp4", lambda _: b"I am a text file, whatever I am called.\n"),
        ("2.mp4", lambda _: b""),
        ("3.mp4", lambda data: data[: len(data) // 2]),
        ("slide_timer_bar_5s.mp4", lambda data: data[:100]),
        ("ding_correct_answer_long.wav", lambda _: b"RIFF"),
        ("ding_correct_answer_long.wav", None),
        ("1.mp4", lambda _: b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n"),
    ],
    ids=["text", "empty", "truncated", "cut timer", "cut ding", "missing", "playlist"],
)
def test_bad_assets(
    command: Run, tmp_path: Path, small_assets: Path, name: str, damage: Callable[[bytes], bytes] | None
) -> None:
    shutil.copytree(small_assets, "assets")
    file = Path("assets/demo/video-assets") / name
    file.write_bytes(damage(file.read_bytes())) if damage else file.unlink()
    write_csv()
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", "--assets", "assets", *SMALL))
    assert name in line
    assert made(tmp_path) == []


def test_a_damaged_pack_in_the_cache_is_named_with_its_mend(command: Run, tmp_path: Path, small_assets: Path) -> None:
    kept = tmp_path / ".cache" / "assets-1-1920x1080-30"
    shutil.copytree(small_assets / "demo" / "video-assets", kept)
    (kept / "2.mp4").write_bytes((kept / "2.mp4").read_bytes()[:5000])
    write_csv()
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", *SMALL))
    assert "2.mp4" in line
    assert f"delete {kept}" in line


def test_a_pack_that_is_there_is_never_overwritten(command: Run, small_assets: Path) -> None:
    before = {path.name: path.read_bytes() for path in (small_assets / "demo" / "video-assets").iterdir()}
    line = complaint(command("assets", "build", "--to", str(small_assets)))
    assert "already there" in line
    assert {path.name: path.read_bytes() for path in (small_assets / "demo" / "video-assets").iterdir()} == before


def test_an_output_that_is_a_folder_is_told_before_the_render(command: Run) -> None:
    write_csv()
    Path("v.mp4").mkdir()
    told = command("render", "--csv", "q.csv", "--output", "v.mp4", *SMALL)
    assert "v.mp4 is a folder" in complaint(told)
    assert len(told[1].splitlines()) == 1
    assert list(Path("v.mp4").iterdir()) == []


@pytest.mark.parametrize("name", ["v.jpg", "v.srt", "v.json"])
def test_files_of_others_beside_the_output_are_not_overwritten(command: Run, name: str) -> None:
    write_csv()
    Path(name).write_text('{"mine": true}')
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", *SMALL))
    assert f"{name} is there already" in line
    assert Path(name).read_text() == '{"mine": true}'


def test_a_file_that_is_too_large_is_not_read(command: Run) -> None:
    with Path("q.csv").open("wb") as file:
        file.truncate(1 << 40)  # a hole, which takes no space
    line = complaint(command("render", "--csv", "q.csv", "--output", "v.mp4", *SMALL))
    assert "1,099,511,627,776 bytes" in line


def test_an_output_in_place_of_a_folder(command: Run) -> None:
    Path("file").write_text("x")
    line = complaint(command("questions", "--output", "file/q.csv"))
    assert "file/q.csv" in line
    assert Path("file").read_text() == "x"


def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    """In a process of its own, which gives up its rights once everything is loaded."""
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o555)
    program = """
import os, sys
from triviareel import ending
from triviareel.cli import asks
from triviareel.cli.app import run
run(["questions", "--output", sys.argv[2] + "/q.csv"])
os.chdir(sys.argv[1])
if os.geteuid() == 0:
    os.seteuid(65534)
sys.exit(run(["questions", "--output", "q.csv"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    last = done.stderr.splitlines()[-1]
    assert last.startswith("triviareel: q.csv")
    assert "no write permission" in last
    assert list(folder.iterdir()) == []


def test_a_full_disk(tmp_path: Path, small_assets: Path) -> None:
    """The limit on a process's files stands in for the disk: the encoder and the commit break off midway."""
    (tmp_path / "q.csv").write_text(f"{HEADER}\n{ROW}\n")
    program = """
import resource, sys
from triviareel.cli.app import run
resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
sys.exit(run(sys.argv[1:]))
"""
    words = ["render", "--csv", "q.csv", "--output", "v.mp4", "--assets", str(small_assets), *SMALL]
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={**os.environ, "TRIVIAREEL_CACHE": str(tmp_path / "cache")},
    )
    assert done.returncode == 75, done.stderr
    assert done.stderr.splitlines()[-1].startswith("triviareel: ")
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "cache") == ["q.csv"]
