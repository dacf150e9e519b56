"""The fake itself: that it keeps what Cloud Storage keeps, and that its faults are what they are called."""

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
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Bucket, Client

from tests.fakes.gcs import GcsServer, Remote
from tests.fakes.gcs.faults import Script
from tests.fakes.gcs.objects import crc32c


@pytest.fixture
def server() -> Iterator[GcsServer]:
    with GcsServer(page=2) as found:
        yield found


def bucket_of(url: str) -> Bucket:
    """The real client's, which tries once."""
    client = Client("p", AnonymousCredentials(), client_options={"api_endpoint": url})  # type: ignore[no-untyped-call]
    client._bucket_metadata_cache = None
    return client.bucket("b")


def put(bucket: Bucket, name: str, data: bytes, **given: int) -> int:
    blob = bucket.blob(name)
    blob.upload_from_string(data, retry=None, **given)
    generation: int = blob.generation
    return generation


def test_generations_rise_and_preconditions_hold_for_every_verb(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    first = put(bucket, "o", b"1", if_generation_match=0)
    second = put(bucket, "o", b"2", if_generation_match=first)
    assert second > first
    blob = bucket.blob("o")
    for act in (
        lambda: put(bucket, "o", b"3", if_generation_match=first),
        lambda: put(bucket, "o", b"3", if_generation_match=0),
        lambda: blob.delete(if_generation_match=first, retry=None),
        lambda: blob.reload(if_generation_match=first, retry=None),
        lambda: blob.download_as_bytes(if_generation_match=first, retry=None),
        lambda: blob.patch(if_metageneration_match=7, retry=None),
        lambda: bucket.blob("c").compose([blob], if_source_generation_match=[first], retry=None),
        lambda: bucket.blob("o").compose([blob], if_generation_match=0, retry=None),
    ):
        with pytest.raises(exceptions.PreconditionFailed):
            act()
    with pytest.raises(exceptions.NotFound):
        bucket.blob("o", generation=first).download_as_bytes()
    assert bucket.blob("o", generation=second).download_as_bytes() == b"2"
    assert [(commit.kind, commit.generation) for commit in server.commits] == [("write", first), ("write", second)]


def test_what_the_client_knows_is_not_read_again_and_not_replaced(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    known = put(bucket, "o", b"1")
    blob = bucket.blob("o")
    for read in (blob.reload, blob.download_as_bytes):
        with pytest.raises(exceptions.NotModified):
            read(if_generation_not_match=known, retry=None)
    for write in (lambda: put(bucket, "o", b"2", if_generation_not_match=known),
                  lambda: blob.delete(if_generation_not_match=known, retry=None)):  # fmt: skip
        with pytest.raises(exceptions.PreconditionFailed):
            write()
    assert server.read("o") == b"1"


def test_a_version_that_was_looked_at_is_the_one_that_is_read(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    put(bucket, "a/\u00e9 ?", b"1")
    blob = bucket.get_blob("a/\u00e9 ?")
    assert blob.download_as_bytes() == b"1"
    put(bucket, "a/\u00e9 ?", b"2")
    with pytest.raises(exceptions.NotFound):
        blob.download_as_bytes()


def test_errors_of_downloads_are_plain_texts_and_others_are_json(server: GcsServer) -> None:
    found = requests.get(f"{server.url}/download/storage/v1/b/b/o/none?alt=media", timeout=60)
    assert (found.status_code, found.text) == (404, "No such object: b/none")
    assert found.headers["Content-Type"].startswith("text/html")
    about = requests.get(f"{server.url}/storage/v1/b/b/o/none", timeout=60)
    assert about.json()["error"] == {
        "code": 404, "message": "No such object: b/none",
        "errors": [{"message": "No such object: b/none", "domain": "global", "reason": "notFound"}],
    }  # fmt: skip


def test_metadata_changes_without_a_new_generation(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    generation = put(bucket, "o", b"1")
    blob = bucket.get_blob("o")
    blob.metadata = {"a": "1", "b": "2"}
    blob.patch(retry=None)
    blob.metadata = {"a": "1", "b": None}
    blob.patch(if_metageneration_match=2, retry=None)
    found = bucket.get_blob("o")
    assert (found.metadata, found.metageneration, found.generation) == ({"a": "1"}, 3, generation)


def test_ranges_and_what_lies_behind_the_end(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    put(bucket, "o", b"0123456789")
    blob = bucket.blob("o")
    assert blob.download_as_bytes(start=2, end=4) == b"234"
    assert blob.download_as_bytes(start=8) == b"89"
    assert blob.download_as_bytes(start=8, end=99) == b"89"
    with pytest.raises(exceptions.RequestRangeNotSatisfiable):
        blob.download_as_bytes(start=10)
    assert [call.range for call in server.journal if call.operation == "read"] == [
        "bytes=2-4", "bytes=8-", "bytes=8-99", "bytes=10-",
    ]  # fmt: skip
    assert [call.sent for call in server.journal if call.operation == "read"][:3] == [3, 2, 2]


def test_lists_come_in_pages_in_order_and_fold_at_a_delimiter(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    for name in ("b/2", "a", "b/1", "c/d/e", "é", "z"):
        server.put(name, b"")
    found = bucket.client.list_blobs(bucket)
    assert [blob.name for blob in found] == ["a", "b/1", "b/2", "c/d/e", "z", "é"]
    assert len([call for call in server.journal if call.operation == "list"]) == 3
    folded = bucket.client.list_blobs(bucket, delimiter="/")
    assert ([blob.name for blob in folded], folded.prefixes) == (["a", "z", "é"], {"b/", "c/"})
    assert [blob.name for blob in bucket.client.list_blobs(bucket, prefix="b/")] == ["b/1", "b/2"]


def test_a_list_has_the_fields_that_are_asked_for_and_no_others(server: GcsServer) -> None:
    for name in ("a", "b", "c"):
        server.put(name, b"1")
    found = list(bucket_of(server.url).client.list_blobs("b", fields="items(name,size),nextPageToken"))
    assert [(blob.name, blob.size, blob.generation) for blob in found] == [(name, 1, None) for name in "abc"]
    assert len(list(bucket_of(server.url).client.list_blobs("b", fields="items(name)"))) == 2  # a page, and no token


def test_composed_objects_have_no_md5_and_the_sum_of_their_parts(server: GcsServer) -> None:
    bucket = bucket_of(server.url)
    put(bucket, "1", b"12")
    put(bucket, "2", b"34")
    made = bucket.blob("c")
    made.compose([bucket.blob("1"), bucket.blob("2")])
    found = bucket.get_blob("c")
    assert (found.component_count, found.md5_hash, found.crc32c) == (2, None, crc32c(b"1234"))


def test_a_wrong_checksum_is_refused_and_nothing_is_seen(server: GcsServer) -> None:
    blob = bucket_of(server.url).blob("o")
    blob.crc32c = crc32c(b"another")
    with pytest.raises(exceptions.BadRequest, match="calculated CRC32C"):
        blob.upload_from_string(b"1", checksum=None)
    assert server.objects() == {}


def begun(server: GcsServer, **query: str) -> str:
    where = f"{server.url}/upload/storage/v1/b/b/o"
    answer = requests.post(where, params={"uploadType": "resumable", "name": "o", **query}, json={}, timeout=60)
    return str(answer.headers["Location"])


def chunk(url: str, data: bytes, where: str, **headers: str) -> requests.Response:
    return requests.put(url, data=data, headers={"Content-Range": where, **headers}, timeout=60)


def test_an_upload_in_chunks_is_seen_when_it_is_whole_and_not_before(server: GcsServer) -> None:
    url = begun(server)
    assert "Range" not in chunk(url, b"", "bytes */6").headers
    assert chunk(url, b"012", "bytes 0-2/*").status_code == 308
    assert chunk(url, b"", "bytes */6").headers["Range"] == "bytes=0-2"
    assert chunk(url, b"9", "bytes 5-5/6").status_code == 503  # bytes are missing before it
    assert server.objects() == {}
    assert chunk(url, b"1234", "bytes 1-4/6").headers["Range"] == "bytes=0-4"  # what is there already is skipped
    assert chunk(url, b"5", "bytes 5-5/6", **{"X-Goog-Hash": f"crc32c={crc32c(b'no')}"}).status_code == 400
    assert server.objects() == {}
    assert chunk(url, b"", "bytes */6").json()["size"] == "6"
    assert server.read("o") == b"012345"
    assert chunk(url, b"", "bytes */6").json()["generation"] == server.objects()["o"]["generation"]
    assert chunk(url.replace("upload_id=", "upload_id=x"), b"", "bytes */6").status_code == 404


def test_an_uploads_precondition_is_asked_for_at_its_end(server: GcsServer) -> None:
    url = begun(server, ifGenerationMatch="0")
    server.put("o", b"another's")
    assert chunk(url, b"mine", "bytes 0-3/4").status_code == 412
    assert server.read("o") == b"another's"


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


def test_buckets_say_who_may_not_use_them(server: GcsServer) -> None:
    for refusal, status in (("forbidden", 403), ("anonymous", 401), ("requester-pays", 400), ("policy", 403)):
        server.make_bucket("other", refusal)
        assert requests.get(f"{server.url}/storage/v1/b/other/o", timeout=60).status_code == status
    paid = requests.get(f"{server.url}/storage/v1/b/none/o", params={"userProject": "p"}, timeout=60)
    assert paid.json()["error"]["message"] == "The specified bucket does not exist."


def test_the_clock_is_the_services(server: GcsServer) -> None:
    server.set_clock(-86_400)
    put(bucket_of(server.url), "o", b"1")
    made = bucket_of(server.url).get_blob("o")
    server.set_clock(0)
    put(bucket_of(server.url), "p", b"1")
    assert 86_000 < (bucket_of(server.url).get_blob("p").updated - made.updated).total_seconds() < 87_000


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
