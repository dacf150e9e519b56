"""Pipeline jobs and schedules: what is kept, and what the service refuses."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from tests.fakes.vertex.faults import Refused
from tests.fakes.vertex.progress import Progress

Json = dict[str, Any]

NUMBER = "123456"
"""The project's; resources are named by it, whatever the request was named by."""

_RUN = re.compile(r"[a-z][-a-z0-9]{0,127}")
_OVER = ("PIPELINE_STATE_SUCCEEDED", "PIPELINE_STATE_FAILED", "PIPELINE_STATE_CANCELLED")
_NOT_SENT = ("name", "state", "createTime", "updateTime", "nextRunTime", "startedRunCount", "lastScheduledRunResponse")


class Service:
    """One region's pipeline jobs and schedules.

    Attributes:
        accounts: service accounts that there are; None takes any.
        outcomes: see Progress; of runs that are started from now on.
    """

    def __init__(self, location: str, page: int) -> None:
        self.location = location
        self.page = page
        self.accounts: set[str] | None = None
        self.outcomes: Mapping[str, str] = {}
        self.jobs: dict[str, Json] = {}
        self.progress: dict[str, Progress] = {}
        self.schedules: dict[str, Json] = {}
        self._ids = count(7_000_000_001)

    @property
    def parent(self) -> str:
        """What all belongs to."""
        return f"projects/{NUMBER}/locations/{self.location}"

    def create_job(self, job: Json, name: str) -> Json:
        """Start a run."""
        if not _RUN.fullmatch(name):
            raise Refused(400, f"Invalid PipelineJob ID: {name}")
        if name in self.jobs:
            raise Refused(409, f"PipelineJob {self.parent}/pipelineJobs/{name} already exists.")
        self._judge(job)
        self.jobs[name] = {**copy.deepcopy(job), "name": f"{self.parent}/pipelineJobs/{name}", "createTime": _now()}
        self.progress[name] = Progress(job["pipelineSpec"], dict(self.outcomes))
        return self._job(name)

    def get_job(self, name: str) -> Json:
        """A run, one step further than when it was last looked at."""
        self._known(name)
        self.progress[name].step()
        return self._job(name)

    def cancel_job(self, name: str) -> Json:
        """Stop a run."""
        self._known(name)
        self.progress[name].cancel()
        return {}

    def create_schedule(self, schedule: Json) -> Json:
        """Make a schedule; two of a name are allowed."""
        request = schedule.get("createPipelineJobRequest", {})
        if not schedule.get("displayName") or not schedule.get("cron"):
            raise Refused(400, "displayName and cron are required.")
        if int(schedule.get("maxConcurrentRunCount", 0)) < 1:
            raise Refused(400, "maxConcurrentRunCount must be positive.")
        if not request.get("parent"):
            raise Refused(400, "createPipelineJobRequest.parent is required.")
        if request.get("pipelineJobId"):
            raise Refused(400, "createPipelineJobRequest.pipelineJobId must be empty.")
        self._judge(request["pipelineJob"])
        number = str(next(self._ids))
        self.schedules[number] = {
            "startTime": _now(),
            **copy.deepcopy(schedule),
            "name": f"{self.parent}/schedules/{number}",
            "state": "ACTIVE",
            "createTime": _now(),
            "nextRunTime": _now(timedelta(hours=1)),
            "startedRunCount": "0",
        }
        return self.schedules[number]

    def list_schedules(self, wanted: str, token: str) -> Json:
        """A page of the schedules, or of those with a display name."""
        found = list(self.schedules.values())
        if wanted:
            match = re.fullmatch(r'display_name="(.*)"', wanted)
            if not match:
                raise Refused(400, f"Invalid filter: {wanted}")
            found = [schedule for schedule in found if schedule["displayName"] == match[1]]
        start = int(token or 0)
        more = {"nextPageToken": str(start + self.page)} if start + self.page < len(found) else {}
        return {"schedules": found[start : start + self.page], **more}

    def get_schedule(self, number: str) -> Json:
        """A schedule."""
        if number not in self.schedules:
            raise Refused(404, f"The Schedule {number} does not exist.")
        return self.schedules[number]

    def patch_schedule(self, number: str, body: Json, mask: str) -> Json:
        """Change some fields; what is set cannot be unset."""
        schedule = self.get_schedule(number)
        if schedule["state"] == "COMPLETED":
            raise Refused(400, "Only active or paused schedules can be updated.")
        for field in filter(None, mask.split(",")):
            if field in _NOT_SENT:
                raise Refused(400, f"{field} is output only.")
            if field in schedule and not body.get(field):
                raise Refused(400, f"The non-empty field {field} cannot be unset.")
            if field in body:
                schedule[field] = body[field]
        schedule["updateTime"] = _now()
        return schedule

    def set_state(self, number: str, state: str, catch_up: bool = False) -> Json:
        """Pause or resume a schedule."""
        schedule = self.get_schedule(number)
        if schedule["state"] == "COMPLETED":
            raise Refused(400, "Completed schedules cannot be paused or resumed.")
        if schedule["state"] == state:
            raise Refused(400, f"The schedule is {state} already.")
        schedule |= {"state": state, "catchUp": catch_up}
        return {}

    def delete_schedule(self, number: str) -> Json:
        """Remove a schedule: a long-running operation, done when it is asked for again."""
        self.get_schedule(number)
        del self.schedules[number]
        return {"name": f"{self.parent}/schedules/{number}/operations/1", "done": False}

    def fire(self, display_name: str) -> list[str]:
        """The time of all active schedules of a name has come; the names of the runs that are started."""
        names = []
        for schedule in self.schedules.values():
            if schedule["displayName"] != display_name or schedule["state"] != "ACTIVE":
                continue
            going = sum(self.progress[name].state not in _OVER for name in self.jobs)
            if going >= int(schedule.get("maxConcurrentActiveRunCount", 1000)):
                continue
            job = schedule["createPipelineJobRequest"]["pipelineJob"]
            name = f"{job['pipelineSpec']['pipelineInfo']['name']}-{datetime.now(UTC):%Y%m%d%H%M%S}-{next(self._ids)}"
            self.create_job(job, name)
            schedule["startedRunCount"] = str(int(schedule["startedRunCount"]) + 1)
            schedule["lastScheduledRunResponse"] = {"scheduledRunTime": _now(), "runResponse": "OK"}
            names.append(name)
        return names

    def _job(self, name: str) -> Json:
        progress = self.progress[name]
        told = {**self.jobs[name], "state": progress.state}
        if progress.looks:
            told["jobDetail"] = {"taskDetails": progress.details(self.parent)}
        if progress.state == "PIPELINE_STATE_FAILED":
            told["error"] = {"code": 9, "message": "The DAG failed because some tasks failed."}
        return told

    def _known(self, name: str) -> None:
        if name not in self.jobs:
            raise Refused(404, f"The PipelineJob {name} does not exist.")

    def _judge(self, job: Json) -> None:
        account = job.get("serviceAccount", "")
        if account and self.accounts is not None and account not in self.accounts:
            raise Refused(400, f"Service account {account} does not exist.")
        if not job.get("runtimeConfig", {}).get("gcsOutputDirectory", "").startswith("gs://"):
            raise Refused(400, "runtimeConfig.gcsOutputDirectory must be a Cloud Storage URI.")
        declared = job["pipelineSpec"]["root"].get("inputDefinitions", {}).get("parameters", {})
        given = job["runtimeConfig"].get("parameterValues", {})
        if unknown := sorted(given.keys() - declared.keys()):
            raise Refused(400, f"Parameters not defined in the pipeline: {unknown}")
        needed = {name for name, about in declared.items() if not {"defaultValue", "isOptional"} & about.keys()}
        if missing := sorted(needed - given.keys()):
            raise Refused(400, f"Required parameters are missing: {missing}")


def _now(later: timedelta = timedelta(0)) -> str:
    return (datetime.now(UTC) + later).isoformat().replace("+00:00", "Z")
