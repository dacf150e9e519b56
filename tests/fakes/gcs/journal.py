"""What the fake writes down: each request, and each change of an object."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as it was met."""

    operation: str
    """"stat", "read", "list", "write" (in one request), "begin" and "chunk" (resumable), "delete", "patch", "compose",
    "bucket" or "make"."""
    bucket: str
    name: str
    status: int
    """0 if no status was sent."""
    fault: str = ""
    """As it was scripted; empty if none."""
    query: dict[str, str] = field(default_factory=dict)
    """Without an upload's own secret."""
    range: str = ""
    """Of a read."""
    received: int = 0
    """Bytes of the request's body."""
    sent: int = 0
    """Bytes of the answer's body that went out."""
    authorised: bool = False
    """Whether a token came with it."""


@dataclass(frozen=True, slots=True)
class Commit:
    """One change of an object: a new generation, or the end of one."""

    bucket: str
    name: str
    generation: int
    kind: str
    """"write", "patch" or "delete"."""
    size: int = 0
    crc32c: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
