"""What the service answers when it does not do what it is asked for: texts as it writes them, by name."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from threading import Lock

from tests.fakes.loopback import Answer, as_json

OPERATIONS = {
    ("POST", "pipelineJobs", ""): "create",
    ("GET", "pipelineJobs", ""): "get",
    ("POST", "pipelineJobs", "cancel"): "cancel",
    ("POST", "schedules", ""): "schedule",
    ("GET", "schedules", ""): "schedules",
    ("PATCH", "schedules", ""): "patch",
    ("POST", "schedules", "pause"): "pause",
    ("POST", "schedules", "resume"): "resume",
    ("DELETE", "schedules", ""): "delete",
}
"""Names for faults to be scripted by."""

_STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE", 504: "DEADLINE_EXCEEDED",
}  # fmt: skip

_TEXTS = {
    "400": "Invalid value for field",
    "400-account": "Service account nobody@quiz-project.iam.gserviceaccount.com does not exist.",
    "400-key": "Cloud KMS key projects/p/locations/l/keyRings/r/cryptoKeys/k is not in the region of the resource.",
    "401": "Request had invalid authentication credentials.",
    "403": "Permission 'aiplatform.pipelineJobs.create' denied on resource "
    "'//aiplatform.googleapis.com/projects/quiz-project/locations/europe-west4' (or it may not exist).",
    "403-account": "You do not have permission to act as service_account: "
    "nobody@quiz-project.iam.gserviceaccount.com. (or it may not exist).",
    "403-off": "Vertex AI API has not been used in project 123456 before or it is disabled. Enable it by visiting "
    "https://console.developers.google.com/apis/api/aiplatform.googleapis.com/overview?project=123456 then retry.",
    "403-quota": "Your application is authenticating by using local Application Default Credentials. The "
    "aiplatform.googleapis.com API requires a quota project, which is not set by default. To learn how to set your "
    "quota project, see https://cloud.google.com/docs/authentication/adc-troubleshooting/user-creds .",
    "403-region": "Permission denied on 'locations/europe-west99' (or it may not exist).",
    "404": "The PipelineJob does not exist.",
    "429": "The following quotas are exceeded: custom_model_training_nvidia_t4_gpus",
    "500": "Internal error encountered.",
    "503": "The service is currently unavailable.",
    "504": "Deadline exceeded.",
}
CONNECTIONS = ("lost", "reset", "stall")
"""Carried out and not answered; neither; not answered for as long as the server lives."""
KINDS = (*_TEXTS, "404-html", *CONNECTIONS)

HTML = (
    "<!DOCTYPE html><html lang=en><title>Error 404 (Not Found)!!1</title>"
    "<style>*{margin:0}</style><p><b>404.</b> <ins>That’s an error.</ins>"
)


class Refused(Exception):  # noqa: N818 - it is an answer
    """The service refuses."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        self.message = message
        super().__init__(message)

    @property
    def answer(self) -> Answer:
        """As it is sent."""
        error = {"code": self.status, "message": self.message, "status": _STATUSES[self.status]}
        return as_json({"error": error}, self.status)


def answer(kind: str) -> Answer:
    """The answer of a kind."""
    if kind == "404-html":
        return Answer(404, HTML.encode(), {"Content-Type": "text/html; charset=UTF-8"})
    return Refused(int(kind.partition("-")[0]), _TEXTS[kind]).answer


@dataclass
class Script:
    """Faults to come, by operation."""

    waiting: deque[tuple[str, str]] = field(default_factory=deque)
    _lock: Lock = field(default_factory=Lock)

    def add(self, *texts: str) -> None:
        """Let the next requests meet these, each written OPERATION:KIND, as in "create:429"; "*" is any operation."""
        for text in texts:
            operation, _, kind = text.rpartition(":")
            if kind not in KINDS:
                raise ValueError(f"{kind} is no fault; choose among {', '.join(KINDS)}")
            if operation not in ("", "*", *OPERATIONS.values()):
                raise ValueError(f"{operation} is no operation; choose among {', '.join(OPERATIONS.values())}")
            with self._lock:
                self.waiting.append((operation or "*", kind))

    def take(self, operation: str) -> str:
        """The first that waits for an operation; empty if none does."""
        with self._lock:
            for at, (wanted, kind) in enumerate(self.waiting):
                if wanted in ("*", operation):
                    del self.waiting[at]
                    return kind
        return ""
