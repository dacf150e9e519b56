"""Vertex AI itself: the one place that talks to it, through the client of google-cloud-aiplatform.

The SDK's `PipelineJob.submit` is not used. Before it sends anything it looks the bucket up without a deadline, makes
one where there is none, asks another service who owns it, and what goes wrong there it only logs. Here the bucket is
looked up with a deadline, and what is wrong with it is told.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from typing import Any

import google.auth
from google.api_core import exceptions as api
from google.api_core.retry import Retry
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import Request as AuthRequest
from google.cloud import aiplatform_v1 as v1
from google.cloud.storage import Client
from google.protobuf import field_mask_pb2, json_format

from pipelines.answers import LOST, told
from pipelines.config import Config
from pipelines.errors import BadInput, TryAgain
from pipelines.requests import Json, open_whether
from pipelines.runs import Run, Schedule, run_of, schedule_of

_SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
_CALL_S = 60.0
_LOOK_S = 20.0
"""It is soon looked again."""
CHECK_S = 10.0
"""For what comes before the first request: offline, one is to hear of it soon."""
FIRST_PAUSE_S = 1.0
"""Before a request is sent again; doubled each time."""
_ATTEMPTS = 4


class Vertex:
    """A project's pipelines in one region.

    All methods raise BadInput and TryAgain, whose text names what was asked for and the mend.
    """

    def __init__(self, config: Config, sleep: Callable[[float], None] = time.sleep) -> None:
        """Find credentials, and see that they are good.

        Args:
            config: where and as whom.
            sleep: between two attempts.
        """
        self._config = config
        self._sleep = sleep
        with self._asking("logging in"):
            self._credentials = _credentials(config)

    def bucket(self) -> str | None:
        """See that the bucket is there.

        Returns:
            Why it cannot be seen whether it is: that needs a permission of its own. None if it is there.
        """
        name = self._config.bucket_name
        with self._asking(f"looking up gs://{name}"):
            client = Client(project=self._config.project, credentials=self._credentials)
            try:
                there = client.bucket(name).exists(timeout=CHECK_S, retry=Retry(timeout=CHECK_S))
            except api.Forbidden:
                return f"gs://{name} cannot be looked up (it takes storage.buckets.get); taking it to be there"
        if not there:
            where = f"--project {self._config.project} --location {self._config.location} --uniform-bucket-level-access"
            raise BadInput(f"bucket gs://{name}: does not exist; gcloud storage buckets create gs://{name} {where}")
        return None

    def start(self, name: str, job: Json) -> Run:
        """Start a run, once: if an answer is lost it is asked for again by the same name, which Vertex AI takes once.

        Args:
            name: no other run's.
            job: a pipeline job as JSON.
        """
        sent = v1.PipelineJob.from_json(json.dumps(job))
        for attempt in range(_ATTEMPTS):
            try:
                with self._asking(f"starting the run {name}", passing=(api.Conflict, *LOST)):
                    made = self._pipelines.create_pipeline_job(
                        parent=self._config.parent, pipeline_job=sent, pipeline_job_id=name, timeout=_CALL_S
                    )
                    return run_of(made)
            except api.Conflict:
                if attempt:  # it was carried out, and the answer lost
                    return self.run(name)
                mend = f"choose another --run, or follow it: submit --follow {name}"
                raise BadInput(f"run {name}: there is one already; {mend}") from None
            except LOST as error:
                lost = error
                self._sleep(FIRST_PAUSE_S * 2**attempt)
        raise TryAgain(f"{told(lost, f'starting the run {name}', '', self._config)}; {open_whether(name)}")

    def run(self, name: str) -> Run:
        """A run as it is now."""
        with self._asking(f"looking at the run {name}", self._no_run(name)):
            return run_of(self._pipelines.get_pipeline_job(name=self._run(name), timeout=_LOOK_S))

    def cancel(self, name: str) -> None:
        """Have a run stopped; it takes some minutes. One that is over otherwise is BadInput."""
        if (there := self.run(name)).state in ("succeeded", "failed"):
            raise BadInput(f"run {name}: has {there.state} already; there is nothing to cancel")
        with self._asking(f"cancelling the run {name}", self._no_run(name)):
            self._pipelines.cancel_pipeline_job(name=self._run(name), timeout=_CALL_S)

    def schedules(self, name: str | None = None) -> list[Schedule]:
        """All schedules, or those of a name; the oldest first."""
        wanted = f'display_name="{name}"' if name else None
        request = v1.ListSchedulesRequest(parent=self._config.parent, filter=wanted)
        with self._asking("listing the schedules"):
            found = [_schedule(one) for one in self._schedules.list_schedules(request=request, timeout=_CALL_S)]
        return sorted((one for one in found if name in (None, one.name)), key=lambda one: (one.age, one.resource))

    def make_schedule(self, body: Json) -> Schedule:
        """Make a schedule; not repeated if the answer is lost, for there may be two of a name."""
        with self._asking(f"making the schedule {body['displayName']}"):
            sent = v1.Schedule.from_json(json.dumps(body))
            return _schedule(
                self._schedules.create_schedule(parent=self._config.parent, schedule=sent, timeout=_CALL_S)
            )

    def change_schedule(self, resource: str, body: Json) -> Schedule:
        """Change a schedule's fields to those that a body has; others stay as they are."""
        with self._asking(f"changing the schedule {body['displayName']}"):
            sent = v1.Schedule.from_json(json.dumps({**body, "name": resource}))
            mask = field_mask_pb2.FieldMask(paths=[_snake(field) for field in body])
            return _schedule(self._schedules.update_schedule(schedule=sent, update_mask=mask, timeout=_CALL_S))

    def pause(self, schedule: Schedule) -> None:
        """Start no more runs; those that go on are let go on."""
        with self._asking(f"pausing the schedule {schedule.name}"):
            self._schedules.pause_schedule(name=schedule.resource, timeout=_CALL_S)

    def resume(self, schedule: Schedule, *, catch_up: bool) -> None:
        """Start runs again; those missed as well, if asked for."""
        with self._asking(f"resuming the schedule {schedule.name}"):
            request = v1.ResumeScheduleRequest(name=schedule.resource, catch_up=catch_up)
            self._schedules.resume_schedule(request=request, timeout=_CALL_S)

    def delete(self, schedule: Schedule) -> None:
        """Remove a schedule, and wait until it is gone; one that is gone already is no fault."""
        with suppress(api.NotFound), self._asking(f"deleting the schedule {schedule.name}", passing=(api.NotFound,)):
            self._schedules.delete_schedule(name=schedule.resource, timeout=_CALL_S).result(timeout=_CALL_S)

    @cached_property
    def _pipelines(self) -> Any:
        return v1.PipelineServiceClient(transport="rest", credentials=self._credentials, client_options=self._options)

    @cached_property
    def _schedules(self) -> Any:
        return v1.ScheduleServiceClient(transport="rest", credentials=self._credentials, client_options=self._options)

    @property
    def _options(self) -> dict[str, str]:
        return {"api_endpoint": self._config.host}

    def _no_run(self, name: str) -> str:
        return f"run {name}: is not in {self._config.location}; check its name"

    def _run(self, name: str) -> str:
        return f"{self._config.parent}/pipelineJobs/{name}"

    @contextmanager
    def _asking(
        self, doing: str, missing: str | None = None, passing: tuple[type[Exception], ...] = ()
    ) -> Iterator[None]:
        try:
            yield
        except passing:
            raise
        except Exception as error:
            missing = missing or f"{doing}: {self._config.parent} is not there; check project and location"
            if found := told(error, doing, missing, self._config):
                raise found from error
            raise


def _credentials(config: Config) -> Any:
    """The machine's credentials, refreshed; none are needed, or sent, on the machine itself."""
    if config.on_this_machine:
        return AnonymousCredentials()  # type: ignore[no-untyped-call]  # google-auth has no types
    credentials, _ = google.auth.default(scopes=_SCOPES)
    credentials.refresh(partial(AuthRequest(), timeout=CHECK_S))  # type: ignore[no-untyped-call]  # nor here
    return credentials


def _schedule(found: Any) -> Schedule:
    job = found.create_pipeline_job_request.pipeline_job
    return schedule_of(found, json_format.MessageToDict(v1.PipelineJob.pb(job), use_integers_for_enums=True))


def _snake(field: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in field)
