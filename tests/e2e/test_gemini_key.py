"""The key, which must be seen nowhere: no output, no file, no process list, however the command fails."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.proofs import commands
from tests.fakes.gemini import GeminiServer, answers

KEY = "AIza-canary-7f3k9q"
OTHER = "AIza-canary-wrong1"

ENDS = [
    ("bad-key", 2, "the key is refused"),
    ("429-daily", 75, "a limit is reached"),
    ("not-json", 75, "JSON"),
    ("wrong-answer", 75, "questions are good"),
]


@pytest.mark.parametrize(("fault", "code", "told"), ENDS, ids=lambda value: str(value).split()[0])
def test_a_make_that_fails_shows_the_key_nowhere(
    tmp_path: Path, small_assets: Path, fault: str, code: int, told: str
) -> None:
    seen: list[str] = []
    words = ["make", "--voice", "none", "--assets", str(small_assets), "--debug"]
    with GeminiServer(answer=watched(seen)) as server:
        server.faults(*[fault] * 200)
        done = triviareel(tmp_path, {"GEMINI_API_KEY": KEY}, server.url, *words)
    assert seen
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert KEY not in everything(tmp_path, done, seen)


def test_a_key_from_a_file_that_the_service_refuses_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "secret" / "key"
    file.parent.mkdir()
    file.write_text(OTHER)
    (tmp_path / "run").mkdir()
    with GeminiServer(key=KEY) as server:
        environment = {"GEMINI_API_KEY_FILE": str(file)}
        done = triviareel(tmp_path / "run", environment, server.url, "questions", "--output", "q.csv", "--debug")
    assert done.returncode == 2
    assert "the key is refused: API key not valid" in done.stderr
    assert OTHER not in everything(tmp_path / "run", done, [])


def test_what_works_shows_the_key_nowhere_either(tmp_path: Path) -> None:
    seen: list[str] = []
    with GeminiServer(key=KEY, answer=watched(seen)) as server:
        done = triviareel(tmp_path, {"GEMINI_API_KEY": KEY}, server.url, "questions", "--output", "q.csv", "--json")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "q.csv").read_text().count("\n") == 6
    assert KEY not in everything(tmp_path, done, seen)


def triviareel(
    folder: Path, environment: dict[str, str], url: str, command: str, *words: str
) -> subprocess.CompletedProcess[str]:
    """One run of a command, that asks the fake."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GEMINI", "GOOGLE"))}
    argv = [sys.executable, "-c", "from triviareel.cli import main; main()", command, "--source", "gemini", *words]
    return subprocess.run(
        argv,
        cwd=folder,
        env={**kept, **environment, "GOOGLE_GEMINI_BASE_URL": url, "TRIVIAREEL_CACHE": str(folder / "cache")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def watched(seen: list[str]) -> Any:
    """The fake's answers, the process list being looked at whenever one is asked for."""

    def answer(body: dict[str, Any], model: str) -> dict[str, Any]:
        seen.extend(commands())
        return answers.generate(body, model)

    return answer


def everything(folder: Path, done: subprocess.CompletedProcess[str], seen: list[str]) -> str:
    """What the command printed, every file's name and content, and the process lists."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    contents = [path.read_bytes().decode(errors="replace") for path in files]
    return "\n".join([done.stdout, done.stderr, *map(str, files), *contents, *seen])
