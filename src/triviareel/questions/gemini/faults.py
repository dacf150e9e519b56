"""What the service's HTTP faults mean: which error, how long to wait, and whether it may have cost something; pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from triviareel.errors import Charge, ModelBusy, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini.access import Access

_DURATION = re.compile(r"(\d+(?:\.\d+)?)s")
_MARKUP = re.compile(r"<(style|script|title)\b.*?</\1>|<[^>]*>", re.DOTALL | re.IGNORECASE)
_TOLD = 200
"""Characters of the service's own message; an HTML page says no more in its rest."""


def explain(status: int, body: object, headers: Mapping[str, str], *, model: str, access: Access) -> TriviaError:
    """Our error for one of the service's.

    What fails with an error of the service's own is not charged (Gemini API, "Billing", failed requests); a proxy's
    page says nothing of what became of the request behind it.

    Args:
        status: of the HTTP response.
        body: its JSON, or its text if it is none.
        headers: of the response.
        model: the model that was asked.
        access: what was asked with, which tells who may be refused and takes the key out of what the service says.
    """
    said, wait = _message(body, access), retry_after(body, headers)
    if status == 429:
        daily = any("perday" in quota.lower() for quota in _quotas(body))
        rest = "the day's quota is used up; go on tomorrow or raise it" if daily else "wait, or ask less per minute"
        return ModelBusy(f"{model}: a limit is reached (429: {said}); {rest}", math.inf if daily else wait)
    if status >= 500 or status == 408:
        charge: Charge = "none" if "code" in _error(body) else "whole"
        return ModelDown(f"{model}: the service is at fault ({status}: {said}); try again", wait, charge)
    if "SERVICE_DISABLED" in _reasons(body):
        return ModelRefused(f"the service is not enabled: {said} ({status}); enable it, then run it again")
    if status in (401, 403) or "API_KEY_INVALID" in _reasons(body):
        return ModelRefused(f"{access.who} is refused: {said} ({status}); {access.mend}")
    if status == 404 and access.base_url and "code" not in _error(body):
        return ModelRefused(
            f"{access.where} is no server of Gemini: {said} (404); mend or unset GOOGLE_GEMINI_BASE_URL"
        )
    if status == 404:
        return ModelRefused(f"model {model!r} is not there: {said} (404); name one that this account can use")
    return ModelRefused(f"{model}: the request is refused: {said} ({status}); change it, asking again cannot help")


def retry_after(body: object, headers: Mapping[str, str]) -> float | None:
    """Seconds to wait, by RetryInfo in the body or else by Retry-After; None if neither says.

    A date is counted from the response's own Date, so that no clock is needed.
    """
    for detail in _details(body):
        if found := _DURATION.fullmatch(str(detail.get("retryDelay", ""))):
            return float(found[1])
    low = {name.lower(): value for name, value in headers.items()}
    given = low.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}", given):
        return float(given)
    try:
        wait = parsedate_to_datetime(given) - parsedate_to_datetime(low.get("date", ""))
    except (ValueError, TypeError):  # none, or none that RFC 9110 knows, or one of them without a zone
        return None
    return max(0.0, wait.total_seconds())


def _error(body: object) -> Mapping[str, Any]:
    if isinstance(body, list) and len(body) == 1:
        body = body[0]
    error = body.get("error", body) if isinstance(body, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _details(body: object) -> Iterator[Mapping[str, Any]]:
    details = _error(body).get("details")
    for detail in details if isinstance(details, list) else ():
        if isinstance(detail, Mapping):
            yield detail


def _reasons(body: object) -> set[str]:
    return {str(detail.get("reason")) for detail in _details(body)}


def _quotas(body: object) -> Iterator[str]:
    for detail in _details(body):
        violations = detail.get("violations")
        for violation in violations if isinstance(violations, list) else ():
            if isinstance(violation, Mapping):
                yield str(violation.get("quotaId", ""))


def _message(body: object, access: Access) -> str:
    """What the service says, in one line; the key is taken out before a part of it could be cut off."""
    said = access.scrub(str(_error(body).get("message") or (body if isinstance(body, str) else "")))
    line = " ".join(_MARKUP.sub(" ", said).split()).rstrip(".")
    return (line if len(line) <= _TOLD else line[: _TOLD - 1] + "…") or "no reason given"
