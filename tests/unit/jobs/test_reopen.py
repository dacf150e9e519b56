"""Failed jobs are opened anew, once, and as they were before they failed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.jobs.told import FAULTS, fill, run_of, story, write
from triviareel.cli.app import run
from triviareel.cli.mends import command
from triviareel.errors import InputError
from triviareel.jobs import ledger, places, records, reopen, survey
from triviareel.jobs.manifest import Manifest, Output, State
from triviareel.jobs.request import Look, Request
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

ENDS = ("rendered", "unfit", "unasked", "written")


def opened(store: Store, channel: str | None = None, run: str | None = None, job: str | None = None) -> dict[str, str]:
    done = reopen.reopen(store, reopen.found(store, channel, run, job), lambda _: None)
    return {one.job: f"{one.state} {one.attempts}" for one in done}


def test_failed_jobs_go_back_to_what_is_there_and_keep_their_attempts(store: Store) -> None:
    run = run_of(4)
    fill(store, run, *ENDS)
    assert opened(store) == {"b-00002": "written 2", "b-00003": "planned 1"}
    found = ledger.find(store, places.of_job("demo", "b-00002").manifest)
    assert found is not None
    assert (found.manifest.state, found.manifest.failure) == (State.WRITTEN, None)
    assert [record.state for record in survey.of_run(store, run)] == ["rendered", "written", "planned", "written"]
    before = {stat.name: stat.generation for stat in store.list("jobs")}
    assert opened(store) == {}
    assert {stat.name: stat.generation for stat in store.list("jobs")} == before


def test_a_job_that_was_taken_up_since_it_was_found_is_left_alone(store: Store) -> None:
    run = run_of(4)
    fill(store, run, *ENDS)
    jobs = list(reopen.found(store, None, None, None))
    write(store, story(run, 2, "rendering"))
    assert [one.job for one in reopen.reopen(store, iter(jobs), lambda _: None)] == ["b-00003"]
    assert reopen.reopen(store, iter(jobs), lambda _: None) == []


def test_a_job_that_is_taken_up_just_now_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_of(4)
    fill(store, run, *ENDS)
    real = reopen.reopened

    def overtaken(told: Manifest) -> Manifest:
        if told.job == "b-00002":
            write(store, story(run, 2, "rendering"))
        return real(told)

    monkeypatch.setattr(reopen, "reopened", overtaken)
    assert opened(store) == {"b-00003": "planned 1"}
    assert records.read(store, places.of_job("demo", "b-00002").manifest, "b-00002").state == "rendering"


def test_a_job_with_its_dataset_goes_on_from_there(store: Store) -> None:
    run = run_of(1)
    told = story(run, 1, "planned").reach(State.GENERATED, story(run, 1, "planned").times[State.PLANNED])
    told = told.reach(State.GENERATED, told.times[State.PLANNED], outputs={"dataset": Output("d", 1, "0", 1)})
    write(store, told.fail(*FAULTS["unfit"], told.times[State.PLANNED]))
    assert opened(store) == {"b": "generated 0"}


@pytest.mark.parametrize(
    ("run", "job", "found"),
    [
        ("r", None, ["b-00002", "b-00003"]),
        (None, "b", ["b-00002", "b-00003"]),
        (None, "b-00003", ["b-00003"]),
        ("r", "b-00003", ["b-00003"]),
        (None, "b-00001", []),
    ],
)
def test_only_what_was_named_is_opened(store: Store, run: str | None, job: str | None, found: list[str]) -> None:
    fill(store, run_of(4), *ENDS)
    assert list(opened(store, "demo", run, job)) == found


def test_a_run_or_job_needs_its_channel_and_must_be_there(store: Store) -> None:
    with pytest.raises(InputError, match=r"^job b: say whose it is, with --channel"):
        opened(store, None, None, "b")
    with pytest.raises(InputError, match=r"^run none: there is no .*plan\.json"):
        opened(store, "demo", "none")
    with pytest.raises(InputError, match=r"^job c: there is none in .*jobs/demo; name"):
        opened(store, "demo", None, "c")
    with pytest.raises(InputError, match=r"^channel 'Demo': use"):
        opened(store, "Demo")


def test_the_command_that_goes_on_asks_for_the_same_again() -> None:
    request = Request("quiz", ("space", "old rome"), questions=3, videos=2, look=Look(fps=24, voice="none"), seed=5)
    assert command("gs://b/x", "b", request) == (
        "triviareel make --root gs://b/x --job b --topic space --topic 'old rome' --channel quiz "
        "--questions 3 --videos 2 --fps 24 --voice none"
    )


def test_who_retries_is_told_how_to_go_on_and_that_no_manifest_knows_the_assets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(FolderStore(tmp_path), run_of(4), *ENDS)
    assert run(["retry", str(tmp_path)]) == 0
    opened, how, command = capsys.readouterr().err.splitlines()
    assert opened == "2 failed jobs opened anew"
    assert "--assets" in how
    assert command.strip().startswith(f"triviareel make --root {tmp_path} --job b --topic space")
