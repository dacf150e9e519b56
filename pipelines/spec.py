"""A compiled pipeline as it is read here: its DAGs, their tasks, and the containers that run in the end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Spec = Mapping[str, Any]
"""A PipelineSpec as its YAML has it."""

_LAUNCHER = "google_cloud_pipeline_components.container.v1.custom_job.launcher"


@dataclass(frozen=True, slots=True)
class Machine:
    """What a container is given; what is not said is empty or 0."""

    type: str = ""
    """Of Compute Engine, where it is named."""
    cpu: float = 0
    memory_gb: float = 0
    accelerator: str = ""
    accelerators: int = 0
    spot: bool = False

    def __str__(self) -> str:
        """For people."""
        size = self.type or f"{self.cpu:g} CPU, {self.memory_gb:g} GB"
        gpu = f", {self.accelerators} {self.accelerator}" if self.accelerator else ""
        return f"{size}{gpu}{', spot' if self.spot else ''}"


@dataclass(frozen=True, slots=True)
class Container:
    """What one component runs; of a component that launches a custom job, what that job runs."""

    component: str
    """Its name in the specification, such as "comp-plan-jobs"."""
    image: str
    argv: tuple[str, ...]
    """Command and arguments."""
    machine: Machine
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """As people know it, such as "plan-jobs"."""
        return self.component.removeprefix("comp-")


@dataclass(frozen=True, slots=True)
class Task:
    """A component's place in a DAG."""

    dag: str
    name: str
    component: str
    """The name of what is run: a container's or a DAG's component."""
    body: Mapping[str, Any]


def dags(spec: Spec) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """All DAGs by their names, the root's being "root"."""
    yield "root", spec["root"]
    for name, component in spec.get("components", {}).items():
        if "dag" in component:
            yield name, component


def tasks(spec: Spec) -> Iterator[Task]:
    """All tasks of all DAGs."""
    for dag, component in dags(spec):
        for name, body in component["dag"].get("tasks", {}).items():
            yield Task(dag, name, body["componentRef"]["name"], body)


def declared(component: Mapping[str, Any], side: str, kind: str) -> Mapping[str, Any]:
    """What a component declares: of side "input" or "output", the kind "parameters" or "artifacts"."""
    found: Mapping[str, Any] = component.get(f"{side}Definitions", {}).get(kind, {})
    return found


def containers(spec: Spec) -> list[Container]:
    """All containers, in the order of their components' names."""
    executors = spec.get("deploymentSpec", {}).get("executors", {})
    return [
        _container(name, component, executors[component["executorLabel"]]["container"])
        for name, component in sorted(spec.get("components", {}).items())
        if component.get("executorLabel") in executors
    ]


def _container(name: str, component: Mapping[str, Any], body: Mapping[str, Any]) -> Container:
    if _LAUNCHER in body.get("command", ()):
        return _launched(name, component)
    return Container(name, body.get("image", ""), _argv(body), _asked(body.get("resources", {})), _environment(body))


def _launched(name: str, component: Mapping[str, Any]) -> Container:
    """What a custom job runs: the launcher's parameters hold it."""
    given = declared(component, "input", "parameters")
    pool = given["worker_pool_specs"]["defaultValue"][0]
    body, machine = pool["container_spec"], pool["machine_spec"]
    return Container(
        name,
        body["image_uri"],
        _argv(body),
        Machine(
            type=machine["machine_type"],
            accelerator=machine.get("accelerator_type", ""),
            accelerators=int(machine.get("accelerator_count", 0)),
            spot=given["strategy"]["defaultValue"] == "SPOT",
        ),
        _environment(body),
    )


def _asked(resources: Mapping[str, Any]) -> Machine:
    """What a task asks for, in the fields that Vertex AI reads: parameters would be in newer ones alone."""
    accelerator = resources.get("accelerator", {})
    return Machine(
        cpu=resources.get("cpuLimit", 0),
        memory_gb=resources.get("memoryLimit", 0),
        accelerator=accelerator.get("type", ""),
        accelerators=int(accelerator.get("count", 0)),
    )


def _argv(body: Mapping[str, Any]) -> tuple[str, ...]:
    parts = (*body.get("command", ()), *body.get("args", ()))
    return tuple(part if isinstance(part, str) else json.dumps(part) for part in parts)


def _environment(body: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"]: one.get("value", "") for one in body.get("env", ())}
