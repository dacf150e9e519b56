from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.questions import checks
from triviareel.questions.model import Difficulty, Question

SOUND = Question(
    id="geo-capital-fr",
    topic="geography",
    difficulty=Difficulty.EASY,
    question="What is the capital of France?",
    options=("Lyon", "Paris", "Nice", "Marseille"),
    answer="B",
    explanation="It has been the seat of French kings since 987.",
    source="CIA World Factbook",
)


def options(*texts: str) -> Question:
    a, b, c, d = texts
    return replace(SOUND, options=(a, b, c, d))


def test_a_sound_question_has_no_problems() -> None:
    assert checks.problems(SOUND) == []


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (replace(SOUND, id=""), "id ''"),
        (replace(SOUND, id="../etc"), "id '../etc'"),
        (replace(SOUND, id="=cmd"), "id '=cmd'"),
        (replace(SOUND, id="x" * 65), "id"),
        (replace(SOUND, topic="World Geography"), "topic 'World Geography'"),
        (replace(SOUND, difficulty="brutal"), "difficulty 'brutal'"),  # type: ignore[arg-type]
        (replace(SOUND, options=("a", "b", "c")), "there are 3"),  # type: ignore[arg-type]
        (replace(SOUND, answer="E"), "answer 'E'"),
        (replace(SOUND, answer="AB"), "answer 'AB'"),
        (replace(SOUND, question="  "), "question is empty"),
        (replace(SOUND, question="x" * 5000), "5,000 characters"),
        (replace(SOUND, explanation=""), "explanation is empty"),
        (replace(SOUND, explanation="e" * 201), "explanation has 201"),
        (replace(SOUND, source="\u200d"), "source is empty"),
        (replace(SOUND, question="What\0?"), "U+0000"),
        (replace(SOUND, question="What\nnow?"), "U+000A"),
        (replace(SOUND, explanation="It is \u202eright."), "U+202E (right-to-left override)"),
        (options("Lyon", "Pa\u200bris", "Nice", "Lille"), "option_b contains U+200B"),
        (options("Lyon", "Paris", "", "Lille"), "option_c is empty"),
        (options("Lyon", "Paris", "Nice", "N" * 61), "option_d has 61"),
        (options("Lyon", "Paris", "Nice", "nice!"), "option_d says the same as option_c"),
        (options("Orléans", "Paris", "Nice", "ORLEANS"), "option_d says the same as option_a"),
        (options("the Louvre", "Paris", "Nice", "Louvre"), "option_d says the same as option_a"),
        (options("Lyon", "Paris", "Nice", "All of the above"), "option_d is 'All of the above'"),
        (options("Lyon", "Paris", "Nice", "None of these."), "option_d is"),
        (options("Lyon", "Paris", "Nice", "Both A and B"), "option_d is"),
        (options("Lyon", "Paris", "Nice", "A and C"), "option_d is"),
        (replace(SOUND, question="In which city is the Paris Opera?"), "question contains its answer 'Paris'"),
    ],
)
def test_each_fault_is_told(broken: Question, told: str) -> None:
    (problem,) = checks.problems(broken)
    assert told in problem
    assert ": " in problem or "shorten" in problem
    assert "\n" not in problem


@pytest.mark.parametrize(
    "four",
    [
        ("C", "C++", "C#", "D"),
        ("+", "-", "×", "÷"),
        ("1.5", "15", "-15", "1,500"),
        ("5%", "5", "50%", "50"),
        ("कि", "की", "कु", "कू"),
        ("А", "Б", "В", "Г"),
        ("Na", "Na+", "O₂", "O₃"),
        ("None", "One", "Two", "Four"),
        ("👩\u200d🚀", "👩\u200d🔬", "🚀", "🔬"),
        ("می\u200cخواهم", "نمی\u200cخواهم", "ما", "شما"),
    ],
)
def test_options_that_differ_in_what_matters_are_let_pass(four: tuple[str, str, str, str]) -> None:
    assert checks.problems(options(*four)) == []


def test_a_question_may_list_all_its_options() -> None:
    asked = replace(SOUND, question="Which is the largest: Lyon, Paris, Nice or Marseille?")
    assert checks.problems(asked) == []


@given(st.text(), st.text(), st.lists(st.text(), min_size=4, max_size=4), st.text(), st.text())
def test_any_text_can_be_checked(key: str, question: str, four: list[str], answer: str, rest: str) -> None:
    a, b, c, d = four
    for problem in checks.problems(Question(key, rest, Difficulty.HARD, question, (a, b, c, d), answer, rest, rest)):
        assert problem.isprintable()


@given(st.text())
def test_normal_is_stable(text: str) -> None:
    assert checks.normal(text.upper()) == checks.normal(text.upper().casefold())


@given(st.integers(1, 100), st.integers())
def test_right_options_are_spread(count: int, seed: int) -> None:
    letters = checks.places(count, seed)
    often = [Counter(letters)[letter] for letter in "ABCD"]
    assert len(letters) == count
    assert max(often) - min(often) <= 1
    assert max(len(list(run)) for _, run in groupby(letters)) <= 2


def test_places_depend_on_the_seed_and_on_nothing_else() -> None:
    assert checks.places(8, 7) == ("B", "C", "D", "A", "D", "C", "A", "B")
    assert len({checks.places(8, seed) for seed in range(50)}) > 40


def test_balancing_moves_options_and_changes_nothing_else() -> None:
    asked = [replace(SOUND, id=f"q{n}") for n in range(10)]
    balanced = checks.balance(asked, 3)
    assert [q.answer for q in balanced] == list(checks.places(10, 3))
    for before, after in zip(asked, balanced, strict=True):
        assert after.right_option == "Paris"
        assert sorted(after.options) == sorted(before.options)
        assert replace(after, options=before.options, answer=before.answer) == before
    assert len({q.options for q in balanced}) > 4
