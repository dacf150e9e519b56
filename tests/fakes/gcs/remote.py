"""The fake in another process: its script, its journal and its objects, over HTTP."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.gcs.journal import Call, Commit

RANDOM_KINDS = ("429", "503", "reset", "lost", "cut", "corrupt", "cut-upload", "partial")
"""What faults at random are, unless asked for otherwise: all that end by themselves."""


class Remote:
    """The controls of a fake at a URL; a fake in this process has the same ones."""

    def __init__(self, url: str) -> None:
        self.url = url

    def faults(self, *texts: str, on: str = "", always: bool = False) -> None:
        """See `faults.Script.add`."""
        self._ask("faults", texts=texts, on=on, always=always)

    def random_faults(self, rate: float, seed: int, kinds: Sequence[str] = RANDOM_KINDS) -> None:
        """See `faults.Script.at_random`."""
        self._ask("random", rate=rate, seed=seed, kinds=list(kinds))

    def clear_faults(self) -> None:
        """No more faults."""
        self._ask("clear")

    def assert_all_met(self) -> None:
        """Raise AssertionError if a scripted fault was never met."""
        unmet = self._ask("unmet")
        assert not unmet, f"faults that nothing met: {unmet}"

    def make_bucket(self, name: str, refusal: str = "") -> None:
        """See `objects.Buckets.make`."""
        self._ask("bucket", name=name, refusal=refusal)

    def set_clock(self, offset_s: float) -> None:
        """Put the service's clock that far ahead of this machine's."""
        self._ask("clock", offset_s=offset_s)

    @property
    def journal(self) -> list[Call]:
        """Every request so far."""
        return [Call(**call) for call in self._ask("journal")]

    @property
    def commits(self) -> list[Commit]:
        """Every change of an object so far."""
        return [Commit(**commit) for commit in self._ask("commits")]

    def objects(self, bucket: str = "b") -> dict[str, dict[str, Any]]:
        """What is there, by name, as the API describes it."""
        found: dict[str, dict[str, Any]] = self._ask("objects", bucket=bucket)
        return found

    def read(self, name: str, bucket: str = "b") -> bytes:
        """An object's bytes, past all faults and permissions, and not in the journal."""
        return bytes.fromhex(self._ask("read", bucket=bucket, name=name))

    def put(self, name: str, data: bytes, bucket: str = "b") -> int:
        """Make or replace an object, past all faults, and not in the journal; its generation."""
        generation: int = self._ask("put", bucket=bucket, name=name, data=data.hex())
        return generation

    def _ask(self, verb: str, **given: Any) -> Any:
        where = urlsplit(self.url)
        with closing(HTTPConnection(where.hostname or "", where.port, timeout=60)) as connection:
            connection.request("POST", f"/_control/{verb}", json.dumps(given).encode())
            return json.loads(connection.getresponse().read())
