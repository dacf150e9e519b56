"""What must never be read: an address and a file that tell when somebody does."""

from __future__ import annotations

import ctypes
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

_IN_OPEN = 0x20  # inotify(7)


class Canary:
    """A server on 127.0.0.1, and a file that is watched, for the time of a `with` block (Linux).

    Args:
        file: is there already; whoever reads it finds what is in it.
    """

    def __init__(self, file: Path) -> None:
        self.file = file.absolute()
        self._asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._events = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._events >= 0
        assert self._libc.inotify_add_watch(self._events, os.fsencode(self.file), _IN_OPEN) >= 0

    @property
    def url(self) -> str:
        """The address of a video that nobody is to ask for."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/canary.mp4"

    def seen(self) -> list[str]:
        """What was read since it was last asked: requests, and the file if it was opened."""
        found, self._asked = self._asked, []
        try:
            found += [str(self.file)] * bool(os.read(self._events, 4096))
        except BlockingIOError:  # nobody has opened it
            return found
        return found

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary._asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_: object) -> None:
                """The list is the log."""

        return Handler

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        os.close(self._events)
