"""A job in a line: what is told of it in summaries, lists and reports, taken from its manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from triviareel.errors import InputError
from triviareel.jobs import manifest
from triviareel.jobs.manifest import Manifest, State
from triviareel.storage import Store

MISSING = "missing"
"""What stands in place of a state where a planned job has no manifest."""

DAMAGED = "damaged"
"""What stands in place of a state where a manifest cannot be read."""

_MESSAGE_CHARS = 400
_TOKENS = ("prompt_tokens", "candidate_tokens", "thought_tokens")


@dataclass(frozen=True, slots=True)
class Record:
    """How far a job is, and what it took."""

    job: str
    state: str
    """One of `State`, MISSING or DAMAGED."""
    generation: int = 0
    """Of the manifest that says so; 0 if there is none."""
    attempts: int = 0
    stage: str = ""
    """Where it failed; empty if it did not."""
    error: str = ""
    """The class of the error; empty if there was none."""
    message: str = ""
    seconds: float = 0.0
    """Wall time of all its stages."""
    tokens: int = 0
    """Asked and answered, thought included."""
    cost_usd: float = 0.0
    """What its questions cost, by the prices that hold for Gemini."""
    encoder: str = ""
    video: str = ""
    """URI; empty unless it is rendered."""
    updated: str = ""
    """When its state was reached, UTC, as in the manifest."""

    def as_json(self) -> dict[str, Any]:
        """Flat, without what is empty."""
        return {name: value for name, value in asdict(self).items() if value or name in ("job", "state")}


def of_manifest(told: Manifest, generation: int) -> Record:
    """What a version of a manifest says."""
    gemini, failure = told.used.gemini, told.failure if told.state == State.FAILED else None
    video = told.outputs.get("video") if told.state == State.RENDERED else None
    return Record(
        job=told.job,
        state=str(told.state),
        generation=generation,
        attempts=told.attempts,
        stage=failure.stage if failure else "",
        error=failure.error if failure else "",
        message=" ".join(failure.message.split())[:_MESSAGE_CHARS] if failure else "",
        seconds=round(sum(told.used.seconds.values()), 3),
        tokens=sum(int(_number(gemini, name)) for name in _TOKENS),
        cost_usd=round(_number(gemini, "money_usd"), 6),
        encoder=told.used.encoder,
        video=video.uri if video else "",
        updated=told.times[told.state].isoformat().replace("+00:00", "Z"),
    )


def read(store: Store, name: str, job: str, generation: int | None = None) -> Record:
    """What a job's manifest says now; a missing or damaged one is a state, too.

    Args:
        store: where it is.
        name: its name there.
        job: whose it is.
        generation: which version is there, if that is known; else it is asked for.

    Raises:
        InputError: it may not be read.
        StorageError: it cannot be read now.
    """
    if generation is None:
        found = store.stat(name)
        if found is None:
            return Record(job, MISSING)
        generation = found.generation
    try:
        data = store.read(name)
    except InputError:
        if store.stat(name):
            raise
        return Record(job, MISSING)
    try:
        return of_manifest(manifest.loads(data, store.uri(name)), generation)
    except (InputError, KeyError) as error:  # KeyError: it does not say when its state was reached
        return Record(job, DAMAGED, generation, error=type(error).__name__, message=str(error)[:_MESSAGE_CHARS])


def from_json(data: Mapping[str, Any]) -> Record:
    """The record that `as_json` described.

    Raises:
        TypeError: it has other fields.
    """
    record = Record(**data)
    for name, default in asdict(Record("", "")).items():
        value = getattr(record, name)
        if not isinstance(value, int | float if isinstance(default, float) else type(default)):
            raise TypeError(f"{name} {value!r}")
    return record


def _number(gemini: Mapping[str, Any], name: str) -> float:
    value = gemini.get(name, 0)
    return float(value) if isinstance(value, int | float) else 0.0
