"""A bucket of Cloud Storage as a store: every write names the generation it replaces, and knows itself again."""

from __future__ import annotations

import builtins
import io
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from triviareel.errors import Conflict, InputError
from triviareel.storage.bucket_faults import Absent
from triviareel.storage.bucket_objects import Found, Objects, Source
from triviareel.storage.bucket_service import Access, service
from triviareel.storage.faults import explained
from triviareel.storage.names import checked
from triviareel.storage.scratch import Scratch, in_ram, use_up
from triviareel.storage.store import Stat

_T = TypeVar("_T")

_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{0,221}")
"""Cloud Storage, bucket names; what more it asks for, it says itself."""

_WRITE = "triviareel-write"
"""Key of the metadata under which a write leaves a name of its own: after a lost answer it tells whose an object is."""
_SHA256 = "triviareel-sha256"
_HEX = re.compile(r"[0-9a-f]{64}")

_RACES = 20
"""How often "whatever is there" is tried while others replace it, too."""


class BucketStore:
    """A store beneath a prefix of a bucket.

    Args:
        bucket: its name.
        prefix: a name beneath which everything is; "" for the whole bucket.
        access: how Cloud Storage is reached.

    Raises:
        InputError: no bucket can have this name, or no object this prefix.
    """

    def __init__(self, bucket: str, prefix: str, access: Access) -> None:
        if not bucket:
            raise InputError("gs://: the bucket's name is missing: give it, as in gs://my-bucket")
        if not _BUCKET.fullmatch(bucket):
            raise InputError(f"gs://{bucket}: bucket names have small letters, digits, dots and hyphens; check it")
        self.root = f"gs://{bucket}/{checked(prefix)}" if prefix else f"gs://{bucket}"
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._access = access

    def uri(self, name: str) -> str:
        """See Store."""
        return f"{self.root}/{checked(name)}"

    def stat(self, name: str) -> Stat | None:
        """See Store."""
        found = self._find(name)
        return self._stat(found) if found else None

    def read(self, name: str, start: int = 0, end: int | None = None, generation: int | None = None) -> bytes:
        """See Store. A whole object is compared with its checksum; for a part of it the service has none."""
        if end is not None and end <= start:
            self._expect(name, generation)
            return b""
        key, uri = self._key(name), self.uri(name)
        try:
            return self._ask(lambda objects: objects.read(key, start, end, generation), uri, "read")
        except Absent:
            self._expect(name, generation)  # tells a name that is not there from a version that is gone
            raise

    def sha256(self, name: str) -> str:
        """See Store. It is in the object's metadata if a store like this one wrote it."""
        found = self._expect(name)
        key = self._key(name)
        return found.sha256 or self._ask(lambda objects: objects.sha256(key, found.generation), found.uri, "read")

    def write(self, name: str, data: bytes, expect: int | None = None) -> Stat:
        """See Store."""
        return self._put(name, Source.of(io.BytesIO(data)), expect, {})

    def commit(self, name: str, file: Path, expect: int | None = None, labels: Mapping[str, str] | None = None) -> Stat:
        """See Store. Labels are the object's metadata: all together at most 8 KiB."""
        with explained(file, "read"):
            opened = file.open("rb")
        with opened:
            written = self._put(name, Source.of(opened), expect, dict(labels or {}))
        use_up(file)
        return written

    def list(self, prefix: str = "", begins: str = "") -> Iterator[Stat]:
        """See Store; page by page, as it is read."""
        beneath = self._prefix + (f"{checked(prefix)}/" if prefix else "") + begins
        token: str | None = None
        while True:
            page, token = self._page(beneath, token)
            for found in page:
                if _is_name(found.name.removeprefix(self._prefix)):
                    yield self._stat(found)
            if not token:
                return

    def delete(self, name: str, expect: int | None = None) -> None:
        """See Store."""
        for _ in range(_RACES):
            target = self._generation(name) if expect is None else expect
            try:
                if target:
                    self._delete(name, target)
                return
            except Absent:
                return
            except Conflict:
                if expect is not None:
                    raise
        raise _conflict(self.uri(name))

    def now(self) -> datetime:
        """See Store: the service's clock, to the second."""
        clock = service(self._access, self.root).clock
        if not clock.seen:
            self._find("clock")  # whether there is one or not, the answer has the time
        return clock.now()

    def scratch(self) -> AbstractContextManager[Scratch]:
        """See Store: in memory, where the system has that."""
        return in_ram()

    def local(self, name: str) -> Path | None:  # noqa: ARG002 - no object is a file
        """See Store."""
        return None

    def _ask(self, act: Callable[[Objects], _T], uri: str, doing: str) -> _T:
        """Have something done; see `Service.ask`."""
        found, payer = service(self._access, self.root), self._access.billing_project
        return found.ask(lambda tries: act(Objects(found, self._bucket, payer, tries)), uri, doing)

    def _find(self, name: str) -> Found | None:
        key, uri = self._key(name), self.uri(name)
        try:
            return self._ask(lambda objects: objects.load(key), uri, "read")
        except Absent:
            return None

    def _expect(self, name: str, generation: int | None = None) -> Stat:
        """An object that must be there, in this version of it."""
        found = self.stat(name)
        if found is None:
            raise Absent(f"{self.uri(name)} does not exist: check the spelling")
        if generation not in (None, found.generation):
            raise InputError(f"{found.uri} was replaced while it was in use: run the same command again")
        return found

    def _put(self, name: str, source: Source, expect: int | None, labels: Mapping[str, str]) -> Stat:
        """Make or replace an object. What is refused because our own write stands already is that write's success."""
        mark = secrets.token_hex(16)
        metadata = {**labels, _SHA256: source.sha256, _WRITE: mark}
        target = self._generation(name) if expect is None else expect
        for _ in range(_RACES):
            try:
                return self._send(name, source, target, metadata)
            except Conflict:
                found = self._find(name)
                if found and found.metadata.get(_WRITE) == mark:
                    return self._stat(found)
                if expect is not None:
                    raise
                target = found.generation if found else 0
        raise _conflict(self.uri(name))

    def _send(self, name: str, source: Source, target: int, metadata: Mapping[str, str]) -> Stat:
        key, uri = self._key(name), self.uri(name)
        return self._stat(self._ask(lambda objects: objects.send(key, uri, source, target, metadata), uri, "write"))

    def _delete(self, name: str, target: int) -> None:
        key = self._key(name)
        self._ask(lambda objects: objects.delete(key, target), self.uri(name), "write")

    def _page(self, beneath: str, token: str | None) -> tuple[builtins.list[Found], str | None]:
        return self._ask(lambda objects: objects.page(beneath, token), self.root, "read")

    def _generation(self, name: str) -> int:
        """Of the present version; 0 if there is none."""
        found = self._find(name)
        return found.generation if found else 0

    def _key(self, name: str) -> str:
        return self._prefix + checked(name)

    def _stat(self, found: Found) -> Stat:
        name = found.name.removeprefix(self._prefix)
        sha256 = found.metadata.get(_SHA256, "")
        return Stat(
            name,
            f"{self.root}/{name}",
            found.size,
            found.generation,
            found.updated,
            sha256 if _HEX.fullmatch(sha256) else None,
            found.crc32c,
            {key: value for key, value in found.metadata.items() if key not in (_SHA256, _WRITE)},
        )


def _conflict(uri: str) -> Conflict:
    return Conflict(f"{uri} is written by others all the time: let that finish, then run it again")


def _is_name(name: str) -> bool:
    """Whether an object could have been written by a store; others' may have odd names, and hidden ones are hidden."""
    try:
        return bool(checked(name))
    except InputError:
        return False
