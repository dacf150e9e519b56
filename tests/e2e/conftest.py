"""What tests of several workers have in common; other tests here have fixtures of these names of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.worker import Order
from tests.fakes.gcs import GcsServer


@pytest.fixture(scope="module")
def server() -> Iterator[GcsServer]:
    with GcsServer() as server:
        yield server


@pytest.fixture
def order(server: GcsServer, small_assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Order]:
    monkeypatch.setenv("TRIVIAREEL_PROOFS_WARM", "1")
    yield Order(server.url, "", small_assets, tmp_path / "cache")
    server.set_clock(0)
