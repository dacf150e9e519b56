"""`python compile.py`, and what it is held against."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import compile as command
from components import images
from pipelines.trivia_videos import PARALLELISM
from tests import compiled


def test_what_is_committed_is_what_the_pipeline_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--check"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(compiled.VARIANTS)


def test_a_change_is_told_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "GOLDEN", tmp_path)
    assert command.main(["--check", "--render", "cpu"]) == 1
    assert "is not there" in capsys.readouterr().err
    assert command.main(["--bless", "--render", "cpu"]) == 0
    file = tmp_path / "trivia_videos_cpu.yaml"
    file.write_text(file.read_text("utf-8").replace("cpuLimit: 16.0", "cpuLimit: 32.0"), "utf-8")
    assert command.main(["--check", "--render", "cpu"]) == 1
    told = capsys.readouterr().err
    assert "/deploymentSpec/executors/exec-render-videos/container/resources/cpuLimit: '16.0' was '32.0'" in told


def test_another_version_or_digest_is_no_change() -> None:
    names = {image.reference for image in images.locked().values()}
    committed = (command.GOLDEN / "trivia_videos_t4_spot.yaml").read_text("utf-8")
    assert not [name for name in names if name in committed]
    assert "(render image)" in committed


def test_it_writes_the_file_and_tells_what_is_in_it(tmp_path: Path) -> None:
    output = tmp_path / "deep" / "pipeline.yaml"
    done = subprocess.run(
        [sys.executable, "-W", "error", "compile.py", "--render", "l4", "--spot", "--output", str(output)],
        capture_output=True, text=True, check=True, cwd=command.GOLDEN.parent.parent,
    )  # fmt: skip
    assert output.read_text("utf-8") == compiled.text("l4", True)
    assert images.WORKER in done.stdout
    assert "g2-standard-8, 1 NVIDIA_L4, spot" in done.stdout
    assert f"{PARALLELISM} shards at a time" in done.stdout
    assert "videos              int   1  " in done.stdout
    assert "channel             str   (needed)" in done.stdout


def test_nothing_is_written_where_the_lint_finds_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = compiled.text("t4", False).replace(images.WORKER, "registry.example/worker:latest")
    monkeypatch.setattr(command, "compiled", lambda *_: text)
    assert command.main(["--output", str(tmp_path / "pipeline.yaml")]) == 1
    assert "latest means another one tomorrow" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--render", "h100"], "choose from"),
        (["--parallelism", "0"], "0: choose 1 to 300"),
        (["--parallelism", "many"], "many: choose 1 to 300"),
        (["--check", "--bless"], "not allowed with"),
        (["--ble"], "unrecognized arguments: --ble"),
        (["--check", "--parallelism", "2"], "leave them out"),
        (["--bless", "--output", "here.yaml"], "leave them out"),
    ],
)
def test_bad_options_are_refused(options: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        command.main(options)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--output", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{tmp_path}: Is a directory; choose another --output, or mend that\n"


def test_a_full_disk_is_told_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--output", "/dev/full"]) == 2
    assert capsys.readouterr().err.startswith("/dev/full: No space left on device; ")


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path: Path) -> None:
    output = tmp_path / "pipeline.yaml"
    words = [sys.executable, "-u", "compile.py", "--output", str(output)]
    root = command.GOLDEN.parent.parent
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=root) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == -signal.SIGPIPE
    assert output.read_text("utf-8") == compiled.text("t4", False)


def test_without_kfp_it_says_where_there_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "kfp.compiler", None)
    assert command.main([]) == 2
    told = capsys.readouterr().err
    assert "kfp.compiler is missing" in told
    assert ".venv/bin/python" in told
