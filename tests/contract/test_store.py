"""The contract of every store, kept by a folder and by a bucket alike."""

import hashlib
import itertools
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from triviareel.errors import Conflict, InputError
from triviareel.storage import Store
from triviareel.storage.bucket import BucketStore
from triviareel.storage.folder import FolderStore

PARTS = st.text(
    st.characters(exclude_categories=("Cc", "Cs"), exclude_characters="/\\"), min_size=1, max_size=12
).filter(lambda part: not part.startswith(".") and len(part.encode()) <= 200)
NAMES = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with GcsServer(page=3) as found:
        yield found


@pytest.fixture(params=["folder", "bucket", "bucket's root"])
def store(request: pytest.FixtureRequest, tmp_path: Path, server: GcsServer) -> Store:
    if request.param == "folder":
        return FolderStore(tmp_path / "root")
    bucket = f"b{next(NUMBERS)}"
    server.make_bucket(bucket)
    return bucket_store(server, bucket, "" if request.param == "bucket's root" else "some/prefix")


def names(store: Store, prefix: str = "") -> list[str]:
    return [stat.name for stat in store.list(prefix)]


def test_what_is_written_is_read_back_and_described(store: Store) -> None:
    written = store.write("a/b.txt", b"hello")
    assert store.read("a/b.txt") == b"hello"
    assert written.sha256 == store.sha256("a/b.txt") == hashlib.sha256(b"hello").hexdigest()
    found = store.stat("a/b.txt")
    assert found is not None
    assert (found.name, found.uri) == ("a/b.txt", store.uri("a/b.txt"))
    assert (found.size, found.generation) == (5, written.generation)
    second = timedelta(seconds=1)  # answers of a server tell whole ones
    assert written.updated <= found.updated <= store.now() + second  # a file's time changes once more with its name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(name=NAMES, data=st.binary(max_size=300), start=st.integers(0, 320), length=st.integers(-3, 320))
def test_any_name_keeps_any_bytes_and_any_part_of_them_can_be_read(
    store: Store, name: str, data: bytes, start: int, length: int
) -> None:
    name = f"{next(NUMBERS)}/{unicodedata.normalize('NFC', name)}"
    written = store.write(name, data, expect=0)
    assert store.read(name) == data
    assert store.read(name, start, start + length, written.generation) == data[start : max(start, start + length)]
    assert store.read(name, start) == data[start:]
    assert name in names(store, name.split("/")[0])


@pytest.mark.parametrize("name", ["", "/a", "a//b", "../a", "a/..", ".hidden", "a/.b", "a\\b", "a\nb", "x" * 201])
def test_names_that_could_lead_out_are_refused_by_every_method(store: Store, name: str, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"")
    for act in (
        lambda: store.uri(name),
        lambda: store.stat(name),
        lambda: store.read(name),
        lambda: store.sha256(name),
        lambda: store.write(name, b""),
        lambda: store.commit(name, tmp_path / "f"),
        lambda: store.delete(name),
    ):
        with pytest.raises(InputError, match="name '"):
            act()
    if name:
        with pytest.raises(InputError, match="name '"):
            list(store.list(name))


def test_what_is_not_there_is_none_to_stat_and_an_error_to_read(store: Store) -> None:
    assert store.stat("a/b") is None
    assert names(store) == names(store, "a") == []
    store.delete("a/b")
    for act in (lambda: store.read("a/b"), lambda: store.read("a/b", 3, 3), lambda: store.sha256("a/b")):
        with pytest.raises(InputError, match="does not exist"):
            act()


def test_a_version_that_is_gone_cannot_be_read(store: Store) -> None:
    first = store.write("a", b"0123456789")
    assert store.read("a", 2, 5, first.generation) == b"234"
    store.write("a", b"changed")
    for start, end in ((0, None), (0, 3), (2, 2)):
        with pytest.raises(InputError, match="was replaced while it was in use"):
            store.read("a", start, end, first.generation)
    store.delete("a")
    with pytest.raises(InputError, match="does not exist"):
        store.read("a", 0, 3, first.generation)


def test_generations_rise_with_every_write_even_of_a_name_that_was_removed(store: Store) -> None:
    found = [store.write("a", bytes([n])).generation for n in range(3)]
    store.delete("a")
    found.append(store.write("a", b"").generation)
    assert found == sorted(set(found))
    assert found[0] > 0


def test_only_what_is_expected_is_replaced(store: Store) -> None:
    first = store.write("a", b"1", expect=0)
    with pytest.raises(Conflict):
        store.write("a", b"2", expect=0)
    assert store.read("a") == b"1"
    second = store.write("a", b"2", expect=first.generation)
    assert second.generation > first.generation
    with pytest.raises(Conflict):
        store.write("a", b"3", expect=first.generation)
    with pytest.raises(Conflict):
        store.write("none", b"3", expect=first.generation)
    assert store.read("a") == b"2"
    assert store.stat("none") is None
    assert store.write("a", b"4").generation > second.generation


