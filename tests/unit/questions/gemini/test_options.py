from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from triviareel.errors import InputError, SpendCeiling
from triviareel.questions.gemini import cost, options
from triviareel.questions.gemini.cost import Budget, Usage
from triviareel.questions.gemini.model import Ask, Tokens
from triviareel.questions.gemini.options import Options

EXAMPLE = Path(__file__).parents[4] / "config" / "gemini.toml"


def test_the_example_has_every_option_with_its_default() -> None:
    text = EXAMPLE.read_text()
    assert options.load(text.encode(), "example") == options.load(text.encode("utf-8-sig"), "") == Options(prices=[])
    assert all(f"{name} = " in text for name in Options.__dataclass_fields__ if name != "prices")
    assert options.problems(Options()) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 1", "colour unknown"), ("rounds = 0", "rounds 0: choose 1 to 20"), ("rounds = 1.5", "rounds 1.5"),
        ("rounds = true", "rounds True"), ('mode = "later"', "choose online, batch"), ("model = 3", "model 3"),
        ('agreement = "3 of 2"', "3 of 2"), ("spend_ceiling_usd = -1", "0 or more"), ("rounds =", "no TOML"),
        ('spend_ceiling_usd = "much"', "US dollars"), ("price = 3", "[[price]]"), ('temperature = "warm"', "warm"),
        ('mode = "batch"\nsdk = "generativeai"', "only genai"),
    ],
)  # fmt: skip
def test_an_impossible_option_is_named(text: str, words: str) -> None:
    with pytest.raises(InputError, match="mine") as caught:
        options.load(text.encode(), "mine")
    assert words in str(caught.value)


@pytest.mark.parametrize(("day", "money"), [(date(2026, 12, 31), "1.125"), (date(2027, 1, 1), "2.25")])
def test_a_price_holds_from_its_day_and_batch_costs_half(day: date, money: str) -> None:
    price = cost.prices(day).of("gemini-3.8-flash")
    tokens = Tokens(prompt=500_000, candidate=100_000, thought=100_000)
    assert price.of(tokens) == Decimal(money)
    assert price.of(tokens, batch=True) == Decimal(money) / 2


def test_ones_own_price_goes_first_and_a_bad_one_is_named() -> None:
    own = {"model": "gemini-3.8-flash", "prompt": 0.1, "output": 9}
    assert cost.prices(date(2026, 12, 1), [own]).of("gemini-3.8-flash").prompt == Decimal("0.1")
    with pytest.raises(InputError, match="price"):
        cost.prices(date(2026, 12, 1), [own, {"model": "m", "prompt": 1}])


@pytest.mark.parametrize(
    "bad",
    [
        {"model": "m"}, {"model": "m", "prompt": -1, "output": 1}, {"prompt": 1, "output": 1}, 3,
        {"model": "m", "prompt": "x", "output": 1}, {"model": "m", "prompt": 1, "output": 1, "batch": 2},
        {"model": "m", "prompt": 1, "output": 1, "from": "today"}, {"model": "m", "prompt": 1, "output": 1, "x": 2},
    ],
)  # fmt: skip
def test_a_price_that_is_none_is_named(bad: object) -> None:
    with pytest.raises(InputError, match="price"):
        cost.prices(date(2026, 12, 1), [bad])


def test_no_call_can_cost_more_than_its_estimate() -> None:
    price = cost.prices(date(2026, 12, 1)).of("gemini-3.8-flash")
    ask = Ask("gemini-3.8-flash", "p" * 4000, "s" * 400, {"type": "string"}, max_output_tokens=1000)
    assert price.at_most(ask) >= price.of(Tokens(1100 + 6, 600, 400))


def test_a_budget_counts_what_is_in_flight() -> None:
    budget = Budget(Decimal("1.00"))
    with budget.setting_aside(Decimal("0.6")):
        with pytest.raises(SpendCeiling, match="ceiling of"), budget.setting_aside(Decimal("0.5")):
            pass
        budget.spend(Decimal("0.1"))
    with budget.setting_aside(Decimal("0.9")):
        pass
    with Budget(None).setting_aside(Decimal(10**9)):
        pass


def test_usages_add_up() -> None:
    one, two = Usage(calls=1), Usage(calls=2, retries=1)
    one.charge(Tokens(10, 20, 30), Decimal("0.0000014"))
    one.rejected["checks"] += 1
    two.rejected["checks"] += 2
    assert (one + two).as_json() == {
        "calls": 3, "retries": 1, "prompt_tokens": 10, "candidate_tokens": 20, "thought_tokens": 30,
        "money_usd": 0.000001, "unseen_usd": 0.0, "faults": {}, "rejected": {"checks": 3},
    }  # fmt: skip
