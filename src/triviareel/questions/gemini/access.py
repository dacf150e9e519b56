"""How a model is reached: by key or by project, through which SDK."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from triviareel.errors import InputError
from triviareel.questions.gemini.batches import Batches
from triviareel.questions.gemini.model import Model
from triviareel.questions.gemini.secrets import Secret
from triviareel.storage import Store

Sdk = Literal["genai", "generativeai"]

_ADDRESS = re.compile(r"https?://\S+")

DEADLINE_S = 120.0
"""Seconds for one call from first byte to last; thinking models take up to a minute for a page of JSON."""


@dataclass(frozen=True, slots=True)
class Access:
    """Either a key (Gemini API) or a project and a location (Vertex AI, with the machine's own account)."""

    key: Secret | None = None
    project: str | None = None
    location: str | None = None
    base_url: str | None = None
    """Another address than the service's own, such as a proxy's or a fake's."""

    def __post_init__(self) -> None:
        if (self.key is None) == (self.project is None):
            raise InputError("Gemini needs a key or a project: set GEMINI_API_KEY or name a project, not both")
        if (self.project is None) != (self.location is None):
            raise InputError("Vertex AI needs a project and a location: name both, such as my-project and us-central1")
        if self.base_url and not _is_address(self.base_url):
            raise InputError(f"Gemini's address {self.base_url!r} is none: give one such as http://127.0.0.1:8917")

    @property
    def who(self) -> str:
        """What the service lets in or refuses."""
        return "the key" if self.key is not None else f"this machine's account in project {self.project}"

    @property
    def where(self) -> str:
        """The server that is asked, to tell people."""
        if not self.base_url:
            return "Gemini" if self.key is not None else "Vertex AI"
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"

    @property
    def mend(self) -> str:
        """What to do when it is refused."""
        if self.key is not None:
            return "set GEMINI_API_KEY or GEMINI_API_KEY_FILE to a valid one"
        return f"sign in, or give the account the role roles/aiplatform.user in {self.project}"

    def scrub(self, text: str) -> str:
        """The text without the key."""
        return text if self.key is None else self.key.scrub(text)


def _is_address(text: str) -> bool:
    """Whether a text is the address of a server: scheme, host and, if there is one, a port that can be."""
    try:
        parts = urlsplit(text)
        return bool(_ADDRESS.fullmatch(text) and parts.hostname) and parts.port != 0
    except ValueError:  # a port beyond 65535, half an IPv6 address
        return False


def open_model(access: Access, sdk: Sdk = "genai", deadline_s: float = DEADLINE_S) -> Model:
    """The model behind one of the SDKs, which is imported only now.

    Args:
        access: key or project.
        sdk: "genai" or "generativeai".
        deadline_s: seconds for one call as a whole.

    Raises:
        InputError: the SDK is not installed, or cannot use this access.
    """
    try:
        if sdk == "generativeai":
            from triviareel.questions.gemini import sdk_generativeai

            return sdk_generativeai.GenerativeAiModel(access, deadline_s)
        from triviareel.questions.gemini import sdk_genai

        return sdk_genai.GenaiModel(access, deadline_s)
    except ModuleNotFoundError as missing:
        extra = "gemini-legacy" if sdk == "generativeai" else "gemini"
        raise InputError(f"{missing.name} is not installed: pip install 'triviareel[{extra}]'") from missing


def open_batches(access: Access, deadline_s: float = DEADLINE_S, store: Store | None = None) -> Batches:
    """Batch mode, which google-genai alone has.

    Args:
        access: key or project.
        deadline_s: seconds for one call as a whole; answers take up to a day, but no call waits for them.
        store: on Vertex AI, a place in a bucket where batches read and write.

    Raises:
        InputError: google-genai is not installed, or Vertex AI is given no bucket.
    """
    try:
        from triviareel.questions.gemini import sdk_genai_batches
    except ModuleNotFoundError as missing:
        raise InputError(f"{missing.name} is not installed: pip install 'triviareel[gemini]'") from missing
    return sdk_genai_batches.GenaiBatches(access, deadline_s, store)