def test_only_what_is_expected_is_removed(store: Store) -> None:
    old = store.write("a", b"1")
    new = store.write("a", b"2")
    with pytest.raises(Conflict):
        store.delete("a", expect=old.generation)
    store.delete("a", expect=new.generation)
    store.delete("a", expect=new.generation)
    assert store.stat("a") is None


def test_of_many_writers_at_once_exactly_one_creates(store: Store) -> None:
    def create(number: int) -> bool:
        try:
            store.write("a", str(number).encode(), expect=0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(32))) == 1
    assert names(store) == ["a"]


def test_increments_by_compare_and_swap_lose_nothing(store: Store) -> None:
    store.write("n", b"0")

    def increment(_: int) -> None:
        while True:
            found = store.stat("n")
            assert found
            try:
                value = int(store.read("n", generation=found.generation))
                store.write("n", str(value + 1).encode(), expect=found.generation)
            except (Conflict, InputError):
                continue
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(increment, range(24)))
    assert store.read("n") == b"24"


def test_writers_that_expect_nothing_all_get_through(store: Store) -> None:
    with ThreadPoolExecutor(6) as pool:
        written = list(pool.map(lambda n: store.write("a", bytes([n])).generation, range(12)))
    assert len(set(written)) == 12
    found = store.stat("a")
    assert found is not None
    assert found.generation == max(written)


@pytest.mark.parametrize("size", [0, 5, 9_000_000])
def test_commit_makes_an_object_of_a_file_and_uses_it_up(store: Store, tmp_path: Path, size: int) -> None:
    data = b"0123456789abcdef" * (size // 16) + b"x" * (size % 16)
    with store.scratch() as scratch:
        inside = scratch.file("v")
        inside.write_bytes(data)
        made = store.commit("final/v.mp4", inside, expect=0, labels={"render-key": "k"})
    outside = tmp_path / "outside"
    outside.write_bytes(data)
    store.commit("final/w.mp4", outside)
    assert not outside.exists()
    assert (made.size, made.sha256) == (size, hashlib.sha256(data).hexdigest())
    assert store.read("final/v.mp4") == store.read("final/w.mp4") == data
    assert names(store) == ["final/v.mp4", "final/w.mp4"]
    if isinstance(store, BucketStore):
        found = store.stat("final/v.mp4")
        assert found == made
        assert found.labels == {"render-key": "k"}


def test_a_refused_commit_keeps_what_is_there_and_the_file(store: Store, tmp_path: Path) -> None:
    store.write("v", b"old")
    (tmp_path / "new").write_bytes(b"new" * 3_000_000)
    with pytest.raises(Conflict):
        store.commit("v", tmp_path / "new", expect=0)
    assert store.read("v") == b"old"
    assert names(store) == ["v"]


def test_lists_are_in_order_of_names_and_leave_out_what_is_hidden(store: Store, server: GcsServer) -> None:
    wanted = ["a-b/1", "a/1", "a/10", "a/2", "a/b/c", "ab/1", "z/é", "z/ü", "z/中"]
    for name in reversed(wanted):
        store.write(name, b"")
    if isinstance(store, FolderStore):
        (store.root / "a" / ".tmp-x").write_bytes(b"")
    else:
        bucket, _, prefix = store.uri("a").removeprefix("gs://").partition("/")
        for odd in (f"{prefix}/.tmp-x", f"{prefix}/", f"{prefix}//x"):
            server.put(odd, b"", bucket)
    assert names(store) == wanted
    assert names(store, "a") == ["a/1", "a/10", "a/2", "a/b/c"]
    assert names(store, "a/1") == []
    assert [stat.name for stat in store.list("a", "1")] == ["a/1", "a/10"]
    assert [stat.name for stat in store.list("", "a")] == ["a-b/1", "a/1", "a/10", "a/2", "a/b/c", "ab/1"]
    assert list(store.list("a", "c")) == []


def test_times_are_the_stores_own(store: Store) -> None:
    before = store.now()
    written = store.write("a", b"1")
    after = store.now()
    assert before.tzinfo is not None
    second = timedelta(seconds=1)  # answers of a server tell whole ones
    assert before - second <= written.updated <= after + second
    assert before <= after


def test_only_what_lies_in_files_has_a_path(store: Store) -> None:
    store.write("a/b", b"hello")
    path = store.local("a/b")
    assert path is None if isinstance(store, BucketStore) else path is not None and path.read_bytes() == b"hello"


def test_stores_beside_each_other_do_not_see_each_other(store: Store, server: GcsServer, tmp_path: Path) -> None:
    if isinstance(store, FolderStore):
        other: Store = FolderStore(tmp_path / "root2")
    else:
        server.make_bucket("other")
        other = bucket_store(server, "other", "some/prefix2")
    store.write("a", b"1")
    assert names(other) == []
    assert other.stat("a") is None
