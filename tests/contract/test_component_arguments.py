"""Each compiled executor's argv is what that step's parser takes: the two cannot drift."""

from __future__ import annotations

import argparse
import importlib
import re
from collections.abc import Callable
from typing import Any

import pytest

from pipelines.spec import Container, containers, declared
from tests import compiled

GIVEN = {
    "channel": "demo",
    "root": "gs://videos",
    "run": "trivia-videos-20261122100000",
    "created": "2026-11-22T10:00:00Z",
    "shard": "0003",
    "encoder": "nvenc",
    "shards_at_once": "16",
}
"""What has no default, as Vertex AI would fill it in."""

CASES = [
    pytest.param(kind, spot, one, id=f"{kind}{'-spot' if spot else ''}-{one.name}")
    for kind, spot in compiled.VARIANTS
    for one in containers(compiled.spec(kind, spot))
]

_PLACEHOLDER = re.compile(r"\{\{\$(?:\.(\w+))?(?:\.(\w+))?(?:\['(\w+)'\])?(?:\.(\w+))?\}\}")


def resolver(spec: Any) -> Callable[[str], str]:
    """What Vertex AI makes of one argument."""
    defaults = {
        name: one["defaultValue"]
        for name, one in declared(spec["root"], "input", "parameters").items()
        if "defaultValue" in one
    }
    values = {**{name: str(value) for name, value in defaults.items()}, **GIVEN}

    def value(found: re.Match[str]) -> str:
        side, kind, name, form = found.groups()
        if (side, kind) == ("inputs", "parameters"):
            return values[name]
        return f"gs://root/{name}" if form == "uri" else f"/gcs/root/{name or kind}"

    return lambda argument: _PLACEHOLDER.sub(value, argument)


def step(container: Container) -> tuple[Any, list[str]]:
    """The parser of what a container runs, and the arguments it is given."""
    python, dash_m, module, *arguments = container.argv
    assert (python, dash_m) == ("python3", "-m")
    return importlib.import_module(module).parser(), arguments


@pytest.mark.parametrize(("kind", "spot", "container"), CASES)
def test_the_step_takes_what_the_component_gives(kind: str, spot: bool, container: Container) -> None:
    parser, arguments = step(container)
    argv = [resolver(compiled.spec(kind, spot))(argument) for argument in arguments]
    assert not any("{{" in argument for argument in argv)
    given = parser.read(argv)
    assert given.channel == "demo"
    assert given.run == GIVEN["run"]


@pytest.mark.parametrize("container", containers(compiled.spec()), ids=lambda one: one.name)
def test_the_component_gives_all_that_the_step_takes(container: Container) -> None:
    parser, arguments = step(container)
    taken = {action.option_strings[0] for action in parser._actions if not isinstance(action, argparse._HelpAction)}
    assert set(arguments[::2]) == taken - {"--debug"}


@pytest.mark.parametrize("container", containers(compiled.spec()), ids=lambda one: one.name)
def test_each_option_is_given_the_parameter_of_its_own_name(container: Container) -> None:
    _, arguments = step(container)
    for option, value in zip(arguments[::2], arguments[1::2], strict=True):
        name = option.removeprefix("--").removesuffix("-uri").replace("-", "_")
        assert f"['{name}']" in value or option == "--executor-output", option
        assert value.endswith(".uri}}") == option.endswith("-uri")


def test_the_pipeline_has_the_defaults_of_its_steps() -> None:
    """But for the source: a run on Vertex AI asks Gemini, and what is made by hand does not."""
    spec = compiled.spec()
    defaults = {name: one.get("defaultValue") for name, one in declared(spec["root"], "input", "parameters").items()}
    steps = {
        action.dest: action.default
        for one in containers(spec)
        for action in step(one)[0]._actions
        if action.dest in defaults and not action.required
    }
    numbers = {name: float(value) for name, value in steps.items() if isinstance(defaults[name], float)}
    del steps["source"]
    assert {**steps, **numbers} == {name: defaults[name] for name in steps}
