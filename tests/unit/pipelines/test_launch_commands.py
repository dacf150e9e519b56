"""`submit` and `triviareel schedule` as they are typed: documented, quick, and plain where the pipeline is not."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

from pipelines import schedule, submit
from triviareel.cli import app

ROOT = Path(__file__).resolve().parents[3]


def options() -> list[tuple[str, str]]:
    """Each option of both commands, by its section of docs/submit.md."""
    found: set[tuple[str, str]] = set()
    for section, root in (("submit", submit.app), ("triviareel schedule", schedule.app)):
        command: Any = typer.main.get_command(root)
        for one in [command, *getattr(command, "commands", {}).values()]:
            found |= {(section, param.opts[0]) for param in one.params if param.opts[0].startswith("-")}
    return sorted(found - {("submit", "--help"), ("triviareel schedule", "--help")})


@pytest.mark.parametrize(("section", "option"), options())
def test_every_option_is_documented(section: str, option: str) -> None:
    text = (ROOT / "docs" / "submit.md").read_text("utf-8")
    sections = dict(re.findall(r"^## `([a-z ]+)`\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE))
    assert f"`{option}" in sections[section]


def test_every_command_of_schedule_is_documented() -> None:
    text = (ROOT / "docs" / "submit.md").read_text("utf-8")
    command: Any = typer.main.get_command(schedule.app)
    for name in command.commands:
        assert re.search(rf"`{name}[ `]", text)


@pytest.mark.parametrize("module", ["submit", "schedule"])
def test_help_loads_nothing_of_googles(module: str) -> None:
    program = f"""
import sys
from pipelines import {module}
code = {module}.run(["--help"])
heavy = {{"google.api_core", "google.auth", "kfp", "yaml", "grpc", "requests", "triviareel"}} & set(sys.modules)
print(code, sorted(heavy), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "0 []"
    assert "Usage" in done.stdout


def test_where_the_pipeline_is_not_installed_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pipelines.schedule", None)
    assert app.run(["schedule", "list"]) == 2
    assert "run it in a checkout, or install triviareel[pipeline]" in capsys.readouterr().err


def test_where_the_client_is_not_installed_that_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.delitem(sys.modules, "pipelines.vertex", raising=False)
    monkeypatch.setitem(sys.modules, "google.api_core", None)
    (tmp_path / "p.toml").write_text('project = "quiz-project"\nlocation = "us-central1"\nbucket = "gs://bucket"\n')
    assert schedule.run(["list", "--config", str(tmp_path / "p.toml")]) == 2
    assert "pip install 'triviareel[pipeline]'" in capsys.readouterr().err
