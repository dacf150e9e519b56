"""Who may use a bucket, where it is reached, whose clock counts, and what is told of it."""

import json
import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from google.oauth2.credentials import Credentials

from tests.contract.stores import BRIEF, IMPATIENT, LARGE, bucket_store
from tests.fakes.gcs import GcsServer
from triviareel import ending
from triviareel.errors import InputError, Stopped, StorageError, TriviaError
from triviareel.storage import locate, open_store
from triviareel.storage.bucket import BucketStore
from triviareel.storage.bucket_service import Access, Clock, service

PLACES = {
    "forbidden": (InputError, r"no permission storage\.objects\.get; grant the account roles/storage\.objectUser"),
    "anonymous": (InputError, "does not know who asks; log in"),
    "requester-pays": (InputError, "set TRIVIAREEL_BILLING_PROJECT"),
    "policy": (InputError, "may not be used from here .*region and organisation"),
    "region": (InputError, "may not be used from here .*resourceLocations.*region and organisation"),
    "project": (InputError, "project to be billed cannot be .*set GOOGLE_CLOUD_PROJECT"),
    "missing": (InputError, "no such bucket; check the spelling, or make it: gcloud storage buckets create gs://"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with GcsServer(page=2) as found:
        yield found


@pytest.mark.parametrize("refusal", PLACES)
def test_a_bucket_that_cannot_be_used_is_told_in_one_line_with_the_mend(server: GcsServer, refusal: str) -> None:
    bucket = f"p-{refusal}"
    if refusal != "missing":
        server.make_bucket(bucket, refusal)
    store = bucket_store(server, bucket)
    kind, words = PLACES[refusal]
    acts = (lambda: store.stat("a"), lambda: store.read("a"), lambda: list(store.list()), lambda: store.delete("a"))
    for act in acts:
        with pytest.raises(kind, match=words) as caught:
            act()
        assert f"gs://{bucket}" in str(caught.value)
        assert "\n" not in str(caught.value)
    with pytest.raises(kind):
        store.write("a", b"", expect=0)
    assert len([call for call in server.journal if call.bucket == bucket]) == len(acts) + 1


def test_a_bucket_to_be_read_only_says_what_is_missing(server: GcsServer) -> None:
    server.make_bucket("ro", "read-only")
    store = bucket_store(server, "ro")
    assert store.stat("a") is None
    with pytest.raises(InputError, match=r"no permission storage\.objects\.create"):
        store.write("a", b"")


def test_the_project_that_pays_is_named_in_every_request(server: GcsServer, tmp_path: Path) -> None:
    server.make_bucket("paid", "requester-pays")
    store = bucket_store(server, "paid", billing_project="payer")
    store.write("a", b"1")
    (tmp_path / "f").write_bytes(LARGE)
    store.commit("b", tmp_path / "f")
    store.read("a")
    store.delete("a")
    assert [stat.name for stat in store.list()] == ["b"]
    calls = [call for call in server.journal if call.bucket == "paid" and call.operation != "chunk"]
    assert {call.query.get("userProject") for call in calls} == {"payer"}


@pytest.mark.parametrize("host", ["http://127.0.0.1:9", "127.0.0.1:9", "https://127.0.0.1:9"])
def test_a_service_that_cannot_be_reached_is_given_up_soon(host: str) -> None:
    patience = replace(IMPATIENT, stranger_s=0.1, in_all_s=60)
    store = BucketStore("b", "", Access(host, patience=patience))
    check = "the network" if host.startswith("https") else "STORAGE_EMULATOR_HOST"
    with pytest.raises(StorageError, match=rf"127\.0\.0\.1:9 could not be reached.*; check {check},"):
        store.stat("a")


def test_an_address_that_is_none_and_credentials_that_are_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InputError, match="the bucket's name is missing"):
        open_store("gs:///jobs")
    with pytest.raises(InputError, match="STORAGE_EMULATOR_HOST"):
        BucketStore("b", "", Access("http://:x:y")).stat("a")
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    with pytest.raises(InputError, match="no Google Cloud credentials; log in") as caught:
        open_store("gs://b").stat("a")
    assert "\n" not in str(caught.value)
    (tmp_path / "empty.json").write_text("{}")
    (tmp_path / "text.json").write_text("a key")
    (tmp_path / "folder.json").mkdir()
    for name in ("none.json", "empty.json", "text.json", "folder.json"):
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / name))
        with pytest.raises(InputError, match=rf"^gs://c: there are no Google Cloud credentials \(.*{name}.*; log in"):
            open_store("gs://c").stat("a")


