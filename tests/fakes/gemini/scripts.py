"""Faults by name, such as "429:7", "cut" or "stall": what a server that is scripted to have them answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.loopback import Answer, as_json

FINISHES = {
    "max-tokens": "MAX_TOKENS", "safety": "SAFETY", "recitation": "RECITATION", "prohibited": "PROHIBITED_CONTENT",
    "blocklist": "BLOCKLIST", "spii": "SPII", "other": "OTHER",
}  # fmt: skip
"""Answers that were begun and ended early."""

STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip

MESSAGES = {
    400: "Invalid JSON payload received", 401: "Request had invalid authentication credentials",
    403: "The caller does not have permission", 404: "models/nothing is not found for API version v1beta",
    429: "You exceeded your current quota", 500: "An internal error has occurred",
    503: "The model is overloaded. Please try again later", 504: "The request timed out",
}  # fmt: skip

TEXTS = ("fenced", "talk", "cut", "not-json", "mismatched", "wrong-answer")
"""Answers whose form is the API's and whose text is not what was asked for."""
CONNECTIONS = ("stall", "drip", "cut-body", "reset", "hang-up")
"""Answers that do not arrive whole: "hang-up" ends the connection in good order, and "reset" breaks it off."""
OTHERS = (
    "ok", "html", "html-200", "raw", "list", "blocked", "no-candidates", "empty", "no-parts", "thought-out", "odd",
    "bad-key", "429-header", "429-daily", "row-missing", "row-error",
)  # fmt: skip
NAMES = (*map(str, STATUSES), *FINISHES, *TEXTS, *CONNECTIONS, *OTHERS)

FREE = (*map(str, STATUSES), "bad-key", "429-header", "429-daily", "row-error")
"""Faults that are not charged: the service tells of them as errors of its own."""

LETTERS = ("A", "B", "C", "D")
HTML = b"<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head><body><h1>Bad gateway</h1></body></html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """One scripted fault."""

    name: str
    seconds: float | None = None
    """How long to wait, for 429s: told by RetryInfo or Retry-After."""

    @classmethod
    def parse(cls, text: str) -> Fault:
        """A fault as written: its name, and seconds behind a colon."""
        name, _, seconds = text.partition(":")
        if name not in NAMES:
            raise ValueError(f"fault {name!r} is unknown: choose from {', '.join(NAMES)}")
        return cls(name, float(seconds) if seconds else None)


def error(
    status: int,
    message: str = "",
    details: list[dict[str, Any]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """An error as Google's services write it."""
    body = {"code": status, "message": message or MESSAGES[status], "status": STATUSES[status]}
    return as_json({"error": {**body, **({"details": details} if details else {})}}, status, headers)


def refused_key() -> Answer:
    """What a wrong key gets."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
    return error(400, "API key not valid. Please pass a valid API key.", [info])


def busy(fault: Fault) -> Answer:
    """A 429, with RetryInfo, Retry-After or the day's quota."""
    if fault.name == "429-header":
        return error(429, headers={"Retry-After": f"{fault.seconds or 7:.0f}"})
    details: list[dict[str, Any]] = []
    if fault.name == "429-daily":
        quota = {"quotaId": "GenerateRequestsPerDayPerProjectPerModel"}
        details.append({"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [quota]})
    if fault.seconds is not None:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{fault.seconds:g}s"})
    return error(429, details=details)


def apply(fault: Fault, answer: dict[str, Any]) -> Answer:
    """The response that a fault makes of a good answer; connection faults are the server's own business."""
    name = fault.name
    if name.startswith("429"):
        return busy(fault)
    if name.isdigit():
        return error(int(name))
    if name == "bad-key":
        return refused_key()
    if name in ("html", "html-200"):
        return Answer(200 if name == "html-200" else 502, HTML, {"Content-Type": "text/html"})
    if name == "raw":
        return Answer(200, bytes(range(256)))
    if name == "list":
        return as_json([answer])
    return as_json(_changed(name, answer))


def _changed(name: str, answer: dict[str, Any]) -> dict[str, Any]:
    candidate = answer["candidates"][0]
    text = candidate["content"]["parts"][0]["text"]
    usage = answer["usageMetadata"]
    if name in FINISHES:
        return _with(answer, text[: len(text) // 2], FINISHES[name])
    if name in TEXTS:
        return _with(answer, _text(name, text), "STOP")
    if name == "blocked":
        return {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": _unwritten(usage)}
    if name == "no-candidates":
        return {"usageMetadata": _unwritten(usage)}
    if name == "empty":
        return _with(answer, "", "STOP")
    if name == "no-parts":
        return {**answer, "candidates": [{"content": {"role": "model"}, "finishReason": "STOP", "index": 0}]}
    if name == "thought-out":  # thinking has eaten the whole budget
        thoughts = {**usage, "thoughtsTokenCount": usage["totalTokenCount"] - usage["promptTokenCount"]}
        thoughts["candidatesTokenCount"] = 0
        cut = {"content": {"role": "model"}, "finishReason": "MAX_TOKENS", "index": 0}
        return {**answer, "candidates": [cut], "usageMetadata": thoughts}
    if name == "odd":  # JSON, but not the API's
        return {"candidates": "none today", "usageMetadata": 3}
    return answer


def _unwritten(usage: dict[str, Any]) -> dict[str, Any]:
    """What an answer takes of which nothing was written."""
    return {
        **usage,
        "candidatesTokenCount": 0,
        "totalTokenCount": usage["promptTokenCount"] + usage["thoughtsTokenCount"],
    }


def _with(answer: dict[str, Any], text: str, finish: str) -> dict[str, Any]:
    content = {"role": "model", "parts": [{"text": text}]}
    return {**answer, "candidates": [{**answer["candidates"][0], "content": content, "finishReason": finish}]}


def _text(name: str, text: str) -> str:
    if name == "fenced":
        return f"```json\n{text}\n```"
    if name == "talk":
        return f"Of course! Here are your questions:\n\n{text}\n\nShall I write more?"
    if name == "cut":
        return text[: len(text) * 2 // 3]
    if name == "not-json":
        return "I am afraid that I cannot help with that."
    if name == "mismatched":
        return json.dumps({"weather": "fine", "degrees": 21})
    return _next_letter(text)


def _next_letter(text: str) -> str:
    """The same JSON with another key to each question; what is said about questions stays as it is."""

    def turned(value: Any) -> Any:
        if isinstance(value, list):
            return [turned(item) for item in value]
        if isinstance(value, dict) and "options" in value and value.get("answer") in LETTERS:
            return {**value, "answer": LETTERS[LETTERS.index(value["answer"]) - 1]}
        return value

    return json.dumps(turned(json.loads(text)), ensure_ascii=False)


def usage(response: Answer) -> dict[str, Any] | None:
    """What a response tells of its tokens; None if it does not."""
    try:
        found: dict[str, Any] = json.loads(response.body)["usageMetadata"]
        return found if {"promptTokenCount", "totalTokenCount"} <= found.keys() else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
