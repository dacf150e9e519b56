"""The small interface that every SDK sits behind: one request, one reply."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from triviareel.errors import AnswerFault, Charge

_KINDS = {"MAX_TOKENS": "cut", "RECITATION": "recitation"}
_BLOCKED = {"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "LANGUAGE", "BLOCKED"}
"""Finish reasons by which the service keeps an answer back (Gemini API, GenerateContentResponse.FinishReason)."""


_ENVELOPE = 64
"""Letters allowed for roles, separators and the like around a request's texts."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One request for one JSON answer."""

    model: str
    """The model's name, such as "gemini-2.5-flash"."""
    prompt: str
    system: str = ""
    """Instructions that stand above the prompt; empty for none."""
    schema: Mapping[str, Any] | None = None
    """JSON schema of the answer (the subset that Gemini knows); None for plain text."""
    temperature: float = 1.0
    """0 to 2; Gemini's own default is 1."""
    seed: int | None = None
    max_output_tokens: int = 8192
    """The answer and the model's thoughts together."""
    thinking_budget: int | None = None
    """Most tokens of thought, which come out of the output's; None leaves it to the model, 0 forbids thinking."""
    name: str = ""
    """What is asked for, where the prompt may differ each time that a run is begun; empty if the prompt tells."""
    again: bool = False
    """Whether it follows a failed attempt, so that no batch is waited for any more."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a reply is charged by."""

    prompt: int = 0
    candidate: int = 0
    thought: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        """Both together."""
        return Tokens(self.prompt + other.prompt, self.candidate + other.candidate, self.thought + other.thought)

    @property
    def total(self) -> int:
        """All kinds together."""
        return self.prompt + self.candidate + self.thought


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, usable or not: it is charged in either case."""

    text: str
    """Empty if the model gave none."""
    finish: str
    """The finish reason as the API names it; "BLOCKED" if the prompt was refused, "NO_CANDIDATES" if nothing came."""
    tokens: Tokens
    model: str
    """The version that answered, such as "gemini-2.5-flash-001"."""
    batch: bool = False
    """Whether it came by batch mode, which costs less."""
    booked: bool = False
    """Whether an earlier process has counted what it cost."""


class GivenUp(asyncio.CancelledError):
    """The task was told to stop while it waited for an answer, by who knows what the call may have cost until then.

    Attributes:
        charge: that; where a plain CancelledError comes, it may be all that the call allowed.
    """

    def __init__(self, charge: Charge) -> None:
        self.charge = charge
        super().__init__()


class Model(Protocol):
    """A model that is reachable; adapters do not retry."""

    async def ask(self, ask: Ask) -> Reply:
        """Ask once.

        Raises:
            ModelBusy: a limit is reached.
            ModelDown: no whole answer arrived before the deadline.
            AnswerFault: what arrived is not the API's JSON.
            ModelRefused: asking again cannot help.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


def tokens_at_most(ask: Ask) -> int:
    """No fewer tokens than a request has, whatever its script.

    English has about four letters a token (Gemini API, "Understand and count tokens"), and no tokenizer that falls back
    to bytes makes more tokens of a letter of any script than that has bytes in UTF-8.
    """
    size = plain = _ENVELOPE
    for text in (ask.prompt, ask.system, json.dumps(ask.schema, ensure_ascii=False) if ask.schema else ""):
        size += len(text.encode("utf-8", "surrogatepass"))
        plain += len(text.encode("ascii", "ignore"))
    return size - plain + plain // 2


def text_of(reply: Reply) -> str:
    """The reply's text, if the model finished it.

    Raises:
        AnswerFault: it was blocked, cut, recited or left empty.
    """
    if reply.finish in _KINDS or reply.finish in _BLOCKED:
        kind = _KINDS.get(reply.finish, "blocked")
        raise AnswerFault(kind, f"{reply.model}: the answer is {_said(kind)} ({reply.finish}); ask again or otherwise")
    if not reply.text.strip():
        raise AnswerFault("empty", f"{reply.model}: the answer is empty ({reply.finish}); ask again")
    if reply.finish != "STOP":
        raise AnswerFault("cut", f"{reply.model}: the answer ended early ({reply.finish}); ask again")
    return reply.text


def _said(kind: str) -> str:
    return {"cut": "cut at the token limit", "recitation": "held back as a recitation"}.get(kind, kind)
