from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main

from tests.unit.jobs import light
from triviareel.cli import app as commands
from triviareel.cli.app import run
from triviareel.jobs import doctor
from triviareel.jobs.doctor import Level
from triviareel.jobs.request import Request
from triviareel.questions import csvfile
from triviareel.settings import Settings
from triviareel.settings import read as read_settings

ROOT = Path(__file__).parents[3]


def options() -> list[tuple[str, str]]:
    """Every command with each of its options, as the parser knows them."""
    found: list[tuple[str, str]] = []

    def walk(path: str, command: Any) -> None:
        for param in command.params:
            names = param.opts if param.opts[0].startswith("-") else [param.metavar]
            found.extend((path, name) for name in names if name != "--help")
        for name, inner in getattr(command, "commands", {}).items():
            walk(f"{path} {name}".strip(), inner)

    walk("", typer.main.get_command(commands.app))
    return found


@pytest.mark.parametrize(("path", "option"), options())
def test_every_command_and_option_is_documented(path: str, option: str) -> None:
    text = (ROOT / "docs" / "cli.md").read_text()
    sections = dict(re.findall(r"^## `triviareel ([a-z ]+)`\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    section = sections[path] if path else text
    assert f"`{option}" in section


def test_the_documented_defaults_of_make_are_its_own() -> None:
    section = (ROOT / "docs" / "cli.md").read_text().partition("## `triviareel make`")[2].partition("\n## ")[0]
    told = dict(re.findall(r"^\| `(--[a-z-]+)[^|]*\| `?([^|`]*?)`? *\|", section, re.MULTILINE))
    make: Any = typer.main.get_command(commands.app)
    usual = {param.opts[0]: str(param.default) for param in make.commands["make"].params if param.default}
    assert len(usual) > 10
    assert {name: told[name] for name in usual} == usual


def test_help_loads_nothing_heavy() -> None:
    program = """
import sys
from triviareel.cli.app import run
code = run(["--help"])
heavy = {"av", "numpy", "pyvips", "scipy", "onnxruntime", "fontTools", "imageio_ffmpeg"} & set(sys.modules)
print(code, sorted(heavy), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"
    assert "make" in done.stdout


def test_the_version_and_a_bare_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert re.fullmatch(r"triviareel \d+\.\d+\.\d+\n", capsys.readouterr().out)
    assert run([]) == 0
    assert "Usage" in capsys.readouterr().out


def test_questions_writes_the_same_csv_for_the_same_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.csv"):
        assert run(["questions", "--output", name, "--seed", "7", "--questions", "6", "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["csv"] for line in told] == ["a.csv", "b.csv"]
    assert told[0]["sha256"] == told[1]["sha256"]
    assert Path("a.csv").read_bytes() == Path("b.csv").read_bytes()
    assert len(csvfile.loads(Path("a.csv").read_bytes(), "a.csv")) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "b.csv"]


def test_questions_are_those_that_make_would_take_with_the_same_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["questions", "--output", "a.csv", "--seed", "7", "--questions", "4", "--topic", "space"]) == 0
    light.run(tmp_path, Request(topics=("space",), questions=4, seed=7), "j")
    assert Path("a.csv").read_bytes() == Path("jobs/demo/j/questions.csv").read_bytes()


def test_debug_shows_a_traceback_wherever_it_stands(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (["--debug", "questions", "--output", "x/"], ["questions", "--output", "x/", "--debug"]):
        assert run(words) == 2
        told = capsys.readouterr().err
        assert "Traceback" in told
        assert told.splitlines()[-1].startswith("triviareel: ")


def test_the_doctor_finds_this_machine_able_and_shows_no_secret(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "canary-7f3a")
    monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path))
    assert run(["doctor", "--root", str(tmp_path / "out"), "--json"]) == 0
    told = capsys.readouterr()
    findings = {line["thing"]: line for line in map(json.loads, told.out.splitlines())}
    assert {"ffmpeg", "encoder x264", "voices", "fonts", "cache", "root", "gemini", "GEMINI_API_KEY"} <= set(findings)
    assert "canary" not in told.out + told.err
    assert "Ready" in told.err
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_says_what_to_do_about_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file", "/nowhere/ffmpeg", {})
    findings = list(doctor.examine(settings, "s3://bucket"))
    missing = {finding.thing: finding for finding in findings if finding.level == Level.MISSING}
    assert {"ffmpeg", "cache", "root"} <= set(missing)
    assert all(finding.mend for finding in missing.values())
    assert not doctor.healthy(findings)


def test_an_image_needs_no_embedded_ffmpeg_and_no_cache_that_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    (cache / "assets-1-1920x1080-30").mkdir(parents=True)
    monkeypatch.setattr("os.access", lambda path, _: Path(path) != cache)
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    findings = {found.thing: found for found in doctor.examine(Settings(cache, "system", {}), str(tmp_path / "out"))}
    assert (findings["packages"].level, findings["cache"].level) == (Level.OK, Level.OK)
    assert "read only" in findings["cache"].detail


def test_settings_come_from_the_environment_that_is_given(tmp_path: Path) -> None:
    given = {"TRIVIAREEL_CACHE": str(tmp_path), "TRIVIAREEL_FFMPEG": "system", "GEMINI_API_KEY": "secret"}
    found = read_settings(given)
    assert (found.cache, found.ffmpeg) == (tmp_path, "system")
    assert found.credentials == {"GEMINI_API_KEY": True, "GOOGLE_APPLICATION_CREDENTIALS": False}
    assert "secret" not in repr(found)
    assert read_settings({}).ffmpeg == "auto"


def test_questions_need_nothing_of_the_video_extra_and_other_commands_say_what_is_missing(tmp_path: Path) -> None:
    program = """
import sys
for name in ("av", "numpy", "pyvips", "scipy", "fontTools", "onnxruntime", "hibari", "imageio_ffmpeg", "ffmpeg"):
    sys.modules[name] = None
from triviareel.cli.app import run
assert run(["questions", "--output", "q.csv", "--seed", "1"]) == 0
assert run(["make"]) == 2
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "install triviareel[video]" in done.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["q.csv"]
