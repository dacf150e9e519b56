"""Objects read chunk by chunk, each once, and kept in memory up to a limit; every byte is held to its checksum.

A client's ranged reads check nothing, and the checksum that a store has is of the whole object. So each chunk has its
own taken when it is first read; together they make the whole's, and a chunk that is read again must have the same.
"""

from __future__ import annotations

import base64
import threading
from collections import OrderedDict
from collections.abc import Iterator

import google_crc32c

from triviareel.errors import InputError, StorageError, TriviaError
from triviareel.storage.store import Stat, Store

CHUNK_BYTES = 4 << 20
"""A request to Cloud Storage takes some 30 ms until its first byte comes: little beside what so many bytes take."""

_POLYNOMIAL = 0x82F63B78  # CRC-32C, lowest bit first (RFC 3720, appendix B.4)


class Pinned:
    """One version of an object, and what is known of its bytes."""

    def __init__(self, store: Store, stat: Stat) -> None:
        self.store = store
        self.stat = stat
        self.crcs: dict[int, int] = {}
        """Checksums of the chunks that were read, by their index."""
        self.whole = False
        """All of it was read, and its checksum is right."""
        self.faults: list[TriviaError] = []
        """Why readers were not served, in order."""

    def fetch(self, start: int, end: int) -> bytes:
        """Read [start, end) from the store.

        Raises:
            StorageError: it could not be read, or there is another version now.
            InputError: it may not be read.
        """
        try:
            data = self.store.read(self.stat.name, start, end, self.stat.generation)
        except InputError as error:
            present = self.store.stat(self.stat.name)
            if present and present.generation == self.stat.generation:
                raise
            raise StorageError(f"{self.stat.uri} was replaced while in use: run the same command again") from error
        if len(data) != end - start:
            raise StorageError(f"{self.stat.uri}: {len(data):,} of {end - start:,} bytes arrived; try again")
        return data


class Shelf:
    """What was read of all objects, up to a limit; none of the threads that use it reads what another does.

    Args:
        limit_bytes: what is kept, the least recently used going first; one chunk always is.
        chunk_bytes: what is read at a time.
    """

    def __init__(self, limit_bytes: int, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.fetched_bytes = 0
        """What was read from stores so far."""
        self._limit_bytes = limit_bytes
        self._chunk_bytes = chunk_bytes
        self._kept: OrderedDict[tuple[Pinned, int], bytes] = OrderedDict()
        self._kept_bytes = 0
        self._under_way: set[tuple[Pinned, int]] = set()
        self._changed = threading.Condition()

    def parts(self, pinned: Pinned, start: int, end: int) -> Iterator[memoryview]:
        """The bytes [start, end), which lie within the object, piece by piece.

        Raises:
            StorageError: they could not be read, or are damaged. It is noted in the object's faults, too.
            InputError: they may not be read; noted as well.
        """
        while start < end:
            index, offset = divmod(start, self._chunk_bytes)
            piece = memoryview(self._chunk(pinned, index))[offset : offset + end - start]
            yield piece
            start += len(piece)

    def complete(self, pinned: Pinned) -> None:
        """Read what was not read yet, so that the checksum of the whole is known to be right; errors as in `parts`."""
        for index in range(self._count(pinned)):
            if index not in pinned.crcs and not pinned.whole:
                self._chunk(pinned, index)

    def _count(self, pinned: Pinned) -> int:
        return -(-pinned.stat.size // self._chunk_bytes)

    def _chunk(self, pinned: Pinned, index: int) -> bytes:
        key = (pinned, index)
        with self._changed:
            while key in self._under_way:
                self._changed.wait()
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            self._under_way.add(key)
        try:
            return self._fetched(pinned, index)
        except Exception as error:
            pinned.faults.append(_ours(error, pinned))
            raise
        finally:
            with self._changed:
                self._under_way.discard(key)
                self._changed.notify_all()

    def _fetched(self, pinned: Pinned, index: int) -> bytes:
        start = index * self._chunk_bytes
        data = pinned.fetch(start, min(start + self._chunk_bytes, pinned.stat.size))
        crc = google_crc32c.value(data)
        with self._changed:
            self.fetched_bytes += len(data)
            sound = pinned.crcs.setdefault(index, crc) == crc
            if sound and len(pinned.crcs) == self._count(pinned):
                sound = pinned.whole = pinned.whole or self._is_whole(pinned)
            if not sound:
                self._forget(pinned)
                raise StorageError(f"{pinned.stat.uri} arrived damaged (its checksum is wrong); try again")
            self._keep((pinned, index), data)
        return data

    def _is_whole(self, pinned: Pinned) -> bool:
        size, total = pinned.stat.size, 0
        for index in range(self._count(pinned)):
            length = min(self._chunk_bytes, size - index * self._chunk_bytes)
            total = joined(total, pinned.crcs[index], length)
        return pinned.stat.crc32c in (None, base64.b64encode(total.to_bytes(4)).decode())

    def _keep(self, key: tuple[Pinned, int], data: bytes) -> None:
        self._kept[key] = data
        self._kept_bytes += len(data)
        while self._kept_bytes > self._limit_bytes and len(self._kept) > 1:
            self._kept_bytes -= len(self._kept.popitem(last=False)[1])

    def _forget(self, pinned: Pinned) -> None:
        """Let go of what may be damaged: all of it, unless the whole's checksum told what is right."""
        if pinned.whole:
            return
        pinned.crcs.clear()
        for key in [key for key in self._kept if key[0] is pinned]:
            self._kept_bytes -= len(self._kept.pop(key))


def joined(first: int, second: int, length: int) -> int:
    """The CRC-32C of two texts, one after the other, from the CRC-32C of each.

    Args:
        first: of the first one.
        second: of the second one.
        length: bytes of the second one.
    """
    power, bits = 1 << 30, 8 * length  # x, lowest bit first, to be raised to the number of bits
    while bits:
        if bits & 1:
            first = _product(power, first)
        power, bits = _product(power, power), bits >> 1
    return first ^ second


def _product(one: int, other: int) -> int:
    """Of two polynomials over GF(2), modulo that of CRC-32C; lowest bit first."""
    product = 0
    for bit in range(31, -1, -1):
        if one >> bit & 1:
            product ^= other
        other = other >> 1 ^ (_POLYNOMIAL if other & 1 else 0)
    return product


def _ours(error: Exception, pinned: Pinned) -> TriviaError:
    """The error as one of ours."""
    if isinstance(error, TriviaError):
        return error
    return StorageError(f"{pinned.stat.uri} could not be read: unforeseen {type(error).__name__} ({error}); try again")
