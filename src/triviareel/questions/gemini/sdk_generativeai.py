"""Gemini through google-generativeai, which is at its end of life: its only importer, by key and without batch mode.

The SDK knows no seed and no thinking budget, so those are not sent.
"""

from __future__ import annotations

import asyncio
import json
import threading
import warnings
from collections.abc import Callable, Mapping
from typing import Any

from google.api_core import exceptions as core
from google.protobuf import json_format
from requests import RequestException

from triviareel.errors import AnswerFault, InputError, ModelDown, TriviaError
from triviareel.questions.gemini import faults, wire
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.model import Ask, Reply

with warnings.catch_warnings():
    warnings.simplefilter("ignore", FutureWarning)  # it tells at import that its support has ended
    import google.generativeai as genai
    from google.generativeai import client as clients

_SCHEMA_KEYS = {"type", "format", "description", "nullable", "enum", "items", "properties", "required"}
"""What the SDK's Schema message has fields for, and takes as JSON schema names it."""
_COUNTS = {"maxItems": "max_items", "minItems": "min_items"}

_SHAPE_FAULTS = (json_format.Error, ValueError, TypeError, AttributeError, KeyError)
"""What the SDK raises, bare, on a reply that is not the API's JSON."""
SDK_FAULTS = (core.GoogleAPIError, RequestException, TimeoutError, *_SHAPE_FAULTS)


class GenerativeAiModel:
    """The second adapter.

    Args:
        access: a key; the SDK keeps it for the process as a whole, so that one process has one.
        deadline_s: seconds for one call as a whole.
    """

    def __init__(self, access: Access, deadline_s: float) -> None:
        if access.key is None:
            raise InputError("google-generativeai cannot ask on Vertex AI: use google-genai there, or an API key")
        self._access = access
        self._deadline_s = deadline_s
        options = {"api_endpoint": access.base_url} if access.base_url else None
        genai.configure(api_key=access.key.reveal(), transport="rest", client_options=options)
        # Its session sends a request that got 401 twice more, to no end with a key; only the attribute turns that off.
        clients.get_default_generative_client().transport._session._refresh_status_codes = ()

    async def ask(self, ask: Ask) -> Reply:
        """Ask once; see `Model`."""
        model = genai.GenerativeModel(ask.model, system_instruction=ask.system or None)
        settings = config(ask)
        options = {"retry": None, "timeout": self._deadline_s}

        def call() -> Any:
            return model.generate_content(ask.prompt, generation_config=settings, request_options=options)

        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await _aside(call)
            body = json.loads(type(answer._result).to_json(answer._result))
        except SDK_FAULTS as error:
            fault = explain(error, self._access, ask.model, self._deadline_s)
        else:
            return wire.reply(_named(body), ask.model)
        raise fault  # outside the except block: the SDK's error holds the request, and the request's headers the key

    async def close(self) -> None:
        """Nothing to let go of: the SDK keeps its connections."""


def config(ask: Ask) -> dict[str, Any]:
    """The request's settings as the SDK takes them."""
    settings: dict[str, Any] = {"temperature": ask.temperature, "max_output_tokens": ask.max_output_tokens}
    if ask.schema is not None:
        settings["response_mime_type"] = "application/json"
        settings["response_schema"] = schema(ask.schema)
    return settings


def schema(given: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON schema as the SDK's Schema message: what that has no field for is left out."""
    kept: dict[str, Any] = {key: value for key, value in given.items() if key in _SCHEMA_KEYS}
    kept |= {name: given[key] for key, name in _COUNTS.items() if key in given}
    if "type" in kept:
        kept["type"] = str(kept["type"]).upper()
    if "enum" in kept:
        kept["format"] = "enum"
    if "items" in kept:
        kept["items"] = schema(kept["items"])
    if "properties" in kept:
        kept["properties"] = {name: schema(part) for name, part in kept["properties"].items()}
    return kept


def explain(error: Exception, access: Access, model: str, deadline_s: float) -> TriviaError:
    """Our error for one of the SDK's or of what lies beneath it; holds neither the request nor the key."""
    if isinstance(error, core.GoogleAPICallError) and error.code:
        response = error.response
        headers = dict(response.headers) if response is not None else {}
        body = _body(response, error)
        return faults.explain(int(error.code), body, headers, model=model, access=access)
    if isinstance(error, TimeoutError | core.RetryError) or "timed out" in str(error):
        return ModelDown(f"{model}: no whole answer within {deadline_s:g} s; try again, or ask for less at once")
    if isinstance(error, core.GoogleAPIError | RequestException):
        return ModelDown(f"{model}: the connection to {access.where} failed ({access.scrub(str(error))}); try again")
    return AnswerFault("not JSON", f"{model}: the reply is not the API's JSON; ask again")


async def _aside(call: Callable[[], Any]) -> Any:
    """What a call in a thread of its own returns; an abandoned one does not keep the process from ending."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Any] = loop.create_future()

    def settle(value: Any, error: BaseException | None) -> None:
        if not done.done():
            done.set_result((value, error))

    def run() -> None:
        value, error = None, None
        try:
            value = call()
        except Exception as raised:  # noqa: BLE001 - handed over to whoever waits
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, daemon=True).start()
    value, error = await done
    if error is not None:
        raise error
    return value


def _body(response: Any, error: core.GoogleAPICallError) -> Any:
    if response is None:
        return {"message": error.message}
    try:
        return response.json()
    except ValueError:
        return response.text


def _named(body: Any) -> Any:
    """The body with its enumerations by name, which this SDK writes as numbers."""
    if isinstance(body, dict):
        for candidate in body.get("candidates") or ():
            finish = candidate.get("finishReason")
            candidate["finishReason"] = genai.protos.Candidate.FinishReason(finish or 0).name
    return body
