"""Generate and write: each of them once, again, side by side, and after a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.unit.jobs.batches import BATCH, planned, story
from tests.unit.jobs.desks import NOW, REQUEST
from triviareel.errors import Conflict, InputError, StorageError
from triviareel.jobs import dataset, generating, ledger, manifest, writing
from triviareel.jobs.dataset import Dataset
from triviareel.jobs.desk import Desk
from triviareel.jobs.manifest import State
from triviareel.jobs.places import of_job
from triviareel.jobs.planning import Batch
from triviareel.jobs.request import Request
from triviareel.questions import bank, csvfile
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore


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
