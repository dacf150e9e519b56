from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import groupby, pairwise

import pytest

from triviareel.errors import InputError
from triviareel.questions import bank, checks, csvfile
from triviareel.questions.model import Difficulty
from triviareel.questions.templates.making import Item

BY_ID = {item.question.id: item for item in bank.items()}


def items(topics: tuple[str, ...], difficulty: str, count: int, seed: int) -> list[Item]:
    return [BY_ID[q.id] for q in bank.pick(topics, difficulty, count, seed)]


def test_every_question_is_sound() -> None:
    assert {i.question.id: found for i in bank.items() if (found := checks.problems(i.question))} == {}


def test_the_bank_is_as_large_and_as_broad_as_promised() -> None:
    table: dict[str, Counter[str]] = {}
    for i in bank.items():
        table.setdefault(i.question.topic, Counter())[i.question.difficulty.value] += 1
    assert len({(i.template, i.subject, i.question.id) for i in bank.items()}) >= 2_000
    assert set(table) == {topic.slug for topic in bank.topics()}
    assert len(table) >= 10
    for topic, levels in table.items():
        assert min(levels[level.value] for level in Difficulty) >= 10, topic
        assert sum(levels.values()) >= 80, topic


def test_no_two_questions_are_alike() -> None:
    ids = Counter(i.question.id.casefold() for i in bank.items())
    asked = Counter(
        (checks.normal(i.question.question), *sorted(map(checks.normal, i.question.options))) for i in bank.items()
    )
    assert ids.most_common(1)[0][1] == 1
    assert asked.most_common(1)[0][1] == 1


def test_texts_read_well() -> None:
    for q in (item.question for item in bank.items()):
        spoken = (q.question, *q.options, q.explanation)
        assert q.question.endswith("?"), q.id
        assert q.explanation.endswith((".", "!", "?", "”", '"')), q.id
        assert all(text == text.strip() and "  " not in text for text in spoken), q.id
        assert not any(mark in text for text in spoken for mark in ("{", "}", "<", "|", "..", " ,", "&amp;")), q.id
        assert q.question[0].isupper() or not q.question[0].isalpha(), q.id


@pytest.mark.parametrize(
    ("name", "slugs"),
    [
        ("geography", ("geography",)),
        ("  GeoGraphy ", ("geography",)),
        ("geografy", ("geography",)),
        ("geo", ("geography",)),
        ("sports", ("sport",)),
        ("Food & Drink", ("food",)),
        ("drink", ("food",)),
        ("capital", ("capitals",)),
        ("capital cities", ("capitals",)),
        ("animals", ("nature",)),
        ("music", ("culture",)),
        ("chemistry", ("elements", "science")),
        ("astronomy", ("space",)),
        ("techology", ("technology",)),
        ("IT", ("technology",)),
        ("currencies", ("money",)),
        ("World Heritage", ("landmarks",)),
        ("outer space", ("space",)),
        ("world history", ("history",)),
    ],
)
def test_topics_are_matched_loosely(name: str, slugs: tuple[str, ...]) -> None:
    assert bank.match([name]) == slugs


def test_several_names_give_each_topic_once() -> None:
    assert bank.match(["sports", "history", "Sport"]) == ("sport", "history")
    assert bank.match([]) == ()


@pytest.mark.parametrize("name", ["knitting", "", "?", "x" * 5000, "=cmd", "\0", "../.."])
def test_an_unknown_topic_is_told_with_all_there_are(name: str) -> None:
    with pytest.raises(InputError, match="is unknown: choose from capitals, culture, elements") as caught:
        bank.match([name])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("difficulty", ["easy", "medium", "hard"])
def test_a_video_keeps_to_its_topics_and_difficulty(difficulty: str) -> None:
    questions = bank.pick(("space", "sport"), difficulty, 12, 4)
    assert {q.topic for q in questions} == {"space", "sport"}
    assert {q.difficulty for q in questions} == {difficulty}


@pytest.mark.parametrize("seed", range(12))
def test_what_is_alike_is_kept_apart(seed: int) -> None:
    chosen = items((), "mixed", 12, seed)
    assert len({i.subject for i in chosen}) == 12
    assert len({checks.normal(i.question.right_option) for i in chosen}) == 12
    assert all(a.template != b.template for a, b in pairwise(chosen))
    assert len({i.question.topic for i in chosen}) >= 10
    levels = [list(Difficulty).index(i.question.difficulty) for i in chosen]
    assert levels == sorted(levels)
    assert Counter(levels) == {0: 4, 1: 4, 2: 4}


@pytest.mark.parametrize("topic", ["capitals", "nature"])
def test_templates_alternate_within_a_topic_that_has_several(topic: str) -> None:
    for seed in range(4):
        chosen = items((topic,), "medium", 30, seed)
        assert all(a.template != b.template for a, b in pairwise(chosen))


def test_right_options_are_spread() -> None:
    letters = [q.answer for q in bank.pick((), "mixed", 22, 9)]
    counts = Counter(letters)
    assert max(counts.values()) - min(counts[x] for x in "ABCD") <= 1
    assert max(len(list(run)) for _, run in groupby(letters)) <= 2


def test_the_same_seed_gives_the_same_questions_in_any_process() -> None:
    call = "sys.stdout.buffer.write(csvfile.dumps(bank.pick((), 'mixed', 10, 7)))"
    code = f"import sys; from triviareel.questions import bank, csvfile; {call}"
    here = csvfile.dumps(bank.pick((), "mixed", 10, 7))
    for salt in ("0", "12345"):
        there = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env=os.environ | {"PYTHONHASHSEED": salt}
        )
        assert there.stdout == here


def test_other_seeds_give_other_questions() -> None:
    drawn = [q.id for seed in range(40) for q in bank.pick((), "mixed", 5, seed)]
    assert len(set(drawn)) > 170


def test_excluded_questions_do_not_come_again() -> None:
    before = {q.id for q in bank.pick(("space",), "easy", 10, 1)}
    after = {q.id for q in bank.pick(("space",), "easy", 10, 1, exclude=before)}
    assert len(before) == len(after) == 10
    assert not before & after


def test_all_questions_of_a_topic_can_be_had_but_not_one_more() -> None:
    there = sum(i.question.topic == "science" and i.question.difficulty == "hard" for i in bank.items())
    assert len({q.id for q in bank.pick(("science",), "hard", there, 1)}) == there
    with pytest.raises(InputError, match=f"the bank has {there} hard questions on science: ask for {there} or fewer"):
        bank.pick(("science",), "hard", there + 1, 1)


@pytest.mark.parametrize(
    ("topics", "difficulty", "count", "told"),
    [
        (("knitting",), "easy", 1, "topic 'knitting' is unknown"),
        ((), "brutal", 1, "difficulty 'brutal' is unknown"),
        ((), "easy", 0, "0 questions were asked for"),
        ((), "easy", 100_000, "ask for"),
    ],
)
def test_impossible_requests_are_refused(topics: tuple[str, ...], difficulty: str, count: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        bank.pick(topics, difficulty, count, 1)
