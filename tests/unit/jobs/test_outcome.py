"""What a report says is what the manifests say, whatever stands in them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.jobs.told import NOW, fill, run_of, story, write
from triviareel.errors import InputError, Stopped, TextError
from triviareel.jobs import ends, outcome, page, runs, words
from triviareel.jobs.outcome import Job, Outcome, Verdict
from triviareel.jobs.records import Record
from triviareel.jobs.tally import Tally
from triviareel.questions.gemini.books import Books
from triviareel.questions.gemini.cost import Usage
from triviareel.storage import Store


def of(store: Store) -> Outcome:
    return outcome.of(store, "demo", "r", NOW)


@pytest.mark.parametrize(
    ("told", "verdict", "headline"),
    [
        (("rendered", "rendered"), Verdict.DONE, "All 2 videos are done"),
        (("rendered",), Verdict.DONE, "The video is done"),
        (("rendered", "unfit"), Verdict.PARTLY, "1 of 2 videos are done"),
        (("rendered", "unfit", "rendering"), Verdict.UNFINISHED, "1 of 3 videos are done"),
    ],
)
def test_the_verdict(store: Store, told: tuple[str, ...], verdict: Verdict, headline: str) -> None:
    fill(store, run_of(len(told)), *told)
    found = of(store)
    assert (found.verdict, words.headline(found)) == (verdict, headline)
    assert f"<h1>{headline}</h1>" in page.html(found)


def test_a_run_that_was_never_planned_is_told_with_the_reason(store: Store) -> None:
    place = runs.place_of("demo", "r")
    with pytest.raises(InputError), ends.noted(store, place, "plan", "", NOW):
        raise InputError("topic 'spaec' is unknown")
    found = of(store)
    assert (found.verdict, found.jobs, found.dead_letters()) == (Verdict.UNPLANNED, (), [])
    assert "topic &#x27;spaec&#x27; is unknown" in page.html(found)
    assert "topic 'spaec' is unknown" in words.markdown(found)
    with ends.noted(store, place, "plan", "", NOW):
        pass
    assert of(store).ends == ()


def test_a_step_that_comes_through_while_the_report_is_made(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    place = runs.place_of("demo", "r")
    for key in ("0000", "0001"):
        with pytest.raises(InputError), ends.noted(store, place, "render", key, NOW):
            raise InputError("no asset pack")
    listed = list(store.list(place.folder))
    monkeypatch.setattr(store, "list", lambda _: iter(listed))
    store.delete(place.ended("render", "0000"))
    assert [end.shard for end in ends.load(store, place)] == ["0001"]


def test_a_stop_has_nothing_to_explain(store: Store) -> None:
    with pytest.raises(Stopped), ends.noted(store, runs.place_of("demo", "r"), "render", "0000", NOW):
        raise Stopped("stopped")
    assert of(store).ends == ()


def test_dead_letters_name_the_jobs_own_reason_or_its_shards(store: Store) -> None:
    fill(store, run_of(4), "rendered", "unfit", "written", "written")
    with pytest.raises(InputError), ends.noted(store, runs.place_of("demo", "r"), "render", "0001", NOW):
        raise InputError("no asset pack")
    letters = of(store).dead_letters()
    assert [(one["job"], one["shard"], one["stage"], one["error"]) for one in letters] == [
        ("b-00002", "0000", "checks", "TextError"),
        ("b-00003", "0001", "render", "InputError"),
        ("b-00004", "0001", "render", "InputError"),
    ]
    assert letters[0]["attempts"] == 2
    assert letters[1]["message"] == "no asset pack"
    assert all(one["manifest"] == store.uri(f"jobs/demo/{one['job']}/_MANIFEST.json") for one in letters)


def test_summaries_that_are_behind_do_not_mislead_a_report(store: Store) -> None:
    run = run_of(2)
    fill(store, run, "unfit", "unfit")
    write(store, story(run, 1, "rendered"))
    assert of(store).figures() == {
        "videos": 1,
        "failed": 1,
        "unfinished": 0,
        "seconds": 3.5,
        "tokens": 246,
        "cost": 0.5,
    }


def test_what_asking_took_is_told_by_the_books_of_all_shards(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    fill(store, run_of(2), "rendered", "rendered")
    assert words.asking(of(store)) == []
    took = Usage(calls=1200, retries=30, prompt_tokens=7, money_usd=Decimal("0.25"))
    took.faults.update({"cut": 2, "blocked": 3})
    Books(store, "runs/demo/r/gemini/0000.json", {}).enter(took, Decimal("0.125"))
    Books(store, "runs/demo/r/gemini/0001.json", {}).enter(Usage(calls=5, rejected=Counter({"ledger": 4})))
    store.write("runs/demo/r/gemini/0002.json", b"{")
    found = of(store)
    assert words.asking(found) == [
        ("Calls", "1,205, of which 30 again"),
        ("Tokens", "7 prompt, 0 candidate, 0 thought"),
        ("US dollars", "0.2500, and at most 0.1250 for answers that nobody saw"),
        ("Calls that failed", "3 blocked, 2 cut"),
        ("Questions dropped", "4 ledger"),
    ]
    assert all("3 blocked, 2 cut" in told for told in (page.html(found), words.markdown(found)))
    assert "0002.json" in caplog.text


class Tags(HTMLParser):
    """Collects what a page could do harm with, and checks that what is opened is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.seen.update(name for name, value in attrs if name in ("src", "onclick") or "javascript" in (value or ""))
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line"):
            assert self.open.pop() == tag


