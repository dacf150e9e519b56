"""The fake itself: that it answers as its clients may expect, and refuses what the service would."""

import asyncio
import json
import random
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.clock import FakeClock
from tests.fakes.gemini import GeminiServer, answers
from tests.fakes.gemini.scripts import Fault
from tests.fakes.watch import Counting
from triviareel.questions.gemini.access import Access, open_model
from triviareel.questions.gemini.caller import Caller
from triviareel.questions.gemini.limiter import WINDOW_S, Limiter
from triviareel.questions.gemini.model import Ask, text_of
from triviareel.questions.gemini.secrets import Secret

BODY = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}

SCHEMAS = st.recursive(
    st.builds(dict, type=st.sampled_from(["string", "integer", "number", "boolean", "STRING", 1, 3]))
    | st.builds(lambda values: {"type": "string", "enum": values}, st.lists(st.text(), min_size=1, max_size=4)),
    lambda inner: (
        st.builds(lambda items, least: {"type": "array", "items": items, "minItems": least}, inner, st.integers(1, 3))
        | st.builds(
            lambda parts: {"type": "object", "properties": parts, "required": list(parts)},
            st.dictionaries(st.sampled_from("wxyz"), inner, max_size=3),
        )
    ),
    max_leaves=8,
)


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value follows a schema of those above."""
    kind = answers.TYPES.get(schema["type"]) or schema["type"].lower()
    if kind == "object":
        parts = schema["properties"]
        return value.keys() == parts.keys() and all(fits(value[name], part) for name, part in parts.items())
    if kind == "array":
        return len(value) >= schema["minItems"] and all(fits(item, schema["items"]) for item in value)
    types: dict[str, type] = {"string": str, "integer": int, "number": int, "boolean": bool}
    return type(value) is types[kind] and value in schema.get("enum", [value])


def post(url: str, body: Any, **headers: str) -> tuple[int, Any]:
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - of our own server
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


@given(SCHEMAS, st.integers())
def test_answers_follow_the_requests_own_schema(schema: dict[str, Any], seed: int) -> None:
    assert fits(json.loads(answers.answer("Anything.", schema, random.Random(seed))), schema)


def test_the_same_request_gets_the_same_answer_and_another_seed_another() -> None:
    schema = {"type": "array", "items": {"type": "string"}, "minItems": 5}
    bodies = [{**BODY, "generationConfig": {"seed": seed, "responseJsonSchema": schema}} for seed in (1, 1, 2)]
    first, same, other = (answers.generate(body, "m")["candidates"] for body in bodies)
    assert first == same
    assert first != other


@pytest.mark.parametrize("version", ["v1", "v1beta"])
def test_both_versions_of_the_path_are_there(version: str) -> None:
    with GeminiServer() as server:
        status, body = post(f"{server.url}/{version}/models/m:generateContent", BODY, **{"x-goog-api-key": "any"})
        assert (status, body["candidates"][0]["finishReason"]) == (200, "STOP")
        status, body = post(f"{server.url}/{version}/models/m:countTokens", BODY, **{"x-goog-api-key": "any"})
        assert (status, body) == (200, {"totalTokens": 2})


def test_callers_without_a_key_a_token_or_a_path_are_refused() -> None:
    with GeminiServer(key="right") as server:
        vertex = f"{server.url}/v1beta1/projects/p/locations/l/publishers/google/models/m:generateContent"
        gemini = f"{server.url}/v1beta/models/m:generateContent"
        assert post(gemini, BODY)[0] == 403
        status, body = post(gemini, BODY, **{"x-goog-api-key": "wrong"})
        assert (status, body["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
        assert post(vertex, BODY, **{"x-goog-api-key": "right"})[0] == 401
        assert post(f"{server.url}/v2/nothing", BODY, **{"x-goog-api-key": "right"})[0] == 404
        assert server.calls == []


def test_a_fault_that_is_unknown_is_named() -> None:
    with pytest.raises(ValueError, match="'418' is unknown: choose from 400"):
        Fault.parse("418")


def nine(requests: int | None) -> tuple[list[str], float]:
    """What 9 requests meet at a server that takes 3 a minute, if they limit themselves to so many.

    One after another: at once, their way over real sockets would take no time by the clock that they share.
    """
    clock, watch = FakeClock(), Counting()

    async def run(server: GeminiServer) -> None:
        model = open_model(Access(key=Secret("any"), base_url=server.url))
        limiter = Limiter(requests, clock=clock)
        for n in range(9):
            await Caller(model, limiter, watch, clock=clock, seed=n).ask(Ask("m", f"{n}"), text_of)
        await model.close()

    with GeminiServer(requests_per_minute=3, clock=clock.now) as server:
        asyncio.run(run(server))
        return [call.fault for call in server.calls], clock.time_s


def test_requests_that_keep_to_the_limit_never_meet_it() -> None:
    faults, seconds = nine(3)
    assert faults == ["ok"] * 9
    assert seconds == 2 * WINDOW_S


def test_requests_that_do_not_are_sent_back_and_come_again_when_told() -> None:
    faults, seconds = nine(None)
    assert faults == [*["ok"] * 3, "429", *["ok"] * 3, "429", *["ok"] * 3]
    assert 120 <= seconds <= 132


def test_it_runs_by_hand_and_says_how_to_reach_it() -> None:
    argv = [sys.executable, "-m", "tests.fakes.gemini", "--port", "0", "--faults", "503"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            url = line.rpartition("=")[2].strip()
            assert line.startswith("export GEMINI_API_KEY=any GOOGLE_GEMINI_BASE_URL=http://127.0.0.1:")
            told = [post(f"{url}/v1/models/m:generateContent", BODY, **{"x-goog-api-key": "any"})[0] for _ in range(2)]
            assert told == [503, 200]
        finally:
            process.terminate()
