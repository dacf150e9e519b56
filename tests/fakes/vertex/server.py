"""The HTTP side: paths of Vertex AI's pipeline and schedule services (`/v1`), regions, faults, a journal."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.loopback import Answer, Fake, Handler, as_json
from tests.fakes.vertex import faults
from tests.fakes.vertex.faults import Refused
from tests.fakes.vertex.service import Service

Json = dict[str, Any]

PATH = re.compile(
    r"/v1/projects/[^/]+/locations/(?P<location>[^/]+)/(?P<kind>pipelineJobs|schedules)"
    r"(/(?P<id>[^/:]+))?(?P<operation>/operations/\d+)?(:(?P<verb>\w+))?"
)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it arrived."""

    operation: str
    method: str
    path: str
    query: Mapping[str, str]
    body: Json
    fault: str
    """What it was answered with; empty if well."""


class VertexServer(Fake):
    """A Vertex AI on a port of 127.0.0.1 for as long as its `with` block runs.

    Args:
        locations: regions that there are.
        port: 0 for a free one.
        page: at most so many schedules in one page of a list.
    """

    def __init__(self, locations: Sequence[str] = ("europe-west4",), *, port: int = 0, page: int = 2) -> None:
        super().__init__(_Handler, port)
        self.services = {location: Service(location, page) for location in locations}
        self.script = faults.Script()
        self.lock = threading.RLock()
        self.journal: list[Call] = []

    @property
    def here(self) -> Service:
        """The first region."""
        return next(iter(self.services.values()))

    def faults(self, *texts: str) -> None:
        """See `faults.Script.add`."""
        self.script.add(*texts)

    def calls(self, operation: str) -> list[Call]:
        """Those of one operation, refused ones as well."""
        with self.lock:
            return [call for call in self.journal if call.operation == operation]

    def answer(self, call: Call) -> Answer:
        """Do what is asked for."""
        found = PATH.fullmatch(call.path)
        if not found or found["location"] not in self.services:
            return faults.answer("404-html")
        service = self.services[found["location"]]
        try:
            with self.lock:
                told = (_jobs if found["kind"] == "pipelineJobs" else _schedules)(service, call, found)
        except Refused as refused:
            return refused.answer
        return as_json(told)


def _jobs(service: Service, call: Call, found: re.Match[str]) -> Json:
    match call.method, found["id"], found["verb"]:
        case "POST", None, None:
            return service.create_job(call.body, call.query.get("pipelineJobId", ""))
        case "GET", name, None if name:
            return service.get_job(name)
        case "POST", name, "cancel" if name:
            return service.cancel_job(name)
    raise Refused(404, f"{call.method} {call.path} is not here")


def _schedules(service: Service, call: Call, found: re.Match[str]) -> Json:
    number = found["id"] or ""
    match call.method, bool(number), found["verb"]:
        case "GET", True, None if found["operation"]:
            return {"name": call.path.removeprefix("/v1/"), "done": True, "response": {"@type": _EMPTY}}
        case "POST", False, None:
            return service.create_schedule(call.body)
        case "GET", False, None:
            return service.list_schedules(call.query.get("filter", ""), call.query.get("pageToken", ""))
        case "GET", True, None:
            return service.get_schedule(number)
        case "PATCH", True, None:
            return service.patch_schedule(number, call.body, call.query.get("updateMask", ""))
        case "POST", True, "pause":
            return service.set_state(number, "PAUSED")
        case "POST", True, "resume":
            return service.set_state(number, "ACTIVE", bool(call.body.get("catchUp")))
        case "DELETE", True, None:
            return service.delete_schedule(number)
    raise Refused(404, f"{call.method} {call.path} is not here")


_EMPTY = "type.googleapis.com/google.protobuf.Empty"


class _Handler(Handler):
    fake: VertexServer

    def route(self) -> None:
        fake = self.fake
        parts = urlsplit(self.path)
        data = self.body()
        path = unquote(parts.path)
        operation = _operation(self.command, path)
        fault = fake.script.take(operation)
        call = Call(operation, self.command, path, dict(parse_qsl(parts.query)), json.loads(data or b"{}"), fault)
        with fake.lock:
            fake.journal.append(call)
        if fault not in faults.CONNECTIONS:
            return self.send(faults.answer(fault) if fault else fake.answer(call))
        if fault == "stall":
            return self.stall()
        if fault == "lost":
            fake.answer(call)
        return self.reset()


def _operation(method: str, path: str) -> str:
    found = PATH.fullmatch(path)
    if not found:
        return "other"
    if found["operation"]:
        return "operation"
    return faults.OPERATIONS.get((method, found["kind"], found["verb"] or ""), "other")
