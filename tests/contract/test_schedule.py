"""`triviareel schedule` against a Vertex AI on loopback, through the real client."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines import keeping, schedule, vertex
from pipelines.config import read
from tests.contract.launching import ACCOUNT, KEY, NETWORK, Cloud, Ran, Run, cloud, runner
from triviareel.cli import app

CREATE = ("create", "daily", "--cron", "0 6 * * *")


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cloud]:
    with cloud(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(schedule.run, capsys)


def stored(there: Cloud) -> list[dict[str, Any]]:
    return list(there.vertex.here.schedules.values())


def test_a_schedule_is_made_with_account_network_and_both_limits(there: Cloud, run: Run) -> None:
    done = run(*CREATE, "--time-zone", "Europe/Berlin", "--max-concurrent", "2", "--json")
    (made,) = stored(there)
    job = made["createPipelineJobRequest"]["pipelineJob"]
    assert done.code == 0
    assert done.json["schedule"] == "daily"
    assert made["cron"] == "TZ=Europe/Berlin 0 6 * * *"
    assert (made["maxConcurrentRunCount"], made["maxConcurrentActiveRunCount"]) == ("2", "2")
    assert (job["serviceAccount"], job["network"]) == (ACCOUNT, NETWORK)
    assert job["encryptionSpec"] == {"kmsKeyName": KEY}
    assert job["runtimeConfig"]["parameterValues"]["channel"] == "demo"
    assert "next " in done.err
    assert "06:00 CE" in done.err


def test_what_a_dry_run_shows_is_what_is_sent(there: Cloud, run: Run) -> None:
    options = (*CREATE, "--start", "2030-01-01", "--end", "2030-02-01T00:00+01:00", "--queue")
    shown = run(*options, "--dry-run")
    assert shown.code == 0
    assert there.vertex.journal == []
    assert there.bucket.journal == []
    assert run(*options).code == 0
    (call,) = there.vertex.calls("schedule")
    assert shown.json["body"] == call.body
    assert shown.json["url"] == f"{there.vertex.url}{call.path}"
    assert (call.body["startTime"], call.body["endTime"]) == ("2030-01-01T00:00:00Z", "2030-01-31T23:00:00Z")


def test_the_same_schedule_made_twice_is_one(there: Cloud, run: Run) -> None:
    assert run(*CREATE).code == 0
    done = run("create", "daily", "--cron", "30 7 * * *", "--param", "videos=9")
    (made,) = stored(there)
    assert done.code == 0
    assert "daily: changed, active" in done.err
    assert made["cron"] == "TZ=UTC 30 7 * * *"
    assert made["createPipelineJobRequest"]["pipelineJob"]["runtimeConfig"]["parameterValues"]["videos"] == 9
    assert len(there.vertex.here.fire("daily")) == 1


def test_doubles_from_elsewhere_are_removed(there: Cloud, run: Run) -> None:
    assert run(*CREATE).code == 0
    first = stored(there)[0]
    fields = ("displayName", "cron", "maxConcurrentRunCount", "createPipelineJobRequest")
    for _ in range(3):
        there.vertex.here.create_schedule({field: first[field] for field in fields})
    assert run(*CREATE).code == 0
    assert [one["name"] for one in stored(there)] == [first["name"]]


def test_a_pause_is_for_all_of_the_name(there: Cloud, run: Run) -> None:
    assert run(*CREATE).code == 0
    fields = ("displayName", "cron", "maxConcurrentRunCount", "createPipelineJobRequest")
    there.vertex.here.create_schedule({field: stored(there)[0][field] for field in fields})
    assert run("pause", "daily").code == 0
    assert there.vertex.here.fire("daily") == []
    assert run("resume", "daily").code == 0
    assert len(there.vertex.here.fire("daily")) == 1


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_a_completed_schedule_says_to_make_it_anew(there: Cloud, run: Run, command: str) -> None:
    assert run(*CREATE).code == 0
    stored(there)[0]["state"] = "COMPLETED"
    done = run(command, "daily")
    assert done.code == 2
    assert "make it anew with: triviareel schedule create daily" in done.fault


def test_what_cannot_be_unset_is_made_anew_and_never_double(there: Cloud, run: Run) -> None:
    assert run(*CREATE, "--end", "2030-01-01").code == 0
    done = run(*CREATE)
    (made,) = stored(there)
    assert "daily: made anew" in done.err
    assert "endTime" not in made
    order = [call.operation for call in there.vertex.journal]
    assert order.index("pause") < len(order) - 1 - order[::-1].index("schedule") < order.index("delete")


def test_a_schedule_goes_on_if_what_was_to_be_in_its_place_is_refused(there: Cloud, run: Run) -> None:
    assert run(*CREATE, "--end", "2030-01-01").code == 0
    there.vertex.faults("schedule:403")
    assert run(*CREATE).code == 2
    (made,) = stored(there)
    assert (made["state"], "endTime" in made) == ("ACTIVE", True)


def test_a_schedule_is_paused_while_it_is_open_whether_there_is_another(there: Cloud, run: Run) -> None:
    assert run(*CREATE, "--end", "2030-01-01").code == 0
    there.vertex.faults("schedule:lost")
    done = run(*CREATE)
    assert done.code == 75
    assert "it is paused meanwhile: create it again, then: triviareel schedule resume daily" in done.fault
    assert "daily: made anew, paused" in run(*CREATE).err
    assert there.vertex.here.fire("daily") == []
    assert run("resume", "daily").code == 0
    assert len(there.vertex.here.fire("daily")) == len(stored(there)) == 1


def test_a_paused_schedule_stays_paused_when_it_is_changed_or_made_anew(there: Cloud, run: Run) -> None:
    assert run(*CREATE, "--queue").code == 0
    assert run("pause", "daily").code == 0
    assert "daily: changed, paused" in run(*CREATE, "--queue").err
    assert "daily: made anew, paused" in run(*CREATE).err
    assert there.vertex.here.fire("daily") == []


def test_a_completed_schedule_of_the_name_is_no_hindrance(there: Cloud, run: Run) -> None:
    assert run(*CREATE).code == 0
    stored(there)[0]["state"] = "COMPLETED"
    assert "daily: created" in run(*CREATE).err
    assert sorted(one["state"] for one in stored(there)) == ["ACTIVE", "COMPLETED"]


def test_each_scheduled_run_has_a_run_of_its_own(there: Cloud, run: Run) -> None:
    assert run(*CREATE, "--max-concurrent", "3").code == 0
    names = [there.vertex.here.fire("daily")[0] for _ in range(2)]
    assert len(set(names)) == 2
    for name in names:
        job = there.vertex.here.jobs[name]
        assert not {"run", "job", "created"} & job["runtimeConfig"]["parameterValues"].keys()
        assert "{{$.pipeline_job_name}}" in json.dumps(job["pipelineSpec"])
    assert there.vertex.here.fire("daily")
    assert there.vertex.here.fire("daily") == []  # three go on


@pytest.mark.parametrize("param", ["job=monday", "seed=7"])
def test_what_would_make_every_run_the_same_is_refused(there: Cloud, run: Run, param: str) -> None:
    done = run(*CREATE, "--param", param)
    assert done.code == 2
    assert "every run would make the same videos" in done.fault
    assert there.vertex.journal == []


def test_pause_resume_delete_and_run_now(there: Cloud, run: Run) -> None:
    assert run(*CREATE).code == 0
    assert run("pause", "daily").code == 0
    assert stored(there)[0]["state"] == "PAUSED"
    assert stored(there)[0]["nextRunTime"]
    assert run("show", "daily", "--json").json["next_run"] is None
    assert run("resume", "daily").code == 0
    assert (stored(there)[0]["state"], stored(there)[0]["catchUp"]) == ("ACTIVE", False)
    assert "daily: was active already" in run("resume", "daily").err
    assert [run("pause", "daily").code for _ in range(2)] == [0, 0]
    assert run("resume", "daily", "--catch-up").code == 0
    assert stored(there)[0]["catchUp"] is True
    done = run("run-now", "daily", "--json")
    job = there.vertex.here.jobs[done.json["run"]]
    assert done.code == 0
    assert done.json["run"].startswith("daily-")
    assert job["serviceAccount"] == ACCOUNT
    assert run("delete", "daily").code == 0
    assert stored(there) == []
    assert list(there.vertex.here.jobs) == [done.json["run"]]


@pytest.mark.usefixtures("there")
def test_list_and_show_tell_people_and_programs(run: Run) -> None:
    for name in ("daily", "weekly", "yearly"):  # more than the fake has on a page
        assert run("create", name, "--cron", "0 6 1 1 *").code == 0
    lines = run("list", "--json").out.splitlines()
    assert [json.loads(line)["schedule"] for line in lines] == ["daily", "weekly", "yearly"]
    assert "weekly" in run("list").out
    shown = run("show", "weekly")
    assert 'channel="demo"' in shown.out
    assert ACCOUNT in shown.out
    assert run("show", "weekly", "--json").json["parameters"]["videos"] == 3
    assert run("show", "monthly").code == 2


def test_a_list_for_people_cuts_nothing(there: Cloud, run: Run) -> None:
    assert run("create", "a-quiz-every-day", *CREATE[2:], "--time-zone", "Europe/Berlin").code == 0
    stored(there)[0]["lastScheduledRunResponse"] = {"scheduledRunTime": "2026-11-22T05:00:00Z", "runResponse": "OK"}
    stored(there)[0]["nextRunTime"] = "2026-11-23T05:00:00Z"
    _, line = run("list").out.splitlines()
    assert line == "a-quiz-every-day  active  2026-11-23 05:00  2026-11-22 05:00  0     TZ=Europe/Berlin 0 6 * * *"


@pytest.mark.usefixtures("there")
def test_an_empty_list_says_so(run: Run) -> None:
    done = run("list")
    assert (done.code, done.out) == (0, "")
    assert "there are no schedules" in done.err


@pytest.mark.parametrize(
    ("fault", "code", "mend"),
    [
        ("schedule:403", 2, "roles/aiplatform.user"),
        ("schedule:429", 75, "iam-admin/quotas"),
        ("schedule:400-account", 2, "roles/iam.serviceAccountUser"),
        ("schedules:404-html", 2, "there is no Vertex AI"),
        ("schedules:503", 75, "try again"),
        ("schedule:lost", 75, "try again"),
    ],
)
def test_a_refusal_is_one_line_with_the_mend(there: Cloud, run: Run, fault: str, code: int, mend: str) -> None:
    there.vertex.faults(fault)
    done = run(*CREATE)
    assert done.code == code
    assert mend in done.fault


def test_trying_again_after_a_lost_answer_makes_no_second_schedule(there: Cloud, run: Run) -> None:
    there.vertex.faults("schedule:lost")
    assert run(*CREATE).code == 75
    assert run(*CREATE).code == 0
    assert len(stored(there)) == 1


def test_two_who_make_the_same_schedule_at_once_end_with_one(there: Cloud) -> None:
    chosen = read(there.config)
    mine, theirs = vertex.Vertex(chosen), vertex.Vertex(chosen)
    body = body_of(there)
    theirs.make_schedule(body)  # between my look and my making
    mine.make_schedule(body)
    first = keeping.only(mine, "daily")
    assert keeping.only(theirs, "daily") == first
    assert [one["name"] for one in stored(there)] == [first.resource]
    mine.delete(first)
    theirs.delete(first)  # gone already, which is no fault


def body_of(there: Cloud) -> dict[str, Any]:
    from pipelines import requests, submit
    from pipelines.requests import Plan

    chosen = read(there.config)
    made, values = submit.prepare(chosen, Path("build/trivia_videos.yaml"), [])
    plan = Plan("daily", "TZ=UTC 0 6 * * *")
    return requests.schedule(plan, chosen, requests.job(made, chosen, values)).body


NOW = datetime.now(UTC)
TOMORROW = (NOW + timedelta(days=1)).isoformat()
IN_HALF_A_YEAR = f"0 0 15 {(NOW.month + 5) % 12 + 1} *"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("create", "Daily", "--cron", "0 6 * * *"), "write small letters"),
        (("create", "daily", "--cron", "0 6 * *"), "needs five"),
        (("create", "daily", "--cron", "0 6 31 2 *"), "never comes"),
        ((*CREATE, "--time-zone", "Europe/Berln"), "did you mean Europe/Berlin?"),
        ((*CREATE, "--end", "2020-01-01"), "is not after now"),
        ((*CREATE, "--start", "2030-02-01", "--end", "2030-01-01"), "is not after --start"),
        ((*CREATE, "--start", "soon"), "is no time"),
        (("create", "daily", "--cron", IN_HALF_A_YEAR, "--end", TOMORROW), "has no run before --end"),
        ((*CREATE, "--max-concurrent", "0"), "max-concurrent"),
        ((*CREATE, "--param", "vidoes=3"), "did you mean videos?"),
        (("pause", "daily"), "`triviareel schedule list` tells which are"),
        (("run-now", "daily"), "is not there"),
        (("delete", "daily"), "is not there"),
        (("crate", "daily"), "Did you mean 'create'?"),
    ],
)
def test_bad_input_is_one_line_and_nothing_is_made(there: Cloud, run: Run, argv: tuple[str, ...], said: str) -> None:
    done = run(*argv)
    assert done.code == 2
    assert said in done.fault
    assert stored(there) == []


def test_triviareel_hands_the_command_over(there: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    through: Run = runner(lambda argv: app.run(["schedule", *argv]), capsys)
    assert through(*CREATE, "--debug").code == 0
    assert [one["displayName"] for one in stored(there)] == ["daily"]
    assert "run-now" in through("--help").out
    assert "catch-up" in through("resume", "--help").out
    assert_traceback(through("show", "weekly", "--debug"))


def assert_traceback(done: Ran) -> None:
    assert done.code == 2
    assert "Traceback" in done.err
