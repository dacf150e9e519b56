"""Stores of both kinds, and a desk whose videos nobody renders."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.unit.jobs.desks import NOW, Notes
from triviareel.jobs.desk import Desk
from triviareel.jobs.request import Request
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "folder":
        yield FolderStore(tmp_path / "out")
        return
    with GcsServer() as server:
        yield bucket_store(server)


@pytest.fixture
def desk_of() -> Callable[[Store, Request], Desk]:
    return lambda store, request: Desk(store, request, Notes(), threading.Event(), lambda: NOW)
