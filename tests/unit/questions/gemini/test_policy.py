import math
import random

import pytest

from triviareel.errors import AnswerFault, ModelBusy, ModelDown, ModelRefused, SpendCeiling, TriviaError
from triviareel.questions.gemini.model import Ask
from triviareel.questions.gemini.policy import BASE_S, CAP_S, MAX_ATTEMPTS, PATIENCE_S, otherwise, wait_s

ASK = Ask("m", "p", seed=7, thinking_budget=2048)


def waits(fault: TriviaError) -> list[float | None]:
    rng = random.Random(1)
    return [wait_s(attempt, fault, rng) for attempt in range(1, MAX_ATTEMPTS + 1)]


def test_waits_double_with_jitter_and_end_with_the_fifth_attempt() -> None:
    *some, last = waits(ModelDown("x"))
    assert last is None
    for attempt, wait in enumerate(some):
        assert wait is not None
        assert BASE_S * 2**attempt / 2 <= wait <= BASE_S * 2**attempt


def test_those_who_fail_together_do_not_come_back_together() -> None:
    rng = random.Random(1)
    assert len({wait_s(1, ModelBusy("x"), rng) for _ in range(100)}) == 100


def test_waits_have_a_cap() -> None:
    assert (wait_s(4, ModelDown("x", None), random.Random(1)) or 0) <= CAP_S


@pytest.mark.parametrize("fault", [ModelBusy("x", 7), ModelDown("x", 7)])
def test_what_the_service_asks_for_is_the_least_that_is_waited(fault: TriviaError) -> None:
    for wait in waits(fault)[:-1]:
        assert wait is not None
        assert 7 <= wait <= 7.7


@pytest.mark.parametrize("seconds", [PATIENCE_S + 1, math.inf])
def test_who_is_sent_away_for_long_gives_up(seconds: float) -> None:
    assert waits(ModelBusy("x", seconds)) == [None] * MAX_ATTEMPTS


@pytest.mark.parametrize("fault", [ModelRefused("x"), SpendCeiling("x")])
def test_what_asking_again_cannot_help_is_not_asked_again(fault: TriviaError) -> None:
    assert waits(fault) == [None] * MAX_ATTEMPTS


def test_a_useless_answer_is_asked_for_again_at_once_but_otherwise() -> None:
    fault = AnswerFault("empty", "x")
    assert waits(fault)[:-1] == [0.0] * (MAX_ATTEMPTS - 1)
    assert otherwise(ASK, fault).seed == 8
    assert otherwise(Ask("m", "p"), fault).seed is None


def test_after_a_cut_answer_less_may_be_thought() -> None:
    changed = otherwise(ASK, AnswerFault("cut", "x"))
    assert changed.thinking_budget == 512
    assert changed.max_output_tokens == ASK.max_output_tokens


def test_a_fault_of_the_service_changes_nothing_in_the_request() -> None:
    assert otherwise(ASK, ModelDown("x")) == ASK
