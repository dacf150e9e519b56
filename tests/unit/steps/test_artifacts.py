"""What steps hand on."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from tests.fakes.gcs import GcsServer
from triviareel.errors import InputError
from triviareel.steps import artifacts
from triviareel.steps.artifacts import Artifact


def test_artifacts_and_what_tells_of_them_are_written_with_their_folders(tmp_path: Path) -> None:
    given = Namespace(
        dead_letters=str(tmp_path / "a/b/dead"),
        dead_letters_uri="gs://b/dead",
        executor_output=str(tmp_path / "c/d/out.json"),
    )
    artifacts.put(given, [Artifact("dead-letters", b"x", {"jobs": 1})])
    assert Path(given.dead_letters).read_bytes() == b"x"
    assert json.loads(Path(given.executor_output).read_text()) == {
        "artifacts": {"dead_letters": {"artifacts": [{"name": "", "uri": "gs://b/dead", "metadata": {"jobs": 1}}]}}
    }


def test_rows_read_back(tmp_path: Path) -> None:
    rows = [{"job": "b-00001", "message": "line\nbreak   and é"}, {"job": "b-00002"}]
    path = tmp_path / "rows"
    path.write_bytes(artifacts.lines(rows))
    assert artifacts.read(str(path)) == rows


@pytest.mark.parametrize("data", [b"{", b"[]\n", b'{"job": 3}\n', b'{"state": "x"}\n', b'{"job": "\xff"}\n'])
def test_a_damaged_line_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "rows"
    path.write_bytes(b'{"job": "a"}\n' + data)
    with pytest.raises(InputError, match=r"rows line 2 is damaged .*: run the step before again"):
        artifacts.read(str(path))


def test_what_is_not_there_or_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        artifacts.read(str(tmp_path / "none"))
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="file"):
        artifacts.write(str(tmp_path / "file" / "x"), b"")


def test_what_is_named_by_vertex_ais_mount_is_taken_from_the_bucket_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"job": "b-00001"}]
    with GcsServer(["b"]) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        artifacts.write("/gcs/b/runs/render-videos_-12/videos", artifacts.lines(rows))
        assert artifacts.read("/gcs/b/runs/render-videos_-12/videos") == rows
        with pytest.raises(InputError, match="gs://b/none"):
            artifacts.read("/gcs/b/none")
    assert not Path("/gcs").exists()
