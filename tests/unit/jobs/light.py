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


def run(folder: Path, request: Request, name: str) -> None:
    """Bring the jobs of a request to `written`; raises whatever goes wrong."""
    store = FolderStore(folder)
    batch = planning.plan(store, request, name, lambda: datetime.now(UTC))
    silent: Any = SimpleNamespace()
    desk = Desk(store, batch.request, silent, threading.Event(), lambda: datetime.now(UTC))
    for outcome in generating.generate(desk, batch.jobs, batch.jobs, None):
        assert outcome.error is None
    for job in batch.jobs:
        assert writing.write(desk, job).error is None


def fits() -> bool:
    """Whether a question of the bank fits on its card."""
    unfit = fit.trial(Look())
    return unfit(bank.pick((), "mixed", 1, 1)[0]) is None
