"""The spend ceiling against the bill of the fake, which charges whatever it has answered, seen or not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.clock import FakeClock
from tests.fakes.gemini import GeminiServer, answers
from triviareel.errors import SpendCeiling, Stopped, StorageError
from triviareel.jobs.request import Request
from triviareel.questions.gemini import cost
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.gemini.dataset import Dataset
from triviareel.questions.gemini.feeder import GeminiFeeder
from triviareel.questions.gemini.model import Ask, Tokens, tokens_at_most
from triviareel.questions.gemini.options import Options
from triviareel.questions.model import Question

DAY = date(2026, 11, 22)
PRICES = cost.prices(DAY)
FAULTS = (
    "ok", "ok", "ok", "429:1", "503", "500", "html", "html-200", "raw", "blocked", "no-candidates", "empty", "odd",
    "list", "not-json", "mismatched", "max-tokens", "thought-out", "cut-body", "reset", "stall", "drip", "row-missing",
    "row-error",
)  # fmt: skip
VERBS = ("ok", "ok", "429:1", "503", "reset", "cut-body")
REQUEST = Request(topics=("space",), questions=3, source="gemini")


def bill(server: GeminiServer) -> Decimal:
    """What the service will charge."""
    return sum(
        (PRICES.of(one.model).of(Tokens(one.prompt, one.output), batch=one.batch) for one in server.charges), Decimal(0)
    )


def spend(
    server: GeminiServer,
    ceiling: Decimal | None,
    mode: str = "online",
    jobs: int = 4,
    done: Callable[[str, Dataset], Awaitable[None]] | None = None,
    spent: Decimal = Decimal(0),
    request: Request = REQUEST,
    deadline_s: float = 60,
) -> tuple[dict[str, Dataset], GeminiFeeder]:
    """Have several jobs' questions written under a ceiling; what became of each job."""
    found: dict[str, Dataset] = {}
    options = Options(mode=mode, spend_ceiling_usd=ceiling, batch_poll_s=1.0, deadline_s=deadline_s)
    feeder = GeminiFeeder(
        api_key="any", base_url=server.url, options=options, clock=FakeClock(), day=DAY, spent_usd=spent
    )

    async def keep(job: str, data: Dataset) -> None:
        found[job] = data

    async def run() -> None:
        async with feeder:
            await feeder.each({f"j{n}": replace(request, seed=n) for n in range(jobs)}, done or keep)

    asyncio.run(run())
    return found, feeder


@settings(max_examples=20)
@given(
    faults=st.lists(st.sampled_from(FAULTS), max_size=30),
    verbs=st.lists(st.sampled_from(VERBS), max_size=6),
    ceiling=st.integers(5, 400).map(lambda thousandths: Decimal(thousandths) / 10_000),
    mode=st.sampled_from(["online", "batch"]),
)
def test_whatever_goes_wrong_the_bill_stays_below_the_ceiling(
    faults: list[str], verbs: list[str], ceiling: Decimal, mode: str
) -> None:
    with GeminiServer(drip_s=0.2) as server:
        server.faults(*faults)
        server.batch_faults(*verbs)
        found, feeder = spend(server, ceiling, mode, deadline_s=0.25)
        assert bill(server) <= feeder.budget.spent_usd <= ceiling
    assert len(found) == 4
    assert feeder.budget.spent_usd == sum(data.usage.at_most_usd for data in found.values()) == feeder.usage.at_most_usd


def test_a_ceiling_that_a_run_stays_below_fails_no_job_however_many_are_in_flight() -> None:
    """Each call is set aside for at several times of what it costs, so that not all fit under it at once."""
    with GeminiServer() as server:
        found, feeder = spend(server, Decimal("0.05"), jobs=8, deadline_s=60)
        assert [data.error for data in found.values()] == [None] * 8
        assert bill(server) == feeder.budget.spent_usd < Decimal("0.05")


def test_who_waits_for_money_and_is_told_to_stop_goes() -> None:
    async def waiting() -> None:
        budget = cost.Budget(Decimal(1))
        with budget.setting_aside(Decimal("0.6")):
            task = asyncio.create_task(budget.room(Decimal("0.5")))
            await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await budget.room(Decimal("1.1"))  # which never fits, and is told so
            later = asyncio.create_task(budget.room(Decimal("0.5")))
            await asyncio.sleep(0)
            assert not later.done()
        await later

    asyncio.run(asyncio.wait_for(waiting(), 60))


