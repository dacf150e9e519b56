"""Batch mode's gathering: what goes together, and what becomes of it when a batch fails."""

from __future__ import annotations

import asyncio

import pytest

from tests.unit.questions.gemini.services import Online, Service
from triviareel.errors import BatchEnded, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini.gathering import Gathering
from triviareel.questions.gemini.limiter import Limiter
from triviareel.questions.gemini.memory import Memory
from triviareel.questions.gemini.model import Ask, GivenUp, Reply
from triviareel.questions.gemini.submission import Submissions


def gathering(service: Service, online: Online) -> Gathering:
    batches = Submissions(service, Memory(None, "run"), Limiter(clock=service.clock), "run", 30, 3600, service.clock)
    return Gathering(online, batches)


def run(service: Service, online: Online, jobs: int = 3, asks: int = 2) -> list[Reply | BaseException]:
    """Several jobs that ask three times, each time for several things at once, and once more what fails."""

    async def whole() -> list[Reply | BaseException]:
        opened = gathering(service, online)

        async def insisted(text: str) -> Reply:
            try:
                return await opened.ask(Ask("m", text))
            except ModelDown:
                return await opened.ask(Ask("m", text, again=True))

        async def job(name: int) -> list[Reply]:
            with opened.job():
                found: list[Reply] = []
                for stage in ("write", "verify", "more"):
                    texts = [f"{stage} {name}.{at}" for at in range(asks)]
                    found += await asyncio.gather(*map(insisted, texts))
                return found

        done = await asyncio.gather(*(job(name) for name in range(jobs)), return_exceptions=True)
        await opened.close()
        return [one for each in done for one in (each if isinstance(each, list) else [each])]

    return asyncio.run(whole())


def test_all_jobs_go_into_one_batch_to_write_and_one_to_verify_and_the_rest_online() -> None:
    service, online = Service(), Online()
    replies = run(service, online)
    assert [sorted(row.ask.prompt.split()[0] for row in rows) for rows in service.handed.values()] == [
        ["write"] * 6,
        ["verify"] * 6,
    ]
    assert len(replies) == 18
    assert sum(isinstance(reply, Reply) and reply.batch for reply in replies) == 12
    assert len(online.asked) == 6
    assert service.cancelled == []


def test_each_gets_his_own_answer_and_what_is_lost_is_asked_online() -> None:
    service, online = Service(lost=["write 1.0", "verify 2.1"]), Online()
    replies = run(service, online)
    texts = [reply.text for reply in replies if isinstance(reply, Reply)]
    assert texts == [
        f"{stage} {name}.{at}" for name in range(3) for stage in ("write", "verify", "more") for at in (0, 1)
    ]
    assert {"write 1.0", "verify 2.1"} <= set(online.asked)


@pytest.mark.parametrize(
    ("service", "cancelled"),
    [(Service(looks=[BatchEnded("it ended as failed")] * 2), 0), (Service(looks=[False] * 10**4), 2)],
)
def test_what_a_failed_batch_or_a_slow_one_leaves_is_asked_online(service: Service, cancelled: int) -> None:
    online = Online()
    replies = run(service, online)
    assert all(isinstance(reply, Reply) and not reply.batch for reply in replies)
    assert len(online.asked) == 18
    assert len(service.cancelled) == cancelled


def test_a_refusal_is_every_jobs_error_and_nothing_is_asked_online() -> None:
    online = Online()
    replies = run(Service(submits=[ModelRefused("the key is refused")]), online)
    assert [type(reply) for reply in replies] == [ModelRefused] * 3
    assert online.asked == []


def test_what_nobody_foresaw_reaches_the_jobs_instead_of_leaving_them_waiting() -> None:
    class Odd(Service):
        async def collect(self, batch: str, model: str) -> dict[str, Reply | TriviaError]:
            raise ZeroDivisionError(f"{batch} of {model}")

    replies = asyncio.run(asyncio.wait_for(asyncio.to_thread(run, Odd(), Online()), 60))
    assert [type(reply) for reply in replies] == [ZeroDivisionError] * 3


def test_a_job_that_ends_does_not_hold_up_the_others() -> None:
    async def whole() -> Reply:
        opened = gathering(Service(), Online())

        async def idle() -> None:
            with opened.job():
                await asyncio.sleep(0)

        async def busy() -> Reply:
            with opened.job():
                return await opened.ask(Ask("m", "write"))

        _, reply = await asyncio.gather(idle(), busy())
        return reply

    assert asyncio.run(asyncio.wait_for(whole(), 60)).batch


@pytest.mark.parametrize(("jobs", "charge", "cancelled"), [(1, "batch", 1), (2, "none", 0)])
def test_who_is_told_to_stop_tells_what_it_may_have_cost(jobs: int, charge: str, cancelled: int) -> None:
    service = Service(looks=[False] * 1000)

    async def whole() -> None:
        opened = gathering(service, Online())

        async def job() -> None:
            with opened.job():
                await opened.ask(Ask("m", "write"))

        async def other() -> None:
            with opened.job():  # which asks nothing, so that no batch begins
                await asyncio.sleep(3600)

        task, *others = [asyncio.create_task(work()) for work in (job, other)[:jobs]]
        while jobs == 1 and not service.looked:
            await asyncio.sleep(0)
        await asyncio.sleep(0)  # both have begun
        for one in (task, *others):
            one.cancel()
        with pytest.raises(GivenUp) as end:
            await task
        assert end.value.charge == charge
        await opened.close()

    asyncio.run(whole())
    assert len(service.cancelled) == cancelled
