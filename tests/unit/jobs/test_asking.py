"""What Gemini is asked for jobs is asked by one worker, kept at once and paid once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.gemini import GeminiServer, answers
from tests.unit.jobs.batches import planned, story
from tests.unit.jobs.desks import REQUEST, Notes
from triviareel import ending
from triviareel.errors import Conflict, Stopped
from triviareel.jobs import claim, dataset, generating, writing
from triviareel.jobs.claim import Pace
from triviareel.jobs.dataset import Dataset
from triviareel.jobs.desk import Desk
from triviareel.jobs.generating import Asking
from triviareel.jobs.manifest import State
from triviareel.jobs.places import of_job
from triviareel.jobs.request import Request
from triviareel.questions import bank
from triviareel.questions.gemini.options import Options
from triviareel.settings import Hidden, Settings
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

GEMINI = replace(REQUEST, source="gemini", topics=("space",))


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


def asking(server: GeminiServer) -> Asking:
    reached = Hidden({"GEMINI_API_KEY": "any", "GOOGLE_GEMINI_BASE_URL": server.url})
    return Asking(Options(), Settings(Path("cache"), "auto", {}, reached), "g")


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


def test_the_usual_pace_lets_several_beats_fail() -> None:
    assert Pace().lease_s >= 4 * Pace().beat_s
