"""Keeps one schedule of a name: Vertex AI lets several have it, and each would start its runs and spend its money."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.requests import Json
from pipelines.runs import Schedule

if TYPE_CHECKING:
    from pipelines.vertex import Vertex

_MAY_BE_LEFT_OUT = ("serviceAccount", "network", "encryptionSpec", "labels")
"""Of a pipeline job."""


def settle(vertex: Vertex, body: Json) -> tuple[Schedule, str]:
    """Have exactly one schedule of a name, and that as asked for.

    The oldest is changed and others are removed: two who make it at the same moment keep the same one.

    Returns:
        The schedule, and what was done: "created", "changed" or "made anew".
    """
    name = str(body["displayName"])
    there = [one for one in vertex.schedules(name) if one.state != "completed"]
    if not there:
        vertex.make_schedule(body)
        return only(vertex, name), "created"
    if _can_become(there[0], body):
        vertex.change_schedule(there[0].resource, body)
        return only(vertex, name), "changed"
    # What is set cannot be unset. The old ones are paused first: at no moment do two start runs.
    paused = there[0].state == "paused"
    for one in there:
        vertex.pause(one)
    anew = vertex.make_schedule(body)
    if paused:
        vertex.pause(anew)
    for one in there:
        vertex.delete(one)
    return only(vertex, name), "made anew"


def only(vertex: Vertex, name: str) -> Schedule:
    """The oldest schedule of a name, as it is now; others are removed."""
    first, *others = [one for one in vertex.schedules(name) if one.state != "completed"]
    for one in others:
        vertex.delete(one)
    return first


def _can_become(there: Schedule, body: Json) -> bool:
    """Whether a schedule can be changed to what is asked for: what it has must not be unset."""
    unset = (there.end and "endTime" not in body) or (there.queue and "allowQueueing" not in body)
    return not unset and _kept(there.job, body["createPipelineJobRequest"]["pipelineJob"])


def _kept(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """Whether a new pipeline job still has what the old one has, of what may be left out."""
    return all(field in new for field in _MAY_BE_LEFT_OUT if old.get(field))
