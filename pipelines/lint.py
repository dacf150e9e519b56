"""What a compiler lets pass and a run does not: rules over the compiled pipeline, whatever it was made from.

Each rule is a function from the specification to findings, of one line each: where, what is wrong, and the mend.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipelines.spec import Container, Spec, Task, containers, dags, declared, tasks

MUTABLE_TAGS = frozenset({"dev", "edge", "head", "latest", "main", "master", "nightly", "stable", "test"})

_KINDS = {"parameters": "Parameter", "artifacts": "Artifact"}

# Vertex AI, "Configure compute resources": what an accelerator can be attached to, and how many of it.
_ATTACHED = {"NVIDIA_TESLA_T4": ("n1-", (1, 2, 4)), "NVIDIA_L4": ("g2-", (1, 2, 4, 8))}
_MOST_CPU = 96
_MOST_MEMORY_GB = 624

_SECRET_VALUES = re.compile(
    r"AIza[\w-]{35}"  # Google API key
    r"|ya29\.[\w-]{20}"  # Google access token
    r"|AKIA[A-Z0-9]{16}"  # AWS access key
    r"|gh[pousr]_\w{30}"  # GitHub token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|://[^/\s:@{]+:[^/\s@{]+@"  # password in an address
)
_SECRET_NAMES = re.compile(r"(^|[-_])(api[-_]?key|key|secret|token|password|passwd|credentials?)$", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\{\{\$\.(inputs|outputs)\.(parameters|artifacts)\[[\\']*([^\\'\]]+)[\\']*\]")

WRITES_OUTPUT = ("{{$.outputs.output_file}}", "{{$}}")
"""By either, a program is told where to write which artifacts it made; without, they are lost."""


def problems(documents: list[Any]) -> list[str]:
    """All that is wrong with a compiled file.

    Args:
        documents: of its YAML.
    """
    if len(documents) != 1:
        return [
            f"the file has {len(documents)} YAML documents and Vertex AI takes one: leave out what is Kubernetes' own"
        ]
    return [finding for rule in RULES for finding in rule(documents[0])]


def undeclared_inputs(spec: Spec) -> Iterator[str]:
    """A task takes what its DAG does not have, or gives what its component does not know."""
    components, having = spec.get("components", {}), dict(dags(spec))
    for task in tasks(spec):
        where = f"{task.dag}, task {task.name}"
        if task.component not in components:
            yield f"{where}: there is no {task.component}"
            continue
        siblings = having[task.dag]["dag"]["tasks"]
        for kind, suffix in _KINDS.items():
            for name, source in task.body.get("inputs", {}).get(kind, {}).items():
                if name not in declared(components[task.component], "input", kind):
                    yield f"{where}: gives {task.component} the {kind[:-1]} {name}, which it does not declare"
                wanted = source.get(f"componentInput{suffix}")
                if wanted and wanted not in declared(having[task.dag], "input", kind):
                    yield f"{where}: takes the {kind[:-1]} {wanted}, which {task.dag} does not declare"
                made = source.get(f"taskOutput{suffix}", {})
                if made and made["producerTask"] not in siblings:
                    yield f"{where}: takes {name} from {made['producerTask']}, which is not in {task.dag}"


def undeclared_outputs(spec: Spec) -> Iterator[str]:
    """A task takes what another one does not make, or waits for one that is not there."""
    components, having = spec.get("components", {}), dict(dags(spec))
    for task in tasks(spec):
        where, siblings = f"{task.dag}, task {task.name}", having[task.dag]["dag"]["tasks"]
        for other in task.body.get("dependentTasks", ()):
            if other not in siblings:
                yield f"{where}: waits for {other}, which is not in {task.dag}"
        for kind, suffix in _KINDS.items():
            for source in task.body.get("inputs", {}).get(kind, {}).values():
                made = source.get(f"taskOutput{suffix}", {})
                maker = components.get(siblings.get(made.get("producerTask"), {}).get("componentRef", {}).get("name"))
                if maker and made[f"output{suffix}Key"] not in declared(maker, "output", kind):
                    key = made[f"output{suffix}Key"]
                    yield f"{where}: takes the {kind[:-1]} {key} of {made['producerTask']}, which does not make it"


def missing_inputs(spec: Spec) -> Iterator[str]:
    """A component is not given what it needs, or names what it does not declare."""
    for task in tasks(spec):
        component = spec.get("components", {}).get(task.component, {})
        item = task.body.get("parameterIterator", {}).get("itemInput")
        for kind in _KINDS:
            given = task.body.get("inputs", {}).get(kind, {})
            for name, one in declared(component, "input", kind).items():
                if not one.get("isOptional") and "defaultValue" not in one and name not in given and name != item:
                    yield f"{task.dag}, task {task.name}: is not given the {kind[:-1]} {name}"
    for one in containers(spec):
        component = spec["components"][one.component]
        for side, kind, name in _PLACEHOLDER.findall("\n".join(one.argv)):
            if name not in declared(component, side[:-1], kind):
                yield f"{one.name}: its arguments name the {kind[:-1]} {name}, which is none of its {side}"


def optional_arguments(spec: Spec) -> Iterator[str]:
    """Vertex AI leaves them as they are."""
    for one in containers(spec):
        for part in one.argv:
            if part.startswith(('{"IfPresent"', '{"Concat"')):
                yield f"{one.name}: has an optional or composed argument ({part[:40]}…): give a default instead"


def lost_artifacts(spec: Spec) -> Iterator[str]:
    """A container makes artifacts and is not told where to say so."""
    for one in containers(spec):
        made = declared(spec["components"][one.component], "output", "artifacts")
        if made and not any(placeholder in part for part in one.argv for placeholder in WRITES_OUTPUT):
            yield f"{one.name}: loses {', '.join(made)}: pass PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER"


def loops(spec: Spec) -> Iterator[str]:
    """Loops without a limit, or over what comes back as something else."""
    for task in tasks(spec):
        iterator = task.body.get("parameterIterator")
        if not iterator and "artifactIterator" not in task.body:
            continue
        where = f"{task.dag}, task {task.name}"
        if not task.body.get("iteratorPolicy", {}).get("parallelismLimit"):
            yield f"{where}: loops without a limit: set parallelism"
        raw = json.loads((iterator or {}).get("items", {}).get("raw", "[]"))
        if not all(isinstance(item, str) for item in raw):
            yield f'{where}: loops over {raw!r}, whose numbers come back as floats: use keys such as "0003"'
        taken = (iterator or {}).get("items", {}).get("inputParameter")
        if taken and taken not in task.body.get("inputs", {}).get("parameters", {}):
            yield f"{where}: loops over {taken}, which it is not given"


def resources(spec: Spec) -> Iterator[str]:
    """Containers without a machine, or with one that does not exist."""
    for one in containers(spec):
        machine = one.machine
        if not machine.type and not (machine.cpu and machine.memory_gb):
            yield f"{one.name}: asks for no processors or no memory, or by a parameter: use a shape of resources.py"
        if machine.cpu > _MOST_CPU or machine.memory_gb > _MOST_MEMORY_GB:
            yield f"{one.name}: {machine} is more than {_MOST_CPU} CPU or {_MOST_MEMORY_GB} GB"
        if not machine.accelerator:
            if machine.accelerators:
                yield f"{one.name}: asks for {machine.accelerators} accelerators of no kind"
            continue
        family, counts = _ATTACHED.get(machine.accelerator, ("", ()))
        if machine.accelerators not in counts:
            yield f"{one.name}: {machine.accelerators} {machine.accelerator} cannot be had: choose of {counts}"
        if machine.type and not machine.type.startswith(family):
            yield f"{one.name}: {machine.accelerator} does not go with {machine.type}: choose {family}…"


def mutable_images(spec: Spec) -> Iterator[str]:
    """Images that may be others tomorrow: the cache and retries would not notice."""
    launchers = {
        executor["container"].get("image", "")
        for executor in spec.get("deploymentSpec", {}).get("executors", {}).values()
        if "container" in executor
    }
    for image in sorted(launchers | {one.image for one in containers(spec)}):
        if "@sha256:" in image:
            continue
        _, _, tag = image.rpartition("/")[2].partition(":")
        if not tag:
            yield f"image {image or '(none)'}: has no tag: give it a version or a digest"
        elif tag.lower() in MUTABLE_TAGS:
            yield f"image {image}: {tag} means another one tomorrow: give it a version or a digest"


def secrets(spec: Spec) -> Iterator[str]:
    """Keys and passwords, which everybody sees who may see a run."""
    for one in containers(spec):
        for part in one.argv:
            flag = part.partition("=")[0]
            if flag.startswith("--") and _SECRET_NAMES.search(flag):
                yield f"{one.name}: {flag} hands a secret over in the open: let the step work by the run's own account"
        for name in one.environment:
            if _SECRET_NAMES.search(name):
                yield f"{one.name}: {name} is a secret in the open: let the step work by the run's own account"
    for name in declared(spec["root"], "input", "parameters"):
        if _SECRET_NAMES.search(name):
            yield f"parameter {name}: is a secret in the open: let the step work by the run's own account"
    if found := _SECRET_VALUES.search(json.dumps(spec)):
        yield f"there is a secret in the file ({found[0][:6]}…): take it out, and make it void where it came from"


def retries(spec: Spec) -> Iterator[str]:
    """Containers whose machine may fail them for good."""
    for task, one in _running(spec):
        policy = task.body.get("retryPolicy", {})
        if not policy.get("maxRetryCount"):
            yield f"{one.name}: is not tried again: set_retry"
        elif not policy.get("backoffDuration"):
            yield f"{one.name}: is tried again at once: give set_retry a back-off"


def caching(spec: Spec) -> Iterator[str]:
    """Steps that write to the bucket and may be skipped because their arguments are known."""
    for task in tasks(spec):
        if task.body.get("cachingOptions", {}).get("enableCache"):
            yield f"{task.dag}, task {task.name}: may come from the cache and has effects: set_caching_options(False)"


RULES: tuple[Callable[[Spec], Iterator[str]], ...] = (
    undeclared_inputs,
    undeclared_outputs,
    missing_inputs,
    optional_arguments,
    lost_artifacts,
    loops,
    resources,
    mutable_images,
    secrets,
    retries,
    caching,
)


def _running(spec: Spec) -> Iterator[tuple[Task, Container]]:
    """Tasks that run a container, with it."""
    known: Mapping[str, Container] = {one.component: one for one in containers(spec)}
    for task in tasks(spec):
        if task.component in known:
            yield task, known[task.component]
