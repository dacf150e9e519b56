"""Gemini through google-genai: its only importer. Retries, limits and checks are elsewhere."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from json import JSONDecodeError
from typing import Any

import httpx
from google import genai
from google.auth import exceptions as auth
from google.genai import errors, types

from triviareel.errors import AnswerFault, Charge, InputError, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini import faults, wire
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.model import Ask, Reply

SHAPE_FAULTS = (ValueError, TypeError, AttributeError, KeyError)
"""What the SDK raises, bare, on a reply that is JSON but not the API's; pydantic's errors are ValueErrors."""
UNSENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""What ends a request before it is sent, so that it cannot have cost anything."""
SDK_FAULTS = (errors.APIError, httpx.HTTPError, auth.GoogleAuthError, TimeoutError, *SHAPE_FAULTS)


class GenaiModel:
    """The default adapter, for the Gemini API and Vertex AI.

    Args:
        access: key or project.
        deadline_s: seconds for one call as a whole; the SDK's own limit holds for each read only.
    """

    def __init__(self, access: Access, deadline_s: float) -> None:
        self._access = access
        self._deadline_s = deadline_s
        self._connection = Connection(access, deadline_s)

    async def ask(self, ask: Ask) -> Reply:
        """Ask once; see `Model`."""
        settings = config(ask)
        try:
            async with asyncio.timeout(self._deadline_s):
                answer = await self._connection.client.aio.models.generate_content(
                    model=ask.model, contents=ask.prompt, config=settings
                )
            body = answer.model_dump(mode="json", by_alias=True, exclude_none=True)
        except SDK_FAULTS as error:
            fault = explain(error, self._access, ask.model, self._deadline_s)
        else:
            return wire.reply(body, ask.model)
        raise fault  # outside the except block: the SDK's error holds the request, and the request's headers the key

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()


class Connection:
    """A client that never retries by itself, and the HTTP client beneath it.

    That one is always httpx's and ours: left to itself the SDK takes aiohttp or httpx2 where they are installed, whose
    errors are others, and lets its clients' connections go when they are collected, not when they are closed.

    Args:
        access: key or project.
        deadline_s: seconds for each read.

    Raises:
        InputError: this machine's proxy or certificates are not what they are said to be.
    """

    def __init__(self, access: Access, deadline_s: float) -> None:
        self._http = _http()
        options = types.HttpOptions(
            base_url=access.base_url,
            timeout=int(deadline_s * 1000),
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_async_client=self._http,
        )
        with _unwarned():
            if access.key is not None:
                self.client = genai.Client(vertexai=False, api_key=access.key.reveal(), http_options=options)
            else:
                self.client = genai.Client(
                    vertexai=True, project=access.project, location=access.location, http_options=options
                )

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()
        await self.client.aio.aclose()
        self.client.close()


def _http() -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(follow_redirects=True)
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        raise InputError(
            f"this machine's proxy or certificates cannot be used ({error}): "
            "mend or unset HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE or SSL_CERT_DIR"
        ) from None


@contextmanager
def _unwarned() -> Iterator[None]:
    """Without the SDK's warning that it takes GOOGLE_API_KEY, which it looks at only to say so: it is given the key."""
    logger = logging.getLogger("google_genai._api_client")
    logger.addFilter(_is_grave)
    try:
        yield
    finally:
        logger.removeFilter(_is_grave)


def _is_grave(record: logging.LogRecord) -> bool:
    return record.levelno > logging.WARNING


def config(ask: Ask) -> types.GenerateContentConfig:
    """The request's settings as the SDK takes them."""
    thinking = None if ask.thinking_budget is None else types.ThinkingConfig(thinking_budget=ask.thinking_budget)
    return types.GenerateContentConfig(
        system_instruction=ask.system or None,
        temperature=ask.temperature,
        seed=ask.seed,
        max_output_tokens=ask.max_output_tokens,
        response_mime_type="application/json" if ask.schema is not None else None,
        response_json_schema=None if ask.schema is None else dict(ask.schema),
        thinking_config=thinking,
    )


def explain(error: Exception, access: Access, model: str, deadline_s: float) -> TriviaError:
    """Our error for one of the SDK's or of what lies beneath it; holds neither the request nor the key."""
    if isinstance(error, errors.APIError):
        headers: Any = getattr(error.response, "headers", None) or {}
        return faults.explain(error.code, error.details, dict(headers), model=model, access=access)
    if isinstance(error, TimeoutError | httpx.TimeoutException) and not isinstance(error, UNSENT):
        return ModelDown(f"{model}: no whole answer within {deadline_s:g} s; try again, or ask for less at once")
    said = access.scrub(str(error)) or type(error).__name__
    if isinstance(error, auth.GoogleAuthError):
        if getattr(error, "retryable", False):
            return ModelDown(f"{model}: the account could not be checked ({said}); try again", charge="none")
        return ModelRefused(f"{access.who} is refused: {said}; {access.mend}")
    if isinstance(error, JSONDecodeError | errors.UnknownApiResponseError):
        return AnswerFault("not JSON", f"{model}: the reply is not JSON; ask again")
    if isinstance(error, SHAPE_FAULTS):
        return AnswerFault("mismatched", f"{model}: the reply is not shaped like the API's; ask again")
    charge: Charge = "none" if isinstance(error, UNSENT) else "whole"
    return ModelDown(f"{model}: the connection to {access.where} failed ({said}); try again", charge=charge)
