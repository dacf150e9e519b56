"""What tests of submit and schedule share: both servers, a config for them, and the compiled pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests import compiled
from tests.fakes.gcs import GcsServer
from tests.fakes.vertex import VertexServer

ACCOUNT = "trivia-pipeline@quiz-project.iam.gserviceaccount.com"
NETWORK = "projects/123456/global/networks/default"
KEY = "projects/quiz-project/locations/europe-west4/keyRings/ring/cryptoKeys/key"

CONFIG = f"""
project = "quiz-project"
location = "europe-west4"
bucket = "gs://quiz-videos"
service_account = "{ACCOUNT}"
network = "{NETWORK}"
encryption_key = "{KEY}"

[labels]
team = "quiz"

[parameters]
channel = "demo"
videos = 3
"""


@dataclass(frozen=True, slots=True)
class Cloud:
    """A Vertex AI and a Cloud Storage on loopback, and what a checkout has."""

    vertex: VertexServer
    bucket: GcsServer
    folder: Path

    @property
    def config(self) -> Path:
        """The config file."""
        return self.folder / "config" / "pipeline.toml"

    def change(self, old: str, new: str) -> None:
        """Write the config with another text in the place of one."""
        text = self.config.read_text("utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new), "utf-8")


@contextmanager
def cloud(folder: Path, monkeypatch: pytest.MonkeyPatch, **options: Any) -> Iterator[Cloud]:
    """Both servers, with `folder` as the checkout in which commands are run."""
    with VertexServer(**options) as vertex, GcsServer(["quiz-videos"]) as bucket:
        made = Cloud(vertex, bucket, folder)
        made.config.parent.mkdir()
        made.config.write_text(f'endpoint = "{vertex.url}"\n{CONFIG}', "utf-8")
        (folder / "build").mkdir()
        (folder / "build" / "trivia_videos.yaml").write_text(compiled.text("t4", False), "utf-8")
        monkeypatch.chdir(folder)
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        yield made


@dataclass(frozen=True, slots=True)
class Ran:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)

    @property
    def fault(self) -> str:
        """What it ended with: one line, the last."""
        return self.err.strip().splitlines()[-1]


Run = Callable[..., Ran]


def runner(run: Callable[[list[str]], int], capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs a command with some arguments."""

    def ran(*argv: str) -> Ran:
        code = run(list(argv))
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran
