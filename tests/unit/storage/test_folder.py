"""What a folder does beyond the contract of every store (tests/contract/test_store.py)."""

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from triviareel.errors import Conflict, InputError, StorageError
from triviareel.storage.folder import FolderStore

NOBODY = 65534


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "root")


def everything(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_write_leaves_its_file_and_nothing_else(store: FolderStore) -> None:
    store.write("a/b.txt", b"hello")
    assert everything(store.root) == ["a", "a/b.txt"]


def test_times_are_the_file_systems_not_this_processes(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000_000_000_000)  # September 2001
    before = store.now()
    written = store.write("a", b"1")
    assert before <= written.updated <= store.now()
    assert written.updated.year > 2001


def test_generations_rise_with_every_write_even_when_the_clock_stands_still(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_000_000_000_000_000_000)
    generations = [store.write("a", bytes([n])).generation for n in range(5)]
    assert generations == sorted(set(generations))


def test_of_many_writers_at_once_exactly_one_creates(store: FolderStore) -> None:
    def create(number: int) -> bool:
        try:
            FolderStore(store.root).write("a", str(number).encode(), expect=0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, range(32))) == 1
    assert everything(store.root) == ["a"]


def test_whoever_reads_what_is_replaced_meanwhile_reads_one_version_or_the_other(store: FolderStore) -> None:
    store.write("n", b"0")

    def increment(_: int) -> None:
        while True:
            found = store.stat("n")
            assert found
            try:
                store.write("n", str(int(store.read("n")) + 1).encode(), expect=found.generation)
            except Conflict:
                continue
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(increment, range(40)))
    assert store.read("n") == b"40"


def test_commit_moves_a_file_under_its_final_name(store: FolderStore) -> None:
    with store.scratch() as scratch:
        video = scratch.file("v")
        video.write_bytes(b"video")
        assert store.commit("final/v.mp4", video).size == 5
        assert not video.exists()
    assert everything(store.root) == ["final", "final/v.mp4"]


