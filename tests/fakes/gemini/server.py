"""The HTTP side: paths of the Gemini API (`/v1`, `/v1beta`) and of Vertex AI, keys, limits, a journal."""

from __future__ import annotations

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from tests.fakes.gemini import answers, scripts
from tests.fakes.gemini.batches import Batches, Buckets
from tests.fakes.gemini.scripts import Fault
from tests.fakes.loopback import TOKEN, Answer, Fake, Handler, access_token, as_json

Json = dict[str, Any]

MODEL = re.compile(
    r"/(?P<version>v1|v1beta|v1beta1)/(?P<parent>projects/[^/]+/locations/[^/]+/publishers/google/)?"
    r"models/(?P<model>[^/:]+):(?P<verb>\w+)"
)
VERTEX_BATCH = re.compile(
    r"/v1(?:beta1)?/(?P<parent>projects/[^/]+/locations/[^/]+)/batchPredictionJobs(/(?P<id>\d+)(?P<verb>:cancel)?)?"
)
BATCH = re.compile(r"/v1(?:beta)?/(?P<name>batches/[^/:]+)(?P<verb>:cancel)?")
BATCHES = re.compile(r"/v1(?:beta)?/batches")
FILE = re.compile(r"/v1(?:beta)?/(?P<name>files/[^/:]+)(?P<verb>:download)?")
UPLOAD = re.compile(r"/upload/v1(?:beta)?/files(?P<session>/session)?")


@dataclass(frozen=True, slots=True)
class Call:
    """One request for content, as it arrived."""

    version: str
    """Of the API: "v1", "v1beta" or "v1beta1"."""
    vertex: bool
    model: str
    body: Json
    fault: str
    """What it was answered with; "ok" if well."""
    key: str
    """The API key or access token that came with it."""

    @property
    def prompt(self) -> str:
        """All its text."""
        return answers.prompt_of(self.body)


@dataclass(frozen=True, slots=True)
class Charge:
    """One line of the bill."""

    model: str
    prompt: int
    """Tokens."""
    output: int
    """Tokens, thoughts included."""
    batch: bool
    """Whether at batch mode's price."""


def _paging(query: str) -> tuple[int, str]:
    """Size and token of the page that a query asks for."""
    given = {name: values[0] for name, values in parse_qs(query).items()}
    return int(given.get("pageSize", 50)), given.get("pageToken", "")


@dataclass
class GeminiServer(Fake):
    """A server on a free port of 127.0.0.1 for as long as its `with` block runs."""

    key: str | None = None
    """The only key that is good; None takes any."""
    requests_per_minute: int | None = None
    clock: Callable[[], float] = time.monotonic
    """Of the cap alone."""
    buckets: Buckets | None = None
    """Where Vertex AI's batches read and write."""
    answer: Callable[[Json, str], Json] = answers.generate
    """Makes the response to a request's body and model."""
    port: int = 0
    """0 for a free one."""
    drip_s: float = 0.05
    """Seconds between two bytes of a dripping answer."""
    calls: list[Call] = field(default_factory=list)
    """The journal."""
    charges: list[Charge] = field(default_factory=list)
    """What was answered and will be on the bill, whether or not it arrived."""

    def __post_init__(self) -> None:
        super().__init__(_Handler, self.port)
        self.script: deque[Fault] = deque()
        self.verbs: deque[Fault] = deque()
        self.batches = Batches(self._row, self.buckets)
        self._starts: deque[float] = deque()
        self._lock = threading.Lock()

    def faults(self, *texts: str) -> None:
        """Answer the next requests with these, in this order; "ok" for a good answer."""
        parsed = [Fault.parse(text) for text in texts]
        with self._lock:
            self.script.extend(parsed)

    def batch_faults(self, *texts: str) -> None:
        """Answer the next batch verbs with these; one that breaks the connection does its work all the same."""
        parsed = [Fault.parse(text) for text in texts]
        with self._lock:
            self.verbs.extend(parsed)

    def next_fault(self) -> Fault:
        """The next one of the script, or what the cap on requests says."""
        with self._lock:
            if self.script:
                return self.script.popleft()
            now = self.clock()
            while self._starts and self._starts[0] <= now - 60:
                self._starts.popleft()
            if self.requests_per_minute is not None and len(self._starts) >= self.requests_per_minute:
                return Fault("429", self._starts[0] + 60 - now)
            self._starts.append(now)
            return Fault("ok")

    def record(self, call: Call) -> None:
        """Put a call into the journal."""
        with self._lock:
            self.calls.append(call)

    def next_verb_fault(self) -> Fault:
        """The next one for a batch verb."""
        with self._lock:
            return self.verbs.popleft() if self.verbs else Fault("ok")

    def made(self, body: Json, model: str, fault: Fault, *, batch: bool = False) -> Answer:
        """The response to a request; what the model has answered is charged, even if nothing of it arrives."""
        answer = self.answer(body, model)
        response = scripts.apply(fault, answer)
        if fault.name in scripts.FREE:
            return response
        usage = scripts.usage(response) or answer["usageMetadata"]
        prompt = usage["promptTokenCount"]
        with self._lock:
            self.charges.append(Charge(model, prompt, usage["totalTokenCount"] - prompt, batch))
        return response

    def _row(self, body: Json, model: str) -> Json | None:
        fault = self.next_fault()
        self.record(Call("batch", False, model, body, fault.name, ""))
        response = self.made(body, model, fault, batch=True)
        if fault.name == "row-error":
            return {"error": {"code": 13, "message": "An internal error has occurred"}}
        if fault.name in ("row-missing", "html", "html-200", "raw", *scripts.CONNECTIONS):  # no line of JSON Lines
            return None
        said = json.loads(response.body)
        return said if "error" in said else {"response": said}


