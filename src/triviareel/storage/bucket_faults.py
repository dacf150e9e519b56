"""What Cloud Storage and the way to it say went wrong: what may pass, and what to tell of the rest.

Nothing of the client's own texts is passed on: they hold addresses, and an upload's address is as good as a key.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import requests
import urllib3
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, RefreshError
from google.cloud.storage.exceptions import DataCorruption, InvalidResponse

from triviareel.errors import Conflict, InputError, StorageError, TriviaError

_PASSING = {408, 429, 500, 502, 503, 504}
"""Statuses that mean "not now" (Cloud Storage, retry strategy)."""

_SECRET = re.compile(r"\S*(?:upload_id|signature|token|bearer|ya29|https?://)\S*", re.IGNORECASE)
_PERMISSION = re.compile(r"\bstorage\.[a-z]+\.[A-Za-z]+")
_PLACE = re.compile(r"location|region|constraint|organization's policy|\bIP filter", re.IGNORECASE)
_PROJECT = re.compile(r"user ?project|serviceusage|billing", re.IGNORECASE)
_FILE = re.compile(r"\bfile\b|\bload\b", re.IGNORECASE)
_BUCKET = re.compile(r"bucket does not exist|bucket .*not (?:be )?found", re.IGNORECASE)


class Absent(InputError):  # noqa: N818 - it is a state, not a fault
    """There is no such object, or no longer that generation of it."""


class SessionLost(Exception):  # noqa: N818 - it is a state, not a fault
    """The service has forgotten an upload under way: another one must be begun."""


Fault: TypeAlias = (
    GoogleAPICallError
    | GoogleAuthError
    | requests.RequestException
    | urllib3.exceptions.HTTPError
    | DataCorruption
    | InvalidResponse
    | SessionLost
    | ConnectionError
    | ValueError
)
"""What the client raises; a ValueError where an answer is no JSON."""

FAULTS: tuple[type[Exception], ...] = Fault.__args__

_NEVER = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema)


def passing(fault: Exception) -> bool:
    """Whether the same request may go well in a moment."""
    if isinstance(fault, InvalidResponse):
        return fault.response.status_code in _PASSING
    if isinstance(fault, GoogleAPICallError):
        return fault.code in _PASSING
    if isinstance(fault, GoogleAuthError):
        return not isinstance(fault, DefaultCredentialsError) and bool(fault.retryable or _is_transport(fault))
    return not isinstance(fault, _NEVER) and "CERTIFICATE_VERIFY_FAILED" not in str(fault)


def explain(fault: Exception, uri: str, doing: str, host: str) -> TriviaError:
    """Our error for one of the client's.

    Args:
        fault: what the client raised.
        uri: what it was about, as the user would name it.
        doing: "read" or "write".
        host: the service's address.
    """
    if isinstance(fault, GoogleAPICallError | InvalidResponse):
        return _refused(fault, uri, doing)
    if isinstance(fault, GoogleAuthError):
        return _unknown_caller(fault, uri)
    if isinstance(fault, _NEVER):
        return InputError(f"{uri}: {host!r} is no address: set STORAGE_EMULATOR_HOST to one such as http://127.0.0.1:1")
    if "CERTIFICATE_VERIFY_FAILED" in str(fault):
        return InputError(
            f"{uri}: the certificate of {host} is not trusted here; have REQUESTS_CA_BUNDLE name its root"
        )
    if isinstance(fault, DataCorruption):
        return StorageError(f"{uri} arrived damaged each time; try again, and look after the network if it stays so")
    happened = "could not be reached" if _unreached(fault) else "gave no whole answer"
    check = "STORAGE_EMULATOR_HOST" if host.startswith("http://") else "the network"  # Google's own has a certificate
    return StorageError(f"{uri}: {host} {happened}, however often it was asked; check {check}, then run it again")


def _refused(fault: Any, uri: str, doing: str) -> TriviaError:
    """Our error for an answer with an error's status."""
    status = fault.response.status_code if fault.response is not None else fault.code
    said, reason = _said(fault.response)
    bucket = "/".join(uri.split("/", 3)[:3])
    if status in _PASSING:
        return StorageError(f"{uri}: Cloud Storage could not {doing} it now (status {status} each time); try again")
    if status == 412 and not _PLACE.search(said):
        return Conflict(f"{uri} was written by something else meanwhile: let that finish, then run it again")
    if status == 404 and _BUCKET.search(said):
        return InputError(
            f"{bucket}: there is no such bucket; check the spelling, or make it: gcloud storage buckets create {bucket}"
        )
    if status == 404:
        return Absent(f"{uri} does not exist: check the spelling")
    if "requester pays" in said:
        return InputError(
            f"{bucket} lets those pay who use it; set TRIVIAREEL_BILLING_PROJECT to the project that is to pay"
        )
    if "match calculated" in said:
        return StorageError(f"{uri} arrived damaged, and nothing was written; try again")
    if status in (400, 401, 403, 412):
        return _forbidden(status, said, reason, uri, doing)
    return InputError(f"{uri}: Cloud Storage refuses to {doing} it (status {status}{_quoted(said)}); check the place")


