"""Batch mode's gathering: what goes together, and what becomes of it when a batch fails."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from triviareel.errors import ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini.batches import Row
from triviareel.questions.gemini.gathering import Gathering
from triviareel.questions.gemini.model import Ask, Reply, Tokens


class Now:
    """A clock whose sleeps are over at once."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        await asyncio.sleep(0)


class Online:
    """Answers each request at once with its own prompt."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def ask(self, ask: Ask) -> Reply:
        self.asked.append(ask.prompt)
        return Reply(ask.prompt, "STOP", Tokens(), ask.model)

    async def close(self) -> None: ...


class Service:
    """Batch verbs that end in `error`, or never, or well."""

    def __init__(self, error: TriviaError | None = None, looks: int = 3, lost: Sequence[str] = ()) -> None:
        self.error, self.looks, self.lost = error, looks, lost
        self.rows: list[list[Row]] = []
        self.cancelled: list[str] = []

    async def submit(self, name: str, rows: Sequence[Row]) -> str:
        if isinstance(self.error, ModelRefused):
            raise self.error
        self.rows.append(list(rows))
        return name

    async def is_done(self, batch: str) -> bool:  # noqa: ARG002 - there is one at a time
        if self.error:
            raise self.error
        self.looks -= 1
        return self.looks <= 0

    async def collect(self, batch: str, model: str) -> dict[str, Reply | TriviaError]:  # noqa: ARG002 - see above
        rows = self.rows[-1]
        return {
            row.key: Reply(row.ask.prompt, "STOP", Tokens(), model, batch=True)
            for row in rows
            if row.ask.prompt not in self.lost
        }

    async def cancel(self, batch: str) -> None:
        self.cancelled.append(batch)

    async def close(self) -> None: ...


def run(service: Service, online: Online, jobs: int = 3, asks: int = 2) -> list[Reply | BaseException]:
    """Several jobs that ask twice, each time for several things at once."""

    async def whole() -> list[Reply | BaseException]:
        gathering = Gathering(online, service, "run", 30, 3600, Now())

        async def job(name: int) -> list[Reply]:
            with gathering.job():
                found: list[Reply] = []
                for stage in ("write", "verify", "more"):
                    texts = [f"{stage} {name}.{at}" for at in range(asks)]
                    found += await asyncio.gather(*(gathering.ask(Ask("m", text)) for text in texts))
                return found

        done = await asyncio.gather(*(job(name) for name in range(jobs)), return_exceptions=True)
        await gathering.close()
        return [one for each in done for one in (each if isinstance(each, list) else [each])]

    return asyncio.run(whole())


def test_all_jobs_go_into_one_batch_to_write_and_one_to_verify_and_the_rest_online() -> None:
    service, online = Service(), Online()
    replies = run(service, online)
    assert [sorted(row.ask.prompt.split()[0] for row in rows) for rows in service.rows] == [
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


@pytest.mark.parametrize("service", [Service(ModelDown("it ended as failed")), Service(looks=10**9)])
def test_a_batch_that_fails_or_takes_too_long_is_cancelled_and_asked_online(service: Service) -> None:
    online = Online()
    replies = run(service, online)
    assert all(isinstance(reply, Reply) and not reply.batch for reply in replies)
    assert len(online.asked) == 18
    assert len(service.cancelled) == 2


def test_a_refusal_is_every_jobs_error_and_nothing_is_asked_online() -> None:
    online = Online()
    replies = run(Service(ModelRefused("the key is refused")), online)
    assert [type(reply) for reply in replies] == [ModelRefused] * 3
    assert online.asked == []


def test_a_job_that_ends_does_not_hold_up_the_others() -> None:
    async def whole() -> Reply:
        service = Service()
        gathering = Gathering(Online(), service, "run", 30, 3600, Now())

        async def idle() -> None:
            with gathering.job():
                await asyncio.sleep(0)

        async def busy() -> Reply:
            with gathering.job():
                return await gathering.ask(Ask("m", "write"))

        _, reply = await asyncio.gather(idle(), busy())
        return reply

    assert asyncio.run(asyncio.wait_for(whole(), 5)).batch
