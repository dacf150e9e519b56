"""Batches are paid for: they are handed in once, waited for patiently, and found again by whoever comes after."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.unit.questions.gemini.services import Service
from triviareel.errors import BatchEnded, ModelBusy, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini import memory, submission
from triviareel.questions.gemini.limiter import Limiter
from triviareel.questions.gemini.memory import Memory
from triviareel.questions.gemini.model import Ask, Reply
from triviareel.questions.gemini.submission import Submissions
from triviareel.storage import open_store

ASKS = {key: Ask("m", key) for key in ("a", "b")}


class Run:
    """One process of a run, whose memory is in a folder."""

    def __init__(self, service: Service, root: Path) -> None:
        self.service = service
        self.limiter = Limiter(clock=service.clock)
        self.memory = Memory(open_store(str(root)), "demo-1")
        self.batches = Submissions(service, self.memory, self.limiter, "demo-1", 30, 3600, service.clock)

    async def through(self) -> dict[str, Reply | TriviaError]:
        return dict(await self.batches.answers(await self.batches.hand_in(ASKS)))


def go(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return asyncio.run(work())


def test_a_busy_service_is_handed_the_batch_again_and_holds_what_is_asked_online(tmp_path: Path) -> None:
    service = Service(submits=[ModelBusy("429", 7), ModelDown("503", charge="none")])
    run = Run(service, tmp_path)
    assert go(run.through).keys() == ASKS.keys()
    assert len(service.handed) == 1
    assert service.clock.slept[0] >= 7
    assert run.limiter._held_until >= 7


def test_a_hand_in_whose_answer_was_lost_is_looked_up_instead_of_made_again(tmp_path: Path) -> None:
    service = Service(submits=[ModelDown("lost")])
    assert go(Run(service, tmp_path).through).keys() == ASKS.keys()
    assert len(service.handed) == 1


def test_a_service_that_stays_down_ends_it_and_may_have_taken_it(tmp_path: Path) -> None:
    faults = [ModelDown("cut"), *(ModelDown("503", charge="none") for _ in range(4))]
    with pytest.raises(ModelDown, match="503; ask online") as end:
        go(Run(Service(submits=faults), tmp_path).through)
    assert end.value.charge == "batch"
    with pytest.raises(ModelBusy):
        go(Run(Service(submits=[ModelBusy("today's quota", math.inf)]), tmp_path).through)


def test_failed_looks_are_taken_again_for_as_long_as_the_batch_has_time(tmp_path: Path) -> None:
    faults: list[TriviaError] = [ModelDown("503"), ModelBusy("429", 60)] * 10
    service = Service(looks=[*faults, False, True])
    assert go(Run(service, tmp_path).through).keys() == ASKS.keys()
    assert service.cancelled == []


def test_a_batch_that_takes_too_long_is_cancelled_and_may_be_charged(tmp_path: Path) -> None:
    service = Service(looks=[False] * 1000)
    run = Run(service, tmp_path)
    with pytest.raises(ModelDown, match="longer than 3600 s") as end:
        go(run.through)
    assert end.value.charge == "batch"
    assert len(service.cancelled) == 1
    assert run.memory.all() == []


def test_what_is_done_is_fetched_again_after_faults_and_never_cancelled(tmp_path: Path) -> None:
    service = Service(collects=[ModelDown("cut"), ModelBusy("429"), ModelDown("503")] * 3)
    assert go(Run(service, tmp_path).through).keys() == ASKS.keys()
    assert service.collected == ["batches/1"]
    service = Service(collects=[ModelDown("cut")] * 1000)
    with pytest.raises(ModelDown, match="longer than 3600 s"):
        go(Run(service, tmp_path).through)
    assert service.cancelled == []


def test_batches_of_one_run_have_names_of_their_own(tmp_path: Path) -> None:
    service = Service()
    run = Run(service, tmp_path)

    async def both() -> None:
        await asyncio.gather(run.batches.hand_in(ASKS), run.batches.hand_in(ASKS))

    go(both)
    first, second = sorted(service.titles)
    assert first.startswith("demo-1/1-")
    assert second.startswith("demo-1/2-")


def test_a_stop_cancels_what_runs_and_forgets_it(tmp_path: Path) -> None:
    service = Service(looks=[False] * 1000)
    run = Run(service, tmp_path)

    async def stopped() -> None:
        task = asyncio.create_task(run.through())
        while not service.looked:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await run.batches.close()

    go(stopped)
    assert service.cancelled == ["batches/1"]
    assert run.memory.all() == []


def test_what_could_not_be_cancelled_is_cancelled_at_the_end_or_left_to_the_next(tmp_path: Path) -> None:
    service = Service(looks=[False] * 1000, cancels=[ModelDown("503")] * 9)
    run = Run(service, tmp_path)

    async def ended() -> None:
        await run.batches.hand_in(ASKS)
        await run.batches.close()

    go(ended)
    assert service.cancelled == []
    assert [handed.batch for handed in run.memory.all()] == ["batches/1"]


def test_a_service_that_does_not_answer_holds_up_no_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent(Service):
        async def cancel(self, batch: str) -> None:
            await asyncio.sleep(3600)
            raise AssertionError(batch)

    monkeypatch.setattr(submission, "CANCEL_S", 0.01)
    run = Run(Silent(), tmp_path)

    async def ended() -> None:
        await run.batches.hand_in(ASKS)
        await run.batches.close()

    go(ended)
    assert [handed.batch for handed in run.memory.all()] == ["batches/1"]


@pytest.mark.parametrize("told", [True, False], ids=["told its name", "killed while it was handed in"])
def test_a_killed_run_finds_its_batch_and_pays_once(tmp_path: Path, told: bool) -> None:
    service = Service()
    killed = Run(service, tmp_path)
    handed = go(lambda: killed.batches.hand_in(ASKS))
    if not told:
        killed.memory.keep(replace(handed, batch=""))

    async def again() -> Any:
        run = Run(service, tmp_path)
        [found] = await run.batches.remembered("m")
        replies = await run.batches.answers(found)
        await run.batches.settle()
        await run.batches.close()
        return replies

    replies = go(again)
    assert {reply.text for reply in replies.values()} == {"a", "b"}
    assert not any(reply.booked for reply in replies.values())
    assert len(service.handed) == 1
    assert killed.memory.all() == []


def test_a_batch_is_looked_up_again_where_the_service_is_at_fault(tmp_path: Path) -> None:
    class Faulty(Service):
        faults: ClassVar[list[TriviaError]] = [ModelDown("503"), ModelBusy("429", 60)]

        async def find(self, name: str) -> str | None:
            if self.faults:
                raise self.faults.pop()
            return await super().find(name)

    killed = Run(Faulty(), tmp_path)
    handed = go(lambda: killed.batches.hand_in(ASKS))
    killed.memory.keep(replace(handed, batch=""))
    [found] = go(lambda: Run(killed.service, tmp_path).batches.remembered("m"))
    assert found.batch == "batches/1"


def test_a_run_that_ended_before_it_handed_in_has_nothing_to_find(tmp_path: Path) -> None:
    run = Run(Service(), tmp_path)
    run.memory.keep(memory.Handed("demo-1/1-x", "m", ("a",)))
    assert go(lambda: run.batches.remembered("m")) == []
    assert run.memory.all() == []


def test_what_was_fetched_and_counted_is_not_counted_again(tmp_path: Path) -> None:
    service = Service()
    stopped = Run(service, tmp_path)

    async def first() -> None:
        await stopped.through()
        await stopped.batches.close()  # without settling: not everything was written down

    async def again() -> Any:
        run = Run(service, tmp_path)
        [found] = await run.batches.remembered("m")
        return await run.batches.answers(found)

    go(first)
    replies = go(again)
    assert all(reply.booked for reply in replies.values())


def test_a_batch_that_ended_is_not_looked_for_again_and_one_out_of_sight_is(tmp_path: Path) -> None:
    ended = Run(Service(looks=[BatchEnded("expired")]), tmp_path)
    with pytest.raises(BatchEnded):
        go(ended.through)
    assert ended.memory.all() == []
    refused = Run(Service(looks=[ModelRefused("the key is refused")]), tmp_path)
    with pytest.raises(ModelRefused):
        go(refused.through)
    assert len(refused.memory.all()) == 1


def test_requests_have_the_same_names_whenever_they_are_made() -> None:
    named = Ask("m", "write, but not these: …", schema={"type": "array"}, seed=3, name="write")
    asks = [Ask("m", "a"), Ask("m", "b"), Ask("m", "a"), named]
    keys = memory.keys(asks)
    assert len(set(keys)) == 4
    assert keys == memory.keys(asks)
    assert keys[3:] == memory.keys([replace(named, prompt="write, but neither those")])
    assert keys[3:] != memory.keys([replace(named, seed=4)])


def test_a_memo_that_nobody_can_read_is_forgotten(tmp_path: Path) -> None:
    store = open_store(str(tmp_path))
    for at, data in enumerate((b"{", b"[]", b'{"title": 3}', b"\xff")):
        store.write(f"batches/demo-1/{at}/batch.json", data)
    assert Memory(store, "demo-1").all() == []
    assert Memory(None, "demo-1").all() == []
