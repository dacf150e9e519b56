"""The batch verbs: files go in, jobs move on by one state with every look at them, files come out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Answerer = Callable[[Json, str], Json | None]
"""Request and model to a row's `response` or `error`; None to lose the row."""

STATES = ("PENDING", "RUNNING", "SUCCEEDED")


@dataclass
class Job:
    """One batch."""

    name: str
    model: str
    rows: list[Json]
    """Each with a `request`, and whatever else its line had."""
    target: str = ""
    """On Vertex: where the answers go."""
    looks: int = 0
    state: str = STATES[0]


@dataclass
class Batches:
    """All files and batches of a server."""

    answer: Answerer
    buckets: Path | None = None
    """The folder in which gs://NAME/… is NAME/…."""
    files: dict[str, bytes] = field(default_factory=dict)
    jobs: dict[str, Job] = field(default_factory=dict)

    def store(self, data: bytes) -> Json:
        """Take an uploaded file; its description."""
        name = f"files/f{len(self.files) + 1}"
        self.files[name] = data
        return {"name": name, "sizeBytes": str(len(data)), "state": "ACTIVE", "mimeType": "application/jsonl"}

    def create(self, model: str, body: Json) -> Json:
        """Start a batch of the Gemini API, of a file or of requests in the body itself."""
        config = body["batch"]["inputConfig"]
        rows = lines(self.files[config["fileName"]]) if "fileName" in config else config["requests"]["requests"]
        job = Job(f"batches/b{len(self.jobs) + 1}", model, rows)
        self.jobs[job.name] = job
        return self.show(job)

    def create_vertex(self, parent: str, body: Json) -> Json:
        """Start a batch of Vertex AI, from a bucket to a bucket."""
        uris = body["inputConfig"]["gcsSource"]["uris"]
        rows = [row for uri in uris for row in lines(self._path(uri).read_bytes())]
        name = f"{parent}/batchPredictionJobs/{len(self.jobs) + 1}"
        target = body["outputConfig"]["gcsDestination"]["outputUriPrefix"]
        self.jobs[name] = Job(name, body["model"].rpartition("/")[2], rows, target)
        return self.show_vertex(self.jobs[name])

    def look(self, job: Job) -> None:
        """Move a job on by one state."""
        job.looks += 1
        if job.state in STATES[:-1]:
            job.state = STATES[STATES.index(job.state) + 1]
            if job.state == "SUCCEEDED":
                self._finish(job)

    def show(self, job: Job) -> Json:
        """A job as the Gemini API describes it."""
        metadata: Json = {"state": f"BATCH_STATE_{job.state}", "model": f"models/{job.model}"}
        done = job.state == "SUCCEEDED"
        if done:
            metadata["output"] = {"responsesFile": self._output(job)}
        return {"name": job.name, "metadata": metadata, "done": done}

    def show_vertex(self, job: Job) -> Json:
        """A job as Vertex AI describes it."""
        shown: Json = {"name": job.name, "state": f"JOB_STATE_{job.state}", "model": job.model}
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
            path = self._path(f"{job.target.rstrip('/')}/prediction/predictions.jsonl")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
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

    def _path(self, uri: str) -> Path:
        if self.buckets is None or not uri.startswith("gs://"):
            raise KeyError(uri)
        return self.buckets / uri.removeprefix("gs://")


def lines(data: bytes) -> list[Json]:
    """The objects of a JSON Lines file."""
    return [json.loads(line) for line in data.splitlines() if line.strip()]
