"""Every operation of a bucket against every fault that can befall it: the end is right, and a refusal is final."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import google_crc32c
import pytest
from _pytest.outcomes import Failed

from tests.contract.stores import BRIEF, IMPATIENT, LARGE, bucket_store
from tests.fakes.gcs import GcsServer
from tests.fakes.gcs.faults import possible
from triviareel.errors import Conflict, InputError, StorageError, TriviaError
from triviareel.storage.bucket import BucketStore
from triviareel.storage.bucket_service import service

KINDS = (
    "429", "503", "reset", "stall", "stall@10", "lost", "cut", "cut@0", "corrupt", "cut-upload", "corrupt-upload@700",
    "partial", "partial@0", "partial@1000",
)  # fmt: skip
REFUSALS = ("400", "401", "403")

OLD = b"what was there before"
NEW = bytes(range(256)) * 8


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with GcsServer(page=2) as found:
        yield found


@dataclass(frozen=True)
class Operation:
    """Something that a store does, and how to tell that it was done."""

    name: str
    requests: tuple[str, ...]
    """The kinds of request that it makes, in order; faults are put into each of them."""
    act: Callable[[BucketStore, Path], object]
    answer: object
    after: bytes | None = OLD
    """What is in the object then; None for no object."""
    before: bytes | None = OLD
    writes: int = 0
    """How many new generations there are then."""


def in_parts(store: BucketStore, _: Path) -> bytes:
    """A whole object in parts, as ffmpeg reads it: a part has no checksum, so all of them are held to the object's."""
    found = store.stat("o")
    assert found
    for _attempt in range(4):
        data = b"".join(store.read("o", at, at + 8, found.generation) for at in range(0, found.size, 8))
        if base64.b64encode(google_crc32c.value(data).to_bytes(4, "big")).decode() == found.crc32c:
            return data
    raise AssertionError("the parts never were right")


def commit(data: bytes, expect: int | None) -> Callable[[BucketStore, Path], object]:
    def act(store: BucketStore, folder: Path) -> object:
        file = folder / "file"
        file.write_bytes(data)
        return store.commit("o", file, expect, {"render-key": "k"}).labels

    return act


def generation(store: BucketStore) -> int:
    found = store.stat("o")
    assert found
    return found.generation


