"""The HTTP side: paths, permissions, bodies, and what faults do to a connection."""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import threading
from collections.abc import Callable, Sequence
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from tests.fakes.gcs.api import Answer, Api, Request, refusal
from tests.fakes.gcs.faults import STATUSES, Fault, Script
from tests.fakes.gcs.journal import Call, Commit, as_json
from tests.fakes.gcs.objects import Buckets, Refused
from tests.fakes.gcs.remote import RANDOM_KINDS

Json = dict[str, Any]

TOKEN = "fake-access-token"  # noqa: S105 - what the fake's own token endpoint gives out

HEAD = 16 * 1024
"""Bytes of a body that are read to see what it is about; an object's description is shorter."""


class GcsServer:
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
        self.buckets = Buckets()
        self.script = Script()
        self.token = token
        self.closing = threading.Event()
        self._journal: list[Call] = []
        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.fake = self
        self.api = Api(self.buckets, self.url, page)
        for name in buckets:
            self.buckets.make(name)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

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

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    def serve(self) -> None:
        """Serve until interrupted."""
        self._http.serve_forever()

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
            "journal": lambda: [as_json(call) for call in self.journal],
            "commits": lambda: [as_json(commit) for commit in self.commits],
            "objects": lambda: self.objects(bucket),
            "read": lambda: self.read(given["name"], bucket).hex(),
            "put": lambda: self.put(given["name"], bytes.fromhex(given["data"]), bucket),
        }
        return verbs[verb]()


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    fake: GcsServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet about clients that have gone; anything else is a fault of the fake, and shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Close without a farewell, so that a connection that is to be reset is."""
        self.close_request(request)


class _Broken(Exception):  # noqa: N818 - it is what a fault asks for
    """The connection ends here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out in two writes, and the second would wait 40 ms
    server: _Http
    begun = b""
    """What was read already of the request's body."""

    def do_GET(self) -> None:
        self._route()

    def do_POST(self) -> None:
        self._route()

    def do_PUT(self) -> None:
        self._route()

    def do_DELETE(self) -> None:
        self._route()

    def do_PATCH(self) -> None:
        self._route()

    def log_message(self, *_: object) -> None:
        """The journal is the log."""

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The service's clock."""
        return super().date_time_string(timestamp) if timestamp else format_datetime(self._now(), usegmt=True)

    def _now(self) -> Any:
        return self.server.fake.buckets.now()

    def _route(self) -> None:
        self.begun = b""
        if self.path.startswith("/_control/"):
            given = json.loads(self._body() or b"{}")
            made = self.server.fake.control(self.path.rpartition("/")[2], given)
            return self._send(Answer(200, json.dumps(made).encode()))
        if self.path == "/token":
            self._body()
            token = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
            return self._send(Answer(200, json.dumps(token).encode()))
        request = Request.of(self.command, self.path, self.headers)
        self.begun = self.rfile.read(min(HEAD, int(self.headers.get("Content-Length") or 0)))
        return self._serve(self.server.fake.api.named(request, self.begun))

    def _serve(self, request: Request) -> None:
        """Meet a request; it stands in the journal before the client has its answer."""
        fake = self.server.fake
        fault = fake.script.next(request.operation, request.name)
        answer, received = None, 0
        try:
            answer, received = self._answer(request, fault)
        except _Broken:
            self._break()
        length = len(answer.body) if answer else 0
        sent = fault.position(length) if fault and fault.kind in ("cut", "stall") else length
        fake.record(request.call(answer.status if answer else 0, str(fault or ""), received, sent))
        if answer:
            self._deliver(answer, fault)

    def _answer(self, request: Request, fault: Fault | None) -> tuple[Answer, int]:
        """What the service answers, and how many bytes came in."""
        fake = self.server.fake
        kind = fault.kind if fault else ""
        if kind == "cut-upload" and fault:
            return self._cut_upload(request, fault)
        data = self._body()
        if kind == "reset":
            raise _Broken
        if fault and kind == "stall" and fault.at is None:
            self._stall()
            raise _Broken
        if fault and fault.status:
            return refusal(Refused(fault.status, f"Scripted {fault.status}.", STATUSES[fault.status])), len(data)
        if fault and kind == "corrupt-upload":
            data = _flipped(data, fault.position(len(data)))
        keep = fault.position(len(data)) if fault and kind == "partial" else None
        try:
            if fake.token is not None and not request.secret and request.token != fake.token:
                raise Refused(401, "Invalid Credentials", "authError")
            answer = fake.api.answer(request, data, keep)
        except Refused as refused:
            answer = refusal(refused)
        if kind == "lost":
            raise _Broken
        return answer, len(data)

    def _cut_upload(self, request: Request, fault: Fault) -> tuple[Answer, int]:
        """Take a part of the body, of which an upload in chunks keeps whole grains, then break off."""
        length = int(self.headers.get("Content-Length") or 0)
        at = fault.position(length)
        data = (self.begun + self.rfile.read(max(0, at - len(self.begun))))[:at]
        if request.operation == "chunk":
            self.server.fake.api.keep_grains(request, data)
        raise _Broken

    def _body(self) -> bytes:
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            length = int(self.headers.get("Content-Length") or 0)
            data = self.begun + self.rfile.read(length - len(self.begun))
            if len(data) < length:
                raise ConnectionError("the client has gone in the middle of its request")
            return data
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _deliver(self, answer: Answer, fault: Fault | None) -> None:
        """Send an answer as far as its fault lets it."""
        kind = fault.kind if fault else ""
        at = fault.position(len(answer.body)) if fault else 0
        if kind == "corrupt":
            answer = Answer(answer.status, _flipped(answer.body, at), answer.headers)
        if kind not in ("cut", "stall"):
            return self._send(answer)
        self._head(answer)
        self.wfile.write(answer.body[:at])
        self.close_connection = True
        if kind == "stall":
            self._stall()
        return None

    def _send(self, answer: Answer) -> None:
        self._head(answer)
        self.wfile.write(answer.body)

    def _head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        kinds = {"Content-Type": "application/json; charset=UTF-8"}
        for name, value in {**kinds, **answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()

    def _stall(self) -> None:
        """Say nothing until the client has had enough."""
        gone = select.poll()  # unlike select(), it takes any number of connections
        gone.register(self.connection, select.POLLRDHUP)
        while not self.server.fake.closing.is_set() and not gone.poll(50):
            pass

    def _break(self) -> None:
        """Reset the connection."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _flipped(data: bytes, at: int) -> bytes:
    """With another byte at a place; in JSON, one that no JSON can have."""
    at = min(at, len(data) - 1)
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :] if data else data