@given(text=st.text(st.characters(codec="utf-8"), max_size=60) | st.just('</td><script>x("'))
def test_nothing_in_a_manifest_can_break_the_page_or_the_summary(text: str) -> None:
    record = Record("b-00001", "failed", stage=text, error="TextError", message=text, video=text)
    found = outcome.Outcome("demo", "r", NOW, run_of(2), Tally(), (Job("0000", text, record),), ())
    found.tally.add(record)
    tags = Tags()
    tags.feed(page.html(found))
    tags.close()
    assert tags.open == []
    assert not tags.seen & {"script", "src", "onclick", "img", "link", "iframe"}
    assert "|" not in words._cell(text).replace("\\|", "")
    assert len(words._cell(text).splitlines()) <= 1


@given(minutes=st.lists(st.integers(0, 60 * 24 * 40), min_size=1, max_size=60))
def test_the_chart_counts_every_video_in_few_bins_without_gaps(minutes: list[int]) -> None:
    jobs = [
        Job("0000", "", Record(f"b-{number}", "rendered", updated=(NOW + timedelta(minutes=minute)).isoformat()))
        for number, minute in enumerate(minutes)
    ]
    bins = outcome.finished(jobs)
    assert sum(one.videos for one in bins) == len(minutes)
    assert len(bins) <= 50
    assert all(after.start - before.start == before.width for before, after in pairwise(bins))


def test_a_step_that_was_run_by_hand_for_a_shard_that_is_none_is_no_end_of_the_run(store: Store) -> None:
    fill(store, run_of(4), *("rendered",) * 4)
    place = runs.place_of("demo", "r")
    for key in ("0007", "0001"):
        with pytest.raises(InputError), ends.noted(store, place, "write", key, NOW):
            raise InputError("no such file")
    assert [end.shard for end in of(store).ends] == ["0001"]


def test_a_reason_of_many_shards_is_told_once_and_before_what_is_only_of_interest(store: Store) -> None:
    fill(store, run_of(8), "rendered", "unfit", *("written",) * 6)
    for key in ("0001", "0002", "0003"):
        with pytest.raises(InputError), ends.noted(store, runs.place_of("demo", "r"), "render", key, NOW):
            raise InputError("no asset pack")
    found = of(store)
    assert [(one.shards, one.step, one.time) for one in words.ended(found)] == [
        ("0001 and 2 more", "render", "2026-11-14 12:00")
    ]
    html = page.html(found)
    titles = re.findall("<h2>(.*?)</h2>", html)
    assert titles == [
        "How far they are", "Why videos failed", "Steps that ended before they were done", "The 4 shards",
    ]  # fmt: skip
    assert html.split("<details>")[0].count("no asset pack") == 1


@pytest.mark.parametrize(
    ("told", "advice", "command"),
    [
        (("rendered", "rendered"), "", ""),
        (("rendered", "unfit"), "Mend what is named below", "submit --param job=r"),
        (("rendered", "rendering"), "Make what is missing", "submit --param job=r"),
    ],
)
def test_what_to_do_next_is_told_at_the_top(store: Store, told: tuple[str, ...], advice: str, command: str) -> None:
    fill(store, run_of(2), *told)
    found = of(store)
    header, markdown = page.html(found).split("</header>")[0], words.markdown(found).split("\n| ")[0]
    assert advice in header
    assert advice in markdown
    assert (f"<pre>{command}</pre>" in header, f"`{command}`" in markdown) == (bool(command), bool(command))


def test_what_was_asked_for_cannot_be_markup_in_the_summary() -> None:
    run = run_of(1)
    topics = ("<img src=x> & sons", "[a](javascript:b)", "~~old~~ *gold*")
    run = replace(run, request=replace(run.request, topics=topics))
    told = words.markdown(Outcome("demo", "r", NOW, run, Tally(), (), ()))
    assert r"\<img src=x\> \& sons, \[a\](javascript:b), \~\~old\~\~ \*gold\*" in told


def test_videos_in_a_bucket_are_linked_and_those_in_a_folder_named(store: Store) -> None:
    fill(store, run_of(2), "rendered", "unfit")
    html = page.html(of(store))
    assert ("https://storage.cloud.google.com/b/some/prefix/jobs/demo/b-00002/_MANIFEST.json" in html) == (
        store.uri("x").startswith("gs://")
    )
    assert TextError.__name__ in html
    assert html.count("<a ") == html.count('<a target="_blank" rel="noopener" ')  # a frame could not show them
