import asyncio
from dataclasses import replace

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.watch import Counting
from triviareel.errors import AnswerFault, ModelBusy, ModelDown, ModelRefused, SpendCeiling, TriviaError
from triviareel.questions.gemini.caller import Attempt, Caller, expected_tokens
from triviareel.questions.gemini.limiter import WINDOW_S, Limiter
from triviareel.questions.gemini.model import Ask, Reply, Tokens, text_of

ASK = Ask("m", "p" * 300, seed=1, max_output_tokens=1000)
GOOD = Reply("fine", "STOP", Tokens(100, 10, 5), "m")


class Scripted:
    """A model that answers with what it was given, in order."""

    def __init__(self, *turns: Reply | TriviaError) -> None:
        self.turns = list(turns)
        self.asks: list[Ask] = []

    async def ask(self, ask: Ask) -> Reply:
        self.asks.append(ask)
        turn = self.turns.pop(0)
        if isinstance(turn, TriviaError):
            raise turn
        return turn

    async def close(self) -> None: ...


def setting(*turns: Reply | TriviaError, most: int | None = None) -> tuple[Caller, Scripted, Counting, FakeClock]:
    clock, model, watch = FakeClock(), Scripted(*turns), Counting(most)
    return Caller(model, Limiter(clock=clock), watch, clock=clock), model, watch, clock


def test_a_good_answer_takes_one_call() -> None:
    caller, model, watch, _ = setting(GOOD)
    answer = asyncio.run(caller.ask(ASK, text_of))
    assert (answer.value, answer.attempts) == ("fine", 1)
    assert model.asks == [ASK]
    assert watch.attempts == [Attempt(ASK, 1, GOOD, None)]


def test_five_attempts_are_all_and_the_last_fault_is_told() -> None:
    caller, _, watch, clock = setting(*(ModelDown(f"fault {n}") for n in range(9)))
    with pytest.raises(ModelDown, match="fault 4"):
        asyncio.run(caller.ask(ASK, text_of))
    assert [attempt.number for attempt in watch.attempts] == [1, 2, 3, 4, 5]
    assert len(clock.slept) == 4
    assert watch.open == 0


def test_a_refusal_is_told_at_once() -> None:
    caller, model, _, clock = setting(ModelRefused("no"))
    with pytest.raises(ModelRefused):
        asyncio.run(caller.ask(ASK, text_of))
    assert (len(model.asks), clock.slept) == (1, [])


def test_a_busy_service_is_left_alone_by_everyone_for_as_long_as_it_asks() -> None:
    class Stopped(FakeClock):
        """Nobody who sleeps wakes."""

        async def sleep(self, seconds: float) -> None:
            self.slept.append(seconds)
            await asyncio.Event().wait()

    async def run() -> list[float]:
        clock = Stopped()
        limiter = Limiter(clock=clock)
        busy, other = Scripted(ModelBusy("busy", 7)), Scripted(GOOD)
        tasks = []
        for model in (busy, other):
            caller = Caller(model, limiter, Counting(), clock=clock)
            tasks.append(asyncio.create_task(caller.ask(ASK, text_of)))
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert other.asks == []
        return clock.slept

    own, others = asyncio.run(run())
    assert 7 <= own == others <= 7.7


def test_a_useless_answer_is_charged_and_asked_for_otherwise() -> None:
    empty = replace(GOOD, text="")
    caller, model, watch, clock = setting(empty, GOOD)
    assert asyncio.run(caller.ask(ASK, text_of)).attempts == 2
    assert [ask.seed for ask in model.asks] == [1, 2]
    assert watch.attempts[0].reply == empty
    assert isinstance(watch.attempts[0].fault, AnswerFault)
    assert sum(clock.slept) == 0


def test_whoever_asks_may_say_what_to_ask_next() -> None:
    caller, model, _, _ = setting(replace(GOOD, text=""), GOOD)
    asyncio.run(caller.ask(ASK, text_of, lambda ask, fault: replace(ask, prompt=f"{fault}")))
    assert model.asks[1].prompt == "m: the answer is empty (STOP); ask again"


def test_the_watch_can_end_it_before_a_call() -> None:
    caller, model, _, _ = setting(ModelDown("x"), GOOD, most=1)
    with pytest.raises(SpendCeiling):
        asyncio.run(caller.ask(ASK, text_of))
    assert len(model.asks) == 1


def test_jobs_in_flight_share_one_limit() -> None:
    async def run() -> float:
        clock = FakeClock()
        limiter = Limiter(requests=2, clock=clock)
        callers = [Caller(Scripted(GOOD), limiter, Counting(), clock=clock) for _ in range(6)]
        await asyncio.gather(*(caller.ask(ASK, text_of) for caller in callers))
        return clock.time_s

    assert asyncio.run(run()) == 2 * WINDOW_S


def test_what_a_call_may_take_is_never_estimated_below_english_text() -> None:
    assert expected_tokens(ASK) >= 300 / 4 + 1000
