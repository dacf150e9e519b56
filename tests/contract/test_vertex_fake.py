"""The fake itself: that it refuses what Vertex AI would, and can be run by hand."""

import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path

import pytest

from tests import compiled
from tests.fakes.vertex.faults import Refused, Script
from tests.fakes.vertex.progress import Inner, Leaf, Progress, flatten
from tests.fakes.vertex.service import Json, Service


def job(**more: object) -> Json:
    settings = {"gcsOutputDirectory": "gs://b/r", "parameterValues": {"channel": "demo", "root": "gs://b"}}
    return {"pipelineSpec": compiled.spec(), "runtimeConfig": settings, **more}


def body(**more: object) -> Json:
    request = {"parent": "projects/p/locations/l", "pipelineJob": job()}
    return {
        "displayName": "a",
        "cron": "* * * * *",
        "maxConcurrentRunCount": "1",
        "createPipelineJobRequest": request,
    } | more


def test_loops_are_unrolled_and_the_report_comes_last() -> None:
    tasks = list(flatten(compiled.spec()))
    leaves = [task for task in tasks if isinstance(task, Leaf)]
    assert [leaf.name for leaf in leaves if leaf.always] == ["report-run"]
    assert leaves[-1].name == "report-run"
    assert sum(leaf.name == "render-videos" for leaf in leaves) == 2
    numbers = [task.number for task in tasks]
    assert len(set(numbers)) == len(numbers)
    inner = {task.number for task in tasks if isinstance(task, Inner)}
    assert all(task.parent in {1, *inner} for task in tasks)


def test_after_a_failure_only_the_exit_handler_runs() -> None:
    progress = Progress(compiled.spec(), {"plan-jobs": "fail"})
    for _ in range(30):
        progress.step()
    states = {task["taskName"]: task["state"] for task in progress.details("p") if "executorDetail" in task}
    assert progress.state == "PIPELINE_STATE_FAILED"
    assert (states["plan-jobs"], states["render-videos"], states["report-run"]) == (
        "FAILED", "NOT_TRIGGERED", "SUCCEEDED",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (job(runtimeConfig={"gcsOutputDirectory": "/tmp"}), "Cloud Storage URI"),  # noqa: S108 - not a file
        (job(runtimeConfig={"gcsOutputDirectory": "gs://b", "parameterValues": {"x": 1}}), "not defined"),
        (job(runtimeConfig={"gcsOutputDirectory": "gs://b", "parameterValues": {}}), "are missing"),
        (job(serviceAccount="nobody"), "does not exist"),
    ],
)
def test_it_refuses_jobs_as_vertex_ai_does(made: Json, said: str) -> None:
    service = Service("l", 2)
    service.accounts = set()
    with pytest.raises(Refused, match=said):
        service.create_job(made, "a")


def test_it_refuses_schedules_as_vertex_ai_does() -> None:
    service = Service("l", 2)
    for wrong in (body(cron=""), body(maxConcurrentRunCount="0"), body(createPipelineJobRequest={})):
        with pytest.raises(Refused):
            service.create_schedule(wrong)
    number = service.create_schedule(body(endTime="2030-01-01T00:00:00Z"))["name"].rpartition("/")[2]
    with pytest.raises(Refused, match="cannot be unset"):
        service.patch_schedule(number, {}, "endTime")
    with pytest.raises(Refused, match="output only"):
        service.patch_schedule(number, {"state": "ACTIVE"}, "state")
    with pytest.raises(Refused, match="Invalid filter"):
        service.list_schedules("name=a", "")


def test_faults_wait_for_their_operation() -> None:
    script = Script()
    script.add("create:429", "*:503")
    assert [script.take("get"), script.take("get"), script.take("create")] == ["503", "", "429"]
    with pytest.raises(ValueError, match="is no fault"):
        script.add("create:teapot")


def test_it_can_be_run_by_hand() -> None:
    command = [sys.executable, "-m", "tests.fakes.vertex", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            storage, line = process.stdout.readline(), process.stdout.readline()
            config = tomllib.loads(Path(line.split("--config ")[1].split()[0]).read_text("utf-8"))
            address = storage.strip().partition("=")[2]
            with urllib.request.urlopen(f"{address}/storage/v1/b/quiz-videos", timeout=60) as answer:  # noqa: S310
                assert answer.status == 200
            where = f"{config['endpoint']}/v1/projects/quiz-project/locations/europe-west4/schedules"
            with urllib.request.urlopen(where, timeout=60) as answer:  # noqa: S310 - of our own server
                assert answer.read() == b'{"schedules": []}'
        finally:
            process.terminate()