def test_commit_from_another_file_system_copies(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "v"
    file.write_bytes(b"video")
    rename = Path.rename

    def elsewhere(self: Path, target: Path) -> Path:
        if self == file:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", elsewhere)
    store.commit("v.mp4", file)
    assert store.read("v.mp4") == b"video"
    assert not file.exists()


def test_a_refused_commit_keeps_what_is_there_and_leaves_nothing_behind(store: FolderStore, tmp_path: Path) -> None:
    store.write("v", b"old")
    (tmp_path / "new").write_bytes(b"new")
    with pytest.raises(Conflict):
        store.commit("v", tmp_path / "new", expect=0)
    assert store.read("v") == b"old"
    assert everything(store.root) == ["v"]


def test_what_goes_while_it_is_listed_is_left_out(store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers beside this one remove their scratch folders, and people whole jobs."""
    for name in ("a/1", "b/1", "c/1"):
        store.write(name, b"")
    (store.root / "c" / ".tmp-x").write_bytes(b"half")
    (store.root / ".tmp-scratch").mkdir()
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name in ("b", ".tmp-scratch"):
            shutil.move(path, store.root.with_name(f"{Path(path).name}-gone"))
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        assert [stat.name for stat in store.unfinished()] == ["c/.tmp-x"]
        assert [stat.name for stat in store.list()] == ["a/1", "c/1"]


def test_a_folder_that_may_not_be_listed_is_told_not_passed_over(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.write("jobs/demo/1", b"")
    real = os.scandir

    def scandir(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "demo":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return real(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        with pytest.raises(InputError, match=r"jobs/demo: no read permission"):
            list(store.list("jobs"))


def test_scratch_goes_after_an_error_and_what_a_dead_process_left_goes_too(store: FolderStore) -> None:
    store.write("a/x", b"")
    (store.root / ".tmp-dead").mkdir()
    (store.root / ".tmp-dead" / "huge.mp4").write_bytes(b"")
    (store.root / "a" / ".tmp-dead").write_bytes(b"half")

    def break_off() -> None:
        with store.scratch() as scratch:
            scratch.file("half").write_bytes(b"half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    store.write("a/y", b"")
    assert everything(store.root) == ["a", "a/x", "a/y"]


def test_scratch_of_a_living_neighbour_stays(store: FolderStore) -> None:
    with store.scratch() as mine, FolderStore(store.root).scratch() as other:
        assert mine.file("a") != other.file("a")
        assert mine.file("a").exists()
        assert mine.file("a").is_absolute()


def test_a_link_that_leads_out_is_refused(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "secret").mkdir()
    (store.root / "jobs").mkdir(parents=True)
    (store.root / "jobs" / "demo").symlink_to(tmp_path / "secret")
    for act in (
        lambda: store.write("jobs/demo/x", b""),
        lambda: store.read("jobs/demo/x"),
        lambda: store.stat("jobs/demo/x"),
    ):
        with pytest.raises(InputError, match="leads out of"):
            act()
    assert everything(tmp_path / "secret") == []


def test_a_file_where_a_folder_is_needed_and_the_other_way_round(store: FolderStore) -> None:
    store.write("a", b"")
    with pytest.raises(InputError, match=r"a folder is needed|not a folder"):
        store.write("a/b", b"")
    store.write("d/e", b"")
    with pytest.raises(InputError, match="is a folder"):
        store.write("d", b"")
    with pytest.raises(InputError, match="is a folder"):
        store.read("d")
    assert everything(store.root) == ["a", "d", "d/e"]


def test_only_plain_files_are_read_and_replaced(store: FolderStore) -> None:
    store.root.mkdir()
    os.mkfifo(store.root / "pipe")  # stands for /dev/null, too, which a rename would replace for everyone
    for act in (
        lambda: store.stat("pipe"),
        lambda: store.read("pipe"),
        lambda: store.write("pipe", b""),
    ):
        with pytest.raises(InputError, match="pipe is a device or a pipe"):
            act()
    assert (store.root / "pipe").is_fifo()
    assert everything(store.root) == ["pipe"]


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A folder that may be read and not written; root is somebody else meanwhile."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))  # pytest's own folders are closed to others
    (folder / "there").write_bytes(b"x")
    folder.chmod(0o555)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        folder.chmod(0o755)
        shutil.rmtree(folder)


def test_no_write_permission_is_told_in_one_line(forbidden: Path) -> None:
    store = FolderStore(forbidden)
    for act in (lambda: store.write("a", b""), lambda: store.write("b/c", b""), lambda: store.delete("there")):
        with pytest.raises(InputError, match="no write permission") as caught:
            act()
        assert str(forbidden) in str(caught.value)
    with pytest.raises(InputError, match="no write permission"), store.scratch():
        pass
    assert store.read("there") == b"x"


def test_a_full_disk_is_worth_another_try_and_leaves_nothing_half_written(tmp_path: Path) -> None:
    """The limit on a process's files stands in for the disk: the write breaks off midway in the same manner."""
    program = f"""
import resource, sys
from pathlib import Path
from triviareel.errors import StorageError
from triviareel.storage.folder import FolderStore
store = FolderStore(Path({str(tmp_path)!r}))
store.write("a", b"old")
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    store.write("a", b"x" * 5000)
except StorageError as error:
    sys.exit(0 if "\\n" not in str(error) and "ulimit" in str(error) else 1)
sys.exit(2)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
    assert (tmp_path / "a").read_bytes() == b"old"
    assert everything(tmp_path) == ["a"]


@pytest.mark.parametrize(
    ("number", "kind", "words"),
    [
        (errno.ENOSPC, StorageError, "disk is full"),
        (errno.EDQUOT, StorageError, "disk is full"),
        (errno.EIO, StorageError, "try again"),
        (errno.EROFS, InputError, "read-only"),
        (errno.EACCES, InputError, "no write permission"),
    ],
)
def test_the_systems_errors_become_ours(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[Exception], words: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    store.write("a", b"old")
    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(kind, match=words):
        store.write("a", b"new")
    assert store.read("a") == b"old"
    assert everything(store.root) == ["a"]
