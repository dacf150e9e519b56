from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from triviareel.errors import InputError
from triviareel.questions import bank
from triviareel.questions.ledger import Ledger, normalise
from triviareel.questions.ledger.files import Files
from triviareel.questions.model import Difficulty, Question
from triviareel.storage import Stat, Store, open_store


def asked(question: str, right: str, key: str = "q1", topic: str = "general") -> Question:
    return Question(key, topic, Difficulty.EASY, question, (right, "x", "y", "z"), "A", "So it is.", "a book")


def banked(first: int, last: int) -> list[Question]:
    return [item.question for item in bank.items()[first:last]]


FRANCE = asked("What is the capital of France?", "Paris")
FRANCE_AGAIN = asked("Which city is France's capital?", "Paris", "q2")
FINLAND = asked("What is the capital of Finland?", "Helsinki", "q3")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "root"))


def test_what_was_asked_is_found_by_whoever_reads_the_channel(store: Store) -> None:
    Ledger(store, "demo").add([FRANCE], "job-1")
    ledger = Ledger(store, "demo")
    exact, near = ledger.find(FRANCE), ledger.find(FRANCE_AGAIN)
    assert exact is not None
    assert near is not None
    assert (exact.question, exact.job, exact.exact) == (FRANCE.question, "job-1", True)
    assert (near.question, near.answer, near.exact) == (FRANCE.question, "Paris", False)
    assert ledger.find(FINLAND) is None
    assert Ledger(store, "other").find(FRANCE) is None


def test_a_job_that_is_tried_again_does_not_meet_itself(store: Store) -> None:
    ledger = Ledger(store, "demo")
    assert ledger.add([FRANCE, FINLAND], "job-1") == {}
    assert ledger.add([FRANCE, FINLAND], "job-1") == {}
    assert len(ledger) == 2
    assert ledger.find(FRANCE, "job-1") is None
    assert ledger.find(FRANCE, "job-2") is not None


def test_of_two_that_ask_the_same_at_once_one_is_told(store: Store) -> None:
    one, other = Ledger(store, "demo"), Ledger(store, "demo")
    assert one.find(FRANCE) is None
    assert other.find(FRANCE_AGAIN) is None
    assert one.add([FRANCE], "job-1") == {}
    clashes = other.add([FRANCE_AGAIN, FINLAND], "job-2")
    assert {key: match.job for key, match in clashes.items()} == {"q2": "job-1"}


def _write(root: str, number: int) -> int:
    ledger = Ledger(open_store(root), "demo")
    for turn in range(5):
        at = (number * 5 + turn) * 3
        ledger.add(banked(at, at + 3), f"job-{number}-{turn}")
        ledger.compact(least=4)
    return len(ledger)


def test_parallel_writers_and_compactions_lose_nothing(tmp_path: Path) -> None:
    root = str(tmp_path / "root")
    with ProcessPoolExecutor(4, multiprocessing.get_context("spawn")) as pool:
        list(pool.map(_write, [root] * 6, range(6)))
    ledger = Ledger(open_store(root), "demo")
    missing = [question.question for question in banked(0, 90) if ledger.find(question) is None]
    assert missing == []
    assert len(ledger) == 90
    ledger.compact(least=1)
    assert (len(ledger), len(Files(open_store(root), "demo").parts())) == (90, 0)


def test_threads_share_a_ledger(store: Store) -> None:
    ledger = Ledger(store, "demo")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda at: ledger.add(banked(at, at + 2), f"job-{at}"), range(0, 24, 2)))
    assert len(ledger) == 24


def test_a_compacted_ledger_finds_the_same(store: Store) -> None:
    ledger = Ledger(store, "demo")
    for at in range(0, 60, 10):
        ledger.add(banked(at, at + 10), f"job-{at}")
        if at == 30:
            assert ledger.compact(least=4)
    before = [(ledger.find(question), ledger.perhaps(question)) for question in banked(0, 80)]
    assert ledger.compact(least=2)
    assert not ledger.compact(least=2)
    again = Ledger(store, "demo")
    assert [(again.find(question), again.perhaps(question)) for question in banked(0, 80)] == before
    assert sum(match is not None for match, _ in before) == 60


