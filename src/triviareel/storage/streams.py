"""Objects of a store as addresses on 127.0.0.1, for programs that can read HTTP and must see neither bucket nor token.

ffmpeg opens such an address like a file: it seeks by asking for ranges. What it reads comes from a shelf in memory that
all renders of this process share (see `chunks`).
"""

from __future__ import annotations

import contextlib
import logging
import re
import secrets
import socket
import threading
import weakref
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import Any

from triviareel.storage.chunks import CHUNK_BYTES, Pinned, Shelf
from triviareel.storage.store import Stat, Store

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

_LOOK_EVERY_S = 0.1
"""How often it looks whether it is to end."""
_PATIENCE_S = 1.0
"""A thread that waits for its store is not waited for: it ends with the process."""

log = logging.getLogger(__name__)


class StreamedSource:
    """One version of an object, at an address of its own (see `source.Source`)."""

    def __init__(self, streams: Streams, pinned: Pinned, location: str) -> None:
        stat = pinned.stat
        self._streams = streams  # which lives as long as there is a source of it
        self._pinned = pinned
        self.location = location
        self.uri = stat.uri
        self.size = stat.size
        self.identity = f"{stat.name} {stat.generation} {stat.crc32c}"

    def read(self, start: int, end: int) -> bytes:
        """See Source."""
        return b"".join(self._streams.shelf.parts(self._pinned, start, min(end, self.size)))

    def mark(self) -> int:
        """See Source."""
        return len(self._pinned.faults)

    def settle(self, since: int) -> None:
        """See Source. What nobody has asked for yet is read now: there is a checksum of the whole alone."""
        if faults := self._pinned.faults[since:]:
            raise faults[0]
        self._streams.shelf.complete(self._pinned)


class Streams:
    """A server on 127.0.0.1 for the sources that it is asked for; it begins with the first one.

    It ends with `close`, with the last of its sources, or with the process.

    Args:
        limit_bytes: memory for what was read; see `chunks.Shelf`.
        chunk_bytes: what is read at a time.
    """

    def __init__(self, limit_bytes: int, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.shelf = Shelf(limit_bytes, chunk_bytes)
        self._paths: dict[str, Pinned] = {}
        self._known: dict[tuple[str, int, str | None], str] = {}
        self._server: _Server | None = None
        self._lock = threading.Lock()
        self._finish: Any = None

    def source(self, store: Store, stat: Stat) -> StreamedSource:
        """One version of an object, which is read no sooner than it is asked for.

        Whoever asks for the same version again gets the same source, however often its store was opened meanwhile.
        """
        version = (stat.uri, stat.generation, stat.crc32c)
        with self._lock:
            if self._server is None:
                self._server = _Server(self._paths, self.shelf)
                self._finish = weakref.finalize(self, self._server.finish)
            path = self._known.get(version)
            if path is None:
                ending = PurePosixPath(stat.name).suffix  # some formats are told apart by it
                path = f"/{secrets.token_urlsafe(24)}{ending if ending.isascii() and ending[1:].isalnum() else ''}"
                self._paths[path] = Pinned(store, stat)
                self._known[version] = path
            self._paths[path].store = store  # the newest is the one whose connection lives
            return StreamedSource(self, self._paths[path], f"http://127.0.0.1:{self._server.port}{path}")

    def close(self) -> None:
        """End the server and every connection to it."""
        with self._lock:
            if self._finish:
                self._finish()
            self._server, self._finish = None, None
            self._paths.clear()
            self._known.clear()


@cache
def of_process(limit_bytes: int) -> Streams:
    """The one that all work of this process shares, so that whatever several jobs need is read once."""
    return Streams(limit_bytes)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # each render opens a handful of connections at once

    def __init__(self, paths: dict[str, Pinned], shelf: Shelf) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.paths = paths
        self.shelf = shelf
        self.port = self.server_address[1]
        self._open: dict[socket.socket, threading.Thread] = {}
        self._own = threading.Thread(target=self.serve_forever, args=(_LOOK_EVERY_S,), name="streams", daemon=True)
        self._own.start()

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class calls it so
        log.debug("a reader left", exc_info=True)

    def finish(self) -> None:
        """End every connection, and wait until their threads are gone."""
        self.shutdown()
        self.server_close()
        for connection, thread in list(self._open.items()):
            with contextlib.suppress(OSError):  # it ended by itself meanwhile
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(_PATIENCE_S)
        self._own.join(_PATIENCE_S)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        pinned = self.server.paths.get(self.path)
        if pinned is None:
            self._refuse(HTTPStatus.NOT_FOUND)
            return
        size = pinned.stat.size
        wanted = wanted_range(self.headers.get("Range"), size)
        if wanted is None:
            self._refuse(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{size}"})
            return
        start, end, partial = wanted
        parts = self.server.shelf.parts(pinned, start, end)
        try:
            first = next(parts, memoryview(b"")) if with_body else None
        except Exception:  # noqa: BLE001 - the shelf has noted it for the job, which tells it
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
            return
        self._head(start, end, size, partial=partial)
        if first is not None:
            self._send(first, parts)

    def _head(self, start: int, end: int, size: int, *, partial: bool) -> None:
        self.send_response(HTTPStatus.PARTIAL_CONTENT if partial else HTTPStatus.OK)
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Length", str(end - start))
        self.send_header("Content-Type", "application/octet-stream")
        if partial:
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{size}")
        self.end_headers()

    def _send(self, first: memoryview, rest: Any) -> None:
        try:
            self.wfile.write(first)
            for part in rest:
                self.wfile.write(part)
        except Exception:  # noqa: BLE001 - the reader left, or the shelf has noted it for the job
            self.close_connection = True  # too few bytes: the reader can tell that something is wrong

    def _refuse(self, status: HTTPStatus, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: Any) -> None:
        log.debug(format, *arguments)


def wanted_range(header: str | None, size: int) -> tuple[int, int, bool] | None:
    """What a Range header asks for: (start, end, whether it is part of the whole); None if it cannot be had.

    A header that is not understood is as good as none, several ranges at once among them (RFC 9110, 14.2).
    """
    match = _RANGE.fullmatch(header or "")
    if not match or match[0] == "bytes=-":
        return 0, size, False
    first, last = match[1], match[2]
    if not first:  # the last so many bytes
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return 0, size, False
    return (start, end, True) if start < end else None