def _forbidden(status: int, said: str, reason: str, uri: str, doing: str) -> TriviaError:
    bucket = "/".join(uri.split("/", 3)[:3])
    if _PROJECT.search(said) or reason.startswith("userProject") or reason == "accountDisabled":
        mend = "set GOOGLE_CLOUD_PROJECT and TRIVIAREEL_BILLING_PROJECT to one that you may use and that can be billed"
        return InputError(f"{bucket}: the project to be billed cannot be{_quoted(said)}; {mend}")
    if _PLACE.search(said) or reason in ("policyViolation", "orgPolicyConstraintFailed", "countryBlocked"):
        mend = "use a bucket in the region and organisation of this machine, or have its policy let it in"
        return InputError(f"{bucket} may not be used from here{_quoted(said)}; {mend}")
    if status == 401:
        return InputError(
            f"{bucket}: Cloud Storage does not know who asks; log in (gcloud auth application-default login), or have "
            "GOOGLE_APPLICATION_CREDENTIALS name the service account's key"
        )
    if reason in ("retentionPolicyNotMet", "objectUnderActiveHold"):
        return InputError(f"{uri} is held by the bucket's retention: wait for its end, or choose another place")
    if status == 403:
        found = _PERMISSION.search(said)
        missing = found[0] if found else f"to {doing} it"
        return InputError(f"{uri}: no permission {missing}; grant the account roles/storage.objectUser on {bucket}")
    return InputError(f"{uri}: Cloud Storage refuses the request{_quoted(said)}; check the name and the place")


def _unknown_caller(fault: GoogleAuthError, uri: str) -> TriviaError:
    if isinstance(fault, DefaultCredentialsError):
        why = str(fault.args[0]) if fault.args else ""
        shown = _quoted(_SECRET.sub("…", why)) if _FILE.search(why) else ""  # that nothing was found is said already
        return InputError(
            f"{uri}: there are no Google Cloud credentials{shown}; log in (gcloud auth application-default login), or "
            "have GOOGLE_APPLICATION_CREDENTIALS name the service account's key"
        )
    if isinstance(fault, RefreshError) and not passing(fault):
        return InputError(
            f"{uri}: the Google Cloud credentials are refused; check this machine's clock, then log in again "
            "(gcloud auth application-default login), or have the service account's key renewed"
        )
    return StorageError(f"{uri}: no access token could be had; check the network, then run it again")


def _is_transport(fault: GoogleAuthError) -> bool:
    return type(fault).__name__ == "TransportError"


def _unreached(fault: Exception) -> bool:
    """Whether no connection came about."""
    cause = getattr(fault.args[0], "reason", None) if fault.args else None
    return isinstance(cause, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError)


def _said(response: Any) -> tuple[str, str]:
    """The service's words and the name of its reason, each empty if there are none; never an address or a secret."""
    if response is None:
        return "", ""
    try:
        error = response.json()["error"]
        words, reasons = str(error["message"]), [str(one.get("reason", "")) for one in error.get("errors", [])]
    except (ValueError, KeyError, TypeError, AttributeError):
        words, reasons = str(response.text), []
    return _SECRET.sub("…", " ".join(words.split()))[:300], (reasons or [""])[0]


def _quoted(said: str) -> str:
    return f" ({said[:160].rstrip('.')})" if said else ""
