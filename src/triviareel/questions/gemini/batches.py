"""The small interface that batch mode sits behind: many requests handed in at once, answers fetched later."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from triviareel.errors import BatchEnded, ModelDown, TriviaError
from triviareel.questions.gemini import wire
from triviareel.questions.gemini.model import Ask, Reply

KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
"""What a row's key must be: on Vertex AI it travels as a label (Google Cloud, "Requirements for labels")."""

LABEL = "row"
WAITING = ("PENDING", "QUEUED", "RUNNING", "CANCELLING", "PAUSED", "UPDATING", "UNSPECIFIED")
DONE = ("SUCCEEDED", "PARTIALLY_SUCCEEDED")


@dataclass(frozen=True, slots=True)
class Row:
    """One request of a batch."""

    key: str
    """Unique within the batch; see KEY."""
    ask: Ask


class Batches(Protocol):
    """Gemini's batch verbs; nothing is retried. Errors are those of `Model.ask`."""

    async def submit(self, name: str, rows: Sequence[Row]) -> str:
        """Hand in a batch of requests to one model.

        Args:
            name: shown in the console, and a folder's name on Vertex AI.
            rows: at least one, all for the same model.

        Returns:
            The batch's own name, by which it is found again, also by another process.
        """
        ...

    async def find(self, name: str) -> str | None:
        """The own name of the batch that was handed in by a name; None if there is none."""
        ...

    async def is_done(self, batch: str) -> bool:
        """Whether its answers can be collected.

        Raises:
            BatchEnded: it has ended without any.
        """
        ...

    async def collect(self, batch: str, model: str) -> dict[str, Reply | TriviaError]:
        """Answers by key; a row that the service has lost is missing, one that failed is its error."""
        ...

    async def cancel(self, batch: str) -> None:
        """Stop it; what was answered until then is charged."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def is_done(batch: str, state: str, message: str) -> bool:
    """Whether a batch in this state has answers.

    Raises:
        BatchEnded: it has ended without any.
    """
    short = state.removeprefix("JOB_STATE_").removeprefix("BATCH_STATE_")
    if short in WAITING:
        return False
    if short in DONE:
        return True
    reason = f" ({message})" if message else ""
    # What was answered before a batch was cancelled or expired is charged (Gemini API, "Batch mode").
    raise BatchEnded(f"batch {batch} ended as {short.lower()}{reason}; ask online, or hand it in again", charge="batch")


def requests(rows: Sequence[Row], *, labelled: bool) -> bytes:
    """The batch's input as JSON Lines: keys beside the requests (Gemini API) or as labels in them (Vertex AI)."""
    return b"".join(_line(row, labelled=labelled) for row in rows)


def answers(lines: Iterable[bytes], model: str, scrub: Callable[[str], str] = str) -> dict[str, Reply | TriviaError]:
    """The rows of an output file by key; a line that has none, or is no JSON, counts as missing.

    Args:
        lines: JSON Lines, in any order.
        model: the name that was asked for.
        scrub: takes the key out of what the service says.
    """
    found: dict[str, Reply | TriviaError] = {}
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:  # an unfinished last line, say
            continue
        if isinstance(row, Mapping) and (key := _key(row)):
            found[key] = _answer(row, model, scrub)
    return found


def _line(row: Row, *, labelled: bool) -> bytes:
    if not KEY.fullmatch(row.key):
        raise ValueError(f"row key {row.key!r} is no label")
    body = wire.request(row.ask)
    whole = {"request": {**body, "labels": {LABEL: row.key}}} if labelled else {"key": row.key, "request": body}
    return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def _key(row: Mapping[str, Any]) -> str:
    request = row.get("request")
    labels = request.get("labels") if isinstance(request, Mapping) else None
    return str(row.get("key") or (labels.get(LABEL) if isinstance(labels, Mapping) else None) or "")


def _answer(row: Mapping[str, Any], model: str, scrub: Callable[[str], str]) -> Reply | TriviaError:
    error = row.get("error") or row.get("status")
    if error or not row.get("response"):
        said = scrub(str((error.get("message") if isinstance(error, Mapping) else error) or "no response"))
        return ModelDown(f"{model}: a row of the batch failed ({said}); ask it online", charge="batch")
    try:
        return replace(wire.reply(row["response"], model), batch=True)
    except TriviaError as fault:
        return fault
