"""What is sent to Vertex AI, as plain JSON: pure, so that `--dry-run` shows the very bytes that would go out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pipelines.compiled import Compiled
from pipelines.config import Config

Json = dict[str, Any]

RUN = re.compile(r"[a-z][a-z0-9-]{0,63}")
"""A run's name: of what Vertex AI takes ([a-z][-a-z0-9]{0,127}), what may also name a folder of triviareel's."""

ANY_RUN = re.compile(r"[a-z0-9][a-z0-9-]{0,127}")
"""A run's name, whoever started it."""

# google.cloud.aiplatform_v1.PipelineFailurePolicy; the client sends enumerations as numbers.
_FAIL_FAST = 2


@dataclass(frozen=True, slots=True)
class Request:
    """One request, as it is sent."""

    method: str
    url: str
    body: Json

    def as_json(self) -> Json:
        """All of it."""
        return {"method": self.method, "url": self.url, "body": self.body}


@dataclass(frozen=True, slots=True)
class Plan:
    """When a schedule starts its runs."""

    name: str
    """Its display name; there is one schedule of a name."""
    cron: str
    """With its time zone before it, as in "TZ=Europe/Berlin 0 6 * * *"."""
    most_at_once: int = 1
    start: datetime | None = None
    end: datetime | None = None
    queue: bool = False
    """Whether a run whose time comes while too many others are going waits for them, rather than being left out."""


def run_name(pipeline: str, now: datetime, token: str) -> str:
    """A name for a new run: readable, in order of time, and no other run's.

    Args:
        pipeline: its name.
        now: in UTC.
        token: some letters and digits by chance, against two in the same second.
    """
    stem = re.sub("[^a-z0-9]+", "-", pipeline.lower()).strip("-") or "run"
    stem = stem if stem[0].isalpha() else f"run-{stem}"
    return f"{stem[:40].rstrip('-')}-{now:%Y%m%d-%H%M%S}-{token}"


def open_whether(name: str) -> str:
    """What to say if it is open whether a run was started."""
    return f"whether the run is there is not known; the same --run {name} starts it once at most"


def run(compiled: Compiled, config: Config, values: Mapping[str, object], name: str) -> Request:
    """The request that starts a run.

    Caching is left as the pipeline has it for each task: `enable_caching` of the SDK would override them all.
    """
    url = f"{config.host}/v1/{config.parent}/pipelineJobs?pipelineJobId={name}"
    return Request("POST", url, {"displayName": name, **job(compiled, config, values)})


def job(compiled: Compiled, config: Config, values: Mapping[str, object]) -> Json:
    """A pipeline job without a name: of a run, or of each run of a schedule."""
    settings: Json = {"gcsOutputDirectory": config.pipeline_root, "parameterValues": dict(values)}
    if config.failure_policy == "fast":
        settings["failurePolicy"] = _FAIL_FAST
    made: Json = {"pipelineSpec": dict(compiled.spec), "runtimeConfig": settings}
    if config.labels:
        made["labels"] = dict(config.labels)
    if config.service_account:
        made["serviceAccount"] = config.service_account
    if config.network:
        made["network"] = config.network
    if config.encryption_key:
        made["encryptionSpec"] = {"kmsKeyName": config.encryption_key}
    return made


def schedule(plan: Plan, config: Config, job: Json) -> Request:
    """The request that makes a schedule.

    Service account and network are the job's own: a schedule does not take them over from anywhere.
    """
    body: Json = {
        "displayName": plan.name,
        "cron": plan.cron,
        # The first is how many may be starting, the second how many may be going; it is the second that costs.
        "maxConcurrentRunCount": str(plan.most_at_once),
        "maxConcurrentActiveRunCount": str(plan.most_at_once),
        "createPipelineJobRequest": {"parent": config.parent, "pipelineJob": job},
    }
    if plan.start:
        body["startTime"] = _utc(plan.start)
    if plan.end:
        body["endTime"] = _utc(plan.end)
    if plan.queue:
        body["allowQueueing"] = True
    return Request("POST", f"{config.host}/v1/{config.parent}/schedules", body)


def _utc(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
