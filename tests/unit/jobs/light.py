"""Plan, generate and write, for a process in which nothing that speaks or encodes can be imported."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from triviareel.jobs import fit, generating, planning, writing
from triviareel.jobs.desk import Desk
from triviareel.jobs.request import Look, Request
from triviareel.questions import bank
from triviareel.storage.folder import FolderStore


def run(folder: Path) -> None:
    """Raise whatever goes wrong."""
    store = FolderStore(folder)
    batch = planning.plan(store, Request(videos=2), "b", lambda: datetime.now(UTC))
    silent: Any = SimpleNamespace()
    desk = Desk(store, batch.request, silent, threading.Event(), lambda: datetime.now(UTC))
    for outcome in generating.generate(desk, batch.jobs, batch.jobs, None):
        assert outcome.error is None
    for job in batch.jobs:
        assert writing.write(desk, job).error is None
    unfit = fit.trial(Look())
    assert unfit(bank.pick((), "mixed", 1, 1)[0]) is None
