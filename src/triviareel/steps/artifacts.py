"""What steps hand on: files that the pipeline knows as artifacts, and the file that tells it of them.

A container's artifacts have metadata only if the program itself says so, in `executor_output.json`; run locally they
even are lost without it.
"""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triviareel.errors import InputError
from triviareel.storage import Store, locate

_MOUNT = "/gcs/"
"""Vertex AI, "Use Cloud Storage as a mounted file system"."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file that a step made."""

    name: str
    """As in the component, and as its option: "dead-letters" is `dead_letters` there."""
    data: bytes
    metadata: Mapping[str, int | float | str]
    """What the console shows of it."""


def put(given: Namespace, artifacts: Sequence[Artifact]) -> None:
    """Write artifacts to their paths, then the executor output that tells of them; parents are made.

    Args:
        given: the step's arguments, among them each artifact's path and URI.
        artifacts: all of the step's.

    Raises:
        InputError, StorageError: one cannot be written.
    """
    told = {}
    for one in artifacts:
        key = one.name.replace("-", "_")
        write(getattr(given, key), one.data)
        # Vertex AI names artifacts itself; a name of ours is not one of its resources.
        entry = {"name": "", "uri": getattr(given, f"{key}_uri"), "metadata": dict(one.metadata)}
        told[key] = {"artifacts": [entry]}
    write(given.executor_output, (json.dumps({"artifacts": told}, indent=2) + "\n").encode())


def write(path: str, data: bytes) -> None:
    """Write a file that the pipeline named; parents are made.

    Raises:
        InputError, StorageError: it cannot be written.
    """
    store, name = _located(path)
    store.write(name, data)


def _located(path: str) -> tuple[Store, str]:
    """Where a file of the pipeline is.

    Vertex AI names files by the folder in which it mounts all buckets. We take them from the bucket itself: that has
    our retries, and asks of the mount neither to be there nor to let a user other than root write.
    """
    return locate(f"gs://{path.removeprefix(_MOUNT)}" if path.startswith(_MOUNT) else path)


def lines(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def read(path: str) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file that an earlier step wrote; each has at least its `job`.

    Raises:
        InputError: it is not there, or is no such file.
        StorageError: it cannot be read now.
    """
    store, name = _located(path)
    data, rows = store.read(name), []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line)
            if not isinstance(row["job"], str):
                raise TypeError("job is no text")
        except (ValueError, TypeError, KeyError) as error:
            raise InputError(f"{path} line {number} is damaged ({error}): run the step before again") from error
        rows.append(row)
    return rows
