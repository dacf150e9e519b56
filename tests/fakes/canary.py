"""What must never be read: an address and a file that tell when somebody does."""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

from tests.fakes.loopback import Answer, Fake, Handler

_IN_OPEN = 0x20  # inotify(7)


class Canary(Fake):
    """A server on 127.0.0.1, and a file that is watched, for the time of a `with` block (Linux).

    Args:
        file: is there already; whoever reads it finds what is in it.
    """

    def __init__(self, file: Path) -> None:
        super().__init__(_Handler)
        self.file = file.absolute()
        self.asked: list[str] = []
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._events = self._libc.inotify_init1(os.O_NONBLOCK)
        assert self._events >= 0
        assert self._libc.inotify_add_watch(self._events, os.fsencode(self.file), _IN_OPEN) >= 0

    @property
    def url(self) -> str:
        """The address of a video that nobody is to ask for."""
        return f"{super().url}/canary.mp4"

    def seen(self) -> list[str]:
        """What was read since it was last asked: requests, and the file if it was opened."""
        found, self.asked = self.asked, []
        try:
            found += [str(self.file)] * bool(os.read(self._events, 4096))
        except BlockingIOError:  # nobody has opened it
            return found
        return found

    def __exit__(self, *given: object) -> None:
        os.close(self._events)
        super().__exit__(*given)


class _Handler(Handler):
    fake: Canary

    def route(self) -> None:
        self.fake.asked.append(self.path)
        self.send(Answer(404))
