"""The lint finds what it says it finds, in pipelines that are broken on purpose; and nothing in ours."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kfp import compiler, dsl

from compile import parsed
from pipelines import lint
from tests import compiled

Break = Callable[[Any], object]


@pytest.mark.parametrize(("kind", "spot"), compiled.VARIANTS)
def test_nothing_is_wrong_with_ours(kind: str, spot: bool) -> None:
    assert lint.problems([compiled.spec(kind, spot)]) == []


def component(spec: Any, name: str) -> Any:
    return spec["components"][f"comp-{name}"]


def task(spec: Any, dag: str, name: str) -> Any:
    return component(spec, dag)["dag"]["tasks"][name]


def container(spec: Any, name: str) -> Any:
    return spec["deploymentSpec"]["executors"][f"exec-{name}"]["container"]


LOOP = "for-loop-1"

BROKEN: list[tuple[str, Break, str]] = [
    (
        "parameter that the DAG does not have",
        lambda s: component(s, LOOP)["inputDefinitions"]["parameters"].pop("pipelinechannel--root"),
        "takes the parameter pipelinechannel--root, which comp-for-loop-1 does not declare",
    ),
    (
        "artifact that the DAG does not have",
        lambda s: component(s, LOOP)["inputDefinitions"]["artifacts"].pop("pipelinechannel--jobs"),
        "takes the artifact pipelinechannel--jobs",
    ),
    (
        "loop item that the DAG does not have",
        lambda s: component(s, LOOP)["inputDefinitions"]["parameters"].pop("pipelinechannel--shards-loop-item"),
        "takes the parameter pipelinechannel--shards-loop-item",
    ),
    (
        "root parameter that is gone",
        lambda s: s["root"]["inputDefinitions"]["parameters"].pop("videos"),
        "takes the parameter videos, which root does not declare",
    ),
    (
        "output of a task elsewhere",
        lambda s: task(s, LOOP, "write-jobs")["inputs"]["artifacts"]["questions"]["taskOutputArtifact"].update(
            producerTask="plan-jobs"
        ),
        "takes questions from plan-jobs, which is not in comp-for-loop-1",
    ),
    (
        "artifact that the task does not make",
        lambda s: component(s, "generate-questions")["outputDefinitions"]["artifacts"].pop("questions"),
        "takes the artifact questions of generate-questions, which does not make it",
    ),
    (
        "parameter that the task does not make",
        lambda s: component(s, "plan-jobs")["outputDefinitions"]["parameters"].pop("shards"),
        "takes the parameter shards of plan-jobs, which does not make it",
    ),
    (
        "task to wait for that is not there",
        lambda s: s["root"]["dag"]["tasks"]["report-run"].update(dependentTasks=["exit-handler-2"]),
        "waits for exit-handler-2, which is not in root",
    ),
    (
        "input that the component does not know",
        lambda s: component(s, "write-jobs")["inputDefinitions"]["parameters"].pop("shard"),
        "gives comp-write-jobs the parameter shard, which it does not declare",
    ),
    ("component that is not there", lambda s: s["components"].pop("comp-write-jobs"), "there is no comp-write-jobs"),
    (
        "parameter not given",
        lambda s: task(s, LOOP, "write-jobs")["inputs"]["parameters"].pop("root"),
        "task write-jobs: is not given the parameter root",
    ),
    (
        "artifact not given",
        lambda s: task(s, LOOP, "write-jobs")["inputs"].pop("artifacts"),
        "task write-jobs: is not given the artifact questions",
    ),
    (
        "argument of nothing",
        lambda s: container(s, "write-jobs")["args"].append("{{$.inputs.parameters['tempo']}}"),
        "its arguments name the parameter tempo, which is none of its inputs",
    ),
    (
        "optional argument",
        lambda s: container(s, "write-jobs")["args"].append('{"IfPresent": {"InputName": "root", "Then": []}}'),
        "optional or composed argument",
    ),
    (
        "artifact that is lost",
        lambda s: container(s, "render-videos")["args"].remove("{{$.outputs.output_file}}"),
        "render-videos: loses videos",
    ),
    (
        "loop without a limit",
        lambda s: task(s, "make-shards", LOOP).pop("iteratorPolicy"),
        "loops without a limit",
    ),
    (
        "loop over numbers",
        lambda s: task(s, "make-shards", LOOP)["parameterIterator"].update(items={"raw": "[1, 2]"}),
        "come back as floats",
    ),
    (
        "loop over nothing",
        lambda s: task(s, "make-shards", LOOP)["parameterIterator"].update(items={"inputParameter": "others"}),
        "loops over others, which it is not given",
    ),
    ("no resources", lambda s: container(s, "plan-jobs").pop("resources"), "plan-jobs: asks for no processors"),
    (
        "resources by parameter",
        lambda s: container(s, "plan-jobs").update(resources={"resourceCpuLimit": "{{$.inputs.parameters['cpu']}}"}),
        "plan-jobs: asks for no processors",
    ),
    (
        "too many processors",
        lambda s: container(s, "plan-jobs")["resources"].update(cpuLimit=128.0),
        "more than 96 CPU",
    ),
    (
        "three accelerators",
        lambda s: container(s, "render-videos")["resources"]["accelerator"].update(count="3"),
        "3 NVIDIA_TESLA_T4 cannot be had",
    ),
    (
        "unknown accelerator",
        lambda s: container(s, "render-videos")["resources"]["accelerator"].update(type="NVIDIA_T4"),
        "1 NVIDIA_T4 cannot be had",
    ),
    *(
        (
            f"image {image}",
            lambda s, image=image: container(s, "plan-jobs").update(image=image),
            f"image {image or '(none)'}",
        )
        for image in (
            "registry.example/worker:latest",
            "registry.example/worker:dev",
            "registry.example:5000/worker",
            "",
        )
    ),
    (
        "flag with a secret",
        lambda s: container(s, "plan-jobs")["args"].extend(["--gemini-api-key", "x"]),
        "--gemini-api-key hands a secret over",
    ),
    (
        "variable with a secret",
        lambda s: container(s, "plan-jobs").update(env=[{"name": "GEMINI_API_KEY", "value": "x"}]),
        "GEMINI_API_KEY is a secret in the open",
    ),
    (
        "parameter with a secret",
        lambda s: s["root"]["inputDefinitions"]["parameters"].update(api_token={"parameterType": "STRING"}),
        "parameter api_token: is a secret",
    ),
    (
        "key among the arguments",
        lambda s: container(s, "plan-jobs")["args"].append("AIza" + "x" * 35),
        "there is a secret in the file (AIzaxx…)",
    ),
    (
        "no retries",
        lambda s: task(s, LOOP, "render-videos").pop("retryPolicy"),
        "render-videos: is not tried again",
    ),
    (
        "retries at once",
        lambda s: task(s, LOOP, "render-videos")["retryPolicy"].pop("backoffDuration"),
        "render-videos: is tried again at once",
    ),
    (
        "caching",
        lambda s: task(s, LOOP, "generate-questions").update(cachingOptions={"enableCache": True}),
        "task generate-questions: may come from the cache",
    ),
]


@pytest.mark.parametrize(("broken", "told"), [pytest.param(*case[1:], id=case[0]) for case in BROKEN])
def test_what_is_broken_is_found(broken: Break, told: str) -> None:
    spec = compiled.spec()
    broken(spec)
    found = lint.problems([spec])
    assert any(told in one for one in found), found


SPOT: list[tuple[str, Break, str]] = [
    (
        "wrong machine",
        lambda pool: pool["machine_spec"].update(machine_type="g2-standard-8"),
        "NVIDIA_TESLA_T4 does not go with g2-standard-8",
    ),
    ("mutable image", lambda pool: pool["container_spec"].update(image_uri="registry.example/render:main"), ":main: "),
    (
        "secret",
        lambda pool: pool["container_spec"].update(env=[{"name": "TOKEN", "value": "x"}]),
        "TOKEN is a secret in the open",
    ),
]


@pytest.mark.parametrize(("broken", "told"), [pytest.param(*case[1:], id=case[0]) for case in SPOT])
def test_it_looks_into_custom_jobs(broken: Break, told: str) -> None:
    spec = compiled.spec("t4", True)
    given = component(spec, "render-videos")["inputDefinitions"]["parameters"]
    broken(given["worker_pool_specs"]["defaultValue"][0])
    found = lint.problems([spec])
    assert any(told in one for one in found), found


def test_a_second_document_is_found() -> None:
    text = compiled.text("t4", False) + "---\nplatforms:\n  kubernetes: {}\n"
    (found,) = lint.problems(parsed(text))
    assert "2 YAML documents" in found


@dsl.container_component  # type: ignore[untyped-decorator]  # kfp ships no types
def say(what: str) -> dsl.ContainerSpec:
    return dsl.ContainerSpec(image="registry.example/say:1", command=["say"], args=[what])


@dsl.pipeline(name="over-values")  # type: ignore[untyped-decorator]  # kfp ships no types
def over_values() -> None:
    with dsl.ExitHandler(say(what="done")), dsl.ParallelFor([{"key": "0000"}, {"key": "0001"}]) as one:
        say(what=one.key)


@dsl.pipeline(name="over-a-parameter")  # type: ignore[untyped-decorator]  # kfp ships no types
def over_a_parameter(keys: list[str]) -> None:
    with dsl.ExitHandler(say(what="done")), dsl.ParallelFor(keys) as key:
        say(what=f"shard {key}")


@pytest.mark.parametrize("pipeline", [over_values, over_a_parameter], ids=["values", "parameter"])
def test_what_kfp_itself_miscompiles_is_found(pipeline: Any, tmp_path: Path) -> None:
    """A loop directly inside an exit handler (kfp #9386, #12390, #13273)."""
    compiler.Compiler().compile(pipeline, str(tmp_path / "pipeline.yaml"))
    (document,) = parsed((tmp_path / "pipeline.yaml").read_text("utf-8"))
    assert any("does not declare" in one for one in lint.undeclared_inputs(document))
