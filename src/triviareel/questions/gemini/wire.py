"""The API's own JSON, which batch files hold and every SDK's reply comes down to; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from triviareel.errors import AnswerFault
from triviareel.questions.gemini.model import Ask, Reply, Tokens


def request(ask: Ask) -> dict[str, Any]:
    """The body of a GenerateContentRequest."""
    body: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": ask.prompt}]}]}
    if ask.system:
        body["systemInstruction"] = {"parts": [{"text": ask.system}]}
    body["generationConfig"] = _generation(ask)
    return body


def reply(body: object, model: str) -> Reply:
    """What a GenerateContentResponse says.

    Args:
        body: its JSON, keys in camel case.
        model: the name that was asked for, where the answer names none.

    Raises:
        AnswerFault: it is not such a response.
    """
    if not isinstance(body, Mapping):
        raise AnswerFault("not JSON", f"{model}: the reply is not a JSON object; ask again")
    try:
        candidates = _maps(body.get("candidates"))
        first = candidates[0] if candidates else {}
        return Reply(
            text="".join(_texts(first)),
            finish=_finish(body, first),
            tokens=_tokens(_map(body.get("usageMetadata"))),
            model=str(body.get("modelVersion") or model),
        )
    except (TypeError, ValueError, OverflowError) as error:  # 1e999 is good JSON
        raise AnswerFault(
            "mismatched", f"{model}: the reply is not shaped like the API's ({error}); ask again"
        ) from None


def _generation(ask: Ask) -> dict[str, Any]:
    config: dict[str, Any] = {"temperature": ask.temperature, "maxOutputTokens": ask.max_output_tokens}
    if ask.seed is not None:
        config["seed"] = ask.seed
    if ask.schema is not None:
        config["responseMimeType"] = "application/json"
        config["responseJsonSchema"] = dict(ask.schema)
    if ask.thinking_budget is not None:
        config["thinkingConfig"] = {"thinkingBudget": ask.thinking_budget}
    return config


def _finish(body: Mapping[str, Any], candidate: Mapping[str, Any]) -> str:
    if _map(body.get("promptFeedback")).get("blockReason"):
        return "BLOCKED"
    if not candidate:
        return "NO_CANDIDATES"
    return str(candidate.get("finishReason") or "FINISH_REASON_UNSPECIFIED")


def _texts(candidate: Mapping[str, Any]) -> Iterable[str]:
    for part in _maps(_map(candidate.get("content")).get("parts")):
        if not part.get("thought") and isinstance(text := part.get("text", ""), str):
            yield text


def _tokens(usage: Mapping[str, Any]) -> Tokens:
    prompt, candidate, thought, total = (
        int(usage.get(f"{name}TokenCount") or 0) for name in ("prompt", "candidates", "thoughts", "total")
    )
    # google-generativeai has no field for thoughts, but they are in its total.
    return Tokens(prompt, candidate, thought or max(0, total - prompt - candidate))


def _map(value: object) -> Mapping[str, Any]:
    if value is None:
        return {}
    if isinstance(value, Mapping):
        return value
    raise TypeError(f"an object was expected and {type(value).__name__} found")


def _maps(value: object) -> list[Mapping[str, Any]]:
    if value is None:
        return []
    if isinstance(value, list):
        return [_map(item) for item in value]
    raise TypeError(f"a list was expected and {type(value).__name__} found")
