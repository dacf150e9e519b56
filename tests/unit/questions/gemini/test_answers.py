from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import AnswerFault
from triviareel.questions.gemini import answers

GOOD: dict[str, Any] = {
    "topic": "space", "difficulty": "easy", "question": "Which planet is the largest?",
    "options": ["Mars", "Jupiter", "Venus", "Earth"], "answer": "B", "explanation": "It holds more than the rest.",
    "source": "An encyclopaedia",
}  # fmt: skip


def with_key(key: object, **changes: Any) -> str:
    return json.dumps([{**GOOD, "answer": key, **changes}])


@pytest.mark.parametrize(
    ("key", "letter"),
    [
        ("B", "B"), ("b", "B"), ("(B)", "B"), ("B.", "B"), ("Option B", "B"), ("answer: b", "B"),
        ("Jupiter", "B"), ("jupiter.", "B"), ("B) Jupiter", "B"), ("the Earth", "D"),
        (0, "A"), (4, "D"), ("0", "A"),
    ],
)  # fmt: skip
def test_a_key_is_understood_as_letter_text_or_number(key: object, letter: str) -> None:
    [found] = answers.read(with_key(key)).candidates
    assert found.answer == letter


@pytest.mark.parametrize(
    ("keys", "letters"),
    [((0, 1, 3), "ABD"), ((1, 2, 4), "ABD"), (("0", "2"), "AC")],
)
def test_numbers_count_from_where_the_whole_answer_counts(keys: tuple[object, ...], letters: str) -> None:
    text = json.dumps([{**GOOD, "answer": key} for key in keys])
    assert "".join(found.answer for found in answers.read(text).candidates) == letters


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        (1, "could mean several options"), ("2", "could mean several options"), (7, "is no option"),
        ("Saturn", "is no option"), ("", "answer is missing"), (None, "answer is missing"), (True, "answer is missing"),
        (["B"], "answer is missing"), ("A or B", "is no option"),
    ],
)  # fmt: skip
def test_a_key_that_means_no_single_option_is_named(key: object, reason: str) -> None:
    with pytest.raises(AnswerFault, match=reason) as caught:
        answers.read(with_key(key))
    assert caught.value.kind == "mismatched"


def test_a_number_among_numbers_is_taken_only_if_text_and_place_agree() -> None:
    with pytest.raises(AnswerFault, match="several"):
        answers.read(with_key("2", options=["1", "2", "3", "4"]))
    [found] = answers.read(with_key("8", options=["2", "4", "6", "8"])).candidates
    assert found.answer == "D"


@pytest.mark.parametrize(
    "changes",
    [
        {"options": {"A": "Mars", "B": "Jupiter", "C": "Venus", "D": "Earth"}},
        {"options": ["A) Mars", "B) Jupiter", "C) Venus", "D) Earth"]},
        {"options": ["a. Mars", "b. Jupiter", "c. Venus", "d. Earth"]},
        {"options": [" Mars", "Jupiter\n", "Venus", "Earth"]},
    ],
)
def test_options_are_understood_in_other_shapes(changes: dict[str, Any]) -> None:
    [found] = answers.read(with_key("B", **changes)).candidates
    assert found.options == ("Mars", "Jupiter", "Venus", "Earth")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"options": ["Mars", "Jupiter"]}, "2 options"), ({"options": "Mars"}, "no options"),
        ({"options": ["Mars", None, "Venus", "Earth"]}, "not a text"), ({"question": ""}, "question is missing"),
        ({"question": 3}, "question is not a text"), ({"difficulty": "fiendish"}, "difficulty 'fiendish'"),
        ({"explanation": None}, "explanation is missing"), ({"source": " "}, "source"),
    ],
)  # fmt: skip
def test_what_is_missing_or_of_the_wrong_kind_is_named_and_spoils_nothing_else(
    changes: dict[str, Any], reason: str
) -> None:
    answer = answers.read(json.dumps([{**GOOD, **changes}, GOOD, "talk"]))
    assert len(answer.candidates) == 1
    assert reason in answer.misfits[0].reason
    assert "not an object" in answer.misfits[1].reason


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("[{}]", ()), ("```json\n[{}]\n```", ("fenced",)), ("Here you are:\n[{}]\nEnjoy!", ()),
        ('{{"questions": [{}]}}', ()), ("\ufeff[{}]", ()), ("{}", ()), ("[{}, {}", ("cut",)),
        ("```\n[{}, {{\"topic\": \"spa", ("fenced", "cut")),
    ],
)  # fmt: skip
def test_questions_are_found_in_whatever_they_are_wrapped(text: str, faults: tuple[str, ...]) -> None:
    answer = answers.read(text.format(*[json.dumps(GOOD)] * text.count("{}")))
    assert answer.candidates
    assert not answer.misfits
    assert answer.faults == faults


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "not JSON"), ("I cannot help with that.", "not JSON"), ("<html></html>", "not JSON"),
        ("[]", "mismatched"), ('{"questions": []}', "mismatched"), ('[{"topic": "sp', "cut"), ("[", "cut"),
        ("{", "cut"), ("[" * 100_000, "cut"),
    ],
)  # fmt: skip
def test_an_answer_without_questions_is_a_fault_of_its_kind(text: str, kind: str) -> None:
    with pytest.raises(AnswerFault) as caught:
        answers.read(text)
    assert caught.value.kind == kind
    assert "\n" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*GOOD, "x"]) | st.text(), inner),
    max_leaves=20,
)


@given(st.text() | json_values.map(json.dumps) | st.builds(lambda key: with_key(key), json_values))
def test_any_text_gives_candidates_of_the_right_form_or_an_answer_fault(text: str) -> None:
    with suppress(AnswerFault):
        for found in answers.read(text).candidates:
            assert found.answer in "ABCD"
            assert len(found.options) == 4


@given(st.integers(0, 600))
def test_an_answer_that_is_cut_anywhere_loses_only_what_is_not_whole(at: int) -> None:
    whole = json.dumps([GOOD] * 3)
    with suppress(AnswerFault):
        answer = answers.read(whole[: min(at, len(whole) - 1)])
        assert len(answer.candidates) <= 3
        assert "cut" in answer.faults
        assert not answer.misfits


def test_the_schema_asks_for_what_is_read() -> None:
    schema = answers.schema(3, ["space"], ["easy"])
    assert schema["items"]["required"] == list(GOOD)
    assert (schema["minItems"], schema["maxItems"]) == (3, 3)
