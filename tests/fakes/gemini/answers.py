"""Answers that are valid for a request's own schema: from the offline bank if it asks for questions or their keys."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from triviareel.questions import bank
from triviareel.questions.model import LETTERS, Question

Json = dict[str, Any]
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "inlet", "jade", "karst", "loess")

TYPES: dict[object, str] = {1: "string", 2: "number", 3: "integer", 4: "boolean", 5: "array", 6: "object"}
"""Numbers by which google-generativeai names types (google.ai.generativelanguage.Type)."""


def generate(body: Json, model: str) -> Json:
    """A whole GenerateContentResponse; the same request gets the same one."""
    prompt = prompt_of(body)
    config: Json = body.get("generationConfig") or {}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).digest()
    text = answer(prompt, schema_of(config), random.Random(digest))
    thoughts: Json = config.get("thinkingConfig") or {}
    thinking = thoughts.get("thinkingBudget", thoughts.get("thinking_budget"))  # both are good proto JSON
    usage = {"promptTokenCount": tokens(prompt), "candidatesTokenCount": tokens(text)}
    usage["thoughtsTokenCount"] = min(128, 64 if thinking is None else thinking)
    usage["totalTokenCount"] = sum(usage.values())
    content = {"role": "model", "parts": [{"text": text}]}
    candidate = {"content": content, "finishReason": "STOP", "index": 0}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": f"{model}-fake", "responseId": "fake"}


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
    """Roughly as many as Gemini counts: 4 characters each."""
    return -(-len(text) // 4)


def answer(prompt: str, schema: Json | None, rng: random.Random) -> str:
    """The text of an answer."""
    if schema is None:
        return "Certainly."
    return json.dumps(_value(schema, prompt, rng), ensure_ascii=False)


def _value(schema: Json, prompt: str, rng: random.Random) -> Any:
    properties = (schema.get("items") or {}).get("properties", {})
    if {"question", "options"} <= properties.keys():
        return _written(schema, prompt, rng)
    if len(letters := _verdicts(properties)) == 1 and (asked := _asked(prompt)):
        return [
            {**_filled(schema["items"], prompt, rng), **_numbered(properties, at), letters[0]: key}
            for at, key in enumerate(asked, 1)
        ]
    own = schema.get("properties", {})
    if len(letters := _verdicts(own)) == 1 and (asked := _asked(prompt)):
        return {**_object(own, prompt, rng), letters[0]: asked[0]}
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


def _verdicts(properties: Json) -> list[str]:
    """Names of the fields that take an option's letter."""
    return [name for name, part in properties.items() if set(LETTERS) <= set(part.get("enum", ()))]


def _numbered(properties: Json, at: int) -> Json:
    """A row's number, where the schema has a field for it."""
    names = [name for name, part in properties.items() if str(part.get("type", "")).lower() == "integer"]
    return dict.fromkeys(names[:1], at)


def _asked(prompt: str) -> list[str]:
    """The right letters of the bank's questions in a prompt, as the prompt shows their options, in its order."""
    places = sorted((prompt.index(text), text) for text in _questions() if text in prompt)
    ends = [at for at, _ in places[1:]] + [len(prompt)]
    return [
        _letter(prompt[at:end], _questions()[text].right_option) for (at, text), end in zip(places, ends, strict=True)
    ]


def _letter(part: str, right: str) -> str:
    """The letter before the right option: "B) Mars", "B. Mars", "B: Mars" or '"B": "Mars"'."""
    for line in part.replace(', "', '\n"').splitlines():
        bare = line.strip(' \t"{}[],-*(')
        if bare[:1] in LETTERS and bare[1:].strip(' \t"):.') == right.strip('"'):
            return bare[0]
    return LETTERS[0]


@cache
def _questions() -> dict[str, Question]:
    return {item.question.question: item.question for item in bank.items()}
