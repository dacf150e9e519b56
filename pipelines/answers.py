"""What Google Cloud's refusals mean, and what mends them: each in one line."""

from __future__ import annotations

import re
from dataclasses import dataclass

import requests.exceptions as http
from google.api_core import exceptions as api
from google.auth import exceptions as auth

from pipelines.config import Config
from pipelines.errors import BadInput, LaunchError, TryAgain

LOST = (
    api.ServerError,
    api.RetryError,
    auth.TransportError,
    http.ConnectionError,
    http.Timeout,
    http.ChunkedEncodingError,
)
"""With these it is open whether a request was carried out."""

_LOGIN = "gcloud auth application-default login"
_LONGEST = 300
"""Letters of what Google says that are told."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """What an answer means, if it is of a kind and says something."""

    kinds: tuple[type[Exception], ...]
    says: str
    """A pattern, in small letters."""
    error: type[LaunchError]
    means: str
    """With {doing}, {missing}, {text} and what the config has."""


_REGION = "location {location}: there is no Vertex AI; choose another region (and a bucket and quotas there)"

# The first that fits holds. Google's texts are no contract: what none of these says falls to a general rule below.
_RULES = (
    _Rule(
        (auth.DefaultCredentialsError,),
        "",
        BadInput,
        f"no Google credentials on this machine; log in with: {_LOGIN}",
    ),
    _Rule((auth.RefreshError, api.Unauthorized), "", BadInput, f"Google credentials are refused ({{text}}); {_LOGIN}"),
    _Rule(
        (api.Forbidden,),
        "quota project",
        BadInput,
        "your own Google credentials name no project to be counted against ({text}); name it with: gcloud auth "
        "application-default set-quota-project {project}",
    ),
    _Rule(
        (api.Forbidden,),
        "has not been used|it is disabled|service_disabled",
        BadInput,
        "project {project}: Vertex AI is switched off; switch it on with: gcloud services enable "
        "aiplatform.googleapis.com --project {project}",
    ),
    _Rule(
        (api.Forbidden, api.BadRequest, api.NotFound),
        "service[ _]?account|act as|actas",
        BadInput,
        "service_account {account}: does not exist, or you may not run as it ({text}); create it, or grant yourself "
        "roles/iam.serviceAccountUser on it",
    ),
    _Rule(
        (api.Forbidden, api.BadRequest, api.NotFound),
        "kms|cryptokey|encryption",
        BadInput,
        "encryption_key {key}: cannot be used ({text}); grant Vertex AI's service agent "
        "roles/cloudkms.cryptoKeyEncrypterDecrypter on it",
    ),
    _Rule((api.Forbidden, api.BadRequest), "'locations/|location [^ ]+ is not|unsupported location", BadInput, _REGION),
    _Rule(
        (api.Forbidden,),
        "",
        BadInput,
        "{doing}: you have no permission in project {project} ({text}); ask for roles/aiplatform.user there",
    ),
    _Rule(
        (api.TooManyRequests,),
        "",
        TryAgain,
        "{doing}: a quota of project {project} in {location} is used up ({text}); try again later, or ask for more: "
        "https://console.cloud.google.com/iam-admin/quotas?project={project}",
    ),
    _Rule((api.NotFound,), "<html|<!doctype", BadInput, _REGION),
    _Rule((api.NotFound,), "", BadInput, "{missing} ({text})"),
    _Rule((api.ClientError,), "", BadInput, "{doing}: is refused ({text}); mend what it names"),
    _Rule(
        LOST,
        "resolve .*-aiplatform",
        TryAgain,
        "{doing}: no answer ({text}); check the network, and that {location} is a region of Vertex AI",
    ),
    _Rule(LOST, "", TryAgain, "{doing}: no answer ({text}); check the network, and try again"),
)


def told(error: Exception, doing: str, missing: str, config: Config) -> LaunchError | None:
    """An error of Google's client as one of ours; None if it is none that can be foreseen.

    Args:
        error: what the client raised.
        doing: what was asked for, such as "starting the run x".
        missing: what it means if something is not there.
        config: names what the mend is about.
    """
    text = _text(error)
    for rule in _RULES:
        if isinstance(error, rule.kinds) and re.search(rule.says, text.lower()):
            return rule.error(
                rule.means.format(
                    doing=doing,
                    missing=missing,
                    text=_cut(text),
                    project=config.project,
                    location=config.location,
                    account=config.service_account or "(the project's default)",
                    key=config.encryption_key,
                )
            )
    return None


def _text(error: BaseException) -> str:
    """What the service says, without the address that the client puts before it."""
    if isinstance(error, api.RetryError) and error.cause:
        return _text(error.cause)
    if isinstance(error, auth.TransportError) and error.args and isinstance(error.args[0], Exception):
        return _text(error.args[0])
    said = error.message if isinstance(error, api.GoogleAPICallError) and error.message else str(error)
    if isinstance(error, http.ConnectionError) and (reason := getattr(next(iter(error.args), None), "reason", None)):
        said = str(reason).rpartition(": ")[2]
    return " ".join(re.sub(r"^[A-Z]+ https?://\S+: ", "", said).split()).rstrip(".")


def _cut(text: str) -> str:
    if "<" in text and ">" in text:
        text = re.sub(r"\s+", " ", re.sub(r"<(style|script).*?</\1>|<[^>]*>", " ", text)).strip()
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text or "it does not say why"
