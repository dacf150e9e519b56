"""Whole batches of tiny videos, through the command line, in this process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from triviareel.cli.app import run
from triviareel.questions import csvfile
from triviareel.video import render

TINY = ["--questions", "1", "--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264", "--seed", "7"]

GLYPHLESS = (
    "id,topic,difficulty,question,option_a,option_b,option_c,option_d,answer,explanation,source\r\n"
    "odd,history,hard,What does 𓀀 mean?,Man,Sun,Owl,Reed,A,A seated man.,Own\r\n"
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))


def files(folder: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file())


def manifest(job: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"out/jobs/demo/{job}/_MANIFEST.json").read_bytes())
    return found


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    return {line["job"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}


def test_a_batch_survives_a_bad_job_and_then_does_only_what_is_missing(
    small_assets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["make", *TINY, "--videos", "2", "--workers", "2", "--format", "portrait", "--job", "b", "--json"]
    words += ["--assets", str(small_assets)]
    bad = Path("out/jobs/demo/b-00002/questions.csv")
    bad.parent.mkdir(parents=True)
    bad.write_text(GLYPHLESS, newline="")

    assert run(words) == 3
    lines = told(capsys)
    good = lines["b-00001"]
    assert (good["width"], good["height"], good["fps"], good["questions"], good["encoder"]) == (
        720,
        1280,
        24,
        1,
        "x264",
    )
    assert good["duration_s"] == round(good["frames"] / 24, 3)
    assert lines["b-00002"]["video"] is None
    assert "U+13000" in lines["b-00002"]["error"]
    assert files("out") == [
        "final_videos/demo/b-00001/captions.srt",
        "final_videos/demo/b-00001/final_video.mp4",
        "final_videos/demo/b-00001/metadata.json",
        "final_videos/demo/b-00001/thumbnail.jpg",
        "jobs/demo/b-00001/_MANIFEST.json",
        "jobs/demo/b-00001/dataset.json",
        "jobs/demo/b-00001/questions.csv",
        "jobs/demo/b-00002/_MANIFEST.json",
        "jobs/demo/b-00002/questions.csv",
        "runs/demo/b/plan.json",
        "runs/demo/b/planned.json",
        "runs/demo/b/shards/0000.json",
    ]
    failed = manifest("b-00002")
    assert failed["state"] == "failed"
    assert failed["attempts"] == 1
    assert (failed["failure"]["stage"], failed["failure"]["error"]) == ("checks", "TextError")
    done = manifest("b-00001")
    assert list(done["times"]) == ["planned", "generated", "written", "rendering", "rendered"]
    assert done["content_hash"] == good["content_hash"]
    for output in done["outputs"].values():
        assert Path(output["uri"]).stat().st_size == output["size"]

    bad.unlink()
    before = Path(good["video"]).stat()
    assert run(words) == 0
    lines = told(capsys)
    assert (lines["b-00001"]["skipped"], lines["b-00002"]["skipped"]) == (True, False)
    assert Path(good["video"]).stat().st_mtime_ns == before.st_mtime_ns
    assert manifest("b-00001") == done
    mended = manifest("b-00002")
    assert (mended["state"], mended["failure"], mended["attempts"]) == ("rendered", None, 2)
    asked = [csvfile.loads(Path(line["csv"]).read_bytes(), "")[0].id for line in lines.values()]
    assert len(set(asked)) == 2

    assert run([*words, "--fps", "25"]) == 2
    assert "fps was 24 and is now 25" in capsys.readouterr().err
    assert run(words) == 0
    assert all(line["skipped"] for line in told(capsys).values())


def test_more_questions_than_there_are_is_refused_before_anything_is_written(
    small_assets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["make", "--assets", str(small_assets), "--topic", "space", "--questions", "100", "--videos", "90"]
    assert run([*words, "--voice", "none"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert files("out") == []


def test_a_video_that_fails_inspection_is_kept_aside_with_the_reason(
    small_assets: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["make", *TINY, "--format", "square", "--job", "r", "--json", "--assets", str(small_assets)]
    with monkeypatch.context() as patched:
        patched.setattr(render, "findings", lambda *_: ["the ding of question 1 is 3 frames late"])
        assert run(words) == 75
    assert "3 frames late" in told(capsys)["r"]["error"]
    assert files("out") == [
        "jobs/demo/r/_MANIFEST.json",
        "jobs/demo/r/dataset.json",
        "jobs/demo/r/questions.csv",
        "jobs/demo/r/rejected/final_video.mp4",
        "jobs/demo/r/rejected/reason.txt",
        "runs/demo/r/plan.json",
        "runs/demo/r/shards/0000.json",
    ]
    assert Path("out/jobs/demo/r/rejected/reason.txt").read_text() == "the ding of question 1 is 3 frames late\n"
    assert manifest("r")["failure"]["error"] == "InspectionError"


def test_a_csv_of_ones_own_becomes_a_video_and_is_made_anew_only_when_it_changes(
    small_assets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["questions", "--output", "mine.csv", "--questions", "1", "--topic", "science", "--seed", "3"]) == 0
    words = [
        "render",
        "--csv",
        "mine.csv",
        "--output",
        "films/quiz.mp4",
        *TINY[2:],
        "--assets",
        str(small_assets),
        "--json",
    ]
    for skipped in (False, True):
        assert run(words) == 0
        [line] = map(json.loads, capsys.readouterr().out.splitlines())
        assert line["skipped"] is skipped
        assert (line["video"], line["width"], line["height"]) == ("films/quiz.mp4", 1280, 720)
    assert files("films") == ["quiz.jpg", "quiz.json", "quiz.mp4", "quiz.srt"]
    words_beside = json.loads(Path("films/quiz.json").read_text())
    assert words_beside["video"]["content_hash"] == line["content_hash"]
    assert "science" in words_beside["tags"]
    assert Path("films/quiz.jpg").read_bytes().startswith(b"\xff\xd8")
