"""A folder as a store: whole files by rename, exclusive creation by link, replacement under a lock of the folder."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from triviareel.errors import Conflict, InputError
from triviareel.storage import disk
from triviareel.storage.faults import explained
from triviareel.storage.names import checked
from triviareel.storage.scratch import DiskScratch, Scratch, use_up
from triviareel.storage.store import Stat

_TEMPORARY = ".tmp-"
"""Begins every name that is not yet, or not for long, an object; `checked` refuses such names from outside."""


class FolderStore:
    """A store in a folder, which is made when first written to.

    A generation is the file's modification time in nanoseconds, set by each write to be later than the one before.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def uri(self, name: str) -> str:
        """See Store."""
        return str(self.root / checked(name))

    def stat(self, name: str) -> Stat | None:
        """See Store."""
        path = self._path(name)
        with explained(path, "read"):
            try:
                found = path.stat()
            except FileNotFoundError:
                return None
        disk.plain(path, found)
        return _described(name, path, found)

    def read(self, name: str, start: int = 0, end: int | None = None, generation: int | None = None) -> bytes:
        """See Store."""
        path = self._path(name)
        with explained(path, "read"):
            disk.plain(path, path.stat())
            with path.open("rb") as file:
                found = os.fstat(file.fileno())
                if generation not in (None, found.st_mtime_ns):
                    raise InputError(f"{path} was replaced while it was in use: run the same command again")
                file.seek(start)
                return file.read(-1 if end is None else max(0, end - start))

    def sha256(self, name: str) -> str:
        """See Store."""
        path = self._path(name)
        with explained(path, "read"):
            return disk.sha256(path)

    def write(self, name: str, data: bytes, expect: int | None = None) -> Stat:
        """See Store."""
        path = self._path(name)
        with explained(path, "write"), self._temporary(path) as temporary:
            temporary.write_bytes(data)
            return self._place(temporary, name, path, hashlib.sha256(data).hexdigest(), expect)

    def commit(
        self,
        name: str,
        file: Path,
        expect: int | None = None,
        labels: Mapping[str, str] | None = None,  # noqa: ARG002 - a file has no place for them
    ) -> Stat:
        """See Store."""
        path = self._path(name)
        with explained(path, "write"), self._temporary(path) as temporary:
            try:
                file.rename(temporary)
            except OSError as error:
                if error.errno != errno.EXDEV:
                    raise
                shutil.copyfile(file, temporary)
                use_up(file)
            return self._place(temporary, name, path, disk.sha256(temporary), expect)

    def list(self, prefix: str = "", begins: str = "") -> Iterator[Stat]:
        """See Store."""
        top = self._path(prefix) if prefix else self.root
        wanted = f"{prefix}/{begins}" if prefix else begins
        with explained(top, "read"):
            found = sorted(disk.files(top), key=Path.as_posix)
        for path in found:
            name = path.relative_to(self.root).as_posix()
            if name.startswith(wanted) and not path.name.startswith(".") and (stat := self.stat(name)):
                yield stat

    def delete(self, name: str, expect: int | None = None) -> None:
        """See Store."""
        path = self._path(name)
        if not path.parent.is_dir():
            return
        with explained(path, "write"), disk.locked(path.parent):
            if expect is not None and (present := self.stat(name)) and present.generation != expect:
                raise _conflict(path)
            path.unlink(missing_ok=True)

    def now(self) -> datetime:
        """See Store: the file system's clock, which on a shared disk is its server's."""
        with self.scratch() as scratch:
            return _changed(scratch.file("clock").stat())

    @contextmanager
    def scratch(self) -> Iterator[Scratch]:
        """See Store. What a killed process left behind is removed here: it no longer holds its lock."""
        with contextlib.ExitStack() as held:
            with explained(self.root, "write"):
                self.root.mkdir(parents=True, exist_ok=True)
                with disk.locked(self.root):
                    self._sweep()
                    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=self.root.absolute()))
                    held.callback(shutil.rmtree, folder, ignore_errors=True)  # the block's own error matters more
                    held.enter_context(disk.locked(folder))
            yield DiskScratch(folder)

    def local(self, name: str) -> Path | None:
        """See Store."""
        return self._path(name).absolute()

    def unfinished(self) -> Iterator[Stat]:
        """Files beneath the root that someone writes, or never finished; not in Store, since buckets have none.

        Their names are hidden ones, which nothing but `discard` takes.
        """
        with explained(self.root, "read"):
            found = sorted(path for path in disk.files(self.root) if path.name.startswith(_TEMPORARY))
        for path in found:
            with contextlib.suppress(FileNotFoundError):  # it got its final name meanwhile
                yield _described(path.relative_to(self.root).as_posix(), path, path.stat())

    def discard(self, left: Stat) -> None:
        """Remove an unfinished file; no error if it is gone, or was finished."""
        path = self.root / left.name
        with explained(path, "write"), contextlib.suppress(FileNotFoundError), disk.locked(path.parent):
            if path.stat().st_mtime_ns == left.generation:
                path.unlink()

    def _path(self, name: str) -> Path:
        """Where an object lies, once it is sure that no link on the way leads out of the store."""
        path = self.root / checked(name)
        with explained(path, "read"):
            home = self.root.resolve()
            parent = path.parent.resolve()
        if not parent.is_relative_to(home):
            raise InputError(f"{path} leads out of {self.root} through a link: remove the link {path.parent}")
        return path

    @contextmanager
    def _temporary(self, path: Path) -> Iterator[Path]:
        """A hidden name beside the final one; gone afterwards, whether or not it became the final one.

        The folder is locked meanwhile, so any other temporary file in it was left by a process that is no more.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with disk.locked(path.parent):
            for left in path.parent.glob(f"{_TEMPORARY}*"):
                if left.is_file():
                    left.unlink()
            temporary = path.with_name(f"{_TEMPORARY}{secrets.token_hex(8)}")
            try:
                yield temporary
            finally:
                temporary.unlink(missing_ok=True)

    def _place(self, temporary: Path, name: str, path: Path, digest: str, expect: int | None) -> Stat:
        """Give a whole file its final name, if the version there is the expected one; the folder is locked."""
        disk.flush(temporary)
        present = self.stat(name)
        if expect is not None and (present.generation if present else 0) != expect:
            raise _conflict(path)
        generation = max(time.time_ns(), present.generation + 1 if present else 1)
        os.utime(temporary, ns=(generation, generation))
        placed = temporary.stat()  # asked for now: once it has its name, others may remove it
        temporary.replace(path)
        disk.flush(path.parent)
        return replace(_described(name, path, placed), sha256=digest)

    def _sweep(self) -> None:
        """Remove the scratch folders of processes that are no more; the root is locked."""
        for left in self.root.glob(f"{_TEMPORARY}*"):
            with contextlib.suppress(OSError), disk.locked(left, wait=False):
                shutil.rmtree(left)


def _described(name: str, path: Path, found: os.stat_result) -> Stat:
    return Stat(name, str(path), found.st_size, found.st_mtime_ns, _changed(found))


def _changed(found: os.stat_result) -> datetime:
    """When a file was last changed; unlike its modification time, this one only the file system sets."""
    return datetime.fromtimestamp(found.st_ctime_ns / 1e9, UTC)


def _conflict(path: Path) -> Conflict:
    return Conflict(f"{path} was written by something else meanwhile: let that finish, then run it again")