class _Handler(Handler):
    fake: GeminiServer

    def route(self) -> None:
        method, (path, _, query) = self.command, self.path.partition("?")
        data = self.body()
        if path == "/token":
            return self.send(access_token())
        begun = path.endswith("/session")  # an upload's own address is its permission
        if not begun and (refusal := self._refusal(vertex="/projects/" in path)):
            return self.send(refusal)
        if method == "POST" and (found := MODEL.fullmatch(path)):
            return self._model(found, json.loads(data or b"{}"))
        if "/batch" in path:
            return self._verb(lambda: self._found(method, path, data, query))
        return self.send(self._found(method, path, data, query))

    def _found(self, method: str, path: str, data: bytes, query: str) -> Answer:
        try:
            return self._files(method, path, data, query) or scripts.error(404, f"{path} is not here")
        except KeyError as missing:
            return scripts.error(404, f"{missing} is not here")

    def _refusal(self, *, vertex: bool) -> Answer | None:
        if vertex:
            return None if self._key() == TOKEN else scripts.error(401)
        if not self._key():
            return scripts.error(403, "Method doesn't allow unregistered callers. Please use API Key.")
        return None if self.fake.key in (None, self._key()) else scripts.refused_key()

    def _key(self) -> str:
        return self.headers.get("x-goog-api-key") or self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _model(self, found: re.Match[str], body: Json) -> None:
        model, verb = found["model"], found["verb"]
        if verb == "countTokens":
            return self.send(as_json({"totalTokens": answers.tokens(answers.prompt_of(body))}))
        if verb == "batchGenerateContent":
            return self._verb(lambda: as_json(self.fake.batches.create(model, body)))
        if verb != "generateContent":
            return self.send(scripts.error(404, f"{verb} is not here"))
        fault = self.fake.next_fault()
        self.fake.record(Call(found["version"], bool(found["parent"]), model, body, fault.name, self._key()))
        response = self.fake.made(body, model, fault)
        if fault.name in scripts.CONNECTIONS:
            return self._break(fault.name, response)
        return self.send(response)

    def _verb(self, do: Callable[[], Answer]) -> None:
        """Answer a batch verb, with a fault if one is scripted; only one that breaks the connection does its work."""
        fault = self.fake.next_verb_fault()
        if fault.name in scripts.CONNECTIONS:
            return self._break(fault.name, do())
        if fault.name == "ok":
            return self.send(do())
        return self.send(scripts.apply(fault, {}))

    def _files(self, method: str, path: str, data: bytes, query: str) -> Answer | None:
        batches = self.fake.batches
        if found := UPLOAD.fullmatch(path):
            if found["session"]:
                return as_json({"file": batches.store(data)}, headers={"X-Goog-Upload-Status": "final"})
            where = f"{self.fake.url}/upload/v1beta/files/session"
            return as_json({}, headers={"X-Goog-Upload-URL": where, "X-Goog-Upload-Status": "active"})
        if found := FILE.fullmatch(path):
            content = batches.files[found["name"]]
            if method == "DELETE":
                del batches.files[found["name"]]
                return as_json({})
            return Answer(200, content, {"Content-Type": "application/jsonl"}) if found["verb"] else None
        if found := VERTEX_BATCH.fullmatch(path):
            return self._vertex_batch(method, found, data, query)
        if method == "GET" and BATCHES.fullmatch(path):
            jobs, token = batches.page("", *_paging(query))
            return as_json({"operations": [batches.show(job) for job in jobs], "nextPageToken": token})
        return self._batch(method, found, path) if (found := BATCH.fullmatch(path)) else None

    def _batch(self, method: str, found: re.Match[str], path: str) -> Answer:
        job = self.fake.batches.jobs[found["name"]]
        if method == "DELETE":
            del self.fake.batches.jobs[found["name"]]
        elif path.endswith(":cancel"):
            job.state = "CANCELLED"
        else:
            self.fake.batches.look(job)
            return as_json(self.fake.batches.show(job))
        return as_json({})

    def _vertex_batch(self, method: str, found: re.Match[str], data: bytes, query: str) -> Answer:
        batches = self.fake.batches
        if method == "POST" and not found["id"]:
            return as_json(batches.create_vertex(found["parent"], json.loads(data)))
        if not found["id"]:
            jobs, token = batches.page(found["parent"], *_paging(query))
            shown = [batches.show_vertex(job) for job in jobs]
            return as_json({"batchPredictionJobs": shown, "nextPageToken": token})
        job = batches.jobs[f"{found['parent']}/batchPredictionJobs/{found['id']}"]
        if found["verb"]:
            job.state = "CANCELLED"
            return as_json({})
        batches.look(job)
        return as_json(batches.show_vertex(job))

    def _break(self, how: str, response: Answer) -> None:
        """Let the answer not arrive whole."""
        self.close_connection = True
        if how == "stall":
            self.stall()
        elif how == "reset":
            self.reset()
        elif how == "cut-body":
            self.head(response)
            self.wfile.write(response.body[: len(response.body) // 2])
        elif how == "drip":
            self._drip(response)

    def _drip(self, response: Answer) -> None:
        self.head(response)
        for at in range(len(response.body)):
            if self.fake.closing.wait(self.fake.drip_s):
                return
            try:
                self.wfile.write(response.body[at : at + 1])
            except OSError:  # the client has had enough, which is what a drip is for
                return
