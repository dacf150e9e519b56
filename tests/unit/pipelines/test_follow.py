"""How a run is followed and shown."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from pipelines.errors import RunFailed, Stopped, TryAgain
from pipelines.follow import Screen, follow, line, span, table, verdict
from pipelines.runs import Run, Task, told_apart

NOW = datetime(2026, 11, 4, 12, tzinfo=UTC)


def task(name: str, state: str, retries: int = 0, error: str = "") -> Task:
    began = None if state == "pending" else NOW - timedelta(seconds=65)
    return Task(name, state, retries, began, None, error)


def run(state: str, *tasks: Task) -> Run:
    return Run("monday", state, "", tasks)


def screen(*, terminal: bool = False, height: int = 30) -> Screen:
    console = Console(record=True, force_terminal=terminal, width=100, height=height, color_system=None, quiet=False)
    return Screen(console, lambda: NOW)


def looks(*found: Run | TryAgain) -> Iterator[Run | TryAgain]:
    yield from found


def following(*found: Run | TryAgain) -> tuple[Run, list[float]]:
    left = looks(*found)
    slept: list[float] = []

    def look() -> Run:
        one = next(left)
        if isinstance(one, TryAgain):
            raise one
        return one

    with screen() as shown:
        return follow(look, shown, 10, slept.append), slept


def test_it_looks_until_the_run_is_over_and_longer_apart_after_faults() -> None:
    fault = TryAgain("no answer")
    ended, slept = following(run("pending"), fault, fault, run("running"), run("succeeded"))
    assert ended.state == "succeeded"
    assert slept == [10, 20, 40, 10]


def test_it_gives_up_on_what_stays_away_and_says_that_the_run_may_go_on() -> None:
    with pytest.raises(TryAgain, match="the run may go on"):
        following(*[TryAgain("no answer")] * 40)


def test_the_verdict_is_the_exit_code() -> None:
    verdict(run("succeeded"), "link")
    with pytest.raises(RunFailed, match=r"render \(out of memory\).*see its logs: link; .* job=") as failed:
        verdict(run("failed", task("render", "failed", error="out of memory")), "link")
    with pytest.raises(Stopped) as stopped:
        verdict(run("cancelled"), "link")
    assert (failed.value.exit_code, stopped.value.exit_code) == (3, 75)


def test_many_failed_tasks_are_counted() -> None:
    with pytest.raises(RunFailed, match="and 7 more"):
        verdict(run("failed", *[task(f"t{at}", "failed") for at in range(10)]), "link")


def test_the_table_shows_what_matters_first_and_counts_what_does_not_fit() -> None:
    tasks = [*[task(f"done-{at}", "succeeded") for at in range(200)], task("bad", "failed", 2), task("on", "running")]
    console = Console(record=True, width=100, color_system=None)
    console.print(table(run("running", *tasks), NOW, 5, "no answer; looking again"))
    said = console.export_text()
    rows = [row for row in said.splitlines() if "│" in row]
    assert len(rows) == 5
    assert "bad" in rows[0]
    assert "1:05" in rows[0]
    assert "on" in rows[1]
    assert "200 succeeded, 1 failed, 1 running" in said or "1 failed, 1 running, 200 succeeded" in said
    assert "197 more are not shown" in said
    assert "looking again" in said


def test_on_a_terminal_the_table_is_live() -> None:
    shown = screen(terminal=True)
    with shown:
        shown.look(run("running", task("render", "running")))
        shown.fault(TryAgain("no answer"))
        shown.look(run("succeeded", task("render", "succeeded")))
    assert "monday: succeeded" in shown.console.export_text()


def test_elsewhere_each_change_is_told_once() -> None:
    shown = screen()
    with shown:
        for _ in range(3):
            shown.look(run("running", task("render", "running"), task("render", "pending")))
    said = shown.console.export_text().splitlines()
    assert said == ["render: running (1:05)", "render: pending", "run monday: running"]


def test_a_name_with_brackets_is_shown_as_it_is() -> None:
    console = Console(record=True, width=100, color_system=None)
    console.print(table(run("running", task("[red]x", "running")), NOW, 5))
    assert "[red]x" in console.export_text()


def test_names_are_as_short_as_they_can_be_told_apart() -> None:
    paths = [["all", "plan"], ["all", "loop", "0", "render"], ["all", "loop", "1", "render"]]
    assert told_apart(paths) == ["plan", "0 › render", "1 › render"]
    assert told_apart([["all", "loop", "render"]] * 2) == ["loop › render"] * 2
    assert told_apart([["render"], ["loop", "render"]]) == ["render", "loop › render"]
    assert told_apart([]) == []


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (65.9, "1:05"), (3723, "1:02:03"), (-4, "0:00")])
def test_spans(seconds: float, text: str) -> None:
    assert span(timedelta(seconds=seconds)) == text


def test_a_line_has_what_there_is() -> None:
    assert line(task("a", "pending"), NOW) == "a: pending"
    assert line(task("a", "failed", 2, "exit 3"), NOW) == "a: failed (1:05, 2 retries, exit 3)"
