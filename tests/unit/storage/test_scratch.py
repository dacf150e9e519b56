from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from triviareel.storage import scratch
from triviareel.storage.folder import FolderStore
from triviareel.storage.scratch import RamScratch, in_ram, use_up

linux = pytest.mark.skipif(not scratch.has_ram_files(), reason="this system has no files in memory")


@linux
def test_files_in_memory_are_opened_by_their_paths_from_other_processes_too() -> None:
    with in_ram() as room:
        path = room.file("a")
        assert path == room.file("a") != room.file("b")
        assert path.is_absolute()
        assert path.read_bytes() == b""
        path.write_bytes(b"0123456789")
        program = "import sys; file = open(sys.argv[1], 'r+b'); file.seek(5); file.write(b'x')"
        subprocess.run([sys.executable, "-c", program, path], check=True)
        assert path.read_bytes() == b"01234x6789"


@linux
def test_files_in_memory_are_gone_with_the_block_and_unknown_to_children() -> None:
    program = (
        "from pathlib import Path; print([p.readlink() for p in Path('/proc/self/fd').glob('*') if p.is_symlink()])"
    )
    with in_ram() as room:
        path = room.file("plans")
        held = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout
        assert "plans" in str(path.readlink())
        assert held
        assert "plans" not in held
    assert not path.is_symlink() or "plans" not in str(path.readlink())


@linux
def test_a_file_in_memory_is_committed_and_given_back(tmp_path: Path) -> None:
    with in_ram() as room:
        path = room.file("a")
        path.write_bytes(b"video")
        committed = FolderStore(tmp_path).commit("jobs/a.mp4", path)
        assert (tmp_path / "jobs" / "a.mp4").read_bytes() == b"video"
        assert committed.size == 5
        assert path.stat().st_size == 0


def test_a_file_on_disk_is_used_up_by_its_removal(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    use_up(tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_without_files_in_memory_a_temporary_folder_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> int:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(os, "memfd_create", refused, raising=False)
    with in_ram() as room:
        path = room.file("a")
        path.write_bytes(b"1")
        assert not isinstance(room, RamScratch)
    assert not path.parent.exists()
