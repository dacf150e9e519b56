"""A whole run by its steps, against a folder and against a bucket, and a second one that finds all of it done."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.e2e.steps import CODE, Steps
from tests.e2e.test_batch import GLYPHLESS
from tests.fakes.gcs import GcsServer
from tests.fakes.gemini import GeminiServer
from triviareel.jobs import fingerprint, ledger, places, runs
from triviareel.jobs.manifest import State
from triviareel.storage import Store, open_store
from triviareel.storage.folder import FolderStore

TINY = {
    "topics": "space, history",
    "questions_per_video": "1",
    "videos": "4",
    "shard_size": "2",
    "format": "square",
    "resolution": "720",
    "fps": "24",
    "voice": "none",
    "encoder": "x264",
    "job": "b",
}
SHARDS = ("0000", "0001")


@pytest.fixture(autouse=True)
def one_place_and_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(fingerprint, "code_version", lambda: CODE)


@pytest.fixture(params=["folder", "bucket"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    if request.param == "folder":
        yield str(tmp_path / "out")
        return
    with GcsServer(["videos"]) as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        yield "gs://videos/out"


def main(steps: Steps, step: str, shard: str = "", **options: str) -> int:
    """A step in this process."""
    code: int = importlib.import_module(f"triviareel.steps.{step}").main(steps.argv(step, shard, **options))
    return code


def generations(store: Store) -> dict[str, int]:
    return {stat.name: stat.generation for stat in store.list("final_videos")}


def test_a_run_and_a_second_one_that_renders_nothing(root: str, tmp_path: Path, small_assets: Path) -> None:
    """Two shards of two videos in the bucket, of one in the folder, where the next test has more."""
    steps, store = Steps(root, tmp_path / "artifacts", str(small_assets)), open_store(root)
    each = 2 if root.startswith("gs://") else 1
    request = {**TINY, "videos": str(2 * each), "shard_size": str(each)}
    planned = steps.process("plan", **request)
    assert (planned.returncode, planned.stderr) == (0, "")
    assert json.loads(steps.path("plan", "shards").read_bytes()) == list(SHARDS)
    jobs = [f"b-{number:05d}" for number in range(1, 2 * each + 1)]
    assert [(row["job"], row["shard"]) for row in steps.rows("jobs")] == [
        (job, SHARDS[number // each]) for number, job in enumerate(jobs)
    ]
    for shard in SHARDS:
        for step in ("generate", "write", "render"):
            done = steps.process(step, shard, **({"workers": "2"} if step == "render" else {}))
            assert (done.returncode, done.stderr) == (0, "")
            assert all(
                kind in steps.metadata(step, shard).popitem()[1] for kind in ("videos", "seconds", "tokens", "cost")
            )
        for row in steps.rows("videos", shard):
            assert row["state"] == "rendered"
            assert row["video"] == store.uri(places.of_job("demo", row["job"]).film.video)
            assert row["seconds"] > 0
    reported = steps.process("report")
    assert (reported.returncode, reported.stderr) == (0, "")
    figures = steps.metadata("report")["metrics"]
    assert (figures["videos"], figures["failed"], figures["unfinished"]) == (len(jobs), 0, 0)
    assert steps.rows("dead-letters") == []
    place = runs.place_of("demo", "r")
    assert store.read(place.report) == steps.path("report", "report").read_bytes()
    assert f"All {len(jobs)} videos are done" in store.read(place.report).decode()
    questions = {store.read(places.of_job("demo", job).questions) for job in jobs}
    assert len(questions) == len(jobs)  # shards choose from the bank as one

    before = generations(store)
    assert len(before) == 4 * len(jobs)
    assert main(steps, "plan", **request) == 0
    for shard in SHARDS:
        assert [main(steps, step, shard) for step in ("generate", "write", "render")] == [0, 0, 0]
        assert {row["state"] for row in steps.rows("videos", shard)} == {"rendered"}
    assert main(steps, "report") == 0
    assert generations(store) == before
    assert main(steps, "plan", **{**request, "videos": "5"}) == 2


def test_a_poison_job_spares_its_shard_and_the_budget_decides(
    tmp_path: Path, small_assets: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    store, steps = FolderStore(tmp_path), Steps(str(tmp_path), tmp_path / "artifacts", str(small_assets))
    assert main(steps, "plan", **{**TINY, "videos": "2"}) == 0
    store.write(places.of_job("demo", "b-00001").questions, GLYPHLESS.encode())
    assert [main(steps, step, "0000") for step in ("generate", "write")] == [0, 0]
    assert main(steps, "render", "0000") == 3
    bad, good = steps.rows("videos", "0000")
    assert (bad["state"], bad["video"], bad["stage"], bad["error"]) == ("failed", None, "checks", "TextError")
    assert good["state"] == "rendered"
    assert main(steps, "render", "0000", failure_budget="0.5") == 0
    assert main(steps, "report") == 0
    [letter] = steps.rows("dead-letters")
    assert (letter["job"], letter["error"], letter["attempts"]) == ("b-00001", "TextError", 2)
    assert "b-00001: failed in checks: " in capfd.readouterr().out


def test_a_job_that_takes_its_workers_with_it_is_given_up(tmp_path: Path, small_assets: Path) -> None:
    store, steps = FolderStore(tmp_path), Steps(str(tmp_path), tmp_path / "artifacts", str(small_assets))
    assert main(steps, "plan", **{**TINY, "videos": "1"}) == 0
    assert [main(steps, step, "0000") for step in ("generate", "write")] == [0, 0]
    found = ledger.find(store, places.of_job("demo", "b").manifest)
    assert found is not None
    found.save(found.manifest.reach(State.RENDERING, datetime.now(UTC), attempts=3))
    assert main(steps, "render", "0000") == 3
    [row] = steps.rows("videos", "0000")
    assert (row["state"], row["stage"], row["error"]) == ("failed", "render", "RenderError")
    assert "3 attempts, the last of which ended with its worker" in row["message"]


def test_questions_that_gemini_does_not_write_are_handed_on_as_failures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: str
) -> None:
    steps = Steps(root, tmp_path / "artifacts")
    with GeminiServer(key="key") as server:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        monkeypatch.setenv("GEMINI_API_KEY", "key")
        assert main(steps, "plan", **{**TINY, "source": "gemini", "videos": "3"}) == 0
        assert main(steps, "generate", "0001", spend_ceiling="10") == 0
        assert main(steps, "generate", "0000", spend_ceiling="0.000001") == 3
        paid = len(server.calls)
        assert main(steps, "generate", "0001", spend_ceiling="10") == 0
        assert len(server.calls) == paid  # what was paid for is kept
    told = steps.metadata("generate", "0001")["questions"]
    assert told["tokens"] > 0
    assert told["cost"] > 0
    assert {(row["state"], row["error"]) for row in steps.rows("questions", "0000")} == {("failed", "SpendCeiling")}
    assert main(steps, "write", "0000") == 0
    assert {(row["state"], row["error"]) for row in steps.rows("written", "0000")} == {("failed", "SpendCeiling")}
    assert main(steps, "render", "0000") == 3
    assert main(steps, "report") == 0
    assert steps.metadata("report")["metrics"]["failed"] == 2


def test_what_no_manifest_can_tell_is_in_the_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("GEMINI_API_KEY", "GEMINI_API_KEY_FILE", "GOOGLE_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    steps = Steps(str(tmp_path / "out"), tmp_path / "artifacts")
    assert main(steps, "report") == 0
    assert "no job was planned" in steps.path("report", "summary").read_text()
    assert main(steps, "plan", **{**TINY, "difficulty": "odd"}) == 2
    assert main(steps, "report") == 0
    assert "difficulty &#x27;odd&#x27;" in steps.path("report", "report").read_text()
    assert main(steps, "plan", **{**TINY, "source": "gemini"}) == 0
    assert main(steps, "generate", "0000") == 2
    assert "GEMINI_API_KEY" in capsys.readouterr().err
    assert main(steps, "report") == 0
    letters = {row["job"]: row for row in steps.rows("dead-letters")}
    assert (letters["b-00001"]["stage"], letters["b-00001"]["error"]) == ("generate", "InputError")
    assert letters["b-00003"]["error"] == ""
    assert main(steps, "generate", "0007") == 2
    assert "run r has 0000, 0001" in capsys.readouterr().err
