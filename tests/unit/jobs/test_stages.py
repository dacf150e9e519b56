"""Plan, generate and write: each of them once, again, side by side, and after a kill."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.fakes.gemini import GeminiServer, answers
from tests.unit.jobs.desks import NOW, REQUEST, Notes
from triviareel import ending
from triviareel.errors import Conflict, InputError, Stopped, StorageError
from triviareel.jobs import claim, dataset, generating, ledger, manifest, planning, writing
from triviareel.jobs.claim import Pace
from triviareel.jobs.dataset import Dataset
from triviareel.jobs.desk import Desk
from triviareel.jobs.generating import Asking
from triviareel.jobs.manifest import Manifest, State
from triviareel.jobs.places import of_job
from triviareel.jobs.planning import Batch
from triviareel.jobs.request import Request
from triviareel.questions import bank, csvfile
from triviareel.questions.gemini.options import Options
from triviareel.settings import Hidden, Settings
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

BATCH = replace(REQUEST, videos=3, topics=("sport",))


def planned(store: Store, request: Request = BATCH, name: str | None = "b") -> Batch:
    return planning.plan(store, request, name, lambda: NOW)


def story(store: Store, job: str) -> Manifest:
    found = ledger.find(store, of_job("demo", job).manifest)
    assert found is not None
    return found.manifest


def names(store: Store) -> list[str]:
    return [stat.name for stat in store.list()]


# --- plan


def test_each_job_gets_a_manifest_and_planning_again_changes_nothing(store: Store) -> None:
    batch = planned(store)
    before = {stat.name: stat.generation for stat in store.list()}
    assert [job.name for job in batch.jobs] == ["b-00001", "b-00002", "b-00003"]
    assert all(story(store, job.name).state == State.PLANNED for job in batch.jobs)
    assert planned(store) == batch
    assert {stat.name: stat.generation for stat in store.list()} == before


def test_a_run_killed_while_planning_is_planned_to_its_end(store: Store) -> None:
    batch = planned(store, replace(BATCH, seed=None))
    store.delete("runs/demo/b/planned.json")
    store.delete(of_job("demo", "b-00003").manifest)
    assert planned(store, replace(BATCH, seed=None)) == batch
    assert story(store, "b-00003").seed == batch.jobs[2].seed


def test_a_batch_that_is_planned_is_known_by_one_object() -> None:
    with GcsServer() as server:
        store = bucket_store(server)
        many = replace(REQUEST, videos=200, questions=1)
        planned(store, many)
        first = len(server.journal)
        planned(store, many)
        assert len(server.journal) - first <= 3
        assert first < 1.1 * 200


def test_jobs_begun_without_a_seed_go_on_with_the_one_that_was_chosen(store: Store) -> None:
    for name, videos in (("j", 1), ("b", 3)):
        request = replace(BATCH, videos=videos, seed=None)
        chosen = planned(store, request, name)
        assert planned(store, request, name) == chosen
        seed = chosen.request.seed or 0
        with pytest.raises(InputError, match=rf"seed was {seed} and is now {seed + 1}"):
            planned(store, replace(request, seed=seed + 1), name)


def test_two_runs_that_plan_at_once_have_one_plan(store: Store) -> None:
    found: list[Batch] = []
    request = replace(BATCH, seed=None)
    threads = [threading.Thread(target=lambda: found.append(planned(store, request))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len({batch.request.seed for batch in found}) == 1


def test_runs_of_the_same_second_get_different_names(store: Store) -> None:
    first, second = planned(store, REQUEST, None), planned(store, BATCH, None)
    assert (first.name, second.name) == ("20261114-120005", "20261114-120005")  # a job and a batch do not clash
    assert planned(store, BATCH, None).name == "20261114-120006"


def test_more_videos_than_the_bank_has_questions_for_are_refused_before_anything_is_written(store: Store) -> None:
    request = replace(BATCH, questions=50, videos=9)
    with pytest.raises(InputError, match=r"videos 9: with questions 50, the bank has different ones for [1-8]: ask"):
        planned(store, request)
    assert names(store) == []


@pytest.mark.parametrize("damage", [b"{", b"{}", b'{"request": {}}'])
def test_a_damaged_record_of_a_batch_is_made_anew(store: Store, damage: bytes) -> None:
    batch = planned(store)
    store.write("runs/demo/b/planned.json", damage)
    assert planned(store) == batch
    assert json.loads(store.read("runs/demo/b/planned.json"))["request"] == batch.request.as_json()


# --- generate and write


def done(desk: Desk, batch: Batch) -> None:
    """Generate and write all jobs of a batch."""
    for outcome in generating.generate(desk, batch.jobs, batch.jobs, None):
        assert outcome.error is None
    for job in batch.jobs:
        assert writing.write(desk, job).error is None


def ids(store: Store, job: str) -> list[str]:
    return [question.id for question in csvfile.loads(store.read(of_job("demo", job).questions), job)]


def test_jobs_go_through_the_states_and_doing_it_again_changes_nothing(
    store: Store, desk_of: Callable[[Store, Request], Desk]
) -> None:
    batch = planned(store)
    desk = desk_of(store, batch.request)
    done(desk, batch)
    told = story(store, "b-00002")
    assert list(told.times) == [State.PLANNED, State.GENERATED, State.WRITTEN]
    assert set(told.outputs) == {"dataset", "questions"}
    for output in told.outputs.values():
        stat = next(stat for stat in store.list() if stat.uri == output.uri)
        assert (output.generation, output.size, output.sha256) == (stat.generation, stat.size, store.sha256(stat.name))
    before = {stat.name: stat.generation for stat in store.list()}
    done(desk, batch)
    assert {stat.name: stat.generation for stat in store.list()} == before


def test_shards_side_by_side_choose_as_one(tmp_path: Path, desk_of: Callable[[Store, Request], Desk]) -> None:
    wanted = replace(REQUEST, questions=20, videos=6, topics=("sport", "food"))
    found = []
    for order in ([slice(0, 6)], [slice(4, 6), slice(0, 2), slice(2, 4)], [slice(0, 2), slice(4, 6), slice(2, 4)]):
        store = FolderStore(tmp_path / str(order[0].start) / str(len(order)) / str(order[-1].start))
        batch = planned(store, wanted)
        for shard in order:
            generating.generate(desk_of(store, batch.request), batch.jobs[shard], batch.jobs, None)
        done(desk_of(store, batch.request), batch)
        found.append([ids(store, job.name) for job in batch.jobs])
    assert found[0] == found[1] == found[2]
    flat = [key for job in found[0] for key in job]
    assert len(set(flat)) == len(flat) == 120


def test_questions_are_not_asked_twice_in_a_batch_whether_new_or_there_already(
    store: Store, desk_of: Callable[[Store, Request], Desk]
) -> None:
    batch = planned(store, replace(BATCH, questions=20))
    kept = bank.pick(("sport",), "mixed", 20, 99)
    store.write(of_job("demo", "b-00002").questions, csvfile.dumps(kept))
    done(desk_of(store, batch.request), batch)
    found = [key for job in batch.jobs for key in ids(store, job.name)]
    assert ids(store, "b-00002") == [question.id for question in kept]
    assert len(set(found)) == len(found) == 60


def test_what_is_damaged_is_that_jobs_failure_and_is_not_overwritten(
    store: Store, desk_of: Callable[[Store, Request], Desk]
) -> None:
    batch = planned(store)
    desk = desk_of(store, batch.request)
    one, two, three = (of_job("demo", job.name) for job in batch.jobs)
    damaged = {one.manifest: b"{", two.questions: b"nonsense", three.dataset: b"[]"}
    for name, data in damaged.items():
        store.write(name, data)
    generating.generate(desk, batch.jobs, batch.jobs, None)
    errors = [str(writing.write(desk, job).error) for job in batch.jobs]
    assert "_MANIFEST.json is damaged" in errors[0]
    assert "questions.csv" in errors[1]
    assert "dataset.json is damaged" in errors[2]
    assert {name: store.read(name) for name in damaged} == damaged
    assert story(store, "b-00002").state == State.FAILED
    assert (story(store, "b-00003").failure or manifest.Failure("", "", "")).stage == "questions"


def test_a_questions_csv_that_was_removed_is_written_again_from_the_dataset(
    store: Store, desk_of: Callable[[Store, Request], Desk]
) -> None:
    batch = planned(store)
    desk = desk_of(store, batch.request)
    done(desk, batch)
    before = ids(store, "b-00001")
    store.delete(of_job("demo", "b-00001").questions)
    done(desk, batch)
    assert ids(store, "b-00001") == before


def test_writing_what_was_never_generated_says_so(store: Store, desk_of: Callable[[Store, Request], Desk]) -> None:
    batch = planned(store)
    outcome = writing.write(desk_of(store, batch.request), batch.jobs[0])
    assert "run generate first" in str(outcome.error)


def test_a_job_whose_manifest_was_removed_begins_afresh(
    store: Store, desk_of: Callable[[Store, Request], Desk]
) -> None:
    batch = planned(store)
    desk = desk_of(store, batch.request)
    done(desk, batch)
    store.delete(of_job("demo", "b-00001").manifest)
    done(desk, batch)
    assert story(store, "b-00001").state == State.WRITTEN


def test_a_fault_of_the_store_is_one_jobs_failure_only(
    tmp_path: Path, desk_of: Callable[[Store, Request], Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    batch = planned(store)
    real = store.stat

    def stat(name: str) -> object:
        if name == of_job("demo", "b-00002").dataset:
            raise StorageError("no answer")
        return real(name)

    monkeypatch.setattr(store, "stat", stat)
    found = generating.generate(desk_of(store, batch.request), batch.jobs, batch.jobs, None)
    assert [str(outcome.error or "") for outcome in found] == ["", "no answer", ""]


# --- Gemini's questions


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


def asking(server: GeminiServer) -> Asking:
    reached = Hidden({"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": server.url})
    return Asking(Options(), Settings(Path("cache"), "auto", {}, reached), "g")


GEMINI = replace(REQUEST, source="gemini", topics=("space",))


def test_what_was_paid_for_is_kept_at_once_and_never_paid_again(
    store: Store, desk_of: Callable[[Store, Request], Desk], server: GeminiServer
) -> None:
    batch = planned(store, GEMINI, "g")
    desk = desk_of(store, batch.request)
    place = of_job("demo", "g")
    before = store.read(place.manifest)
    generating.generate(desk, batch.jobs, batch.jobs, asking(server))
    calls = len(server.calls)
    assert calls > 0
    store.write(place.manifest, before)  # as if the worker was killed before it came to that
    for _ in range(2):
        [outcome] = generating.generate(desk, batch.jobs, batch.jobs, asking(server))
        assert outcome.error is None
        assert writing.write(desk, batch.jobs[0]).gemini["calls"] == calls
    assert len(server.calls) == calls
    assert store.stat(place.asking) is None


def test_what_earlier_attempts_took_and_dropped_adds_up(
    store: Store, desk_of: Callable[[Store, Request], Desk], server: GeminiServer
) -> None:
    batch = planned(store, GEMINI, "g")
    desk = desk_of(store, batch.request)
    server.answer = answers.wrong_keys()
    for attempts in (1, 2):
        [outcome] = generating.generate(desk, batch.jobs, batch.jobs, asking(server))
        assert outcome.stage == "questions"
        assert story(store, "g").attempts == attempts
    dropped = store.read(of_job("demo", "g").rejected_questions).count(b"\n")
    assert dropped > 2
    server.answer = answers.generate
    generating.generate(desk, batch.jobs, batch.jobs, asking(server))
    outcome = writing.write(desk, batch.jobs[0])
    assert outcome.error is None
    assert outcome.gemini["calls"] == len(server.calls)
    assert store.read(of_job("demo", "g").rejected_questions).count(b"\n") >= dropped
    assert story(store, "g").state == State.WRITTEN


def test_a_worker_waits_for_the_one_that_asks_then_takes_what_that_one_got(
    tmp_path: Path, desk_of: Callable[[Store, Request], Desk], server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(tmp_path)
    batch = planned(store, GEMINI, "g")
    desk = desk_of(store, batch.request)
    place = of_job("demo", "g")
    other = claim.take(store, place.asking)
    assert other is not None

    def found_meanwhile(_: float) -> bool:
        got = Dataset(tuple(bank.pick((), "mixed", 2, 1)), {"model": "theirs"})
        store.write(place.dataset, dataset.dumps(got))
        store.delete(place.asking)
        return False

    monkeypatch.setattr(ending, "wait", found_meanwhile)
    generating.generate(desk, batch.jobs, batch.jobs, asking(server))
    assert writing.write(desk, batch.jobs[0]).gemini == {"model": "theirs"}
    assert server.calls == []
    assert isinstance(desk.watcher, Notes)
    assert "another worker" in desk.watcher.lines[0]


def test_a_worker_whose_right_to_ask_is_lost_keeps_what_it_got_and_asks_no_more(
    store: Store, desk_of: Callable[[Store, Request], Desk], server: GeminiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = planned(store, replace(GEMINI, videos=4), "g")
    desk = desk_of(store, batch.request)

    def kept() -> list[str]:
        return [job.name for job in batch.jobs if store.stat(of_job("demo", job.name).dataset)]

    monkeypatch.setattr(claim.Claim, "lost", property(lambda _: bool(kept())))  # as after a sleep beyond the lease
    one = replace(asking(server), options=Options(jobs_in_flight=1))
    with pytest.raises(Conflict, match="took over"):
        generating.generate(desk, batch.jobs, batch.jobs, one)
    assert len(kept()) == 1
    monkeypatch.undo()
    found = generating.generate(desk, batch.jobs, batch.jobs, one)
    assert [outcome.error for outcome in found] == [None] * 4


def test_a_worker_that_waits_for_the_one_that_asks_can_be_stopped(
    tmp_path: Path, desk_of: Callable[[Store, Request], Desk], server: GeminiServer
) -> None:
    store = FolderStore(tmp_path)
    batch = planned(store, GEMINI, "g")
    desk = desk_of(store, batch.request)
    assert claim.take(store, of_job("demo", "g").asking) is not None
    desk.stop.set()
    with pytest.raises(Stopped):
        generating.generate(desk, batch.jobs, batch.jobs, asking(server))


# --- the rest


def test_a_dataset_reads_back_and_a_damaged_one_says_so() -> None:
    whole = Dataset(tuple(bank.pick((), "mixed", 5, 3)), {"calls": 2}, '{"x": 1}\n')
    data = dataset.dumps(whole)
    assert dataset.loads(data, "d") == whole
    newer = data.replace(b'"schema_version": 1', b'"schema_version": 2')
    for damage in (b"", b"[]", b"{}", newer, data[:-20], b"\xff"):
        with pytest.raises(InputError, match=r"d is damaged \(.+\): restore it, or delete it"):
            dataset.loads(damage, "d")


def test_a_change_of_a_manifest_is_made_again_on_what_others_left(store: Store) -> None:
    name = of_job("demo", "j").manifest
    first = ledger.begin(store, name, manifest.planned("demo", "j", 1, REQUEST, NOW))
    other = ledger.begin(store, name, manifest.planned("demo", "j", 2, REQUEST, NOW))
    assert other.manifest.seed == 1
    other.update(lambda told: replace(told, content_hash="theirs"))
    first.update(lambda told: told.reach(State.WRITTEN, NOW + timedelta(1)))
    assert (story(store, "j").content_hash, story(store, "j").state) == ("theirs", State.WRITTEN)
    store.delete(name)
    with pytest.raises(Conflict, match="is gone"):
        first.update(lambda told: replace(told, content_hash="ours"))


def test_nothing_up_to_write_needs_what_speaks_or_encodes(tmp_path: Path) -> None:
    program = f"""
import sys, threading
for name in ("av", "hibari", "onnxruntime", "scipy", "ffmpeg", "imageio_ffmpeg"):
    sys.modules[name] = None
from pathlib import Path
from tests.unit.jobs import light
from triviareel.jobs.request import Request
light.run(Path({str(tmp_path)!r}), Request(videos=2), "b")
assert light.fits()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_usual_pace_lets_several_beats_fail() -> None:
    assert Pace().lease_s >= 4 * Pace().beat_s
