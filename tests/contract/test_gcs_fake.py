"""The fake itself: that it keeps and answers what Cloud Storage does."""

from collections.abc import Iterator

import pytest
import requests
from google.api_core import exceptions

from tests.contract.clients import begun, bucket_of, chunk, put
from tests.fakes.gcs import GcsServer
from tests.fakes.gcs.objects import crc32c


@pytest.fixture
def server() -> Iterator[GcsServer]:
    with GcsServer(page=2) as found:
        yield found


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
