"""What a run remembers of its batches, so that one which was killed finds them again instead of paying twice."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from triviareel.questions.gemini.model import Ask
from triviareel.storage import Store

FOLDER = "batches"
"""Beneath the root: FOLDER/RUN/NUMBER-TOKEN/ has a batch's memo and, on Vertex AI, its requests and answers."""
_MEMO = "batch.json"
_NAME = 100
"""Characters; with a number and a token it stays below the 128 of a display name (Vertex AI, BatchPredictionJob)."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A batch that was handed in, or is about to be."""

    title: str
    """The name given to it, which no other batch has: RUN/NUMBER-TOKEN."""
    model: str
    keys: tuple[str, ...]
    """Of its rows."""
    batch: str = ""
    """Its own name at the service; empty as long as that has not answered."""
    booked: bool = False
    """Whether what it cost is in the run's books."""


def run_name(*parts: str) -> str:
    """The name of a run's batches, made of what tells it apart; never longer than the service takes."""
    name = "-".join(filter(None, parts))
    if len(name) <= _NAME:
        return name
    return f"{name[: _NAME - 9]}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def keys(asks: Sequence[Ask]) -> list[str]:
    """A name for each request, which is the same whenever the run is begun again; equal requests are numbered."""
    seen: Counter[str] = Counter()
    found = []
    for ask in asks:
        digest = _digest(ask)
        found.append(f"{digest}-{seen[digest]}")
        seen[digest] += 1
    return found


class Memory:
    """The memos of one run, in its store.

    Args:
        store: the root's; None to remember nothing.
        run: whose batches.
    """

    def __init__(self, store: Store | None, run: str) -> None:
        self._store = store
        self._run = run

    def all(self) -> list[Handed]:
        """What is remembered; memos that nobody can read count as forgotten."""
        if self._store is None:
            return []
        names = [found.name for found in self._store.list(f"{FOLDER}/{self._run}")]
        memos = (_read(self._store.read(name)) for name in names if name.endswith(f"/{_MEMO}"))
        return [memo for memo in memos if memo]

    def keep(self, handed: Handed) -> None:
        """Remember a batch, or what is now known of it."""
        if self._store:
            self._store.write(_place(handed), (json.dumps(asdict(handed), indent=1) + "\n").encode())

    def forget(self, handed: Handed) -> None:
        """Forget a batch that nobody will ask for."""
        if self._store:
            self._store.delete(_place(handed))


def _place(handed: Handed) -> str:
    return f"{FOLDER}/{handed.title}/{_MEMO}"


def _read(data: bytes) -> Handed | None:
    try:
        told = json.loads(data)
        return Handed(**{**told, "keys": tuple(told["keys"])})
    except (ValueError, KeyError, TypeError):
        return None


def _digest(ask: Ask) -> str:
    """By all that makes an answer fit; a prompt that may differ is left out where the request has a name."""
    told = [ask.model, ask.name or [ask.system, ask.prompt], ask.schema, ask.seed, ask.temperature, ask.thinking_budget]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode("utf-8", "surrogatepass")).hexdigest()[:24]
