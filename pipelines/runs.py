"""Runs and schedules as they are told to people: values read from what Vertex AI answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

ENDED = ("succeeded", "failed", "cancelled")
"""States of a run that stay."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task of a run."""

    name: str
    """With as many of the tasks it lies in as tell it from others, as in "for-loop-1-3 › render-videos"."""
    state: str
    """Small words: "pending", "running", "succeeded", "cached", "failed", "cancelled", …"""
    retries: int
    """How many attempts have failed and been made again."""
    started: datetime | None
    ended: datetime | None
    error: str

    def elapsed(self, now: datetime) -> timedelta | None:
        """How long it has been, or was, at it."""
        return (self.ended or now) - self.started if self.started else None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "task": self.name,
            "state": self.state,
            "retries": self.retries,
            "started": stamp(self.started),
            "ended": stamp(self.ended),
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the pipeline."""

    name: str
    state: str
    error: str
    tasks: tuple[Task, ...]

    @property
    def over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule of runs."""

    resource: str
    """Its full name at Vertex AI."""
    name: str
    state: str
    cron: str
    next_run: datetime | None
    """None while it is not active, whatever Vertex AI still says."""
    last_run: datetime | None
    last_answer: str
    """What became of the attempt to start the last run."""
    start: datetime | None
    end: datetime | None
    age: str
    """When it was made, as a text that sorts."""
    most_at_once: int
    queue: bool
    runs: int
    """Started so far."""
    job: Mapping[str, Any]
    """The pipeline job that it starts, as JSON."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """With which each run is started."""
        return dict(self.job.get("runtimeConfig", {}).get("parameterValues", {}))

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "schedule": self.name,
            "resource": self.resource,
            "state": self.state,
            "cron": self.cron,
            "next_run": stamp(self.next_run),
            "last_run": stamp(self.last_run),
            "last_answer": self.last_answer or None,
            "start": stamp(self.start),
            "end": stamp(self.end),
            "max_concurrent": self.most_at_once,
            "queue": self.queue,
            "runs": self.runs,
            "service_account": self.job.get("serviceAccount"),
            "network": self.job.get("network"),
            "parameters": dict(self.parameters),
        }


def stamp(time: datetime | None) -> str | None:
    """A time in UTC, to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def short(resource: str) -> str:
    """The last part of a resource's name."""
    return resource.rpartition("/")[2]


def run_of(pipeline_job: Any) -> Run:
    """A run, of a google.cloud.aiplatform_v1.PipelineJob."""
    details = list(pipeline_job.job_detail.task_details)
    parents = {detail.task_id: detail for detail in details}
    inner = {detail.parent_task_id for detail in details}
    leaves = [detail for detail in details if detail.task_id not in inner]
    names = told_apart([_path(detail, parents) for detail in leaves])
    tasks = [_task(detail, name) for detail, name in zip(leaves, names, strict=True)]
    state = pipeline_job.state.name.removeprefix("PIPELINE_STATE_").lower().replace("_", " ")
    return Run(short(pipeline_job.name), state, _line(pipeline_job.error.message), tuple(tasks))


def schedule_of(found: Any, job: Mapping[str, Any]) -> Schedule:
    """A schedule, of a google.cloud.aiplatform_v1.Schedule and its pipeline job as JSON."""
    last = found.last_scheduled_run_response
    return Schedule(
        resource=found.name,
        name=found.display_name,
        state=found.state.name.lower(),
        cron=found.cron,
        next_run=_time(found.next_run_time) if found.state.name == "ACTIVE" else None,
        last_run=_time(last.scheduled_run_time) if last else None,
        last_answer=_line(last.run_response) if last else "",
        start=_time(found.start_time),
        end=_time(found.end_time),
        age=found.create_time.isoformat() if found.create_time else "",
        most_at_once=found.max_concurrent_active_run_count or found.max_concurrent_run_count,
        queue=found.allow_queueing,
        runs=found.started_run_count,
        job=job,
    )


def told_apart(paths: Sequence[Sequence[str]]) -> list[str]:
    """The shortest ends of paths by which each is told from the others; of equal ones, the last two parts."""
    longest = max(map(len, paths), default=0)
    counts = [Counter(tuple(path[-length:]) for path in paths) for length in range(1, longest + 1)]
    names = []
    for path in paths:
        enough = (length for length in range(1, len(path) + 1) if counts[length - 1][tuple(path[-length:])] == 1)
        names.append(" › ".join(path[-next(enough, 2) :]))
    return names


def _task(detail: Any, name: str) -> Task:
    state = detail.state.name.lower().replace("_", " ")
    executor = detail.executor_detail
    # Each list names the jobs of earlier attempts that failed: of containers, and of machines of one's choice.
    failed = [*executor.container_detail.failed_main_jobs, *executor.custom_job_detail.failed_jobs]
    return Task(
        name=name,
        state="cached" if state == "skipped" else state,
        retries=len(failed) - 1 if state == "failed" and failed else len(failed),
        started=_time(detail.start_time),
        ended=_time(detail.end_time),
        error=_line(detail.error.message),
    )


def _path(detail: Any, parents: Mapping[int, Any]) -> list[str]:
    """The names of a task and of those it lies in; the outermost, which is the run itself, is left out."""
    names: list[str] = [detail.task_name]
    seen = {detail.task_id}
    while (parent := parents.get(detail.parent_task_id)) and parent.task_id not in seen:
        seen.add(parent.task_id)
        names.append(parent.task_name)
        detail = parent
    return (names[:-1] if len(names) > 1 else names)[::-1]


def _time(found: Any) -> datetime | None:
    """A time, where there is one; protobuf has the epoch for none."""
    return datetime.fromtimestamp(found.timestamp(), UTC) if found else None


def _line(text: str) -> str:
    return " ".join(text.split())
