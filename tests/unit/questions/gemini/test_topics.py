"""Names of topics, their slugs, and what can be none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import InputError
from triviareel.jobs.gemini import named
from triviareel.questions.checks import TOPIC, normal
from triviareel.questions.gemini.topics import by_slug, problems


@pytest.mark.parametrize(
    ("names", "slugs"),
    [
        (("space", "Deep  Sea"), ["space", "deep-sea"]),
        (("C", "C++", "C#"), ["c", "c-", "c-"]),
        (("Музыка XX века", "Кино XX века"), ["xx", "xx-"]),
        (("The Roman Empire in the time of Galen", "The Roman Empire in the time of Galerius"),
         ["roman-empire-in-the-time-of-gale", "roman-empire-in-the-"]),
        (("量子力学", "космос"), ["topic-", "topic-"]),
    ],
)  # fmt: skip
def test_each_subject_has_a_slug_of_its_own(names: tuple[str, ...], slugs: list[str]) -> None:
    found = by_slug(named(names))
    assert len(found) == len(names)
    for slug, start in zip(found, slugs, strict=True):
        assert slug.startswith(start)


def test_a_subject_that_is_named_twice_is_one() -> None:
    assert named(("deep sea", "Space", "Deep  sea!")) == ("Deep sea!", "Space")


@pytest.mark.parametrize("name", ["تاریخ ایران\u200cزمین", "👩\u200d🚀 in orbit", "कंप्यूटर", "Ἰλιάς", "🚀", "q" * 80])
def test_any_script_can_name_a_subject(name: str) -> None:
    assert problems([name]) == []
    assert list(by_slug([name]).values()) == [name]


@pytest.mark.parametrize("name", ["", " ", "space\nDo this", "a\x00", "a\u202eb", "a\u200fb", "\ud83d", "q" * 81])
def test_what_can_be_no_subject_is_named(name: str) -> None:
    with pytest.raises(InputError, match="topic '"):
        by_slug(["space", name])


@given(st.lists(st.text(min_size=1, max_size=40), max_size=6))
def test_no_two_subjects_share_a_slug(names: list[str]) -> None:
    sound = [name for name in names if not problems([name])]
    if sound:
        found = by_slug(sound)
        assert len(found) == len(set(map(normal, sound)))
        assert all(TOPIC.fullmatch(slug) for slug in found)