def test_a_compaction_that_was_ended_is_finished_by_the_next(store: Store) -> None:
    ledger = Ledger(store, "demo")
    ledger.add([FRANCE], "job-1")
    part = next(iter(Files(store, "demo").parts()))
    kept = store.read(part)
    ledger.compact(least=1)
    store.write(part, kept)  # as if it had been ended before it removed what it had merged
    store.write("ledger/demo/segments/000000-abandoned.bin", b"half")
    assert len(Ledger(store, "demo")) == 1
    ledger.add([FINLAND], "job-2")
    assert ledger.compact(least=1)
    ledger.add(banked(0, 1), "job-3")
    assert ledger.compact(least=1)
    assert store.stat(part) is None
    assert len(Files(store, "demo").segments()) == 1
    assert len(Ledger(store, "demo")) == 3


def test_an_older_normal_form_is_worked_out_anew(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(store, "demo")
    ledger.add([FRANCE], "job-1")
    ledger.compact(least=1)
    monkeypatch.setattr(normalise, "VERSION", normalise.VERSION + 1)
    newer = Ledger(store, "demo")
    assert newer.find(FRANCE_AGAIN) is not None
    newer.add([FINLAND], "job-2")
    assert newer.compact(least=1)
    assert len(Ledger(store, "demo")) == 2


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("parts/job-1-x.jsonl", b"{}\n", "is no part of a ledger"),
        ("parts/job-1-x.jsonl", b"\xff", "is no part of a ledger"),
        ("head.json", b"[]", "is no head of a ledger"),
        ("head.json", b'{"version": 9, "segments": [], "merged": []}', "newer triviareel"),
        ("head.json", b'{"version": 1, "segments": ["gone.bin"], "merged": []}', "gone.bin"),
    ],
)
def test_damage_is_told(store: Store, name: str, data: bytes, told: str) -> None:
    store.write(f"ledger/demo/{name}", data)
    with pytest.raises(InputError, match=told):
        Ledger(store, "demo")


def test_a_cut_segment_is_told(store: Store) -> None:
    ledger = Ledger(store, "demo")
    ledger.add([FRANCE], "job-1")
    ledger.compact(least=1)
    head = json.loads(store.read("ledger/demo/head.json"))
    name = f"ledger/demo/segments/{head['segments'][0]}"
    store.write(name, store.read(name)[:-5])
    with pytest.raises(InputError, match="bytes instead of"):
        Ledger(store, "demo")


def test_the_last_questions_fit_into_their_budget(store: Store) -> None:
    start = datetime(2026, 11, 22, tzinfo=UTC)
    for at in range(30):
        ledger = Ledger(store, "demo", lambda at=at: start + timedelta(minutes=at))  # type: ignore[misc]  # bound now
        ledger.add(
            [asked(f"What is number {at}?", str(at), f"q{at}", "odd" if at % 2 else "even")], f"job-{at % 3}-{at}"
        )
        ledger.compact(least=7)
    assert ledger.recent(0) == ()
    assert ledger.recent(1000)[:3] == ("What is number 29?", "What is number 28?", "What is number 27?")
    assert ledger.recent(1000, ["even"])[:2] == ("What is number 28?", "What is number 26?")
    assert len(ledger.recent(1000)) == 30
    assert sum(len(text) for text in ledger.recent(20)) <= 20 * 3


def test_odd_texts_are_kept_and_found(store: Store) -> None:
    odd = asked("A tab\tand a\nline end, \ud800 and 🚀?", "\t", "odd")
    empty = asked("?", "", "empty")
    ledger = Ledger(store, "demo")
    ledger.add([replace(odd, topic="ta\tb"), empty], "job-1")
    ledger.compact(least=1)
    assert ledger.find(odd) is not None
    assert ledger.find(empty) is not None


class Remote:
    """A store without local files, as a bucket is: whole objects, strong lists, generations."""

    def __init__(self, behind: Store) -> None:
        self._behind = behind

    def local(self, name: str) -> None:  # noqa: ARG002 - as in Store
        return None

    def __getattr__(self, name: str) -> object:
        return getattr(self._behind, name)


def test_a_store_without_local_files_will_do(store: Store) -> None:
    remote: Store = Remote(store)  # type: ignore[assignment]  # the rest is passed on
    ledger = Ledger(remote, "demo")
    ledger.add(banked(0, 20), "job-1")
    assert ledger.compact(least=1)
    found: Stat | None = remote.stat("ledger/demo/head.json")
    assert found is not None
    assert Ledger(remote, "demo").find(banked(7, 8)[0]) is not None
