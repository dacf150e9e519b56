from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from triviareel.errors import QuestionError
from triviareel.questions import checks, csvfile
from triviareel.questions.model import LETTERS, Difficulty, Question

HEADER = "id,topic,difficulty,question,option_a,option_b,option_c,option_d,answer,explanation,source"
ROW = "q1,science,easy,What is H2O?,Water,Salt,Gold,Air,A,It is two atoms of hydrogen and one of oxygen.,own"
Q = Question("q1", "science", Difficulty.EASY, "What?", ("Water", "Salt", "Gold", "Air"), "A", "Because.", "own")

FEW = settings(max_examples=50)  # most draws are not sound questions

# Drawn towards what a spreadsheet or a CSV reader might take for more than text.
AWKWARD = st.sampled_from(
    ['"', "'", ",", ";", "=", "+", "-", "@", "＝", "＋", "－", "＠", " ", "\u00a0", "x", "=1+1", "\ufb00"]
)
TEXT = st.lists(AWKWARD | st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=8).map("".join)
QUESTIONS = st.lists(
    st.builds(
        Question,
        id=st.text("aZ09", min_size=1, max_size=3).map(lambda name: f"q-{name}"),
        topic=st.sampled_from(("science", "food-2")),
        difficulty=st.sampled_from(Difficulty),
        question=TEXT,
        options=st.lists(TEXT, min_size=4, max_size=4, unique_by=checks.normal).map(tuple),
        answer=st.sampled_from(LETTERS),
        explanation=TEXT,
        source=TEXT,
    ).filter(lambda q: not checks.problems(q)),
    min_size=1,
    max_size=2,
    unique_by=(lambda q: q.id.casefold(), lambda q: checks.normal(q.question)),
)


def cells(data: bytes, delimiter: str = ",") -> list[str]:
    text = io.StringIO(data.decode(), newline="")
    return [cell for row in csv.reader(text, delimiter=delimiter) for cell in row]


def message(data: bytes) -> str:
    with pytest.raises(QuestionError) as caught:
        csvfile.loads(data, "questions.csv")
    text = str(caught.value)
    assert text.startswith("questions.csv: ")
    assert "\n" not in text
    return text


def file(*rows: str) -> bytes:
    return "\r\n".join((HEADER, *rows, "")).encode()


@FEW
@given(QUESTIONS)
def test_what_is_written_is_read_back(questions: Sequence[Question]) -> None:
    assert csvfile.loads(csvfile.dumps(questions), "questions.csv") == questions


@given(st.text() | st.text(alphabet="'=;\"\t\r\n -@x＝"))
@example("=1+1")
@example("''=1")
@example("\r\n=")
@example(";'= ;\"=")
def test_a_guarded_cell_is_unambiguous_and_harmless(text: str) -> None:
    cell = csvfile.guard(text)
    assert csvfile.unguard(cell) == text
    assert not re.match(r"[=+\-@＝＋－＠\t\r\n]", cell)
    assert not re.search(r'(^|;)[ "]*[=+@-]', cell)


@FEW
@given(QUESTIONS)
def test_no_cell_runs_however_a_spreadsheet_parts_them(questions: Sequence[Question]) -> None:
    data = csvfile.dumps(questions)
    for delimiter in ",;":
        assert not [cell for cell in cells(data, delimiter) if cell.lstrip()[:1] in tuple("=+-@＝＋－＠\t\r")]


@given(st.binary() | st.binary().map(lambda tail: file() + tail) | st.binary().map(lambda tail: file(ROW) + tail))
def test_any_bytes_give_sound_questions_or_a_question_error(data: bytes) -> None:
    try:
        questions = csvfile.loads(data, "questions.csv")
    except QuestionError:
        return
    assert 1 <= len(questions) <= csvfile.MAX_QUESTIONS
    assert not [problem for q in questions for problem in checks.problems(q)]


def test_the_file_is_rfc_4180_with_the_agreed_header() -> None:
    data = csvfile.dumps([replace(Q, explanation='Say "yes", now.')])
    assert data == f'{HEADER}\r\nq1,science,easy,What?,Water,Salt,Gold,Air,A,"Say ""yes"", now.",own\r\n'.encode()


def test_a_byte_order_mark_line_feeds_and_blank_rows_are_let_pass() -> None:
    data = b"\xef\xbb\xbf" + f"{HEADER}\n\n{ROW}\n,,,,,,,,,,\n".encode()
    assert [q.id for q in csvfile.loads(data, "questions.csv")] == ["q1"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "it is empty"),
        (b"\r\n\r\n", "it is empty"),
        (file(), "there are no questions"),
        (HEADER.replace("answer,", "").encode(), "line 1: column answer is missing"),
        (HEADER.replace("source", "licence").encode(), "column source is missing and column 'licence' is unknown"),
        (HEADER.replace("id,topic", "topic,id").encode(), "out of order"),
        (HEADER.replace(",", ";").encode(), "semicolons"),
        (HEADER.replace(",", "\t").encode(), "line 1: columns are parted by tabs: save it with commas"),
        (file(ROW, ROW.replace("What is", "Which is")), "line 3: column id: 'q1' stands on line 2 too"),
        (file(ROW, ROW.replace("q1", "q2")), "line 3: column question: the same is asked on line 2"),
        (file(ROW.replace(",A,", ',"A,B",')), "line 2: column answer 'A,B' is not one letter"),
        (file(ROW.replace("Salt", "water")), "line 2: column option_b says the same as option_a"),
        (file(ROW.replace(",A,", ",F,")), "line 2: column answer 'F'"),
        (file(ROW.replace("easy", "Easy")), "line 2: column difficulty: 'Easy' is unknown"),
        (file(ROW.replace("What is H2O?", "x" * 5000)), "line 2: column question has 5,000 characters"),
        (file(ROW.replace("Water", "Wa\0ter")), "line 2: there is a NUL byte"),
        (file(ROW, ROW + ",more"), "line 3: there are 12 cells instead of 11"),
        (file('q1,science,easy,"What'), "line 2: it is not CSV"),
        (file(ROW.replace("Gold", '"Gold" x')), "line 2: it is not CSV"),
        (file(ROW.replace("Air", "Glühwein")).decode().encode("latin-1"), "line 2: byte"),
        (file(ROW).decode().encode("utf-16"), "it is UTF-16"),
        (file(*(ROW.replace("q1", f"q{n}") for n in range(101))), "there are 101 questions"),
        (b"x" * (csvfile.MAX_BYTES + 1), "bytes"),
        (file(*(ROW.replace("easy", f"d{n}") for n in range(9))), "and 4 more"),
    ],
)
def test_each_fault_is_told_with_its_place(data: bytes, told: str) -> None:
    assert told in message(data)


def test_a_row_of_several_lines_is_named_by_its_first() -> None:
    two = ROW.replace("Water", '"Wa\r\nter"')
    assert "line 2: column option_a contains U+000A" in message(file(two)) or "U+000D" in message(file(two))
    assert "line 4: column difficulty" in message(file(two, ROW.replace("easy", "tricky")))


@pytest.mark.parametrize("questions", [[], [Q, Q], [replace(Q, answer="E")], [replace(Q, question="x" * 161)]])
def test_unsound_questions_are_not_written(questions: list[Question]) -> None:
    with pytest.raises(QuestionError):
        csvfile.dumps(questions)