OPERATIONS = (
    Operation("stat", ("stat",), lambda store, _: store.stat("o") is not None, True),
    Operation("read", ("read",), lambda store, _: store.read("o"), OLD),
    Operation("ranged read", ("stat", "read"), in_parts, OLD),
    Operation("digest of another's object", ("stat", "read"), lambda store, _: len(store.sha256("o")), 64),
    Operation("create", ("write",), lambda store, _: store.write("o", NEW, 0).size, len(NEW), NEW, None, 1),
    Operation(
        "replace one generation", ("write",),
        lambda store, _: store.write("o", NEW, generation(store)).size, len(NEW), NEW, writes=1,
    ),
    Operation(
        "replace whatever is there", ("stat", "write"),
        lambda store, _: store.write("o", NEW).size, len(NEW), NEW, writes=1,
    ),
    Operation("commit", ("write",), commit(NEW, 0), {"render-key": "k"}, NEW, None, 1),
    Operation(
        "commit in chunks", ("begin", "chunk", "second chunk", "last chunk"),
        commit(LARGE, 0), {"render-key": "k"}, LARGE, None, 1,
    ),
    Operation(
        "list", ("list", "second list"),
        lambda store, _: [stat.name for stat in store.list()], ["a", "b", "c", "o"],
    ),
    Operation("delete one generation", ("delete",), lambda s, _: s.delete("o", generation(s)), None, None),
    Operation("delete whatever is there", ("stat", "delete"), lambda s, _: s.delete("o"), None, None),
    Operation("now", ("stat",), lambda store, _: store.now().year > 2000, True),
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One fault in one place, once or thrice in a row."""

    operation: Operation
    request: str
    kind: str
    times: int = 1

    def script(self) -> list[str]:
        """As the fake takes it."""
        kind = self.request.split()[-1]
        skipped = {"second": 1, "last": 2}.get(self.request.split()[0], 0)
        return [f"{kind}:ok"] * skipped + [f"{kind}:{self.kind}"] * self.times

    def __str__(self) -> str:
        return f"{self.operation.name}, {self.request}: {self.kind} × {self.times}"


def cases(kinds: tuple[str, ...], times: tuple[int, ...]) -> list[Case]:
    return [
        Case(operation, request, kind, count)
        for operation in OPERATIONS
        for request, kind, count in product(operation.requests, kinds, times)
        if possible(kind, request.split()[-1])
    ]


class Bench:
    """A server and a store for one case."""

    def __init__(self, server: GcsServer, case: Case, folder: Path) -> None:
        self.server = server
        self.case = case
        self.folder = folder
        for name in ("a", "b", "c") if case.operation.name == "list" else ():
            server.put(f"some/prefix/{name}", b"")
        if case.operation.before is not None:
            server.put("some/prefix/o", case.operation.before)
        self.made = len(server.commits)
        self.store = bucket_store(server, patience=BRIEF if case.kind.startswith("stall") else IMPATIENT)

    def present(self) -> bytes | None:
        """What is in the object."""
        return self.server.read("some/prefix/o") if "some/prefix/o" in self.server.objects() else None

    def run(self, *, faults: bool = True) -> object:
        """Do it; with the faults in force, each of which must be met."""
        if faults:
            self.server.faults(*self.case.script())
        answer = self.case.operation.act(self.store, self.folder)
        self.server.assert_all_met()
        return answer

    def judge(self, answer: object) -> None:
        """Raise AssertionError unless everything is as if there had been no fault."""
        operation = self.case.operation
        assert answer == operation.answer
        assert self.present() == operation.after
        writes = [commit.kind for commit in self.server.commits[self.made :]].count("write")
        assert writes == operation.writes, f"{writes} generations"


def in_the_end(bench: Bench) -> None:
    """Raise unless an operation comes to the right end."""
    if bench.case.kind.startswith("corrupt-upload"):  # a damaged upload is a 400, which is never repeated
        with pytest.raises(StorageError, match="arrived damaged, and nothing was written"):
            bench.run()
        assert bench.present() == bench.case.operation.before
        bench.judge(bench.run(faults=False))  # the next run heals it
    else:
        bench.judge(bench.run())


def refused_for_good(bench: Bench) -> None:
    """Raise unless an operation ends at its first refusal, and has changed nothing."""
    with pytest.raises(InputError) as caught:
        bench.run()
    assert [call.fault for call in bench.server.journal if call.fault not in ("", "chunk:ok", "list:ok")] == [
        bench.case.script()[-1]
    ]
    assert bench.server.journal[-1].fault == bench.case.script()[-1]
    assert bench.present() == bench.case.operation.before
    assert "\n" not in str(caught.value)


def wrong(judge: Callable[[Bench], None], cases: list[Case], folder: Path) -> list[str]:
    """Those of the cases that do not come out as they should; several at a time, since many of them wait."""

    def tried(number: int, case: Case) -> str:
        own = folder / str(number)
        own.mkdir()
        with GcsServer(page=2) as server:
            bench = Bench(server, case, own)
            try:
                judge(bench)
            except (AssertionError, TriviaError, Failed) as error:
                return f"{case}: {error!r}"
            finally:  # a process keeps its connections to a service, of which there are hundreds here
                service(bench.store._access, bench.store.root).session.close()
        return ""

    with ThreadPoolExecutor(8) as pool:
        return [told for told in pool.map(tried, range(len(cases)), cases) if told]


def test_the_end_is_right_whatever_befalls_an_operation(tmp_path: Path, figure: Callable[[str], None]) -> None:
    once = tuple(kind for kind in KINDS if kind.startswith(("stall", "corrupt-upload")))
    all_cases = cases(tuple(kind for kind in KINDS if kind not in once), (1, 3)) + cases(once, (1,))
    told = wrong(in_the_end, all_cases, tmp_path)
    figure(f"faults of storage: {len(all_cases) - len(told)} of {len(all_cases)} right")
    assert not told, "\n".join(told)


def test_who_is_refused_never_asks_again(tmp_path: Path, figure: Callable[[str], None]) -> None:
    all_cases = cases(REFUSALS, (1,))
    told = wrong(refused_for_good, all_cases, tmp_path)
    figure(f"refusals of storage: {len(all_cases) - len(told)} of {len(all_cases)} never repeated")
    assert not told, "\n".join(told)


def test_a_fault_that_stays_is_told_in_one_line_and_can_be_tried_again(server: GcsServer) -> None:
    server.put("some/prefix/o", OLD)
    words = {"503": "status 503", "stall": "no whole", "reset": "no whole", "corrupt": "damaged", "cut": "no whole"}
    for kind, said in words.items():
        store = bucket_store(server, patience=replace(BRIEF if kind == "stall" else IMPATIENT, in_all_s=0.2))
        store.now()
        server.faults(f"read:{kind}", always=True)
        with pytest.raises(StorageError, match=said) as caught:
            store.read("o")
        server.clear_faults()
        assert "gs://b/some/prefix/o" in str(caught.value)
        assert "\n" not in str(caught.value)
        assert (caught.value.exit_code, caught.value.retryable) == (75, True)


def test_a_write_whose_answer_was_lost_knows_itself_and_anothers_is_a_conflict(server: GcsServer) -> None:
    store = bucket_store(server, prefix="own")
    server.faults("write:lost")
    made = store.write("a", b"mine", expect=0)
    assert store.stat("a") == made
    server.faults("write:503")
    server.put("own/b", b"another's")
    with pytest.raises(Conflict, match="own/b"):
        store.write("b", b"mine", expect=0)
    assert server.read("own/b") == b"another's"


def test_an_upload_goes_on_where_it_broke_off(server: GcsServer, tmp_path: Path) -> None:
    server.make_bucket("chunks")
    file = tmp_path / "file"
    file.write_bytes(LARGE)
    server.faults("chunk:ok", "chunk:cut-upload@262144")
    bucket_store(server, "chunks").commit("v", file)
    assert server.read("some/prefix/v", "chunks") == LARGE
    received = sum(call.received for call in server.journal if call.bucket == "chunks" and call.operation == "chunk")
    assert received == len(LARGE) - 256 * 1024  # of the broken chunk the journal counts nothing, and nothing came twice


def test_an_upload_that_the_service_forgot_is_begun_again(server: GcsServer, tmp_path: Path) -> None:
    for status in ("404", "410"):
        file = tmp_path / "file"
        file.write_bytes(LARGE)
        server.faults("chunk:ok", f"chunk:{status}")
        made = bucket_store(server).commit(f"forgotten-{status}", file, expect=0)
        assert made.size == len(LARGE)
