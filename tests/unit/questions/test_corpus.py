"""Planted bad questions are caught and good ones let pass, in numbers; readers answer truthfully here."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.corpus import plants, reader
from tests.corpus.plants import Plant
from triviareel.questions import checks
from triviareel.questions.gemini.verify import BlindVerifier
from triviareel.questions.ledger import Ledger
from triviareel.storage import open_store

GOOD, REPEATED, BAD = plants.good(), plants.repeated(), plants.bad()


def sieve(planted: Sequence[Plant], ledger: Ledger, agreement: str = "1 of 1") -> dict[str, str]:
    """What each question that falls, by id, falls for: in the order of price, as a job does it."""
    fell: dict[str, str] = {}
    for plant in planted:
        if wrong := checks.problems(plant.question):
            fell[plant.question.id] = f"checks: {wrong[0]}"
        elif match := ledger.find(plant.question):
            fell[plant.question.id] = f"ledger: {match.question}"
    left = [plant.question for plant in planted if plant.question.id not in fell]
    model = reader.TruthfulReader([*GOOD, *REPEATED, *BAD])
    verifier = BlindVerifier("reader", agreement)
    similar = [ledger.perhaps(question) for question in left]
    faults = asyncio.run(verifier.faults(left, similar, reader.caller(model), seed=7))
    return fell | {q.id: f"verification: {fault}" for q, fault in zip(left, faults, strict=True) if fault}


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    """A channel that has asked all good questions."""
    made = Ledger(open_store(str(tmp_path_factory.mktemp("corpus"))), "demo")
    made.add([plant.question for plant in GOOD], "job-1")
    return made


@pytest.mark.parametrize("agreement", ["1 of 1", "2 of 3"])
def test_planted_bad_questions_are_caught(ledger: Ledger, agreement: str) -> None:
    planted = [*BAD, *REPEATED]
    caught = sieve(planted, ledger, agreement)
    missed = [plant.question.question for plant in planted if plant.question.id not in caught]
    assert len(planted) >= 150
    assert len(caught) / len(planted) >= 0.99, missed


@pytest.mark.parametrize("agreement", ["1 of 1", "2 of 3"])
def test_good_questions_are_let_pass(tmp_path: Path, agreement: str) -> None:
    """One after the other, as the days of a channel bring them, each against all before."""
    ledger = Ledger(open_store(str(tmp_path)), "demo")
    dropped: dict[str, str] = {}
    for at in range(0, len(GOOD), 30):
        some = GOOD[at : at + 30]
        dropped |= sieve(some, ledger, agreement)
        ledger.add([plant.question for plant in some], f"job-{at}")
    assert len(GOOD) >= 150
    assert len(dropped) / len(GOOD) <= 0.02, dropped


def test_most_repeats_are_found_before_a_model_is_asked(ledger: Ledger) -> None:
    """Not one is missed by both the words and what the reader is shown."""
    surely = [plant for plant in REPEATED if ledger.find(plant.question)]
    shown = [plant for plant in REPEATED if plant not in surely and plant.earlier in ledger.perhaps(plant.question)]
    missed = [plant.question.question for plant in REPEATED if plant not in surely and plant not in shown]
    assert len(surely) / len(REPEATED) >= 0.6
    assert missed == []


def test_what_costs_nothing_catches_what_it_can(ledger: Ledger) -> None:
    caught = sieve(BAD, ledger)
    stages = Counter((plant.kind, caught[plant.question.id].split(":")[0]) for plant in BAD)
    assert stages["over-long", "checks"] == 10
    assert stages["catch-all", "checks"] == 5
    assert stages["same option", "checks"] == 5
    assert stages["wrong key", "verification"] == 38
    assert not any(stage == "ledger" for _, stage in stages)
