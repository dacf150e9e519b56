"""Who is at a job: a claim beside it, kept alive by a heartbeat, taken over from workers that are heard of no more.

A claim is an object that only one worker can make (generation 0), and only its holder can renew (by the generation that
it wrote last). How old it is, the store tells: this machine's clock has no say. Whoever is refused has lost it.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from triviareel.errors import Conflict, InputError, TriviaError
from triviareel.storage import Stat, Store

log = logging.getLogger(__name__)

RELEASE_S = 5.0
"""How long a release may take; one that does not come through is taken over later, as of a worker that was killed."""

_GLANCE_S = 0.1
"""Within which a lost claim is noticed by who waits."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a claim is renewed, and when it is given up for lost."""

    lease_s: float = 90.0
    """Without a sign of life for so long, others may take the job over."""
    beat_s: float = 20.0
    look_s: float = 2.0
    """Between two looks at a claim that somebody else has."""


PACE = Pace()


class Claim:
    """The right to do a job, for the time of a `with` block. Made by `take`."""

    def __init__(self, store: Store, name: str, body: bytes, generation: int, asked: float, pace: Pace) -> None:
        self._store, self._name, self._body, self._generation = store, name, body, generation
        self._pace = pace
        self._renewed = asked
        """When the last renewal that held was asked for, on the clock that only runs forward."""
        self._lost = False
        self._turn = threading.Lock()
        self._ended = threading.Event()

    @property
    def lost(self) -> bool:
        """Whether others have it, or may have it since it could not be renewed in time."""
        return self._lost or time.monotonic() - self._renewed > self._pace.lease_s - self._pace.beat_s / 2

    def confirm(self) -> None:
        """Renew it now.

        Raises:
            Conflict: it is lost.
            StorageError: it cannot be told.
        """
        with self._turn:
            asked = time.monotonic()
            try:
                if self._lost:
                    raise Conflict("")
                written = self._store.write(self._name, self._body, expect=self._generation)
            except Conflict as error:
                self._lost = True
                raise self.conflict() from error
            self._generation, self._renewed = written.generation, asked

    def conflict(self) -> Conflict:
        """What to raise of work whose claim is lost."""
        return Conflict(
            f"{self._store.uri(self._name)}: another worker took over, since this one was not heard of for "
            f"{self._pace.lease_s:g} s; what that one makes stands"
        )

    def until(self, stop: threading.Event) -> threading.Event:
        """An event that is set when `stop` is, or when the claim is lost."""
        return _Either(self, stop)

    def __enter__(self) -> Self:
        threading.Thread(target=self._beat, name=f"claim {self._name}", daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._ended.set()
        release = threading.Thread(target=self._release, daemon=True)  # a bucket that does not answer holds up no exit
        release.start()
        release.join(RELEASE_S)

    def _beat(self) -> None:
        while not self._ended.wait(self._pace.beat_s):
            try:
                self.confirm()
            except Conflict:
                return
            except TriviaError as error:  # the next beat may come through; if none does, `lost` says so
                log.debug("a heartbeat failed: %s", error)

    def _release(self) -> None:
        with self._turn:
            if self._lost:
                return
            try:
                try:
                    self._store.delete(self._name, expect=self._generation)
                except Conflict:
                    self._release_unanswered()
            except TriviaError as error:
                log.debug("a claim was not released: %s", error)

    def _release_unanswered(self) -> None:
        """Release what a renewal left whose answer never came; its words are ours alone."""
        present = self._store.stat(self._name)
        if present and self._store.read(self._name, generation=present.generation) == self._body:
            self._store.delete(self._name, expect=present.generation)


class _Either(threading.Event):
    def __init__(self, claim: Claim, stop: threading.Event) -> None:
        super().__init__()
        self._claim, self._stop = claim, stop

    def is_set(self) -> bool:
        return super().is_set() or self._stop.is_set() or self._claim.lost

    def wait(self, timeout: float | None = None) -> bool:
        until = time.monotonic() + (threading.TIMEOUT_MAX if timeout is None else timeout)
        while not self.is_set() and (left := until - time.monotonic()) > 0:
            self._stop.wait(min(left, _GLANCE_S))
        return self.is_set()


def take(store: Store, name: str, pace: Pace = PACE) -> Claim | None:
    """The claim called `name`, if no worker that is alive has it.

    Raises:
        StorageError, InputError: it cannot be written.
    """
    present = store.stat(name)
    if present and not _abandoned(store, present, pace):
        return None
    asked = time.monotonic()
    body = _body()
    try:
        written = store.write(name, body, expect=present.generation if present else 0)
    except Conflict:
        return None
    return Claim(store, name, body, written.generation, asked, pace)


def busy(store: Store, name: str, pace: Pace = PACE) -> bool:
    """Whether a worker that is alive has the claim; one that nobody keeps alive is removed."""
    present = store.stat(name)
    if not present:
        return False
    if not _abandoned(store, present, pace):
        return True
    with contextlib.suppress(Conflict):  # taken over just now
        store.delete(name, expect=present.generation)
    return False


def _abandoned(store: Store, present: Stat, pace: Pace) -> bool:
    """Whether nobody keeps a claim alive any more: it is too old, or of a process of this machine that is no more."""
    if (store.now() - present.updated).total_seconds() > pace.lease_s:
        return True
    try:
        told = json.loads(store.read(present.name, generation=present.generation))
        home, process = told["home"], (told["pid"], told["started"])
    except (InputError, KeyError, TypeError, ValueError):  # renewed or released just now, or no claim of ours
        return False
    return bool(home) and home == _home() and process != (told["pid"], _started(told["pid"]))


def _body() -> bytes:
    told: dict[str, Any] = {
        "worker": secrets.token_hex(8),
        "machine": socket.gethostname(),
        "pid": os.getpid(),
        "started": _started(os.getpid()),
        "home": _home(),
    }
    return (json.dumps(told) + "\n").encode()


def _home() -> str:
    """What is the same for two processes only if their numbers are of one machine's one count; empty if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}/{os.getuid()}"  # others' processes may be hidden
    except OSError:  # not Linux
        return ""


def _started(pid: int) -> str:
    """When a process began, in the kernel's own count, which tells it from a later one of the same number.

    Empty if it is no more, or nothing is known of it.
    """
    try:
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (OSError, ValueError):
        return ""
    return "" if state in "ZX" else rest[18]  # field 22 of proc(5), of which the first two are cut off
