"""A job's story: what was asked, how far it is, what was made of what. Kept as `_MANIFEST.json` beside the questions.

planned → generated → written → rendering → rendered
    └─────────┴──────────┴──────────┴──→ failed            (and on again from there, when the job is run again)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from triviareel.errors import InputError, TriviaError
from triviareel.jobs.request import Request, from_json

SCHEMA_VERSION = 1

T = TypeVar("T")


class State(StrEnum):
    """How far a job is."""

    PLANNED = "planned"
    GENERATED = "generated"
    """Its questions are chosen."""
    WRITTEN = "written"
    """questions.csv is there."""
    RENDERING = "rendering"
    RENDERED = "rendered"
    """The video and its companions are there."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Output:
    """A file that a stage made."""

    uri: str
    size: int
    """Bytes."""
    sha256: str
    generation: int


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job is not done."""

    stage: str
    """What was being done, such as "questions" or "render"."""
    error: str
    """The class of the error."""
    message: str


@dataclass(frozen=True, slots=True)
class Used:
    """What making it took."""

    characters_spoken: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)
    """Wall time by stage."""
    encoder: str = ""
    machine: str = ""
    gemini: Mapping[str, Any] = field(default_factory=dict)
    """Calls, retries, tokens, money, rejects by reason, models, the prompts' hash; empty for the bank's questions."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One version of a job's story; the methods make the next one."""

    channel: str
    job: str
    seed: int
    """This video's own; the request has the batch's."""
    request: Request
    state: State
    times: Mapping[str, datetime]
    """When each state was last reached, UTC, whole seconds."""
    attempts: int = 0
    """How often the job was begun."""
    failure: Failure | None = None
    outputs: Mapping[str, Output] = field(default_factory=dict)
    """By kind: questions, rejected_questions, video, thumbnail, captions, metadata, or rejected."""
    used: Used = Used()
    render_key: str = ""
    """Hash of everything that the video depends on."""
    content_hash: str = ""
    """Hash of the coded packets: equal hashes mean equal frames and samples."""

    def reach(self, state: State, now: datetime, **changes: Any) -> Manifest:
        """The story continued: another state, with any other fields that change with it."""
        times = {**self.times, state: now.astimezone(UTC).replace(microsecond=0)}
        return replace(self, state=state, times=times, **changes)

    def fail(self, stage: str, error: TriviaError, now: datetime) -> Manifest:
        """The story broken off."""
        return self.reach(State.FAILED, now, failure=Failure(stage, type(error).__name__, str(error)))


def planned(channel: str, job: str, seed: int, request: Request, now: datetime) -> Manifest:
    """The beginning of a story."""
    return Manifest(channel, job, seed, request, State.PLANNED, {}).reach(State.PLANNED, now)


def dumps(manifest: Manifest) -> bytes:
    """A manifest as `_MANIFEST.json`."""
    data = {
        "schema_version": SCHEMA_VERSION,
        **{name: getattr(manifest, name) for name in ("channel", "job", "seed", "state", "attempts")},
        "request": manifest.request.as_json(),
        "times": {state: time.isoformat().replace("+00:00", "Z") for state, time in manifest.times.items()},
        "failure": asdict(manifest.failure) if manifest.failure else None,
        "outputs": {kind: asdict(output) for kind, output in manifest.outputs.items()},
        "used": asdict(manifest.used),
        "render_key": manifest.render_key,
        "content_hash": manifest.content_hash,
    }
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()


def loads(data: bytes, name: str) -> Manifest:
    """The manifest that `dumps` wrote.

    Args:
        data: the bytes of the file.
        name: what to call the file in an error.

    Raises:
        InputError: it is no manifest, is damaged, or was written by a newer version of this package.
    """
    try:
        whole = json.loads(data)
    except ValueError as error:  # a UnicodeDecodeError is one, too
        raise _damaged(name, str(error)) from error
    if not isinstance(whole, dict):
        raise _damaged(name, "not a JSON object")
    version = whole.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise InputError(
            f"{name} has schema_version {version}, and this triviareel reads up to {SCHEMA_VERSION}: update it"
        )
    try:
        if version != SCHEMA_VERSION:
            raise ValueError(f"schema_version {version!r}")
        return _manifest(whole)
    except (KeyError, TypeError, ValueError, InputError) as error:
        raise _damaged(name, f"missing {error}" if isinstance(error, KeyError) else str(error)) from error


def _manifest(data: Mapping[str, Any]) -> Manifest:
    failure = data["failure"]
    return Manifest(
        channel=_kind(data["channel"], str),
        job=_kind(data["job"], str),
        seed=_kind(data["seed"], int),
        request=from_json(_kind(data["request"], dict)),
        state=State(data["state"]),
        times={State(state): _time(text) for state, text in _kind(data["times"], dict).items()},
        attempts=_kind(data["attempts"], int),
        failure=failure and Failure(**{name: _kind(failure[name], str) for name in ("stage", "error", "message")}),
        outputs={kind: _output(output) for kind, output in _kind(data["outputs"], dict).items()},
        used=_used(_kind(data["used"], dict)),
        render_key=_kind(data["render_key"], str),
        content_hash=_kind(data["content_hash"], str),
    )


def _output(data: Mapping[str, Any]) -> Output:
    return Output(
        uri=_kind(data["uri"], str),
        size=_kind(data["size"], int),
        sha256=_kind(data["sha256"], str),
        generation=_kind(data["generation"], int),
    )


def _used(data: Mapping[str, Any]) -> Used:
    return Used(
        characters_spoken=_kind(data["characters_spoken"], int),
        seconds={stage: float(seconds) for stage, seconds in _kind(data["seconds"], dict).items()},
        encoder=_kind(data["encoder"], str),
        machine=_kind(data["machine"], str),
        gemini=_kind(data.get("gemini", {}), dict),  # the first manifests had none
    )


def _kind(value: Any, kind: type[T]) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} where {kind.__name__} belongs")
    return value


def _time(text: Any) -> datetime:
    time = datetime.fromisoformat(_kind(text, str))
    if time.utcoffset() is None:
        raise ValueError(f"time {text!r} has no zone")
    return time


def _damaged(name: str, reason: str) -> InputError:
    return InputError(f"{name} is damaged ({reason}): restore it, or delete it to start this job afresh")
