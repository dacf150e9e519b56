"""The batch verbs: files go in, jobs move on by one state with every look at them, files come out."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

Json = dict[str, Any]
Answerer = Callable[[Json, str], Json | None]
"""Request and model to a row's `response` or `error`; None to lose the row."""


class Buckets(Protocol):
    """Where Vertex AI's batches read and write; a `tests.fakes.gcs.GcsServer` is one."""

    def read(self, name: str, bucket: str) -> bytes:
        """An object's bytes."""
        ...

    def put(self, name: str, data: bytes, bucket: str) -> int:
        """Make or replace an object."""
        ...


STATES = ("PENDING", "RUNNING", "SUCCEEDED")


@dataclass
class Job:
    """One batch."""

    name: str
    model: str
    rows: list[Json]
    """Each with a `request`, and whatever else its line had."""
    title: str
    """The name that its owner gave it."""
    target: str = ""
    """On Vertex: where the answers go."""
    looks: int = 0
    state: str = STATES[0]


@dataclass
class Batches:
    """All files and batches of a server."""

    answer: Answerer
    buckets: Buckets | None = None
    files: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    """Held while a job moves on: whoever looks meanwhile waits for its answers."""

    def store(self, data: bytes) -> Json:
        """Take an uploaded file; its description."""
        name = f"files/f{len(self.files) + 1}"
        self.files[name] = data
        return {"name": name, "sizeBytes": str(len(data)), "state": "ACTIVE", "mimeType": "application/jsonl"}

    def create(self, model: str, body: Json) -> Json:
        """Start a batch of the Gemini API, of a file or of requests in the body itself."""
        config = body["batch"]["inputConfig"]
        rows = lines(self.files[config["fileName"]]) if "fileName" in config else config["requests"]["requests"]
        job = Job(f"batches/b{len(self.jobs) + 1}", model, rows, body["batch"].get("displayName", ""))
        self.jobs[job.name] = job
        return self.show(job)

    def create_vertex(self, parent: str, body: Json) -> Json:
        """Start a batch of Vertex AI, from a bucket to a bucket."""
        uris = body["inputConfig"]["gcsSource"]["uris"]
        rows = [row for uri in uris for row in lines(self._bucket().read(*_object(uri)))]
        name = f"{parent}/batchPredictionJobs/{len(self.jobs) + 1}"
        target = body["outputConfig"]["gcsDestination"]["outputUriPrefix"]
        self.jobs[name] = Job(name, body["model"].rpartition("/")[2], rows, body["displayName"], target)
        return self.show_vertex(self.jobs[name])

    def page(self, parent: str, size: int, token: str) -> tuple[list[Job], str]:
        """Some of a parent's jobs, newest first, and the token of the next page; empty after the last.

        Args:
            parent: a location of Vertex AI; empty for the Gemini API.
            size: of a page.
            token: of the page; empty for the first.
        """
        jobs = [job for name, job in self.jobs.items() if name.startswith(parent or "batches/")][::-1]
        start = int(token or 0)
        return jobs[start : start + size], str(start + size) if start + size < len(jobs) else ""

    def look(self, job: Job) -> None:
        """Move a job on by one state."""
        with self.lock:
            job.looks += 1
            if job.state in STATES[:-1]:
                state = STATES[STATES.index(job.state) + 1]
                if state == "SUCCEEDED":
                    self._finish(job)
                job.state = state

    def show(self, job: Job) -> Json:
        """A job as the Gemini API describes it."""
        metadata: Json = {"state": f"BATCH_STATE_{job.state}", "model": f"models/{job.model}"}
        metadata["displayName"] = job.title
        done = job.state == "SUCCEEDED"
        if done:
            metadata["output"] = {"responsesFile": self._output(job)}
        return {"name": job.name, "metadata": metadata, "done": done}

    def show_vertex(self, job: Job) -> Json:
        """A job as Vertex AI describes it."""
        shown: Json = {"name": job.name, "state": f"JOB_STATE_{job.state}", "model": job.model}
        shown["displayName"] = job.title
        if job.state == "SUCCEEDED":
            shown["outputInfo"] = {"gcsOutputDirectory": f"{job.target.rstrip('/')}/prediction"}
        return shown

    def _finish(self, job: Job) -> None:
        rows = []
        for row in reversed(job.rows):  # the service keeps no order
            said = self.answer(row["request"], job.model)
            if said is not None:
                rows.append(self._row(row, said, vertex=bool(job.target)))
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        if job.target:
            name, bucket = _object(f"{job.target.rstrip('/')}/prediction/predictions.jsonl")
            self._bucket().put(name, text, bucket)
        else:
            self.files[self._output(job)] = text

    @staticmethod
    def _row(row: Json, said: Json, *, vertex: bool) -> Json:
        if not vertex:
            return {"key": row.get("key"), **said}
        if "error" in said:
            return {**row, "status": said["error"]["message"], "response": {}}
        return {**row, "status": "", **said}

    @staticmethod
    def _output(job: Job) -> str:
        return f"files/{job.name.replace('/', '-')}-out"

    def _bucket(self) -> Buckets:
        if self.buckets is None:
            raise KeyError("gs://")
        return self.buckets


def _object(uri: str) -> tuple[str, str]:
    """Name and bucket that a URI means."""
    scheme, _, place = uri.partition("://")
    bucket, _, name = place.partition("/")
    if scheme != "gs" or not name:
        raise KeyError(uri)
    return name, bucket


def lines(data: bytes) -> list[Json]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in data.splitlines() if line.strip()]
