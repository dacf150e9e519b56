"""Faults by name, such as "503", "read:cut@1000" or "chunk:lost": in order, or at random with a seed."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass

OPERATIONS = ("stat", "read", "list", "write", "begin", "chunk", "delete", "patch", "compose", "bucket", "make")
UPLOADS = ("write", "chunk")

STATUSES = {
    400: "invalid", 401: "authError", 403: "forbidden", 404: "notFound", 408: "requestTimeout", 410: "gone",
    412: "conditionNotMet", 416: "requestedRangeNotSatisfiable", 429: "rateLimitExceeded", 500: "backendError",
    502: "badGateway", 503: "backendError", 504: "gatewayTimeout",
}  # fmt: skip

KINDS = {
    "ok": "nothing: this request goes well, and the next fault waits for another",
    "reset": "the connection is reset before anything is done",
    "stall": "nothing comes, or with @N nothing after N bytes of the answer",
    "lost": "all is done, and the answer never comes",
    "cut": "the answer's body ends early, after N bytes or half of it",
    "corrupt": "byte N of the answer's body is another one, or the one in its middle",
    "cut-upload": "the connection is reset when N bytes of the request's body have come",
    "corrupt-upload": "byte N of the request's body arrives as another one",
    "partial": "only N bytes of a chunk are kept, or half of it, and the service says so",
}

_TEXT = re.compile(r"(?:(?P<operation>[a-z]+):)?(?P<kind>[a-z-]+|\d{3})(?:@(?P<at>\d+))?")


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault that waits for a request."""

    kind: str
    """A status, or one of KINDS."""
    operation: str = ""
    """The one that it waits for; empty for any that it can befall."""
    at: int | None = None
    """Bytes."""
    on: str = ""
    """How the object's name ends; empty for any."""

    @classmethod
    def parse(cls, text: str, on: str = "") -> Fault:
        """A fault as written: OPERATION:KIND@BYTES, of which only the kind is needed."""
        match = _TEXT.fullmatch(text)
        if not match or (match["operation"] or "stat") not in OPERATIONS:
            raise ValueError(f"fault {text!r} is unknown: write OPERATION:KIND@BYTES, as in read:cut@1000")
        kind = match["kind"]
        if kind not in KINDS and not (kind.isdigit() and int(kind) in STATUSES):
            raise ValueError(f"fault {text!r} is unknown: choose from {', '.join([*map(str, STATUSES), *KINDS])}")
        at = match["at"]
        return cls(kind, match["operation"] or "", None if at is None else int(at), on)

    def __str__(self) -> str:
        operation = f"{self.operation}:" if self.operation else ""
        return operation + self.kind + ("" if self.at is None else f"@{self.at}")

    @property
    def status(self) -> int:
        """What is answered at once; 0 if something else happens."""
        return int(self.kind) if self.kind.isdigit() else 0

    def befalls(self, operation: str, name: str) -> bool:
        """Whether it may happen to a request."""
        if self.operation not in ("", operation) or not name.endswith(self.on):
            return False
        return possible(str(self), operation)

    def position(self, length: int) -> int:
        """The byte that it happens at, in a body of some length."""
        return length // 2 if self.at is None else min(self.at, length)


def possible(text: str, operation: str) -> bool:
    """Whether a fault can occur in an operation."""
    kind, _, at = text.rpartition(":")[2].partition("@")
    if kind == "partial":
        return operation == "chunk"
    if kind in ("cut-upload", "corrupt-upload"):
        return operation in UPLOADS
    in_body = kind in ("cut", "corrupt") or (kind == "stall" and at)
    return not (in_body and operation in ("begin", "delete"))  # whose answers have no body


class Script:
    """The faults to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._always: list[Fault] = []
        self._lock = threading.Lock()
        self._rate = 0.0
        self._kinds: Sequence[str] = ()
        self._rng = random.Random(0)

    def add(self, *texts: str, on: str = "", always: bool = False) -> None:
        """Let the next requests that they can befall meet these, in this order; `always` if every such request."""
        parsed = [Fault.parse(text, on) for text in texts]
        with self._lock:
            (self._always if always else self._waiting).extend(parsed)

    def at_random(self, rate: float, seed: int, kinds: Sequence[str]) -> None:
        """Let a share of all requests meet one of some kinds; a rate of 0 ends it."""
        for kind in kinds:
            Fault.parse(kind)
        with self._lock:
            self._rate, self._kinds, self._rng = rate, tuple(kinds), random.Random(seed)

    def clear(self) -> None:
        """No more faults."""
        with self._lock:
            self._waiting.clear()
            self._always.clear()
            self._rate = 0.0

    def next(self, operation: str, name: str) -> Fault | None:
        """What befalls a request."""
        with self._lock:
            for fault in self._waiting:
                if fault.befalls(operation, name):
                    self._waiting.remove(fault)
                    return fault
            for fault in self._always:
                if fault.befalls(operation, name):
                    return fault
            if self._rate and self._rng.random() < self._rate:
                drawn = Fault.parse(self._rng.choice(self._kinds))
                return drawn if drawn.befalls(operation, name) else None
            return None

    def unmet(self) -> list[str]:
        """Faults that no request has met."""
        with self._lock:
            return [str(fault) for fault in self._waiting]
