r"""questions.csv: UTF-8, RFC 4180, safe to open in a spreadsheet, and read back exactly.

A spreadsheet runs a cell that begins with = + - or @ (or their full-width forms), and drops a leading tab or line
end before it looks. So where a cell begins with one of these, an apostrophe is put before it. To be undone without
doubt, one is added however many stand there already, and one is taken away on reading:

    =1+1  ->  '=1+1        '=1+1  ->  ''=1+1        'tis  ->  'tis

A spreadsheet set to semicolons (as in much of Europe) also begins a cell after each ; and ignores our quotation
marks, so the same holds there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence

from triviareel.errors import QuestionError
from triviareel.questions import checks
from triviareel.questions.model import Difficulty, Question

COLUMNS = (
    "id", "topic", "difficulty", "question", "option_a", "option_b", "option_c", "option_d", "answer", "explanation",
    "source",
)  # fmt: skip
MAX_QUESTIONS = 100
"""Questions in one video: about 40 minutes at 25 s each; beyond it nobody watches, and one fault loses all the work."""
MAX_BYTES = 1 << 20
"""A file of 100 questions has 100 kB at most in Latin script, and four times that in any."""
_TOLD = 5  # faults named in one message
_OTHER_MARKS = {";": "semicolons", "\t": "tabs"}
"""What spreadsheets part columns by in much of Europe, and where rows are copied from them."""

_RISK = r"[=+\-@＝＋－＠\t\r\n]"
_START = r'((?:\A|(?<=[;\r\n]))(?:[^\S\t\r\n]|")*)'
_RISKY = re.compile(_START + r"('*)(?=" + _RISK + ")")
_GUARDED = re.compile(_START + r"'('*)(?=" + _RISK + ")")


def guard(text: str) -> str:
    """The text as a cell that no spreadsheet runs."""
    return _RISKY.sub(r"\1'\2", text)


def unguard(cell: str) -> str:
    """The text that `guard` was given."""
    return _GUARDED.sub(r"\1\2", cell)


def dumps(questions: Sequence[Question]) -> bytes:
    """The questions as a questions.csv.

    Raises:
        QuestionError: one of them is not sound, two are alike, or there are none or too many.
    """
    places = [f"question {n}" for n in range(1, len(questions) + 1)]
    _refuse("the questions", [*_faults(questions, places), *_count(len(questions))])
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for q in questions:
        writer.writerow(guard(cell) for cell in _cells(q))
    return sheet.getvalue().encode("utf-8")


def loads(data: bytes, name: str) -> list[Question]:
    """The questions of a questions.csv; a byte order mark and plain LF line ends are let pass.

    Args:
        data: the file's content.
        name: what to call the file in messages.

    Raises:
        QuestionError: it names the file, and the line and column of each fault.
    """
    rows = _rows(_decode(data, name), name)
    _, header = rows[0] if rows else (1, [])
    _refuse(name, list(_header(header)))
    _refuse(name, list(_count(len(rows) - 1)))
    faults = [f"line {n}: {fault}" for n, row in rows[1:] for fault in _shape(row)]
    _refuse(name, faults)
    questions = [_question(row) for _, row in rows[1:]]
    _refuse(name, list(_faults(questions, [f"line {n}" for n, _ in rows[1:]])))
    return questions


def check_size(size: int, name: str) -> None:
    """Raise QuestionError if a file has more bytes than any questions.csv."""
    if size > MAX_BYTES:
        _refuse(name, [f"it has {size:,} bytes: a questions.csv has {MAX_BYTES:,} at most"])


def _cells(q: Question) -> tuple[str, ...]:
    return (q.id, q.topic, q.difficulty.value, q.question, *q.options, q.answer, q.explanation, q.source)


def _question(row: list[str]) -> Question:
    key, topic, difficulty, question, a, b, c, d, answer, explanation, source = (unguard(cell) for cell in row)
    return Question(key, topic, Difficulty(difficulty), question, (a, b, c, d), answer, explanation, source)


def _decode(data: bytes, name: str) -> str:
    check_size(len(data), name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        _refuse(name, ["it is UTF-16: save it as UTF-8"])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        byte = f"byte {error.start + 1} of the file (0x{data[error.start]:02X})"
        raise QuestionError(f"{name}: line {line}: {byte} is not UTF-8: save it as UTF-8") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        _refuse(name, [f"line {line}: there is a NUL byte: it is no text file, or is damaged; write it anew"])
    return text


def _rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Rows that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows, line = [], 1
    try:
        for row in reader:
            if any(row):
                rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        mend = 'put a text that contains , or " between quotation marks, and double those inside'
        raise QuestionError(f"{name}: line {line}: it is not CSV ({error}): {mend}") from error
    return rows


def _header(header: list[str]) -> Iterator[str]:
    wanted = ",".join(COLUMNS)
    if not header:
        yield f"it is empty: begin it with the line {wanted}"
    elif len(header) == 1 and (parted := [name for mark, name in _OTHER_MARKS.items() if mark in header[0]]):
        yield f"line 1: columns are parted by {parted[0]}: save it with commas"
    elif tuple(header) != COLUMNS:
        missing = [column for column in COLUMNS if column not in header]
        unknown = [checks.quoted(column) for column in header if column not in COLUMNS]
        what = [f"column {', '.join(missing)} is missing"] if missing else []
        what += [f"column {', '.join(unknown[:_TOLD])} is unknown"] if unknown else []
        yield f"line 1: {' and '.join(what) or 'a column is out of order or there twice'}: write {wanted}"


def _count(count: int) -> Iterator[str]:
    if count < 1:
        yield f"there are no questions: give 1 to {MAX_QUESTIONS}"
    elif count > MAX_QUESTIONS:
        yield f"there are {count:,} questions: give {MAX_QUESTIONS} or fewer"


def _shape(row: list[str]) -> Iterator[str]:
    """Faults for which no question can be made of a row."""
    if len(row) != len(COLUMNS):
        yield f"there are {len(row)} cells instead of {len(COLUMNS)}: a text with a comma goes between quotation marks"
    elif row[2] not in tuple(Difficulty):
        yield f"column difficulty: {checks.quoted(row[2])} is unknown: use easy, medium or hard"


def _faults(questions: Sequence[Question], places: Sequence[str]) -> Iterator[str]:
    """What is wrong with each question, and which of them clash; each fault begins with the question's place."""
    ids: dict[str, str] = {}
    asked: dict[tuple[str, ...], str] = {}
    for q, place in zip(questions, places, strict=True):
        for problem in checks.problems(q):
            yield f"{place}: column {problem}"
        if (first := ids.setdefault(q.id.casefold(), place)) != place:
            yield f"{place}: column id: {checks.quoted(q.id)} stands on {first} too: give it another"
        content = (checks.normal(q.question), *sorted(checks.normal(option) for option in q.options))
        if (first := asked.setdefault(content, place)) != place:
            yield f"{place}: column question: the same is asked on {first}: ask something else"


def _refuse(name: str, faults: list[str]) -> None:
    if faults:
        more = f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else ""
        raise QuestionError(f"{name}: {'; '.join(faults[:_TOLD])}{more}")
