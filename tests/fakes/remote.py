"""A store whose objects are no local files, and which can be told to go wrong."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import google_crc32c

from triviareel.storage.folder import FolderStore
from triviareel.storage.store import Stat


class Remote(FolderStore):
    """A folder in the part of a bucket.

    Attributes:
        read_bytes: how many bytes were read in parts.
        spoil: is handed every part that is read, and returns it, another one, or raises.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read_bytes = 0
        self.spoil: Callable[[str, int, bytes], bytes] = lambda _name, _start, data: data
        self._lock = threading.Lock()

    def uri(self, name: str) -> str:
        return f"gs://bucket/{name}"

    def local(self, name: str) -> Path | None:  # noqa: ARG002 - nothing is local
        return None

    def stat(self, name: str) -> Stat | None:
        found = super().stat(name)
        if found is None:
            return None
        crc = base64.b64encode(google_crc32c.value((self.root / name).read_bytes()).to_bytes(4)).decode()
        return replace(found, uri=self.uri(name), crc32c=crc)

    def read(self, name: str, start: int = 0, end: int | None = None, generation: int | None = None) -> bytes:
        data = self.spoil(name, start, super().read(name, start, end, generation))
        with self._lock:
            self.read_bytes += len(data)
        return data
