from __future__ import annotations

import math
from typing import Any

import pytest

from compile import compiled as compile_anew
from compile import parsed
from pipelines.spec import containers, declared, tasks
from tests import compiled


def body(spec: Any, name: str) -> Any:
    return next(task.body for task in tasks(spec) if task.name == name)


def test_3400_videos_are_some_70_shards() -> None:
    spec = compiled.spec()
    shards = math.ceil(3400 / declared(spec["root"], "input", "parameters")["shard_size"]["defaultValue"])
    assert shards == 68
    in_a_shard = [task for task in tasks(spec) if task.dag == "comp-for-loop-1"]
    # A run on Vertex AI may have some 10,000 tasks, and submits at most 60 jobs a minute.
    assert len(in_a_shard) * shards + 2 == 206


def test_shards_are_made_in_a_pipeline_of_their_own_below_the_exit_handler() -> None:
    where = {task.name: task.dag for task in tasks(compiled.spec())}
    assert where == {
        "report-run": "root",
        "exit-handler-1": "root",
        "plan-jobs": "comp-exit-handler-1",
        "make-shards": "comp-exit-handler-1",
        "for-loop-1": "comp-make-shards",
        "generate-questions": "comp-for-loop-1",
        "write-jobs": "comp-for-loop-1",
        "render-videos": "comp-for-loop-1",
    }


def test_the_report_comes_last_and_in_any_case() -> None:
    report = body(compiled.spec(), "report-run")
    assert report["dependentTasks"] == ["exit-handler-1"]
    assert report["triggerPolicy"] == {"strategy": "ALL_UPSTREAM_TASKS_COMPLETED"}
    assert "artifacts" not in report["inputs"]  # there may be none, and Vertex AI hands 100 over at most


@pytest.mark.parametrize("name", ["plan-jobs", "generate-questions", "write-jobs", "render-videos", "report-run"])
def test_every_step_is_told_the_same_run(name: str) -> None:
    run = body(compiled.spec(), name)["inputs"]["parameters"]["run"]
    assert run == {"runtimeValue": {"constant": "{{$.pipeline_job_name}}"}}


def test_jobs_are_named_by_the_time_the_run_was_made() -> None:
    created = body(compiled.spec(), "plan-jobs")["inputs"]["parameters"]["created"]
    assert created == {"runtimeValue": {"constant": "{{$.pipeline_job_create_time_utc}}"}}


@pytest.mark.parametrize(("kind", "encoder"), [("t4", "nvenc"), ("l4", "nvenc"), ("cpu", "x264")])
@pytest.mark.parametrize("spot", [False, True])
def test_the_encoder_follows_from_the_machine(kind: str, encoder: str, spot: bool) -> None:
    spec = compiled.spec(kind, spot)
    for name in ("plan-jobs", "render-videos"):
        assert body(spec, name)["inputs"]["parameters"]["encoder"] == {"runtimeValue": {"constant": encoder}}


@pytest.mark.parametrize(
    ("kind", "spot", "machine"),
    [
        ("t4", False, "8 CPU, 30 GB, 1 NVIDIA_TESLA_T4"),
        ("l4", False, "8 CPU, 32 GB, 1 NVIDIA_L4"),
        ("cpu", False, "16 CPU, 64 GB"),
        ("t4", True, "n1-standard-8, 1 NVIDIA_TESLA_T4, spot"),
        ("l4", True, "g2-standard-8, 1 NVIDIA_L4, spot"),
        ("cpu", True, "e2-standard-16, spot"),
    ],
)
def test_videos_are_rendered_on_what_was_asked_for(kind: str, spot: bool, machine: str) -> None:
    (render,) = [one for one in containers(compiled.spec(kind, spot)) if one.name == "render-videos"]
    assert str(render.machine) == machine


def test_spot_machines_work_as_the_run_does() -> None:
    """A custom job without an account takes another than the run's, and so may not reach the bucket."""
    given = compiled.spec("t4", True)["components"]["comp-render-videos"]["inputDefinitions"]["parameters"]
    assert given["service_account"]["defaultValue"] == "{{$.pipeline_service_account}}"
    assert given["network"]["defaultValue"] == "{{$.pipeline_network}}"
    assert given["encryption_spec_key_name"]["defaultValue"] == "{{$.pipeline_encryption_key_name}}"
    assert given["restart_job_on_worker_restart"]["defaultValue"] is True


def test_every_parameter_is_described() -> None:
    for name, one in declared(compiled.spec()["root"], "input", "parameters").items():
        assert one.get("description"), name


def test_the_number_of_shards_at_a_time_is_a_constant() -> None:
    (spec,) = parsed(compile_anew("cpu", False, parallelism=3))
    assert body(spec, "for-loop-1")["iteratorPolicy"] == {"parallelismLimit": 3}
    told = body(spec, "generate-questions")["inputs"]["parameters"]["shards_at_once"]
    assert told == {"runtimeValue": {"constant": 3.0}}  # they share the project's calls to Gemini


def test_it_compiles_to_the_same_twice() -> None:
    assert compile_anew("t4", True) == compiled.text("t4", True)
