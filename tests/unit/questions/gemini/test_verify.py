from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.fakes.watch import Counting
from triviareel.errors import InputError, ModelRefused
from triviareel.questions import bank
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.limiter import Limiter
from triviareel.questions.gemini.model import Ask, Reply, Tokens
from triviareel.questions.gemini.verify import BlindVerifier, Rule
from triviareel.questions.model import Question

Row = dict[str, Any]
QUESTIONS = [item.question for item in bank.items()[:200:16]]
KEYS = {question.question: question.right_option for question in QUESTIONS}


class Reader:
    """Answers by a function from paper and number of the call to a row; None leaves the paper out."""

    def __init__(self, row: Callable[[Row, int], Row | None], finish: Callable[[list[Row]], str] = lambda _: "STOP"):
        self.row = row
        self.finish = finish
        self.asks: list[Ask] = []

    async def ask(self, ask: Ask) -> Reply:
        self.asks.append(ask)
        papers = papers_of(ask)
        rows = [row for paper in papers if (row := self.row(paper, len(self.asks)))]
        return Reply(json.dumps(rows), self.finish(papers), Tokens(1, 1, 1), ask.model)

    async def close(self) -> None:
        pass


def papers_of(ask: Ask) -> list[Row]:
    return [json.loads(line) for line in ask.prompt.splitlines() if line.startswith("{")]


def right(paper: Row, _call: int = 0, /, **other: Any) -> Row:
    letter = next(letter for letter, text in paper["options"].items() if text == KEYS[paper["question"]])
    return {"n": paper["n"], "because": "So it is.", "answer": letter, "fault": "none", "repeats": 0, **other}


def faults(
    reader: Reader,
    agreement: str = "1 of 1",
    questions: Sequence[Question] = QUESTIONS[:3],
    similar: Sequence[Sequence[str]] | None = None,
) -> list[str | None]:
    verifier = BlindVerifier("reader", agreement)
    caller = Caller(reader, Limiter(), Counting())
    return asyncio.run(verifier.faults(questions, similar or [()] * len(questions), caller, seed=5))


def test_bank_questions_are_confirmed_by_who_knows() -> None:
    reader = Reader(right)
    assert faults(reader, questions=QUESTIONS) == [None] * 13
    assert [len(papers_of(ask)) for ask in reader.asks] == [10, 3]


def test_the_reader_is_not_told_the_key() -> None:
    reader = Reader(right)
    faults(reader, "2 of 3", QUESTIONS)
    for ask in reader.asks:
        for question in QUESTIONS:
            assert question.explanation not in ask.prompt + ask.system
        assert all(paper.keys() == {"n", "question", "options"} for paper in papers_of(ask))
    places = {letter for ask in reader.asks for paper in papers_of(ask) for letter in right(paper)["answer"]}
    assert places == set("ABCD")


def test_each_reader_has_an_order_of_his_own() -> None:
    reader = Reader(right)
    faults(reader, "2 of 3", QUESTIONS[:10])
    first, second = (papers_of(ask) for ask in reader.asks)
    assert sum(a["options"] != b["options"] for a, b in zip(first, second, strict=True)) > 5
    assert reader.asks[0].seed != reader.asks[1].seed


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"answer": "several"}, "several are right (So it is.)"),
        ({"answer": "none"}, "none of the options is right (So it is.)"),
        ({"fault": "given_away"}, "given away (So it is.)"),
        ({"fault": "instruction", "answer": "none"}, "instruction (So it is.)"),
        ({"repeats": 1}, "repeats 'What was asked?'"),
    ],
)
def test_what_a_reader_finds_is_told(said: Row, told: str) -> None:
    reader = Reader(lambda paper, _: right(paper, **(said if paper["n"] == 2 else {})))
    assert faults(reader, similar=[(), ("What was asked?",), ()]) == [None, told, None]


def test_another_option_than_the_key_is_told_by_its_text() -> None:
    wrong = next(option for option in QUESTIONS[1].options if option != QUESTIONS[1].right_option)

    def row(paper: Row, _: int) -> Row:
        letters = [letter for letter, text in paper["options"].items() if text == wrong]
        return right(paper, **({"answer": letters[0]} if letters and paper["n"] == 2 else {}))

    assert faults(Reader(row)) == [
        None, f"wrong key: a reader chose {wrong!r}, not {QUESTIONS[1].right_option!r} (So it is.)", None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong_calls", "calls", "passes"),
    [(set(), 2, True), ({1}, 3, True), ({2}, 3, True), ({1, 2}, 2, False), ({1, 3}, 3, False)],
)
def test_two_of_three_must_confirm(wrong_calls: set[int], calls: int, passes: bool) -> None:
    reader = Reader(lambda paper, call: right(paper, **({"answer": "none"} if call in wrong_calls else {})))
    (fault,) = faults(reader, "2 of 3", QUESTIONS[:1])
    assert (fault is None, len(reader.asks)) == (passes, calls)


def test_only_what_is_undecided_is_read_a_third_time() -> None:
    reader = Reader(lambda paper, call: right(paper, **({"answer": "none"} if call == 1 and paper["n"] == 2 else {})))
    assert faults(reader, "2 of 3") == [None] * 3
    assert [len(papers_of(ask)) for ask in reader.asks] == [3, 3, 1]


@pytest.mark.parametrize(
    "spoilt",
    [{"answer": "E"}, {"answer": None}, {"fault": "boring"}, {"repeats": 7}, {"repeats": "no"}, {"n": 99}, {"n": True}],
)
def test_rows_that_make_no_sense_are_asked_again(spoilt: Row) -> None:
    reader = Reader(lambda paper, call: right(paper, **(spoilt if call == 1 and paper["n"] == 2 else {})))
    assert faults(reader) == [None] * 3
    assert [len(papers_of(ask)) for ask in reader.asks][1:] == [1]


def test_rows_that_are_missing_are_asked_again() -> None:
    reader = Reader(lambda paper, call: right(paper) if call > 1 or paper["n"] == 3 else None)
    assert faults(reader) == [None] * 3
    assert [len(papers_of(ask)) for ask in reader.asks] == [3, 2]


def test_a_question_that_is_blocked_falls_alone() -> None:
    bad = QUESTIONS[4].question
    reader = Reader(right, lambda papers: "SAFETY" if any(paper["question"] == bad for paper in papers) else "STOP")
    found = faults(reader, questions=QUESTIONS[:10])
    assert [at for at, fault in enumerate(found) if fault] == [4]
    assert str(found[4]).startswith("unverified: reader: the answer is blocked")


def test_a_cut_answer_is_asked_for_with_fewer_questions() -> None:
    reader = Reader(right, lambda papers: "MAX_TOKENS" if len(papers) > 3 else "STOP")
    assert faults(reader, questions=QUESTIONS[:10]) == [None] * 10


def test_a_refused_key_ends_it() -> None:
    class Refused(Reader):
        async def ask(self, ask: Ask) -> Reply:
            raise ModelRefused(f"{ask.model}: the key is refused")

    with pytest.raises(ModelRefused):
        faults(Refused(right))


@pytest.mark.parametrize("text", ["", "two of three", "0 of 1", "3 of 2", "1 of 10", "1 of"])
def test_odd_rules_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="is no rule: choose"):
        Rule.parse(text)
