"""Runs: planned once, in shards, however often their first step is run."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.jobs.told import NOW, run_of
from triviareel.errors import InputError, StorageError
from triviareel.jobs import crew, ledger, places, runs
from triviareel.jobs.launch import launch
from triviareel.jobs.request import Request
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

REQUEST = Request("demo", ("space",), questions=1, videos=3)


@given(videos=st.integers(1, 99_999), size=st.integers(1, 500))
def test_keys_sort_as_text_and_tell_each_job_its_shard(videos: int, size: int) -> None:
    run = run_of(videos, shard_size=size)
    keys = run.keys()
    assert keys == sorted(keys)
    assert len({len(key) for key in keys}) == 1
    for number in {1, size, min(size + 1, videos), videos} & set(range(1, videos + 1)):
        assert run.key_of(number) == keys[(number - 1) // size]


def test_the_shards_of_a_run_hold_all_its_jobs_once() -> None:
    run = run_of(7, shard_size=3)
    assert [len(jobs) for jobs in run.shards().values()] == [3, 3, 1]
    assert tuple(job for jobs in run.shards().values() for job in jobs) == run.jobs()


@pytest.mark.parametrize("videos", [1, 5])
def test_a_plan_reads_back_as_it_was(videos: int) -> None:
    run = run_of(videos)
    assert runs.loads(runs.dumps(run), "plan.json") == run


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-20],
        lambda text: text.replace('"schema_version": 1', '"schema_version": 2'),
        lambda text: text.replace('"shard_size": 2', '"shard_size": 0'),
        lambda text: text.replace('"run": "r"', '"run": "../r"'),
        lambda text: text.replace('"job": "b"', '"job": "B"'),
        lambda text: text.replace('"seed": 7', '"seed": null'),
        lambda text: text.replace("12:00:00Z", "12:00:00"),
        lambda _: "[]",
    ],
)
def test_a_damaged_plan_is_named(spoil: object) -> None:
    text = runs.dumps(run_of(3)).decode()
    assert callable(spoil)
    spoilt = spoil(text)
    assert spoilt != text
    with pytest.raises(InputError, match=r"^plan\.json is no plan that this triviareel reads"):
        runs.loads(spoilt.encode(), "plan.json")


def test_a_run_is_planned_once(store: Store) -> None:
    first = launch(store, REQUEST, "r", None, NOW, 2)
    stats = {stat.name: stat.generation for stat in store.list("jobs")}
    assert first.job == "20261114-120000"
    assert len(stats) == 3
    assert runs.load(store, "demo", "r") == first
    assert launch(store, REQUEST, "r", None, NOW + timedelta(hours=1), 2) == first
    assert {stat.name: stat.generation for stat in store.list("jobs")} == stats


@pytest.mark.parametrize(
    ("request_", "job", "size"),
    [
        (replace(REQUEST, videos=4), None, 2),
        (replace(REQUEST, seed=1), None, 2),
        (REQUEST, "other", 2),
        (REQUEST, None, 3),
    ],
)
def test_another_request_under_the_name_of_a_run_is_refused(
    store: Store, request_: Request, job: str | None, size: int
) -> None:
    launch(store, REQUEST, "r", None, NOW, 2)
    with pytest.raises(InputError, match=r"run r was planned with another request \((videos|seed|job|shard-size) was"):
        launch(store, request_, "r", job, NOW, size)


def test_runs_that_are_made_in_the_same_second_get_jobs_of_their_own(store: Store) -> None:
    first, second = (launch(store, REQUEST, name, None, NOW, 2) for name in ("r", "s"))
    assert (first.job, second.job) == ("20261114-120000", "20261114-120001")
    assert first.request.seed != second.request.seed


@pytest.mark.parametrize("written", range(5))
def test_planning_that_was_broken_off_goes_on_under_the_same_names(
    store: Store, written: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = store.write, [written]

    def breaking(name: str, data: bytes, expect: int | None = None) -> object:
        left[0] -= 1
        if left[0] < 0:
            raise StorageError("broken off")
        return write(name, data, expect)

    monkeypatch.setattr(crew, "AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(store, "write", breaking)
        with pytest.raises(StorageError):
            launch(store, REQUEST, "r", None, NOW, 2)
    run = launch(store, REQUEST, "r", None, NOW, 2)
    assert run.job == "20261114-120000"
    assert len(list(store.list("jobs"))) == 3
    for job in run.jobs():
        found = ledger.find(store, places.of_job("demo", job.name).manifest)
        assert found is not None
        assert found.manifest.request == run.request


@pytest.mark.parametrize("name", ["20261114-120000", "r"])
def test_another_run_goes_on_with_the_jobs_of_a_batch_by_its_name_or_its_runs(store: Store, name: str) -> None:
    first = launch(store, REQUEST, "r", None, NOW, 2)
    stats = {stat.name: stat.generation for stat in store.list("jobs")}
    second = launch(store, REQUEST, "s", name, NOW + timedelta(hours=1), 3)
    assert (second.job, second.request) == (first.job, first.request)
    assert {stat.name: stat.generation for stat in store.list("jobs")} == stats
    with pytest.raises(InputError, match="was begun with another request"):
        launch(store, replace(REQUEST, difficulty="hard"), "t", name, NOW, 2)


def test_what_a_run_goes_on_with_others_go_on_with_by_its_name_too(store: Store) -> None:
    first = launch(store, REQUEST, "r", None, NOW, 2)
    launch(store, REQUEST, "s", "r", NOW, 2)
    assert launch(store, REQUEST, "t", "s", NOW, 2).job == first.job


def test_everything_wrong_with_a_plan_is_told_before_anything_is_written(store: Store) -> None:
    with pytest.raises(InputError, match=r"difficulty 'odd'.*shard-size 501: choose 1 to 500"):
        launch(store, replace(REQUEST, difficulty="odd"), "r", None, NOW, 501)
    with pytest.raises(InputError, match="the bank has different ones for"):
        launch(store, replace(REQUEST, videos=9000), "r", None, NOW, 50)
    with pytest.raises(InputError, match=r"^run 'R'"):
        launch(store, REQUEST, "R", None, NOW, 50)
    assert list(store.list()) == []


def test_a_run_without_a_seed_gets_one_that_follows_from_its_name(tmp_path: object) -> None:
    one, two = (launch(FolderStore(tmp_path / place), REQUEST, "r", "b", NOW, 2) for place in "ab")  # type: ignore[operator]
    assert one == two
