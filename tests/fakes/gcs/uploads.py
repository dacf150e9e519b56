"""Resumable uploads: sessions that keep what has come, and let nothing be seen before it is whole."""

from __future__ import annotations

import re
import secrets
import threading
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.gcs.objects import Bucket, Buckets, Object, Query, Refused

Json = dict[str, Any]

GRAIN = 256 * 1024
"""What has come of a broken chunk is kept in multiples of this."""

_RANGE = re.compile(r"bytes (?:(?P<first>\d+)-(?P<last>\d+)|\*)/(?P<total>\d+|\*)")


@dataclass
class Session:
    """One upload under way."""

    bucket: Bucket
    name: str
    about: Json
    query: Query
    kept: bytearray = field(default_factory=bytearray)
    made: Object | None = None


class Uploads:
    """All of them, by their secrets."""

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets
        self._sessions: dict[str, Session] = {}
        self._lock = threading.RLock()

    def begin(self, bucket: Bucket, name: str, about: Json, query: Query) -> str:
        """Start one; its secret."""
        secret = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions[secret] = Session(bucket, name, about, query)
        return secret

    def name(self, secret: str) -> str:
        """What an upload is to become; empty if there is none with this secret."""
        with self._lock:
            return self._sessions[secret].name if secret in self._sessions else ""

    def secrets(self) -> list[str]:
        """Of all of them."""
        with self._lock:
            return list(self._sessions)

    def session(self, secret: str) -> Session:
        """The one with this secret."""
        with self._lock:
            if secret not in self._sessions:
                raise Refused(404, "No such upload.", "notFound")
            return self._sessions[secret]

    def take(self, session: Session, content_range: str, data: bytes, checksum: str, keep: int | None) -> Object | None:
        """Take a chunk, or a question how much there is.

        Args:
            session: the upload.
            content_range: the chunk's header.
            data: its bytes.
            checksum: the whole object's crc32c by the last chunk's header; "" if not given.
            keep: how many of the bytes are kept; None for all.

        Returns:
            The object once it is whole; None if there is more to come.
        """
        match = _RANGE.fullmatch(content_range)
        if match is None:
            raise Refused(400, f"Failed to parse Content-Range header {content_range!r}.")
        with self._lock:
            if session.made:
                return session.made
            if match["first"] is not None:
                self._append(session, int(match["first"]), data, keep)
            if match["total"] == "*" or len(session.kept) < int(match["total"]):
                return None
            about = {**session.about, **({"crc32c": checksum} if checksum else {})}
            session.made = self._buckets.put(session.bucket, session.name, bytes(session.kept), about, session.query)
            session.kept = bytearray()
            return session.made

    @staticmethod
    def _append(session: Session, first: int, data: bytes, keep: int | None) -> None:
        known = len(session.kept) - first
        if known < 0:
            raise Refused(503, "Invalid request. There are bytes missing before this chunk.", "backendError")
        fresh = data[known:] if keep is None else data[known:keep]
        session.kept += fresh
