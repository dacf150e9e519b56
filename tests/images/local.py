"""The compiled pipeline on this machine: kfp.local's DockerRunner, with what it needs to be like Vertex AI."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from kfp import components, dsl, local

import compile as compiler
from components import images as lock
from tests.images.containers import IMAGES, TMPFS, USER

CREATED = "2026-11-22T06:00:00Z"


@dataclass(frozen=True, slots=True)
class Ran:
    """One container that was run."""

    step: str
    """Such as "render"; "" of another program."""
    image: str
    argv: tuple[str, ...]
    code: int
    said: str
    """Its stdout and stderr."""

    def given(self, option: str) -> str:
        """The value of one of its options."""
        return self.argv[self.argv.index(f"--{option}") + 1]


@dataclass(slots=True)
class Outcome:
    """What became of a run."""

    succeeded: bool
    ran: list[Ran] = field(default_factory=list)

    def codes(self) -> dict[str, list[int]]:
        """Exit codes by step, sorted."""
        return {
            step: sorted(one.code for one in self.ran if one.step == step) for step in {one.step for one in self.ran}
        }

    def of(self, step: str) -> list[Ran]:
        """All containers of one step."""
        return [one for one in self.ran if one.step == step]


def compiled() -> str:
    """The pipeline as `python compile.py --render cpu` makes it, on the images of this checkout.

    Machines are left out, of which kfp.local knows nothing, and retries: before one it would wait for real, and a
    failure is to be seen as it is.
    """
    text = compiler.compiled("cpu", spot=False)
    for name, image in lock.locked().items():
        text = text.replace(image.reference, IMAGES[name])
    document: dict[str, Any] = yaml.safe_load(text)
    for component in (document["root"], *document["components"].values()):
        for task in component.get("dag", {}).get("tasks", {}).values():
            task.pop("retryPolicy", None)
    for executor in document["deploymentSpec"]["executors"].values():
        executor["container"].pop("resources", None)
    return str(yaml.safe_dump(document))


def run(pipeline: str, arguments: Mapping[str, Any], environment: Mapping[str, str], root: Path) -> Outcome:
    """Run a compiled pipeline to its end.

    Its placeholders of the run's name and time are filled in here: in a loop, kfp.local has another name for each
    iteration, and it has no time at all.

    Args:
        pipeline: see `compiled`.
        arguments: the pipeline's inputs.
        environment: of every container.
        root: a folder to make for kfp's own artifacts; its name is the run's.
    """
    root.mkdir()
    root.chmod(0o777)  # containers have a user of their own
    outcome = Outcome(succeeded=True)
    runner = local.DockerRunner(
        network_mode="host",
        user=USER,
        read_only=True,
        tmpfs={"/tmp": TMPFS},  # noqa: S108 - the container's own
        environment=dict(environment),
    )
    filled = pipeline.replace(dsl.PIPELINE_JOB_NAME_PLACEHOLDER, root.name)
    filled = filled.replace(dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER, CREATED)
    local.init(runner, pipeline_root=str(root), raise_on_error=True)
    logging.disable(logging.ERROR)  # kfp logs each failure as an error; here the outcome tells of it
    with _recorded(outcome.ran):
        try:
            components.load_component_from_text(filled)(**arguments)
        except RuntimeError as error:
            assert "Inner task failed" in str(error), error  # noqa: PT017 - any other is a fault of the test
            outcome.succeeded = False
        finally:
            logging.disable(logging.NOTSET)
    return outcome


@contextmanager
def _recorded(ran: list[Ran]) -> Iterator[None]:
    """Every container goes into the list.

    kfp's own way to run one lets the engine remove it before its exit code is asked for, and takes that for a success
    (kubeflow/pipelines #13332).
    """

    def run_docker_container(client: Any, image: str, command: list[str], volumes: Any, **options: Any) -> int:
        container = client.containers.run(image, command, detach=True, volumes=volumes, **options)
        try:
            code: int = container.wait()["StatusCode"]
            said = container.logs().decode()
        finally:
            container.remove(force=True)
        print(said, end="")
        ran.append(Ran(_step(command), image, tuple(command), code, said))
        return code

    with patch("kfp.local.docker_task_handler.run_docker_container", run_docker_container):
        yield


def _step(command: list[str]) -> str:
    found = re.fullmatch(r"triviareel\.steps\.(\w+)", command[2]) if len(command) > 2 else None
    return found[1] if found else ""


def lines(data: bytes) -> list[dict[str, Any]]:
    """JSON Lines, read."""
    return [json.loads(line) for line in data.splitlines()]
