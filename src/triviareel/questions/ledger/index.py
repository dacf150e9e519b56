"""A segment: many questions with the tables by which likely repeats are found, in one file that is only mapped.

Layout, little-endian: a header of 64 bytes (JSON, padded), N + 1 offsets of rows (u8), the tables (14 × N u8, each
sorted), the rows (UTF-8, fields parted by tabs). A table's entry holds a bucket in its upper and a row's number in its
lower 32 bits. So a look-up is a binary search that touches some twenty pages, and nothing is read in advance.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from triviareel.errors import InputError
from triviareel.questions.ledger import minhash, normalise
from triviareel.questions.ledger.normalise import Form

TABLES = 2 + minhash.BANDS
"""By all words of the question, by the last word of the answer, and by each band of the words' MinHash."""

_HEADER = 64
_CHUNK = 10_000
"""Questions that are worked out at a time, some 15 MB while they are."""
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)

Numbers = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Entry:
    """One question that was asked."""

    at: str
    """When, in UTC: ISO 8601 to the second."""
    job: str
    topic: str
    question: str
    answer: str
    words: str = ""
    """`Form.text` of the question, its words in their normal form; `build` works it out."""

    @property
    def row(self) -> bytes:
        """As a segment keeps it."""
        fields = (self.at, self.job, self.topic, self.question, self.answer, self.words)
        return "\t".join(" ".join(field.split()) for field in fields).encode("utf-8", "replace")

    @classmethod
    def of_row(cls, row: bytes) -> Entry:
        """The entry that a row holds."""
        return cls(*row.decode("utf-8").split("\t"))


class Segment:
    """Questions in the order in which they were asked, over any buffer: bytes, or a mapped file."""

    def __init__(self, buffer: memoryview, name: str) -> None:
        """Look at a segment without reading it.

        Args:
            buffer: its bytes.
            name: what to call it in an error.

        Raises:
            InputError: it is damaged.
        """
        try:
            header = json.loads(bytes(buffer[:_HEADER]))
            self.count, self.version, self.size = int(header["count"]), int(header["form"]), int(header["bytes"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"{name} is no part of a ledger ({error}): restore it from a copy, or remove it") from None
        if len(buffer) != self.size:
            raise InputError(f"{name} has {len(buffer):,} bytes instead of {self.size:,}: restore it from a copy")
        ends = _HEADER + 8 * (self.count + 1), _HEADER + 8 * (self.count + 1) + 8 * TABLES * self.count
        self._offsets: Numbers = np.frombuffer(buffer[_HEADER : ends[0]], "<u8")
        self._tables: Numbers = np.frombuffer(buffer[ends[0] : ends[1]], "<u8").reshape(TABLES, self.count)
        self._rows = buffer[ends[1] :]

    def __len__(self) -> int:
        return self.count

    def row(self, at: int) -> bytes:
        """One question's row."""
        return bytes(self._rows[int(self._offsets[at]) : int(self._offsets[at + 1])])

    def entries(self) -> Iterator[Entry]:
        """All questions, oldest first."""
        return (Entry.of_row(self.row(at)) for at in range(self.count))

    def likely(self, buckets: Sequence[int]) -> list[int]:
        """Numbers of the rows that share a bucket with a question, ascending."""
        found = [self._bucket(table, bucket) for table, bucket in enumerate(buckets)]
        return [int(at) for at in np.unique(np.concatenate(found))]

    def _bucket(self, table: int, bucket: int) -> Numbers:
        row = self._tables[table]
        low = np.searchsorted(row, np.uint64(bucket << 32))
        high = np.searchsorted(row, np.uint64((bucket << 32) | 0xFFFFFFFF), side="right")
        found: Numbers = row[low:high] & _LOW
        return found


def buckets(forms: Sequence[Form]) -> Numbers:
    """For each question (rows) its bucket in each table (columns)."""
    words = np.array([_hash(form.text) for form in forms], np.uint64)
    answers = np.array([_hash(form.answer_key) for form in forms], np.uint64)
    return np.column_stack([words, answers, minhash.buckets([form.text for form in forms])])


def build(entries: Iterable[Entry]) -> bytes:
    """A segment of some questions, oldest first, their words worked out anew."""
    entries = list(entries)
    forms = [normalise.form(entry.question, entry.answer) for entry in entries]
    rows = [Entry(e.at, e.job, e.topic, e.question, e.answer, f.text).row for e, f in zip(entries, forms, strict=True)]
    offsets = np.cumsum([0, *map(len, rows)], dtype="<u8")
    numbers = np.arange(len(rows), dtype=np.uint64)[:, None]
    tables = np.sort((buckets(forms) << _SHIFT) | numbers, axis=0) if rows else np.empty((0, TABLES), np.uint64)
    body = [offsets.tobytes(), np.ascontiguousarray(tables.T, "<u8").tobytes(), *rows]
    return _header(len(rows), sum(map(len, body))) + b"".join(body)


class Sink(Protocol):
    """What a segment is written to: a file, or mapped memory."""

    def write(self, data: Any, /) -> object:
        """Take bytes, or anything that has a buffer."""
        ...


def merge(segments: Sequence[Segment], file: Sink) -> None:
    """Write one segment that holds all of several, in their order; needs memory for one table of it.

    Segments of another normal form than this build's must be built anew before.
    """
    counts = [len(segment) for segment in segments]
    first_rows = np.cumsum([0, *counts], dtype=np.uint64)
    first_bytes = np.cumsum([0, *(len(segment._rows) for segment in segments)], dtype=np.uint64)
    total = sum(counts)
    file.write(_header(total, 8 * (total + 1) + 8 * TABLES * total + int(first_bytes[-1])))
    for segment, start in zip(segments, first_bytes, strict=False):
        file.write((segment._offsets[:-1] + start).astype("<u8").tobytes())
    file.write(first_bytes[-1:].astype("<u8").tobytes())
    for table in range(TABLES):
        moved = [segment._tables[table] + start for segment, start in zip(segments, first_rows, strict=False)]
        file.write(np.sort(np.concatenate(moved)).astype("<u8").tobytes())
    for segment in segments:
        file.write(segment._rows)


def merged(segments: Sequence[Segment], name: str) -> Segment:
    """As `merge`, in memory that goes back to the system with the segment: there may be no room for a file."""
    count, rows = sum(map(len, segments)), sum(len(segment._rows) for segment in segments)
    room = mmap.mmap(-1, _HEADER + 8 * (count + 1) + 8 * TABLES * count + rows)
    merge(segments, room)
    return Segment(memoryview(room).toreadonly(), name)


def rebuilt(segment: Segment, name: str) -> Segment:
    """The segment in this build's normal form; some 100 µs a question."""
    entries = segment.entries()
    chunks = iter(lambda: list(islice(entries, _CHUNK)), [])
    return merged([Segment(memoryview(build(chunk)), name) for chunk in chunks], name)


def _header(count: int, body: int) -> bytes:
    header = json.dumps({"form": normalise.VERSION, "count": count, "bytes": _HEADER + body})
    return header.ljust(_HEADER).encode()


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=4).digest(), "big")
