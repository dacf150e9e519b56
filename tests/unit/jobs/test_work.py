"""One job where something goes wrong, without rendering anything; whole jobs are rendered in tests/e2e."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triviareel.errors import AssetError, Conflict, EncodeError, InputError, Stopped, StorageError, TriviaError
from triviareel.jobs import batch, film, manifest, work
from triviareel.jobs.film import Film
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import State
from triviareel.jobs.places import of_job
from triviareel.jobs.plan import Job
from triviareel.jobs.request import Look, Request
from triviareel.jobs.studio import open_studio, pack_of
from triviareel.jobs.work import Desk, Outcome, Task
from triviareel.questions import bank, csvfile
from triviareel.settings import Settings
from triviareel.storage.folder import FolderStore
from triviareel.video.render import Progress

NOW = datetime(2026, 11, 14, 12, 0, 5, tzinfo=UTC)
REQUEST = Request(questions=2, seed=7, look=Look(resolution=720, fps=24, voice="none", encoder="x264"))
PLACE = of_job("demo", "j")


class Notes:
    """A watcher that only remembers."""

    def __init__(self) -> None:
        self.outcomes: list[Outcome] = []

    def note(self, line: str) -> None: ...
    def stage(self, job: str, name: str) -> None: ...
    def frames(self, job: str, progress: Progress) -> None: ...
    def done(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)


@pytest.fixture
def desk(tmp_path: Path, small_assets: Path) -> Desk:
    settings = Settings(tmp_path / "cache", "auto", {})
    studio = open_studio(REQUEST.look, settings, pack_of(str(small_assets), "demo"), print)
    return Desk(FolderStore(tmp_path / "out"), REQUEST, studio, Notes(), threading.Event(), lambda: NOW)


@pytest.fixture
def task() -> Task:
    return Task(Job("j", 5), tuple(bank.pick((), "mixed", 2, 5)))


def fails(error: Exception) -> object:
    def produce(*_: object, **__: object) -> Film:
        raise error

    return produce


@pytest.mark.parametrize(
    ("error", "name", "words"),
    [
        (EncodeError(["ffmpeg"], 1, "boom"), "EncodeError", "boom"),
        (OSError(28, "No space left on device"), "StorageError", "disk is full"),
        (ZeroDivisionError("division by zero"), "RenderError", "unforeseen ZeroDivisionError"),
    ],
)
def test_a_failure_is_an_outcome_and_stands_in_the_manifest(
    desk: Desk, task: Task, monkeypatch: pytest.MonkeyPatch, error: Exception, name: str, words: str
) -> None:
    monkeypatch.setattr(film, "produce", fails(error))
    outcome = work.run(desk, task)
    assert outcome.film is None
    assert words in str(outcome.error)
    told = Ledger(desk.store, PLACE.manifest).manifest
    assert told is not None
    assert told.failure is not None
    assert (told.state, told.attempts, told.failure.error) == (State.FAILED, 1, name)
    assert [stat.name for stat in desk.store.list()] == [PLACE.manifest, PLACE.questions]
    work.run(desk, task)
    again = Ledger(desk.store, PLACE.manifest).manifest
    assert again is not None
    assert again.attempts == 2


@pytest.mark.parametrize("state", [State.WRITTEN, State.FAILED])
def test_a_stop_leaves_the_manifest_as_it_was(
    desk: Desk, task: Task, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    if state == State.FAILED:
        monkeypatch.setattr(film, "produce", fails(AssetError("x")))
        work.run(desk, task)
    before = Ledger(desk.store, PLACE.manifest).manifest
    monkeypatch.setattr(film, "produce", fails(Stopped("stop")))
    outcome = work.run(desk, task)
    after = Ledger(desk.store, PLACE.manifest).manifest
    assert isinstance(outcome.error, Stopped)
    assert after is not None
    assert after.state == state
    assert before in (after, None)


def test_a_manifest_that_another_run_changes_meanwhile_is_left_to_it(
    desk: Desk, task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle(*_: object, **__: object) -> Film:
        other = Ledger(desk.store, PLACE.manifest)
        assert other.manifest is not None
        other.save(other.manifest.reach(State.RENDERED, NOW, content_hash="theirs"))
        raise EncodeError(["ffmpeg"], 1, "boom")

    monkeypatch.setattr(film, "produce", meddle)
    assert work.run(desk, task).error is not None
    left = Ledger(desk.store, PLACE.manifest).manifest
    assert left is not None
    assert left.content_hash == "theirs"


def test_a_damaged_manifest_or_csv_is_that_jobs_failure_and_is_not_overwritten(desk: Desk, task: Task) -> None:
    desk.store.write(PLACE.manifest, b"{")
    outcome = work.run(desk, task)
    assert "_MANIFEST.json is damaged" in str(outcome.error)
    assert desk.store.read(PLACE.manifest) == b"{"
    desk.store.write(PLACE.questions, b"nonsense")
    [found] = batch.gather(desk.store, REQUEST, [task.job])
    assert "questions.csv" in str(found.error)


def test_questions_are_not_asked_twice_in_a_batch_whether_new_or_there_already(desk: Desk) -> None:
    request = replace(REQUEST, topics=("sport",), questions=20)
    jobs = [Job(f"b-0000{n}", n) for n in range(1, 4)]
    kept = bank.pick(request.topics, "mixed", 20, 99)
    desk.store.write(of_job("demo", "b-00002").questions, csvfile.dumps(kept))
    tasks = batch.gather(desk.store, request, jobs)
    assert [task.job for task in tasks] == jobs
    assert list(tasks[1].questions) == kept
    ids = [question.id for task in tasks for question in task.questions]
    assert len(ids) == len(set(ids)) == 60


def test_more_videos_than_the_bank_has_questions_for_are_refused(desk: Desk) -> None:
    request = replace(REQUEST, topics=("sport",), questions=50, videos=9)
    with pytest.raises(InputError, match=r"videos 9: with questions 50, the bank has different ones for [1-8]: ask"):
        batch.gather(desk.store, request, [Job(f"b-0000{n}", n) for n in range(1, 10)])


def test_companions_stand_as_before_when_the_video_cannot_be_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path / "out")
    store.write(PLACE.film.captions, b"old")
    (tmp_path / "video").write_bytes(b"")

    def full(*_: object, **__: object) -> None:
        raise StorageError("the disk is full")

    monkeypatch.setattr(store, "commit", full)
    with pytest.raises(StorageError):
        film._commit(store, PLACE.film, {"captions": b"new", "metadata": b"new"}, tmp_path / "video")
    assert store.read(PLACE.film.captions) == b"old"
    assert [stat.name for stat in store.list()] == [PLACE.film.captions]


@pytest.mark.parametrize("change", [b"xyz", None])
def test_a_video_counts_as_finished_only_if_it_is_the_one_that_was_made(tmp_path: Path, change: bytes | None) -> None:
    store = FolderStore(tmp_path)
    facts = film.Facts(1.0, 24, 2, 2, 24, 1, 1.0, "x264", -14.0, -1.0, "c", "", 3)
    written = store.write(PLACE.film.video, b"mp4")
    told = {"render_key": "k", "video": {**facts.as_json(), "sha256": written.sha256}}
    store.write(PLACE.film.metadata, json.dumps(told).encode())
    found = film.finished(store, PLACE.film, "k")
    assert found is not None
    assert found.facts.frames == 24
    assert film.finished(store, PLACE.film, "another key") is None
    if change is None:
        store.delete(PLACE.film.video)
    else:
        store.write(PLACE.film.video, change)
    assert film.finished(store, PLACE.film, "k") is None


def test_the_render_key_follows_everything_that_a_video_depends_on(desk: Desk, task: Task) -> None:
    studio = desk.studio
    keys = [
        studio.render_key(task.questions, 5),
        studio.render_key(task.questions, 6),
        studio.render_key(task.questions[:1], 5),
        replace(studio, look=replace(studio.look, fps=25)).render_key(task.questions, 5),
        replace(studio, digest="another theme").render_key(task.questions, 5),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == studio.render_key(task.questions, 5)


def outcomes(*errors: TriviaError | None) -> Sequence[Outcome]:
    return [Outcome(f"j{n}", "m", "c", "v", error=error) for n, error in enumerate(errors)]


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([None], 0),
        ([None, None], 0),
        ([InputError("x")], 2),
        ([StorageError("x")], 75),
        ([Conflict("x")], 75),
        ([InputError("x"), None], 3),
        ([InputError("x"), InputError("x")], 3),
        ([Stopped("x"), InputError("x"), None], 75),
    ],
)
def test_exit_codes(errors: list[TriviaError | None], code: int) -> None:
    assert batch.exit_code(outcomes(*errors)) == code


def test_an_outcome_in_json_has_the_fields_of_the_contract() -> None:
    facts = film.Facts(1.0, 24, 2, 2, 24, 1, 1.0, "x264", -14.0, -1.0, "c", "s", 3)
    good = Outcome("j", "m", "c", "v", Film(facts, {})).as_json()
    contract = "job manifest csv video duration_s frames width height fps questions render_s encoder"
    assert set(contract.split()) <= set(good)
    bad = outcomes(InputError("why"))[0].as_json()
    assert (bad["video"], bad["error"]) == (None, "why")


def test_a_job_begun_without_a_seed_goes_on_with_the_one_that_was_chosen(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    Ledger(store, PLACE.manifest).save(manifest.planned("demo", "j", 1, REQUEST, NOW))
    assert batch._continued(store, replace(REQUEST, seed=None), ["j"]).seed == 7
    with pytest.raises(InputError, match="seed was 7 and is now 8"):
        batch._continued(store, replace(REQUEST, seed=8), ["j"])
    assert batch._continued(store, replace(REQUEST, seed=None), ["new"]).seed is not None
