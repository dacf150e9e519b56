"""Single requests for objects of one bucket, the client's own retries off, and never a change without a generation."""

from __future__ import annotations

import base64
import hashlib
import io
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO, Protocol, Self

import google_crc32c
from google.api_core.exceptions import RequestRangeNotSatisfiable
from google.cloud.storage import Blob

from triviareel import ending
from triviareel.errors import Stopped
from triviareel.storage.bucket_service import Service
from triviareel.storage.bucket_upload import Upload
from triviareel.storage.patience import Tries

PAGE = 1000
"""Objects in a page of a list, the most that the service gives."""

_STEP = 1024 * 1024
"""Bytes between two looks whether to stop."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is to become an object."""

    file: BinaryIO
    size: int
    crc32c: str
    """Base64, as the service writes it."""
    sha256: str
    """Hex."""

    @classmethod
    def of(cls, file: BinaryIO) -> Self:
        """Read a file once, in little memory."""
        size, crc, sha = 0, 0, hashlib.sha256()
        while part := file.read(_STEP):
            size, crc = size + len(part), google_crc32c.extend(crc, part)
            sha.update(part)
        return cls(file, size, base64.b64encode(crc.to_bytes(4, "big")).decode(), sha.hexdigest())


@dataclass(frozen=True, slots=True)
class Found:
    """One version of an object, as the service describes it."""

    name: str
    size: int
    generation: int
    updated: datetime
    crc32c: str | None
    metadata: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, blob: Blob) -> Self:
        """What the client read."""
        return cls(blob.name, blob.size, blob.generation, blob.updated, blob.crc32c, blob.metadata or {})

    @classmethod
    def parse(cls, resource: Mapping[str, Any]) -> Self:
        """What an upload's last answer says; ValueError or KeyError if it says something else."""
        generation, size = int(resource["generation"]), int(resource["size"])
        updated = datetime.fromisoformat(resource["updated"])
        return cls(resource["name"], size, generation, updated, resource["crc32c"], resource.get("metadata") or {})


class Objects:
    """The objects of a bucket, for one try: every method makes one and raises `bucket_faults.FAULTS`."""

    def __init__(self, service: Service, bucket: str, billing_project: str | None, tries: Tries) -> None:
        self._service = service
        self._tries = tries
        self._bucket = service.client.bucket(bucket, user_project=billing_project)

    def load(self, name: str) -> Found:
        """Describe an object."""
        blob = self._bucket.blob(name)
        blob.reload(**self._once())
        return Found.of(blob)

    def read(self, name: str, start: int, end: int | None, generation: int | None) -> bytes:
        """Read [start, end) of an object, which is not empty; of all of it the client compares the checksum."""
        whole = start == 0 and end is None
        with io.BytesIO() as buffer:
            sink = _Sink(buffer, name)
            try:
                self._bucket.blob(name, generation=generation).download_to_file(
                    sink,
                    start=None if whole else start,
                    end=None if end is None else end - 1,
                    raw_download=True,
                    checksum="crc32c",
                    **self._once(),
                )
            except RequestRangeNotSatisfiable:  # it begins behind the object's end
                return b""
            return buffer.getvalue()

    def sha256(self, name: str, generation: int) -> str:
        """Read one version and keep nothing of it but the digest."""
        digest = hashlib.sha256()
        self._bucket.blob(name, generation=generation).download_to_file(
            _Sink(_Digesting(digest), name), raw_download=True, checksum="crc32c", **self._once()
        )
        return digest.hexdigest()

    def page(self, prefix: str, token: str | None) -> tuple[list[Found], str | None]:
        """A page of a list in order of names, and the token of the next page; None if this was the last."""
        fields = "items(name,size,generation,updated,crc32c,metadata),nextPageToken"
        found = self._service.client.list_blobs(
            self._bucket, prefix=prefix, page_token=token, page_size=PAGE, fields=fields, **self._once()
        )
        return [Found.of(blob) for blob in next(found.pages, ())], found.next_page_token

    def delete(self, name: str, generation: int) -> None:
        """Remove one version."""
        self._bucket.blob(name).delete(if_generation_match=generation, **self._once())

    def send(self, name: str, uri: str, source: Source, generation: int, metadata: Mapping[str, str]) -> Found:
        """Make or replace an object; `generation` is the one that must be there, 0 for none."""
        blob = self._bucket.blob(name)
        blob.metadata = dict(metadata)
        blob.crc32c = source.crc32c
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        source.file.seek(0)
        if source.size <= self._service.chunk:
            data = source.file.read()
            blob.upload_from_string(data, kind, if_generation_match=generation, checksum=None, **self._once())
            return Found.of(blob)
        url = blob.create_resumable_upload_session(
            kind, source.size, if_generation_match=generation, checksum=None, **self._once()
        )
        return Found.parse(Upload(self._service, url, source.file, source.size, source.crc32c, uri).run())

    def _once(self) -> dict[str, Any]:
        return {"retry": None, "timeout": self._tries.timeout()}


class _Writable(Protocol):
    def write(self, data: bytes, /) -> Any: ...


class _Digesting:
    """A file of which only the digest is kept."""

    def __init__(self, digest: Any) -> None:
        self._digest = digest

    def write(self, data: bytes) -> None:
        self._digest.update(data)


class _Sink:
    """A file that lets a long download end when the process is told to stop."""

    def __init__(self, file: _Writable, name: str) -> None:
        self._file = file
        self._name = name
        self._looked = self._written = 0

    def write(self, data: bytes) -> int:
        self._file.write(data)
        self._written += len(data)
        if self._written - self._looked > _STEP:
            self._looked = self._written
            if ending.stopping():
                raise Stopped(f"stopped while {self._name} was read")
        return len(data)
