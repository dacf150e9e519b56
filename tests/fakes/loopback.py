"""What every fake is: an HTTP server on 127.0.0.1, all of which is over when its `with` block is."""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

TOKEN = "fake-access-token"  # noqa: S105 - what the fakes' own token endpoint gives out

_LOOK_EVERY_S = 0.01
"""How long a server may take to see that it is to end."""
_PATIENCE_S = 60.0
"""How long a handler may go on after its connection is closed: more is a fault of the fake, not of the machine."""

_given: set[int] = set()
"""Ports that this process had from the system."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response before it is sent: JSON, unless its headers say otherwise."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer whose body is JSON."""
    return Answer(status, json.dumps(body).encode(), headers or {})


def access_token() -> Answer:
    """What a token endpoint answers whoever asks."""
    return as_json({"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"})


class Fake:
    """A service on a port of 127.0.0.1 for as long as its `with` block runs.

    Args:
        handler: answers its requests.
        port: 0 for a free one that no fake of this process had before: what is remembered of a service (its clock, its
            connections) is remembered by its address.

    Raises:
        OSError: the port cannot be had.
    """

    def __init__(self, handler: type[Handler], port: int = 0) -> None:
        self.closing = threading.Event()
        """Set when it ends: whoever lets a client wait waits for this, too."""
        self._http = _listening(port, handler, self)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def faults(self, *texts: str) -> None:
        """Let the next requests go wrong as these say."""
        raise NotImplementedError

    def close(self) -> None:
        """End all of it, whether or not its block was entered."""
        self.closing.set()
        self._http.stop()

    def __enter__(self) -> Self:
        self._http.own.start()
        return self

    def __exit__(self, error: object, *_: object) -> None:
        self.close()
        if error is None and self._http.errors:
            raise AssertionError(f"{type(self).__name__} itself failed") from self._http.errors[0]


def _listening(port: int, handler: type[Handler], fake: Fake) -> _Http:
    """The server of a fake."""
    while True:
        http = _Http(port, handler, fake)
        if port or http.server_port not in _given:
            _given.add(http.server_port)
            return http
        http.server_close()


class _Http(ThreadingHTTPServer):
    """A thread for each connection, and an end to all of them."""

    request_queue_size = 128

    def __init__(self, port: int, handler: type[Handler], fake: Fake) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self.fake = fake
        self.errors: list[BaseException] = []
        self.own = threading.Thread(target=self.serve_forever, args=(_LOOK_EVERY_S,), daemon=True)
        self._open: list[tuple[threading.Thread, socket.socket]] = []
        """Connections, those that have ended since the last one was made among them."""

    def stop(self) -> None:
        """End every connection, and wait until their threads are gone."""
        if self.own.is_alive():
            self.shutdown()
            self.own.join()
        self.server_close()
        for _, connection in self._open:
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RDWR)
        for thread, _ in self._open:
            thread.join(_PATIENCE_S)
            assert not thread.is_alive(), f"{type(self.fake).__name__} does not end"
        self._open.clear()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(target=self.process_request_thread, args=(request, client_address), daemon=True)
        self._open = [one for one in self._open if one[0].is_alive()] + [(thread, request)]
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class calls it so
        """Stay quiet about clients that have gone; anything else is a fault of the fake."""
        error = sys.exc_info()[1]
        if error is not None and not isinstance(error, ConnectionError):
            self.errors.append(error)

    def shutdown_request(self, request: Any) -> None:
        """Close without a farewell, so that a connection that is to be reset is."""
        self.close_request(request)


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection: `route` is called for each, whatever its method."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go out in two writes, and the second would wait 40 ms
    server: _Http
    fake: Any
    """The service that it answers for."""

    def setup(self) -> None:
        super().setup()
        self.fake = self.server.fake

    def do_GET(self) -> None:
        self.route()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - http.server looks for these names

    def route(self) -> None:
        """Answer a request."""
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """The journal is the log."""

    def body(self, begun: bytes = b"") -> bytes:
        """All of a request's body.

        Args:
            begun: what was read of it already.

        Raises:
            ConnectionError: the client has gone in the middle of it.
        """
        if "chunked" not in (self.headers.get("Transfer-Encoding") or ""):
            length = int(self.headers.get("Content-Length") or 0)
            data = begun + self.rfile.read(length - len(begun))
            if len(data) < length:
                raise ConnectionError("the client has gone in the middle of its request")
            return data
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def send(self, answer: Answer) -> None:
        """Answer."""
        self.head(answer)
        self.wfile.write(answer.body)

    def head(self, answer: Answer) -> None:
        """Send all of an answer but its body."""
        self.send_response(answer.status)
        kind = {"Content-Type": "application/json; charset=UTF-8"}
        for name, value in {**kind, **answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()

    def stall(self) -> None:
        """Say nothing until the client has had enough."""
        self.close_connection = True
        gone = select.poll()  # unlike select(), it takes any number of connections
        gone.register(self.connection, select.POLLRDHUP)
        while not self.fake.closing.is_set() and not gone.poll(50):
            pass

    def reset(self) -> None:
        """Reset the connection."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
