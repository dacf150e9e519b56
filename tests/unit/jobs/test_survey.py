"""What is told of jobs: true to their manifests, and read as little as can be."""

from __future__ import annotations

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.unit.jobs.told import fill, run_of, story, write
from triviareel.errors import StorageError
from triviareel.jobs import manifest, places, progress, reopen, runs, survey
from triviareel.jobs.records import DAMAGED, MISSING
from triviareel.jobs.tally import Reason, Tally
from triviareel.storage import Store

ENDS = ("rendered", "unfit", "unasked", "written", "rendered")


def of_root(store: Store, channel: str | None = None) -> dict[str, str]:
    return {record.job: record.state for _channel, record in survey.of_root(store, channel)}


def of_run(store: Store, run: runs.Run) -> dict[str, str]:
    return {record.job: record.state for record in survey.of_run(store, run)}


STATES = dict(
    zip(
        [f"b-0000{number}" for number in range(1, 6)],
        ["rendered", "failed", "failed", "written", "rendered"],
        strict=True,
    )
)


@pytest.mark.parametrize("summaries", [True, False])
def test_every_way_of_asking_tells_what_the_manifests_say(store: Store, summaries: bool) -> None:
    run = run_of(5)
    fill(store, run, *ENDS, summaries=summaries)
    assert of_root(store) == of_root(store, "demo") == STATES
    assert of_run(store, run) == STATES
    assert of_root(store, "other") == {}


def test_a_summary_that_is_behind_is_not_believed(store: Store) -> None:
    run = run_of(5)
    fill(store, run, *ENDS)
    write(store, story(run, 2, "rendered"))
    assert of_root(store) == {**STATES, "b-00002": "rendered"}
    assert of_run(store, run) == {**STATES, "b-00002": "rendered"}


def test_two_workers_of_one_run_make_no_status_wrong(store: Store) -> None:
    """Each writes what it knows of a shard over what the other one knows."""
    run = run_of(2)
    fill(store, run, "unfit", "written")
    with progress.Progress(store, run) as slow:
        slow.reread("b-00001")
        write(store, story(run, 1, "rendered"))
        with progress.Progress(store, run) as quick:
            quick.reread("b-00001")
        slow.reread("b-00002")
    assert progress.load(store, run, "0000")["b-00001"].state == "failed"
    assert of_run(store, run) == of_root(store) == {"b-00001": "rendered", "b-00002": "written"}
    assert list(reopen.found(store, "demo", run.name, None)) == []


def test_damaged_and_missing_manifests_are_states_of_their_own(store: Store) -> None:
    run = run_of(5)
    fill(store, run, *ENDS, summaries=False)
    store.write(places.of_job("demo", "b-00001").manifest, b"{")
    store.delete(places.of_job("demo", "b-00004").manifest)
    told = {**STATES, "b-00001": DAMAGED, "b-00004": MISSING}
    assert of_run(store, run) == told
    assert of_root(store) == {job: state for job, state in told.items() if state != MISSING}


def test_damaged_summaries_and_plans_cost_time_and_nothing_else(store: Store) -> None:
    run = run_of(5)
    fill(store, run, *ENDS)
    place = runs.place_of("demo", "r")
    store.write(place.shard("0000"), b'{"jobs": [{"job": "b-00001", "state": "rendered", "generation": "x"}]}')
    store.write(place.shard("0001"), b"\xff")
    assert of_run(store, run) == STATES
    store.write(place.plan, b"{")
    assert of_root(store) == STATES


def test_a_batch_is_read_from_its_summaries_and_only_what_changed_from_manifests() -> None:
    with GcsServer(page=20) as server:
        store, run = bucket_store(server), run_of(100, shard_size=25)
        fill(store, run, *["rendered"] * 99, "written")
        before = len(server.journal)
        assert len(of_root(store)) == 100
        reads = [call.name for call in server.journal[before:] if call.operation == "read"]
        assert len(reads) == 5  # the plan, and four summaries
        before = len(server.journal)
        assert len(of_run(store, run)) == 100
        reads = [call.name for call in server.journal[before:] if call.operation == "read"]
        assert len(reads) == 4  # the summaries
        write(store, story(run, 7, "unfit"))
        assert of_run(store, run)["b-00007"] == "failed"
        reads = [call.name for call in server.journal[before:] if call.operation == "read"]
        assert len(reads) == 4 + 5  # and the one manifest that has changed


def test_a_tally_tells_states_reasons_time_tokens_and_money(store: Store) -> None:
    run = run_of(5)
    fill(store, run, *ENDS)
    tally = Tally()
    for record in survey.of_run(store, run):
        tally.add(record)
    assert (tally.jobs, tally.done, tally.failed, tally.open) == (5, 2, 2, 1)
    assert (tally.seconds, tally.tokens, tally.cost_usd) == (7.0, 4 * 123, 1.0)
    assert tally.reasons() == [
        Reason("checks", "TextError", 1, "b-00002", "question x: the explanation is too long: shorten it"),
        Reason("questions", "ModelDown", 1, "b-00003", "no whole answer in 120 s: try again"),
    ]
    assert tally.as_json()["states"] == {"written": 1, "rendered": 2, "failed": 2}


def test_progress_is_written_at_once_then_at_times_and_at_the_end(store: Store) -> None:
    run = run_of(4)
    runs.save(store, run)
    name = runs.place_of("demo", "r").shard("0000")
    with progress.Progress(store, run) as kept:
        for number in (1, 2):
            write(store, story(run, number, "rendered"))
            kept.reread(f"b-0000{number}")
            written = store.stat(name)
            assert written is not None
            assert len(progress.load(store, run, "0000")) == 1  # the second one is not told at once
    assert list(progress.load(store, run, "0000")) == ["b-00001", "b-00002"]
    with progress.Progress(store, run) as kept:  # another worker knows what the first one told
        kept.put(progress.load(store, run, "0000")["b-00001"])
    assert list(progress.load(store, run, "0000")) == ["b-00001", "b-00002"]


def test_a_summary_that_cannot_be_written_fails_no_job(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(2)
    fill(store, run, "rendered", "rendered", summaries=False)

    def refuse(*_: object) -> None:
        raise StorageError("no room")

    monkeypatch.setattr(store, "write", refuse)
    with progress.Progress(store, run) as kept:
        kept.reread("b-00001")
    assert progress.load(store, run, "0000") == {}


def test_a_manifest_of_another_kind_of_object_is_no_job(store: Store) -> None:
    told = story(run_of(1), 1, "rendered")
    for name in ("jobs/demo/_MANIFEST.json", "jobs/Demo/b/_MANIFEST.json", "jobs/demo/b/old/_MANIFEST.json"):
        store.write(name, manifest.dumps(told))
    assert of_root(store) == {}
