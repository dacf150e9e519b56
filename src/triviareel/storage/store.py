"""The interface of a store, and how a URI finds its own.

A store holds whole objects under names such as `jobs/demo/20261114-120000/questions.csv`. A write is visible whole or
not at all. Every object has a *generation*, a number that rises with each write of its name, so that a writer can say
which version it means to replace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from triviareel import settings
from triviareel.errors import InputError
from triviareel.storage.scratch import Scratch

_SCHEME = re.compile(r"^(?P<scheme>[A-Za-z][A-Za-z0-9+.-]+)://")


@dataclass(frozen=True, slots=True)
class Stat:
    """One version of an object."""

    name: str
    uri: str
    size: int
    """Bytes."""
    generation: int
    """Rises with each write of this name; never 0."""
    updated: datetime
    """When it was written, UTC, by the store's own clock (see `Store.now`), never by this machine's."""
    sha256: str | None = None
    """Hex digest; None where the store does not know it without reading the bytes."""
    crc32c: str | None = None
    """Base64 as in Cloud Storage; None in a folder."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What it was committed with, where the store keeps that; empty in a folder."""


class Store(Protocol):
    """Where objects are kept. Names are those that `names.checked` lets pass.

    Every method raises InputError where trying again cannot help (no permission, no such place) and StorageError where
    it may (disk full, fault of the device).
    """

    def uri(self, name: str) -> str:
        """How a person would name the object."""
        ...

    def stat(self, name: str) -> Stat | None:
        """The object's present version; None if there is none."""
        ...

    def read(self, name: str, start: int = 0, end: int | None = None, generation: int | None = None) -> bytes:
        """An object's bytes, or those of [start, end).

        Args:
            name: its name.
            start: first byte.
            end: the byte after the last one; None for the object's end.
            generation: the version to read; None for the present one.

        Raises:
            InputError: there is no such object, or no longer that version of it.
        """
        ...

    def sha256(self, name: str) -> str:
        """Hex digest of the object's bytes, in little memory. Raises InputError if there is none."""
        ...

    def write(self, name: str, data: bytes, expect: int | None = None) -> Stat:
        """Make or replace an object.

        Args:
            name: its name.
            data: its bytes.
            expect: the generation to replace; 0 for "there must be none yet"; None for "whatever is there".

        Raises:
            Conflict: another generation is there.
        """
        ...

    def commit(self, name: str, file: Path, expect: int | None = None, labels: Mapping[str, str] | None = None) -> Stat:
        """Make or replace an object out of a local file, which is used up.

        Args:
            name: its name.
            file: from `scratch`, or any other local one.
            expect: as in `write`.
            labels: short texts for `Stat.labels`; a store that has no place for them lets them fall.

        Raises:
            Conflict: another generation is there.
        """
        ...

    def list(self, prefix: str = "", begins: str = "") -> Iterator[Stat]:
        """Every object beneath a name, or in the whole store, in order of names; nothing if there is none.

        Args:
            prefix: the name.
            begins: what the part after it begins with; the others are left out.
        """
        ...

    def delete(self, name: str, expect: int | None = None) -> None:
        """Remove an object; no error if there is none.

        Args:
            name: its name.
            expect: remove it only if this generation is there; None for any.

        Raises:
            Conflict: another generation is there.
        """
        ...

    def now(self) -> datetime:
        """The time, UTC, by the clock that `Stat.updated` goes by."""
        ...

    def scratch(self) -> AbstractContextManager[Scratch]:
        """Room for files that no one else sees, from which `commit` is cheap; it goes with the block, come what may."""
        ...

    def local(self, name: str) -> Path | None:
        """Where the object, or what lies beneath the name, is as a local file or folder, absolute; None if nowhere."""
        ...


def open_store(uri: str) -> Store:
    """The store that a URI names.

    Raises:
        InputError: it is not a place that this build can use.
    """
    if not uri or "\0" in uri:
        raise InputError(f"place {uri!r} is empty or holds a NUL character: name a folder such as out")
    match = _SCHEME.match(uri)
    if match and match["scheme"].lower() == "gs":
        return _open_bucket(uri[match.end() :])
    if uri.lower().startswith("gs:"):  # and no folder by that name
        raise InputError(f"{uri}: a bucket needs two slashes, as in gs://my-bucket; if it is a folder, write ./{uri}")
    if match:
        mend = "name a folder such as out, or a bucket such as gs://my-bucket"
        raise InputError(f"{uri}: {match['scheme']}:// is not a place to keep files; {mend}")
    from triviareel.storage.folder import FolderStore  # a store is loaded when one of its kind is named

    return FolderStore(Path(uri))


def locate(uri: str) -> tuple[Store, str]:
    """The store and the name in it of one object given by its URI.

    Raises:
        InputError: it names no object, or no place that this build can use.
    """
    place, slash, name = uri.rpartition("/")
    if not name or place.endswith(":/"):
        raise InputError(f"{uri!r} names a folder, and a file is needed: add the file's name")
    return open_store(place or ("/" if slash else ".")), name


def _open_bucket(place: str) -> Store:
    """The store of a bucket's name and what follows it."""
    bucket, _, prefix = place.partition("/")
    try:
        from triviareel.storage.bucket import BucketStore  # the client takes long to load, and folders need none
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("triviareel"):
            raise
        raise InputError(
            f"gs://{place}: the package google-cloud-storage is missing: install triviareel[gcp]"
        ) from None
    from triviareel.storage.bucket_service import Access

    given = settings.read()
    return BucketStore(bucket, prefix.rstrip("/"), Access(given.storage_emulator, given.billing_project))