@pytest.mark.parametrize("fault", ["stall", "reset", "cut-body", "html", "raw", "odd"])
def test_an_answer_that_never_came_is_counted_at_its_most(fault: str) -> None:
    with GeminiServer() as server:
        server.faults(fault)
        found, _ = spend(server, None, jobs=1, deadline_s=1 if fault == "stall" else 60)
        assert found["j0"].error is None
        usage = found["j0"].usage
        assert usage.unseen_usd > 0
        assert usage.money_usd < bill(server) <= usage.at_most_usd
        assert found["j0"].story()["unseen_usd"] == float(round(usage.unseen_usd, 6))


@pytest.mark.parametrize("fault", ["429:1", "503", "500"])
def test_what_the_service_itself_turns_away_costs_nothing(fault: str) -> None:
    with GeminiServer() as server:
        server.faults(fault)
        usage = spend(server, None, jobs=1)[0]["j0"].usage
        assert usage.unseen_usd == 0
        assert bill(server) == usage.money_usd


def test_a_run_whose_books_cannot_be_written_asks_nothing_and_is_charged_nothing() -> None:
    async def hold(_: Usage, __: Decimal) -> None:
        raise StorageError("the bucket does not answer: try again")

    with GeminiServer() as server:
        feeder = GeminiFeeder(api_key="any", base_url=server.url, hold=hold, day=DAY)
        data = asyncio.run(feeder.attempt(REQUEST))
        assert (type(data.error), server.calls, data.usage.at_most_usd) == (StorageError, [], Decimal(0))


def test_what_was_in_flight_when_the_run_was_told_to_stop_is_counted() -> None:
    async def stop(_: str, __: Dataset) -> None:
        raise Stopped("told to stop")

    def answer(body: dict[str, Any], model: str) -> dict[str, Any]:
        while len(server.calls) < 4:  # all jobs have asked before one has its answer
            time.sleep(0.001)
        return answers.generate(body, model)

    with GeminiServer(answer=answer) as server:
        server.faults("ok", "ok", "stall", "stall", "stall")
        feeder = GeminiFeeder(
            api_key="any",
            base_url=server.url,
            options=Options(jobs_in_flight=4),
            clock=FakeClock(),
            day=DAY,
            unfit=lambda _: _stop_when(len(server.calls) > 3),
        )

        async def run() -> None:
            async with feeder:
                await feeder.each({f"j{n}": replace(REQUEST, seed=n) for n in range(4)}, stop)

        with pytest.raises(Stopped):
            asyncio.run(run())
        assert feeder.usage.calls >= 1
        assert bill(server) <= feeder.usage.at_most_usd == feeder.budget.spent_usd


def _stop_when(reached: bool) -> str | None:
    if reached:
        raise Stopped("told to stop")
    return None


def test_a_run_that_goes_on_counts_what_it_spent_before() -> None:
    with GeminiServer() as server:
        found, feeder = spend(server, Decimal("0.02"), jobs=1, spent=Decimal("0.0199"))
        assert server.calls == []
    error = found["j0"].error
    assert isinstance(error, SpendCeiling)
    assert "0.0199 spent" in str(error)
    assert feeder.budget.spent_usd == Decimal("0.0199")


@given(st.text(), st.text())
def test_no_script_has_more_tokens_than_are_reckoned_with(prompt: str, system: str) -> None:
    ask = Ask("m", prompt, system)
    most = tokens_at_most(ask)
    letters = len(prompt) + len(system)
    assert most >= letters / 2  # whatever they are
    others = [letter for letter in prompt + system if not letter.isascii()]
    assert most >= len("".join(others).encode("utf-8", "surrogatepass"))  # a tokenizer's worst case: its bytes


def test_a_job_that_fails_in_a_way_that_nobody_foresaw_does_not_end_the_others() -> None:
    def unfit(question: Question) -> str | None:
        if question.topic == "history":
            raise ZeroDivisionError("canary-key in a message")
        return None

    found: dict[str, Dataset] = {}

    async def keep(job: str, data: Dataset) -> None:
        found[job] = data

    with GeminiServer() as server:
        feeder = GeminiFeeder(api_key="canary-key", base_url=server.url, clock=FakeClock(), day=DAY, unfit=unfit)

        async def run() -> None:
            async with feeder:
                topics = {"good": ("space",), "bad": ("history",), "none": ("x" * 99,), "fine": ("science",)}
                await feeder.each({job: replace(REQUEST, topics=topic) for job, topic in topics.items()}, keep)

        asyncio.run(run())
    assert {job for job, data in found.items() if data.error is None} == {"good", "fine"}
    assert "unforeseen ZeroDivisionError ([key] in a message)" in str(found["bad"].error)
    assert found["bad"].error is not None
    assert found["bad"].error.retryable
    assert found["bad"].usage.money_usd > 0
    assert "99 characters" in str(found["none"].error)
