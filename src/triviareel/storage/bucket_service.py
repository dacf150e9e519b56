"""The one connection of a process to Cloud Storage: client, credentials, clock, and how often it is asked again."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

import google.auth
import requests
from google.auth.credentials import AnonymousCredentials, Credentials
from google.auth.exceptions import DefaultCredentialsError
from google.auth.transport.requests import AuthorizedSession
from google.cloud.storage import Client

from triviareel import ending
from triviareel.errors import Stopped
from triviareel.storage import bucket_faults
from triviareel.storage.patience import Patience, Tries

_T = TypeVar("_T")
_log = logging.getLogger(__name__)

_SCOPE = "https://www.googleapis.com/auth/devstorage.read_write"
_POOL = 64
"""Connections that are kept; more threads than that do not share one process."""
_UPLOAD = re.compile(r"(upload_id=)[^&\s\"]+")


@dataclass(frozen=True, slots=True)
class Access:
    """How Cloud Storage is reached."""

    emulator: str | None = None
    """The address of another server that speaks its protocol; no credentials are looked for then."""
    billing_project: str | None = None
    """Who pays for buckets that let their users pay."""
    patience: Patience = field(default_factory=Patience)
    chunk: int = 8 * 1024 * 1024
    """Bytes sent in one request, and again after a fault: a multiple of 256 KiB, as the service asks for."""
    credentials: Credentials | None = field(default=None, repr=False)
    """None for those of the environment."""


class Service:
    """A client and what it needs; any number of threads may use it, and no other process."""

    def __init__(self, access: Access) -> None:
        self.patience = access.patience
        self.chunk = access.chunk
        self.clock = Clock()
        credentials = _credentials(access)
        self.session = _session(credentials)
        self.session.hooks["response"] += [self.clock.see, _check_text]
        options = {"api_endpoint": _address(access.emulator)} if access.emulator else {}
        self.client = Client(
            project="none",  # objects belong to buckets; without one the client looks for it on the network
            credentials=credentials,
            _http=self.session,
            client_options=options,
        )
        # for traces it would ask about the bucket behind our back, which takes another permission, again on every fault
        self.client._bucket_metadata_cache = None
        self.host: str = self.client.api_endpoint

    def tries(self) -> Tries:
        """For one operation."""
        return Tries(self.patience, stranger=not self.clock.seen)

    def ask(self, act: Callable[[Tries], _T], uri: str, doing: str) -> _T:
        """Do something, again and again while what speaks against it may pass.

        Args:
            act: one try, the client's own retries being off; is given how long it may take.
            uri: what it is about, as the user would name it.
            doing: "read" or "write".

        Raises:
            TriviaError: see `bucket_faults.explain`.
            Stopped: the process was told to stop, and the first try failed.
        """
        tries = self.tries()
        while True:
            try:
                return act(tries)
            except bucket_faults.FAULTS as error:
                fault = error
            self.after(fault, tries, uri, doing)  # outside the block, so that the client's texts do not come along

    def after(self, fault: Exception, tries: Tries, uri: str, doing: str) -> None:
        """Wait for the next try after a fault, or raise what is to be told of it; see `ask`."""
        if not bucket_faults.passing(fault):
            raise bucket_faults.explain(fault, uri, doing, self.host)
        _log.debug("%s: %s on the way to %s it", uri, type(fault).__name__, doing)
        if not tries.wait():
            if ending.stopping():
                raise Stopped(f"stopped before {uri} could be {'read' if doing == 'read' else 'written'}")
            raise bucket_faults.explain(fault, uri, doing, self.host)


class Clock:
    """The service's time, by the Date of its answers and this machine's steady clock."""

    def __init__(self) -> None:
        self._ahead: float | None = None
        """Seconds between the steady clock's zero and 1970."""
        self._lock = threading.Lock()

    @property
    def seen(self) -> bool:
        """Whether there was an answer yet."""
        return self._ahead is not None

    def see(self, response: requests.Response, *_: Any, **__: Any) -> None:
        """Take an answer's date into account.

        It is cut to whole seconds, so of several answers the one that puts the clock furthest ahead is nearest to the
        truth; unless they are more than that apart, when one of the clocks was set.
        """
        try:
            date = parsedate_to_datetime(response.headers["Date"]).timestamp()
        except (KeyError, ValueError):
            return
        ahead = date - time.monotonic()
        with self._lock:
            if self._ahead is None or not 0 <= self._ahead - ahead <= 1:
                self._ahead = ahead

    def now(self) -> datetime:
        """At most a second behind the service's own. Only after an answer."""
        assert self._ahead is not None  # noqa: S101 - the caller asked something first
        return datetime.fromtimestamp(0, UTC) + timedelta(seconds=self._ahead + time.monotonic())


_services: dict[tuple[int, Access], Service] = {}
_lock = threading.Lock()


def service(access: Access, uri: str) -> Service:
    """This process's service; a child process makes its own, since sockets cannot be shared.

    Raises:
        InputError: there are no credentials, or they cannot be used.
    """
    key = os.getpid(), access
    found = _services.get(key)
    if found is None:
        with _lock:
            found = _services.get(key) or _made(access, uri)
            _services[key] = found
    return found


def _made(access: Access, uri: str) -> Service:
    try:
        return Service(access)
    except bucket_faults.FAULTS as error:
        fault = error
    raise bucket_faults.explain(fault, uri, "read", "Google Cloud")


def _credentials(access: Access) -> Credentials:
    if access.credentials is not None:
        return access.credentials
    if access.emulator:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]
    try:
        found, _ = google.auth.default(scopes=[_SCOPE])
    except OSError as error:  # what is named as a key is a folder, or may not be read
        told = f"file {error.filename}: {error.strerror}"
        raise DefaultCredentialsError(told) from error  # type: ignore[no-untyped-call]
    return found


def _session(credentials: Credentials) -> requests.Session:
    """A session that asks once: who is refused is refused, and faults are this module's to answer."""
    session: requests.Session = AuthorizedSession(credentials, refresh_status_codes=())  # type: ignore[no-untyped-call]
    adapter = requests.adapters.HTTPAdapter(pool_connections=4, pool_maxsize=_POOL, max_retries=0)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    for name in ("urllib3.connectionpool", "google.auth.transport.requests"):
        logging.getLogger(name).addFilter(_hide)  # they log addresses, and an upload's is a key to it
    return session


def _check_text(response: requests.Response, *_: Any, **__: Any) -> None:
    """Raise a ValueError if a description is no UTF-8: the client would read damage as a strange letter, and go on."""
    if "json" in response.headers.get("Content-Type", "") and "/download/" not in (response.url or ""):
        response.content.decode()


def _hide(record: logging.LogRecord) -> bool:
    """Take the secrets of uploads out of a line of the log."""
    if isinstance(record.args, tuple):
        record.args = tuple(_hidden(arg) for arg in record.args)
    if isinstance(request := getattr(record, "httpRequest", None), dict):
        record.__dict__["httpRequest"] = {key: _hidden(value) for key, value in request.items()}
    return True


def _hidden(value: object) -> object:
    return _UPLOAD.sub(r"\1…", value) if isinstance(value, str) else value


def _address(emulator: str) -> str:
    return (emulator if "://" in emulator else f"http://{emulator}").rstrip("/")
