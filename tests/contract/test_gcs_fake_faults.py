"""The fake bucket's faults and journal, also from another process."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from google.api_core import exceptions

from tests.contract.clients import begun, bucket_of, chunk, put
from tests.fakes.gcs import GcsServer, Remote
from tests.fakes.gcs.faults import Script


@pytest.fixture
def server() -> Iterator[GcsServer]:
    with GcsServer(page=2) as found:
        yield found


def test_faults_are_what_they_are_called(server: GcsServer) -> None:
    server.put("o", b"0123456789")
    where = f"{server.url}/storage/v1/b/b/o/o?alt=media"

    def get(timeout_s: float = 60) -> bytes:
        return bytes(requests.get(where, timeout=timeout_s).content)

    for fault, error in (("reset", requests.ConnectionError), ("lost", requests.ConnectionError),
                         ("cut@3", requests.exceptions.ChunkedEncodingError)):  # fmt: skip
        server.faults(f"read:{fault}")
        with pytest.raises(error):
            get()
    server.faults("read:stall")
    with pytest.raises(requests.Timeout):
        get(0.3)
    assert stalled(server, where, 3) == b"012"
    server.faults("corrupt@0")
    assert get() == b"\xcf123456789"
    server.faults("429")
    assert requests.get(where, timeout=60).json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
    server.assert_all_met()
    server.faults("read:503", on="other")
    assert get() == b"0123456789"
    with pytest.raises(AssertionError, match="read:503"):
        server.assert_all_met()


def stalled(server: GcsServer, where: str, at: int) -> bytes:
    """What comes of an object before its answer stalls; its head may take as long as it likes."""
    server.faults(f"read:stall@{at}")
    place = urlsplit(where)
    with closing(HTTPConnection(place.hostname or "", place.port, timeout=60)) as connection:
        connection.request("GET", f"{place.path}?{place.query}")
        answer = connection.getresponse()
        found = answer.read(at)
        connection.sock.settimeout(0.3)
        with pytest.raises(TimeoutError):
            answer.read(1)
    return found


def test_a_lost_write_stands_and_one_that_was_reset_does_not(server: GcsServer) -> None:
    for fault, there in (("lost", ["o"]), ("cut", ["o"]), ("reset", []), ("cut-upload@5", []), ("503", [])):
        server.faults(f"write:{fault}")
        with pytest.raises((requests.RequestException, exceptions.ServiceUnavailable, ConnectionError)):
            put(bucket_of(server.url), "o", b"1")
        assert list(server.objects()) == there
        if there:
            bucket_of(server.url).blob("o").delete()


def test_uploads_stand_in_the_journal_by_name_and_can_be_aimed_at(server: GcsServer) -> None:
    server.faults("write:503", on="aimed at \u00e9")
    put(bucket_of(server.url), "another", b"1")
    with pytest.raises(exceptions.ServiceUnavailable):
        put(bucket_of(server.url), "aimed at \u00e9", b"1")
    chunk(begun(server, name="in chunks"), b"1", "bytes 0-0/1")
    assert [(call.operation, call.name) for call in server.journal] == [
        ("write", "another"), ("write", "aimed at \u00e9"), ("begin", "in chunks"), ("chunk", "in chunks"),
    ]  # fmt: skip


def test_faults_at_random_are_the_same_with_the_same_seed() -> None:
    def drawn(seed: int) -> list[str]:
        script = Script()
        script.at_random(0.3, seed, ["503", "lost", "partial"])
        return [str(script.next("write", "o") or "") for _ in range(60)]

    assert drawn(1) == drawn(1) != drawn(2)
    assert set(drawn(1)) == {"", "503", "lost"}  # a write has no chunks
    for text in ("nothing", "read:nothing", "sing:503", "503@x", "999"):
        with pytest.raises(ValueError, match="unknown"):
            Script().add(text)


def test_as_a_process_it_outlives_its_clients_and_is_driven_from_others(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "file").write_bytes(b"from a folder")
    command = [sys.executable, "-m", "tests.fakes.gcs", "--port", "0", "--bucket", "b", "--folder", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            url = process.stdout.readline().strip().partition("=")[2]
            remote = Remote(url)
            assert remote.read("sub/file") == b"from a folder"
            client = subprocess.Popen(
                [sys.executable, "-c", KILLED], env={**os.environ, "STORAGE_EMULATOR_HOST": url}, cwd=Path.cwd()
            )
            client.wait()
            assert client.returncode == -signal.SIGKILL
            assert list(remote.objects()) == ["sub/file"]
            remote.faults("stat:503")
            with pytest.raises(AssertionError, match="stat:503"):
                remote.assert_all_met()
            with pytest.raises(exceptions.ServiceUnavailable):
                bucket_of(url).blob("sub/file").reload(retry=None)
            remote.assert_all_met()
            remote.random_faults(1, 0, ["503"])
            with pytest.raises(exceptions.ServiceUnavailable):
                bucket_of(url).blob("sub/file").reload(retry=None)
            remote.clear_faults()
            remote.make_bucket("c", "forbidden")
            remote.set_clock(10)
            assert remote.put("x", b"1") == int(remote.objects()["x"]["generation"])
            assert [call.fault for call in remote.journal if call.operation == "stat"] == ["stat:503", "503"]
            assert [commit.name for commit in remote.commits] == ["sub/file", "x"]
        finally:
            process.terminate()


KILLED = """
import io, os, signal
from google.cloud.storage import Client

class Dying(io.BytesIO):
    def read(self, size=-1):
        if self.tell() > 2**20:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().read(size)

blob = Client(project="p").bucket("b").blob("half", chunk_size=2**18)
blob.upload_from_file(Dying(bytes(20 * 2**20)), size=20 * 2**20)
"""


def test_head_and_tail_of_a_broken_request_leave_the_server_whole(server: GcsServer) -> None:
    where = urlsplit(server.url)
    broken = HTTPConnection(where.hostname or "", where.port)
    broken.putrequest("POST", "/upload/storage/v1/b/b/o?uploadType=media&name=o")
    broken.putheader("Content-Length", "100")
    broken.endheaders(b"ten bytes ")
    broken.close()
    assert server.objects() == {}
    assert put(bucket_of(server.url), "o", b"1") > 0
