"""The objects of a ledger: parts, segments and the head that says which of them count."""

from __future__ import annotations

import hashlib
import json
import mmap
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from triviareel.errors import Conflict, InputError
from triviareel.questions.ledger import index
from triviareel.questions.ledger.index import Entry, Segment
from triviareel.questions.ledger.shelf import SHELF
from triviareel.storage import Store

_VERSION = 1
_FIELDS = ("at", "job", "topic", "question", "answer")


@dataclass(frozen=True, slots=True)
class Head:
    """Which segments count."""

    segments: tuple[str, ...] = ()
    """Names of segments, oldest first."""
    merged: frozenset[str] = frozenset()
    """Names of parts that the segments hold, should they still be there."""
    generation: int = 0
    """Of the head's object; 0 if there is none yet."""


class Files:
    """One channel's ledger in a store."""

    def __init__(self, store: Store, channel: str) -> None:
        self._store = store
        self._home = f"ledger/{channel}"

    def head(self) -> Head:
        """The present head.

        Raises:
            InputError: it is damaged or of a newer version of this package.
        """
        name = f"{self._home}/head.json"
        found = self._store.stat(name)
        if found is None:
            return Head()
        try:
            told = json.loads(self._store.read(name))
            if told["version"] > _VERSION:
                raise InputError(f"{found.uri} is of a newer triviareel: update this one")
            return Head(tuple(told["segments"]), frozenset(told["merged"]), found.generation)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{found.uri} is no head of a ledger ({error!r}): restore it from a copy") from None

    def replace_head(self, head: Head, generation: int) -> None:
        """Put a head in the place of the one with a generation.

        Raises:
            Conflict: another is there.
        """
        told = {"version": _VERSION, "segments": head.segments, "merged": sorted(head.merged)}
        self._store.write(f"{self._home}/head.json", json.dumps(told, indent=1).encode(), expect=generation)

    def parts(self) -> frozenset[str]:
        """Names of all parts that are there."""
        return frozenset(stat.name for stat in self._store.list(f"{self._home}/parts"))

    def write_part(self, entries: Sequence[Entry], job: str) -> None:
        """Keep what a job asks; its name follows from that, so that the same is kept once however often it is tried."""
        asked = "\n".join(f"{entry.question}\t{entry.answer}" for entry in entries)
        digest = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        lines = [json.dumps({field: getattr(entry, field) for field in _FIELDS}) + "\n" for entry in entries]
        try:
            self._store.write(f"{self._home}/parts/{job}-{digest}.jsonl", "".join(lines).encode(), expect=0)
        except Conflict:
            return  # an earlier try got as far as this

    def read_part(self, name: str) -> list[Entry]:
        """What a part holds.

        Raises:
            InputError: it is damaged, or not there any more.
        """
        try:
            rows = [json.loads(line) for line in self._store.read(name).decode("utf-8").splitlines()]
            return [Entry(*(str(row[field]) for field in _FIELDS)) for row in rows]
        except (ValueError, KeyError, TypeError) as error:
            uri = self._store.uri(name)
            raise InputError(
                f"{uri} is no part of a ledger ({error!r}): restore it from a copy, or remove it"
            ) from None

    def segment(self, name: str) -> Segment:
        """A segment: mapped where the store has it as a local file, else read once in this process.

        Raises:
            InputError: it is damaged, or not there any more.
        """
        name = f"{self._home}/segments/{name}"
        path = self._store.local(name)
        try:
            if path:
                with path.open("rb") as file:
                    return Segment(memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)), str(path))
        except (FileNotFoundError, ValueError):  # read tells what is wrong; an empty file cannot be mapped
            pass
        uri = self._store.uri(name)
        found = self._store.stat(name)
        generation = found.generation if found else None
        return SHELF.get(
            f"{uri}#{generation}", lambda: Segment(memoryview(self._store.read(name, generation=generation)), uri)
        )

    def segments(self) -> frozenset[str]:
        """Names of all segments that are there, whether they count or not."""
        return frozenset(stat.name.rpartition("/")[2] for stat in self._store.list(f"{self._home}/segments"))

    def write_segment(self, segments: Sequence[Segment]) -> str:
        """Merge segments into a new one; its name, which nobody else gives, not even to the same questions."""
        name = f"{sum(segment.count for segment in segments):09d}-{secrets.token_hex(8)}.bin"
        with self._store.scratch() as scratch:
            path = scratch.file("segment")
            with path.open("wb") as file:
                index.merge(segments, file)
            self._store.commit(f"{self._home}/segments/{name}", path)
        return name

    def drop(self, parts: Collection[str], segments: Collection[str]) -> None:
        """Remove what the head no longer needs."""
        for name in [*sorted(parts), *(f"{self._home}/segments/{name}" for name in segments)]:
            self._store.delete(name)
