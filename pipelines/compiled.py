"""A compiled pipeline, as `python compile.py` writes it: what it asks for, and which images it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipelines.errors import BadInput
from pipelines.spec import containers

DEFAULT = Path("build/trivia_videos.yaml")

KINDS = ("STRING", "NUMBER_INTEGER", "NUMBER_DOUBLE", "BOOLEAN", "LIST", "STRUCT")
"""Types of parameters, as KFP spells them."""

_MEND = "make it anew with: python compile.py"


@dataclass(frozen=True, slots=True)
class Input:
    """A parameter of a pipeline."""

    name: str
    kind: str
    """One of KINDS."""
    needed: bool
    """Whether it has no default."""
    about: str = ""
    """What it is for."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A compiled pipeline."""

    file: str
    spec: Mapping[str, Any]
    """The document itself, a PipelineSpec."""
    name: str
    inputs: Mapping[str, Input]
    images: tuple[str, ...]
    """References of all images it runs, each once."""

    def unbuilt(self) -> list[str]:
        """What hinders a run: one line for each image that was never pushed, and so has no digest."""
        return [
            f"image {image}: was never pushed; run `make push REGISTRY=…`, then `python compile.py`"
            for image in self.images
            if "@sha256:" not in image
        ]


def load(path: Path) -> Compiled:
    """The pipeline in a compiled file.

    Raises:
        BadInput: the file is not there, or not what a compiler writes.
    """
    import yaml  # takes 20 ms, which `--help` need not spend

    try:
        text = path.read_text(encoding="utf-8")
        documents = list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    except FileNotFoundError:
        raise BadInput(f"{path}: not there; {_MEND}") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadInput(f"{path}: cannot be read ({type(error).__name__}); {_MEND}") from None
    if len(documents) > 1:
        raise BadInput(
            f"{path}: has a second document, which Vertex AI refuses; take features of Kubernetes alone "
            "(workspaces, deadlines, kubernetes-*) out of the pipeline, and compile it again"
        )
    return parse(documents[0] if documents else None, str(path))


def parse(spec: object, file: str) -> Compiled:
    """The pipeline in a file's document.

    Raises:
        BadInput: it is no compiled pipeline.
    """
    try:
        assert isinstance(spec, dict)  # noqa: S101 - told below, with all else that it may not be
        declared = spec["root"].get("inputDefinitions", {}).get("parameters", {})
        inputs = {name: _input(name, about) for name, about in declared.items()}
        images = tuple(dict.fromkeys(container.image for container in containers(spec)))
        name = spec["pipelineInfo"]["name"]
        spec["schemaVersion"]
    except (AssertionError, AttributeError, KeyError, TypeError):
        raise BadInput(f"{file}: is no compiled pipeline; {_MEND}") from None
    return Compiled(file, MappingProxyType(spec), name, MappingProxyType(inputs), images)


def _input(name: str, about: Mapping[str, Any]) -> Input:
    needed = "defaultValue" not in about and not about.get("isOptional", False)
    kind = about["parameterType"]
    if kind not in KINDS:
        raise KeyError(kind)
    return Input(name, kind, needed, about.get("description", ""))
