"""The HTTP side: paths, permissions, bodies, and what faults do to a connection."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from email.utils import format_datetime
from typing import Any

from tests.fakes.gcs.api import Api, Request, refusal
from tests.fakes.gcs.faults import STATUSES, Fault, Script
from tests.fakes.gcs.journal import Call, Commit
from tests.fakes.gcs.objects import Buckets, Refused
from tests.fakes.gcs.remote import RANDOM_KINDS
from tests.fakes.loopback import Answer, Fake, Handler, access_token, as_json

Json = dict[str, Any]

HEAD = 16 * 1024
"""Bytes of a body that are read to see what it is about; an object's description is shorter."""


class GcsServer(Fake):
    """A Cloud Storage on a port of 127.0.0.1 for as long as its `with` block runs.

    Args:
        buckets: those that there are from the beginning.
        token: the only one that is good; None lets everyone in.
        port: 0 for a free one.
        page: at most so many objects in one page of a list.
    """

    def __init__(
        self, buckets: Sequence[str] = ("b",), *, token: str | None = None, port: int = 0, page: int = 1000
    ) -> None:
        super().__init__(_Handler, port)
        self.buckets = Buckets()
        self.script = Script()
        self.token = token
        self._journal: list[Call] = []
        self._lock = threading.Lock()
        self.api = Api(self.buckets, self.url, page)
        for name in buckets:
            self.buckets.make(name)

    @property
    def journal(self) -> list[Call]:
        """Every request so far."""
        with self._lock:
            return list(self._journal)

    @property
    def commits(self) -> list[Commit]:
        """Every change of an object so far."""
        with self.buckets.lock:
            return list(self.buckets.commits)

    def faults(self, *texts: str, on: str = "", always: bool = False) -> None:
        """See `faults.Script.add`."""
        self.script.add(*texts, on=on, always=always)

    def random_faults(self, rate: float, seed: int, kinds: Sequence[str] = RANDOM_KINDS) -> None:
        """See `faults.Script.at_random`."""
        self.script.at_random(rate, seed, kinds)

    def clear_faults(self) -> None:
        """No more faults."""
        self.script.clear()

    def assert_all_met(self) -> None:
        """Raise AssertionError if a scripted fault was never met."""
        unmet = self.script.unmet()
        assert not unmet, f"faults that nothing met: {unmet}"

    def make_bucket(self, name: str, refusal: str = "") -> None:
        """See `objects.Buckets.make`."""
        self.buckets.make(name, refusal)

    def set_clock(self, offset_s: float) -> None:
        """Put the service's clock that far ahead of this machine's."""
        self.buckets.clock_offset_s = offset_s

    def objects(self, bucket: str = "b") -> dict[str, Json]:
        """What is there, by name, as the API describes it."""
        with self.buckets.lock:
            found = self.buckets.all[bucket].objects
            return {name: found[name].resource(self.url) for name in sorted(found)}

    def read(self, name: str, bucket: str = "b") -> bytes:
        """An object's bytes, past all faults and permissions, and not in the journal."""
        return self.buckets.all[bucket].objects[name].data

    def put(self, name: str, data: bytes, bucket: str = "b") -> int:
        """Make or replace an object, past all faults, and not in the journal; its generation."""
        return self.buckets.put(self.buckets.all[bucket], name, data, {}, {}).generation

    def record(self, call: Call) -> None:
        """Put a request into the journal."""
        with self._lock:
            self._journal.append(call)

    def control(self, verb: str, given: Json) -> Any:
        """What `Remote` asks for."""
        bucket = given.get("bucket", "b")
        verbs: dict[str, Callable[[], Any]] = {
            "faults": lambda: self.faults(*given["texts"], on=given["on"], always=given["always"]),
            "random": lambda: self.random_faults(**given),
            "clear": self.clear_faults,
            "unmet": self.script.unmet,
            "bucket": lambda: self.make_bucket(**given),
            "clock": lambda: self.set_clock(**given),
            "journal": lambda: [asdict(call) for call in self.journal],
            "commits": lambda: [asdict(commit) for commit in self.commits],
            "objects": lambda: self.objects(bucket),
            "read": lambda: self.read(given["name"], bucket).hex(),
            "put": lambda: self.put(given["name"], bytes.fromhex(given["data"]), bucket),
        }
        return verbs[verb]()


