"""Answers that are valid for a request's own schema: from the offline bank if it asks for questions or their keys."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from triviareel.questions import bank
from triviareel.questions.model import Question

Json = dict[str, Any]
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jade", "karst", "loess")

TYPES: dict[object, str] = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object"}
"""Numbers by which google-generativeai names types (google.ai.generativelanguage.Type)."""


def generate(body: Json, model: str) -> Json:
    """A whole GenerateContentResponse; the same request gets the same one."""
    prompt = prompt_of(body)
    config: Json = body.get("generationConfig") or {}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    schema = schema_of(config)
    text, finish = answer(prompt, schema, random.Random(digest)), "STOP"
    thoughts: Json = config.get("thinkingConfig") or {}
    thinking = thoughts.get("thinkingBudget", thoughts.get("thinking_budget"))  # both are good proto JSON
    thought = min(128, 64 if thinking is None else thinking)
    limit = max(0, config.get("maxOutputTokens", 8192) - thought)
    if tokens(text) > limit:
        text, finish = text[:limit], "MAX_TOKENS"  # a letter is at most one token
    usage = {"promptTokenCount": tokens(prompt) + tokens(json.dumps(schema)), "candidatesTokenCount": tokens(text)}
    usage["thoughtsTokenCount"] = thought
    usage["totalTokenCount"] = sum(usage.values())
    content = {"role": "model", "parts": [{"text": text}]}
    candidate = {"content": content, "finishReason": finish, "index": 0}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": f"{model}-fake", "responseId": "fake"}


def edited(edit: Callable[[list[Json], str], None]) -> Callable[[Json, str], Json]:
    """As `generate`, but of each list of rows that `edit` has changed; it is given them and the request's prompt."""

    def answer(body: Json, model: str) -> Json:
        whole = generate(body, model)
        part = whole["candidates"][0]["content"]["parts"][0]
        rows = json.loads(part["text"])
        edit(rows, prompt_of(body))
        part["text"] = json.dumps(rows)
        return whole

    return answer


def wrong_keys(most: int | None = None) -> Callable[[Json, str], Json]:
    """As `generate`, but of each list of questions the first `most`, or all, have the wrong key."""

    def turn(rows: list[Json], _: str) -> None:
        for row in rows[:most]:
            if "options" in row:
                row["answer"] = "ABCD"[("ABCD".index(row["answer"]) + 1) % 4]

    return edited(turn)


def prompt_of(body: Json) -> str:
    """All text of a request, instructions first."""
    system = body.get("systemInstruction") or body.get("system_instruction") or {}
    contents = [system, *body.get("contents", [])]
    return "\n".join(part.get("text", "") for content in contents for part in content.get("parts", []))


def schema_of(config: Mapping[str, Any]) -> Json | None:
    """The schema of the answer, by whichever of its names the SDK used."""
    for name in ("responseJsonSchema", "_responseJsonSchema", "responseSchema"):
        if name in config:
            found: Json = config[name]
            return found
    return None


def tokens(text: str) -> int:
    """Roughly as many as Gemini counts: 4 Latin letters each, and one for each letter of another script."""
    plain = len(text.encode("ascii", "ignore"))
    return len(text) - plain - (-plain // 4)


def answer(prompt: str, schema: Json | None, rng: random.Random) -> str:
    """The text of an answer."""
    if schema is None:
        return "Certainly."
    return json.dumps(_value(schema, prompt, rng), ensure_ascii=False)


def _value(schema: Json, prompt: str, rng: random.Random) -> Any:
    fields = (schema.get("items") or {}).get("properties", {}).keys()
    if {"question", "options"} <= fields:
        return _written(schema, prompt, rng)
    if {"n", "answer"} <= fields:
        return [_opinion(row, schema["items"], rng) for row in _papers(prompt)]
    return _filled(schema, prompt, rng)


def _filled(schema: Json, prompt: str, rng: random.Random) -> Any:
    """Any value that follows the schema."""
    kind = TYPES.get(schema.get("type", 1)) or str(schema["type"]).lower()
    if "enum" in schema:
        return rng.choice(schema["enum"])
    if kind == "object":
        return _object(schema.get("properties", {}), prompt, rng)
    if kind == "array":
        least = int(schema.get("minItems") or schema.get("maxItems") or 3)
        return [_value(schema.get("items", {}), prompt, rng) for _ in range(least)]
    if kind in ("integer", "number"):
        return rng.randint(int(schema.get("minimum", 0)), int(schema.get("maximum", 9)))
    if kind == "boolean":
        return rng.random() < 0.5
    return " ".join(rng.sample(WORDS, 4))[: int(schema.get("maxLength", 60))]


def _object(properties: Json, prompt: str, rng: random.Random) -> Json:
    return {name: _value(part, prompt, rng) for name, part in properties.items()}


def _written(schema: Json, prompt: str, rng: random.Random) -> list[Json]:
    """Questions of the bank in the form that the schema asks for, none of which stands in the prompt."""
    properties: Json = schema["items"]["properties"]
    topics = properties.get("topic", {}).get("enum") or []
    levels = properties.get("difficulty", {}).get("enum") or ["easy", "medium", "hard"]
    count = int(schema.get("maxItems") or schema.get("minItems") or 5)
    pool = [q for q in _questions().values() if q.difficulty in levels and q.question not in prompt]
    near = [q for q in pool if q.topic in topics] or pool
    chosen = rng.sample(near, min(count, len(near)))
    return [_entry(q, properties, q.topic if q.topic in topics or not topics else rng.choice(topics)) for q in chosen]


def _entry(q: Question, properties: Json, topic: str) -> Json:
    known: Json = {
        "id": q.id, "topic": topic, "difficulty": str(q.difficulty), "question": q.question,
        "options": list(q.options), "answer": q.answer, "explanation": q.explanation, "source": q.source,
    }  # fmt: skip
    return {name: known.get(name, "") for name in properties}


def _papers(prompt: str) -> list[Json]:
    """Questions that a prompt puts to a reader: lines of JSON, each with a number and its options by letter."""
    lines = [line for line in prompt.splitlines() if line.startswith('{"n"')]
    return [json.loads(line) for line in lines]


def _opinion(paper: Json, schema: Json, rng: random.Random) -> Json:
    """What the bank says to a question, whatever the order of its options; "none" if it does not have it."""
    options: Json = paper["options"]
    known = _questions().get((paper["question"], frozenset(options.values())))
    letter = next((letter for letter, text in options.items() if known and text == known.right_option), "none")
    said = {"n": paper["n"], "because": "it is in the bank", "answer": letter, "fault": "none", "repeats": 0}
    earlier: Json = paper.get("earlier", {})
    said["repeats"] = next((int(at) for at, text in earlier.items() if text == paper["question"]), 0)
    return {**_object(schema["properties"], "", rng), **said}


@cache
def _questions() -> dict[tuple[str, frozenset[str]], Question]:
    """The bank, by question and options: several questions may have the same text."""
    return {(item.question.question, frozenset(item.question.options)): item.question for item in bank.items()}
