"""Planning, done for real: a batch is planned once, whole, and known again."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.unit.jobs.batches import BATCH, planned, story
from tests.unit.jobs.desks import REQUEST
from triviareel.errors import InputError
from triviareel.jobs.manifest import State
from triviareel.jobs.places import of_job
from triviareel.jobs.planning import Batch
from triviareel.storage import Store


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
    assert list(store.list()) == []


@pytest.mark.parametrize("damage", [b"{", b"{}", b'{"request": {}}'])
def test_a_damaged_record_of_a_batch_is_made_anew(store: Store, damage: bytes) -> None:
    batch = planned(store)
    store.write("runs/demo/b/planned.json", damage)
    assert planned(store) == batch
    assert json.loads(store.read("runs/demo/b/planned.json"))["request"] == batch.request.as_json()
