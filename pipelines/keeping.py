"""Keeps one schedule of a name: Vertex AI lets several have it, and each would start its runs and spend its money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipelines.errors import BadInput, TryAgain
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
    _make_anew(vertex, there, body)
    return only(vertex, name), "made anew"


def _make_anew(vertex: Vertex, there: Sequence[Schedule], body: Json) -> None:
    """Put a new schedule in the place of others: what they have set cannot be unset.

    They are paused first, since at no moment may two start runs. If the new one is refused, the first goes on; if it is
    open whether there is a new one, all stay paused, for then two might.
    """
    for one in there:
        if one.state == "active":
            vertex.pause(one)
    try:
        anew = vertex.make_schedule(body)
    except BadInput:
        if there[0].state == "active":
            vertex.resume(there[0], catch_up=False)
        raise
    except TryAgain as error:
        then = f"create it again, then: triviareel schedule resume {body['displayName']}"
        raise TryAgain(f"{error}; it is paused meanwhile: {then}") from error
    if there[0].state == "paused":
        vertex.pause(anew)
    for one in there:
        vertex.delete(one)


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
