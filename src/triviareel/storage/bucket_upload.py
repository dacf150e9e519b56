"""Sends an object in chunks, and goes on where it broke off.

The client's own loop does not: it raises where the service kept a part of a chunk, and where the sums disagree it
deletes what is there, whoever wrote it. So the client only begins the upload here.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

import requests
from google.api_core import exceptions

from triviareel import ending
from triviareel.errors import Stopped
from triviareel.storage import bucket_faults
from triviareel.storage.bucket_service import Service

Json = dict[str, Any]

_RANGE = re.compile(r"bytes=0-(\d+)")


class Upload:
    """One upload under way.

    Args:
        service: how Cloud Storage is reached.
        url: where the bytes go; whoever knows it may write.
        file: what is sent.
        size: its bytes.
        checksum: its crc32c, base64, which the service compares before anything can be seen.
        uri: what it is to become.
    """

    def __init__(self, service: Service, url: str, file: BinaryIO, size: int, checksum: str, uri: str) -> None:
        self._service = service
        self._url = url
        self._file = file
        self._size = size
        self._checksum = checksum
        self._uri = uri
        self._tries = service.tries()

    def run(self) -> Json:
        """Send all of it; what the service says of the object it became.

        Raises:
            SessionLost: the service has forgotten it; begin another.
            TriviaError: see `Service.ask`.
        """
        kept, sure = 0, True
        while True:
            if ending.stopping():
                raise Stopped(f"stopped before {self._uri} was written; nothing of it can be seen")
            fault: Exception | None = None
            try:
                made, known = self._send(kept) if sure else self._ask()
            except bucket_faults.SessionLost:
                raise
            except bucket_faults.FAULTS as error:
                fault = error
            else:
                if made is not None:
                    return made
                if known > kept:
                    self._tries = self._service.tries()
                elif sure:
                    fault = requests.ConnectionError("the chunk was not kept")
                kept, sure = known, True
            if fault is not None:
                self._service.after(fault, self._tries, self._uri, "write")
                sure = False

    def _send(self, start: int) -> tuple[Json | None, int]:
        """Send the chunk at a byte; the object, if it is whole now, and how many bytes the service has."""
        self._file.seek(start)
        chunk = self._file.read(self._service.chunk)
        end = start + len(chunk)
        headers = {"Content-Range": f"bytes {start}-{end - 1}/{self._size}"}
        if end == self._size:
            headers["X-Goog-Hash"] = f"crc32c={self._checksum}"
        return self._put(chunk, headers)

    def _ask(self) -> tuple[Json | None, int]:
        """How much the service has."""
        return self._put(b"", {"Content-Range": f"bytes */{self._size}"})

    def _put(self, data: bytes, headers: dict[str, str]) -> tuple[Json | None, int]:
        timeout = self._tries.timeout()
        answer = self._service.session.request("PUT", self._url, data=data, headers=headers, timeout=timeout)
        if answer.status_code in (200, 201):
            made = answer.json()
            if not isinstance(made, dict):
                raise ValueError("the answer is no object")
            return made, self._size
        if answer.status_code == 308:
            match = _RANGE.fullmatch(answer.headers.get("Range", ""))
            return None, int(match[1]) + 1 if match else 0
        if answer.status_code in (404, 410):
            raise bucket_faults.SessionLost
        raise exceptions.from_http_response(answer)  # type: ignore[no-untyped-call]
