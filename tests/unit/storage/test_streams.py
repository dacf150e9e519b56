"""The server on 127.0.0.1, spoken to as any reader would; and what it does when the store goes wrong."""

from __future__ import annotations

import gc
import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import google_crc32c
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.remote import Remote
from triviareel.errors import InputError, Stopped, StorageError, TriviaError
from triviareel.storage.chunks import joined
from triviareel.storage.source import FileSource, settled
from triviareel.storage.streams import StreamedSource, Streams, wanted_range

DATA = bytes(range(256)) * 40  # 10,240 bytes: ten chunks and a little
CHUNK = 1000


@pytest.fixture
def store(tmp_path: Path) -> Remote:
    return Remote(tmp_path / "bucket")


@pytest.fixture
def streams() -> Iterator[Streams]:
    streams = Streams(1 << 20, CHUNK)
    yield streams
    streams.close()


def sourced(streams: Streams, store: Remote, data: bytes = DATA, name: str = "a/1.mp4") -> StreamedSource:
    store.write(name, data)
    found = store.stat(name)
    assert found
    return streams.source(store, found)


def asked(
    source: StreamedSource, header: str | None = None, method: str = "GET", path: str | None = None
) -> tuple[int, dict[str, str], bytes]:
    address = urlsplit(source.location)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    try:
        connection.request(method, path or address.path, headers={"Range": header} if header else {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def test_the_whole_and_its_parts_are_served(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    status, headers, body = asked(source)
    assert (status, body, headers["Accept-Ranges"]) == (200, DATA, "bytes")
    status, headers, body = asked(source, "bytes=990-2010")
    assert (status, body, headers["Content-Range"]) == (206, DATA[990:2011], "bytes 990-2010/10240")
    assert asked(source, "bytes=10000-")[2] == DATA[10_000:]
    assert asked(source, "bytes=-5")[2] == DATA[-5:]
    status, headers, body = asked(source, method="HEAD")
    assert (status, headers["Content-Length"], body) == (200, "10240", b"")
    status, headers, body = asked(source, "bytes=10240-")
    assert (status, headers["Content-Range"], body) == (416, "bytes */10240", b"")
    assert source.read(10_200, 99_999) == DATA[10_200:]


def test_nothing_else_is_served(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    path = urlsplit(source.location).path
    assert source.location.startswith("http://127.0.0.1:")
    assert len(path) > 30
    for other in ("/", "/1.mp4", "/a/1.mp4", f"{path}/", f"{path}?x", path[:-1], f"/../{path}", "/etc/passwd"):
        assert asked(source, path=other)[0] == 404
    assert asked(source, method="DELETE")[0] == 501


def test_one_connection_takes_many_requests(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    address = urlsplit(source.location)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    connection.connect()
    kept = connection.sock
    for start in (0, 5000, 20_000, 100):
        connection.request("GET", address.path, headers={"Range": f"bytes={start}-{start + 9}"})
        assert connection.getresponse().read() == DATA[start : start + 10]
        assert connection.sock is kept
    connection.close()


def test_many_readers_have_each_byte_read_once(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda number: asked(source, f"bytes={number}-")[2], range(64)))
    assert bodies == [DATA[number:] for number in range(64)]
    assert store.read_bytes == len(DATA) == streams.shelf.fetched_bytes


def test_the_same_version_is_read_once_however_often_it_is_asked_for(streams: Streams, store: Remote) -> None:
    first = sourced(streams, store)
    asked(first)
    again = Remote(store.root)
    found = again.stat("a/1.mp4")
    assert found
    second = streams.source(again, found)
    assert second.location == first.location
    assert second.identity == first.identity
    assert asked(second)[2] == DATA
    assert again.read_bytes == 0
    other = sourced(streams, store, DATA[::-1])
    assert other.location != first.location
    assert other.identity != first.identity


def test_beyond_its_memory_it_reads_again_and_still_checks(store: Remote) -> None:
    streams = Streams(3 * CHUNK, CHUNK)
    source = sourced(streams, store)
    assert asked(source)[2] == asked(source)[2] == DATA
    assert store.read_bytes == 2 * len(DATA)
    source.settle(0)
    assert store.read_bytes == 2 * len(DATA)
    store.spoil = lambda _name, start, data: data if start != 4000 else bytes(len(data))
    with pytest.raises(StorageError, match=r"gs://bucket/a/1\.mp4 arrived damaged"), settled([source]):
        cut(source)
    store.spoil = lambda _name, _start, data: data
    with settled([source]):
        assert asked(source)[2] == DATA
    streams.close()


def cut(source: StreamedSource) -> None:
    """Ask for all of it, and see that the answer is too short."""
    with pytest.raises(http.client.IncompleteRead):
        asked(source)


def test_what_nobody_asked_for_is_checked_too(streams: Streams, store: Remote) -> None:
    store.spoil = lambda _name, start, data: data if start != 9000 else data[::-1]
    source = sourced(streams, store)
    with pytest.raises(StorageError, match="arrived damaged"), settled([source]):
        assert asked(source, "bytes=0-2000")[2] == DATA[:2001]
    store.spoil = lambda _name, _start, data: data
    with settled([source]):
        assert asked(source)[2] == DATA


@pytest.mark.parametrize("start", [0, 4000])
@pytest.mark.parametrize("fault", [StorageError("bucket is down"), InputError("no permission"), RuntimeError("a bug")])
def test_a_fault_of_the_store_is_the_jobs_own(streams: Streams, store: Remote, fault: Exception, start: int) -> None:
    def fail(_name: str, at: int, data: bytes) -> bytes:
        if at == start:
            raise fault
        return data

    store.spoil = fail
    source = sourced(streams, store)
    expected = type(fault) if isinstance(fault, TriviaError) else StorageError
    with pytest.raises(expected, match=str(fault)), settled([source]):
        read_and_fail(source, at_once=start == 0)
    store.spoil = lambda _name, _start, data: data
    with settled([source]):
        assert asked(source)[2] == DATA


def read_and_fail(source: StreamedSource, *, at_once: bool) -> None:
    """What a reader makes of it is not what is told: the source is to blame."""
    if at_once:
        assert asked(source)[0] == 503
    else:
        cut(source)
    raise ZeroDivisionError


def test_too_few_bytes_are_a_fault(streams: Streams, store: Remote) -> None:
    store.spoil = lambda _name, start, data: data if start != 4000 else data[:-1]
    source = sourced(streams, store)
    with pytest.raises(StorageError, match="999 of 1,000 bytes arrived"), settled([source]):
        cut(source)


def test_an_object_that_is_replaced_while_in_use_is_a_fault(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    assert asked(source, "bytes=0-500")[0] == 206
    with pytest.raises(StorageError, match=r"a/1\.mp4 was replaced while in use"), settled([source]):
        store.write("a/1.mp4", DATA[::-1])
    store.delete("a/1.mp4")
    with pytest.raises(StorageError, match="was replaced while in use"), settled([source]):
        assert asked(source, "bytes=5000-")[0] == 503


def test_what_was_read_stays_good_when_the_object_is_replaced(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    with settled([source]):
        assert asked(source)[2] == DATA
    store.write("a/1.mp4", b"another")
    with settled([source]):
        assert asked(source)[2] == DATA


def test_a_stop_is_told_as_a_stop(streams: Streams, store: Remote) -> None:
    source = sourced(streams, store)
    store.delete("a/1.mp4")
    with pytest.raises(Stopped), settled([source]):
        raise Stopped("now")


def test_a_file_that_is_replaced_while_in_use_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "1.mp4"
    path.write_bytes(DATA)
    source = FileSource(path)
    with settled([source]):
        assert source.read(10, 20) == DATA[10:20]
    with pytest.raises(StorageError, match="was replaced while it was in use"), settled([source]):
        path.write_bytes(DATA[::-1])
    source = FileSource(path)
    with pytest.raises(StorageError, match="was replaced while it was in use"), settled([source]):
        path.unlink()


def test_readers_are_sent_away_when_it_closes(store: Remote) -> None:
    others = set(threading.enumerate())
    streams = Streams(1 << 20, CHUNK)
    source = sourced(streams, store, bytes(50 << 20), "large")
    address = urlsplit(source.location)
    connection = http.client.HTTPConnection(address.netloc, timeout=60)
    connection.request("GET", address.path)
    answer = connection.getresponse()
    streams.close()
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        answer.read()
    connection.close()
    assert not [thread for thread in threading.enumerate() if "streams" in thread.name and thread not in others]
    with pytest.raises(ConnectionError):
        asked(source)


def test_it_ends_with_the_last_of_its_sources(store: Remote) -> None:
    source: StreamedSource | None = sourced(Streams(1 << 20, CHUNK), store)
    assert source is not None
    address = urlsplit(source.location).netloc
    gc.collect()
    assert asked(source)[0] == 200
    source = None
    gc.collect()
    with pytest.raises(ConnectionError):
        http.client.HTTPConnection(address, timeout=60).connect()


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_checksums_of_parts_make_that_of_the_whole(one: bytes, other: bytes) -> None:
    parts = joined(google_crc32c.value(one), google_crc32c.value(other), len(other))
    assert parts == google_crc32c.value(one + other)


@given(st.text(max_size=30) | st.from_regex(r"bytes=\d{0,25}-\d{0,25}(,\d*-\d*)?", fullmatch=True), st.integers(0, 99))
def test_any_range_header_asks_for_something_that_there_is_or_nothing(header: str, size: int) -> None:
    wanted = wanted_range(header, size)
    if wanted is not None:
        start, end, partial = wanted
        assert 0 <= start <= end <= size
        assert partial or (start, end) == (0, size)