class _Broken(Exception):  # noqa: N818 - it is what a fault asks for
    """The connection ends here."""


class _Handler(Handler):
    fake: GcsServer
    begun = b""
    """What was read already of the request's body."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The service's clock."""
        if timestamp:
            return super().date_time_string(timestamp)
        return format_datetime(self.fake.buckets.now(), usegmt=True)

    def route(self) -> None:
        if self.path.startswith("/_control/"):
            given = json.loads(self.body() or b"{}")
            return self.send(as_json(self.fake.control(self.path.rpartition("/")[2], given)))
        if self.path == "/token":
            self.body()
            return self.send(access_token())
        request = Request.of(self.command, self.path, self.headers)
        self.begun = self.rfile.read(min(HEAD, int(self.headers.get("Content-Length") or 0)))
        return self._serve(self.fake.api.named(request, self.begun))

    def _serve(self, request: Request) -> None:
        """Meet a request; it stands in the journal before the client has its answer."""
        fake = self.fake
        fault = fake.script.next(request.operation, request.name)
        answer, received = None, 0
        try:
            answer, received = self._answer(request, fault)
        except _Broken:
            self.reset()
        length = len(answer.body) if answer else 0
        sent = fault.position(length) if fault and fault.kind in ("cut", "stall") else length
        fake.record(request.call(answer.status if answer else 0, str(fault or ""), received, sent))
        if answer:
            self._deliver(answer, fault)

    def _answer(self, request: Request, fault: Fault | None) -> tuple[Answer, int]:
        """What the service answers, and how many bytes came in."""
        fake = self.fake
        kind = fault.kind if fault else ""
        if kind == "cut-upload" and fault:
            return self._cut_upload(request, fault)
        data = self.body(self.begun)
        if kind == "reset":
            raise _Broken
        if fault and kind == "stall" and fault.at is None:
            self.stall()
            raise _Broken
        if fault and fault.status:
            refused = Refused(fault.status, f"Scripted {fault.status}.", STATUSES[fault.status])
            return refusal(refused, request), len(data)
        if fault and kind == "corrupt-upload":
            data = _flipped(data, fault.position(len(data)))
        keep = fault.position(len(data)) if fault and kind == "partial" else None
        try:
            if fake.token is not None and not request.secret and request.token != fake.token:
                raise Refused(401, "Invalid Credentials", "authError")
            answer = fake.api.answer(request, data, keep)
        except Refused as refused:
            answer = refusal(refused, request)
        if kind == "lost":
            raise _Broken
        return answer, len(data)

    def _cut_upload(self, request: Request, fault: Fault) -> tuple[Answer, int]:
        """Take a part of the body, of which an upload in chunks keeps whole grains, then break off."""
        length = int(self.headers.get("Content-Length") or 0)
        at = fault.position(length)
        data = (self.begun + self.rfile.read(max(0, at - len(self.begun))))[:at]
        if request.operation == "chunk":
            self.fake.api.keep_grains(request, data)
        raise _Broken

    def _deliver(self, answer: Answer, fault: Fault | None) -> None:
        """Send an answer as far as its fault lets it."""
        kind = fault.kind if fault else ""
        at = fault.position(len(answer.body)) if fault else 0
        if kind == "corrupt":
            answer = replace(answer, body=_flipped(answer.body, at))
        if kind not in ("cut", "stall"):
            return self.send(answer)
        self.head(answer)
        self.wfile.write(answer.body[:at])
        self.close_connection = True
        if kind == "stall":
            self.stall()
        return None


def _flipped(data: bytes, at: int) -> bytes:
    """With another byte at a place; in JSON, one that no JSON can have."""
    at = min(at, len(data) - 1)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] if data else data