def test_places_are_opened_by_their_uris(server: GcsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    store, name = locate("gs://b/by/uri/q.csv")
    assert store.write(name, b"x").uri == "gs://b/by/uri/q.csv"
    store, name = locate("GS://b/q.csv")
    assert store.write(name, b"x").uri == "gs://b/q.csv"
    assert server.read("by/uri/q.csv") == server.read("q.csv") == b"x"
    for uri in ("gs://b", "gs://b/", "gs://b/sub/"):
        with pytest.raises(InputError, match="names a folder"):
            locate(uri)


def test_the_services_clock_counts_not_this_machines(server: GcsServer) -> None:
    day = 86_400.0
    try:
        for offset in (day, -day):
            server.set_clock(offset)
            store = bucket_store(server, patience=replace(IMPATIENT, in_all_s=86_400 + 7 + offset))
            before = time.time() + offset
            written = store.write("clock", b"")
            told = store.now()
            assert written.updated - timedelta(seconds=1) <= told  # answers tell whole seconds
            assert before - 1 <= told.timestamp() <= time.time() + offset
    finally:
        server.set_clock(0)


def test_the_clock_is_set_anew_when_the_services_was(monkeypatch: pytest.MonkeyPatch) -> None:
    class Answer:
        def __init__(self, date: str) -> None:
            self.headers = {"Date": date}

    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    clock = Clock()
    for date, second in (("10", 10), ("11", 11), ("10", 11), ("40", 40), ("20", 20), ("x", 20)):
        clock.see(Answer(f"Sun, 22 Nov 2026 12:00:{date} GMT"))
        assert clock.now().second == second


def test_a_child_process_makes_a_connection_of_its_own(server: GcsServer, monkeypatch: pytest.MonkeyPatch) -> None:
    access = Access(server.url, patience=IMPATIENT)
    mine = service(access, "gs://b")
    assert service(Access(server.url, patience=IMPATIENT), "gs://b") is mine
    monkeypatch.setattr("os.getpid", lambda: 1)
    assert service(access, "gs://b") is not mine


def test_whoever_is_told_to_stop_leaves_between_two_tries(server: GcsServer, tmp_path: Path) -> None:
    store = bucket_store(
        server, patience=replace(IMPATIENT, first_wait_s=30, longest_wait_s=30, in_all_s=60, stranger_s=60)
    )
    (tmp_path / "f").write_bytes(LARGE)
    for script, act in (
        ("stat:503", lambda: store.stat("a")),
        ("chunk:503", lambda: store.commit("a", tmp_path / "f")),
    ):
        raised: list[BaseException] = []

        def work(act: Callable[[], object] = act, raised: list[BaseException] = raised) -> None:
            try:
                act()
            except Stopped as error:
                raised.append(error)

        server.faults(script)
        with ending.stoppable() as stop:
            thread = threading.Thread(target=work)
            thread.start()
            while server.script.unmet():
                time.sleep(0.005)
            stop.set()
            thread.join(timeout=14)  # the wait between two tries is 15 s at least
            assert not thread.is_alive()
            assert "a" in str(raised[0])
            store.write("cleaning-up", b"")  # a claim can still be given back


def test_no_token_and_no_uploads_address_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    token = "ya29.canary-of-a-token"  # noqa: S105 - a canary
    caplog.set_level(logging.DEBUG)
    logging.getLogger("google").setLevel(logging.DEBUG)
    told: list[str] = []
    with GcsServer(token=token) as guarded:
        store = bucket_store(guarded, credentials=Credentials(token))  # type: ignore[no-untyped-call]
        stranger = bucket_store(guarded, patience=BRIEF, credentials=Credentials("ya29.canary-of-another"))  # type: ignore[no-untyped-call]
        file = tmp_path / "file"
        file.write_bytes(LARGE)
        store.commit("fine", file)
        for fault in ("chunk:403", "chunk:reset", "chunk:stall", "chunk:cut", "chunk:503", "read:401", "stat:403"):
            file.write_bytes(LARGE)
            guarded.faults(fault, always=True)
            slow = replace(store._access, patience=replace(BRIEF, in_all_s=0.05))
            for broken in (BucketStore("b", "x", slow), stranger):
                for act in (partial(broken.commit, "o", file), partial(broken.read, "o")):
                    try:
                        act()
                    except TriviaError as error:
                        told.append("".join(traceback.format_exception(error)) + repr(error.__context__) + repr(error))
            guarded.clear_faults()
        told.append(repr(store._access) + repr(stranger.__dict__))
        assert any(call.authorised for call in guarded.journal)
        secrets = guarded.api.secrets()
    logged = "\n".join(
        record.getMessage() + json.dumps(record.__dict__, default=str, ensure_ascii=False) for record in caplog.records
    )
    everything = "\n".join([*told, logged])
    assert len(told) > 10
    assert "upload_id=…" in everything  # addresses are logged, without their secrets
    assert "canary" not in everything
    assert len(secrets) > 5
    assert not [secret for secret in secrets if secret in everything]
