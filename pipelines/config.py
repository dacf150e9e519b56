"""Where and as whom runs are started: a TOML file, judged as a whole before anything is sent."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import cast

from pipelines.errors import BadInput, all_at_once

DEFAULT = Path("config/pipeline.toml")
EXAMPLE = "config/pipeline.example.toml"

_MOST_LABELS = 64
_LABEL_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_LABEL_VALUE = re.compile(r"[a-z0-9_-]{0,63}")
_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Form:
    """What a text must look like."""

    pattern: str
    mend: str


_FORMS = {
    # A project's ID, one within a domain, or its number.
    "project": _Form(r"([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]|\d{6,19}", 'write its ID, as in "quiz-project"'),
    "location": _Form(r"[a-z]+-[a-z]+\d{1,2}", 'write a region, as in "europe-west4" (not a zone, not "global")'),
    "bucket": _Form(r"gs://[a-z0-9][a-z0-9._-]{1,220}[a-z0-9](/[^/\s]+)*", 'write it as in "gs://quiz-videos"'),
    "service_account": _Form(
        r"[^@\s]+@[^@\s]+\.gserviceaccount\.com",
        'write its address, as in "trivia-pipeline@quiz-project.iam.gserviceaccount.com"',
    ),
    # Vertex AI takes the number alone.
    "network": _Form(
        r"projects/\d+/global/networks/[a-z]([a-z0-9-]*[a-z0-9])?",
        'write it with the number of the project, as in "projects/123456/global/networks/default"; '
        "the number is told by: gcloud projects describe PROJECT --format='value(projectNumber)'",
    ),
    "encryption_key": _Form(
        r"projects/[^/\s]+/locations/[^/\s]+/keyRings/[^/\s]+/cryptoKeys/[^/\s]+",
        'write it as in "projects/quiz-project/locations/europe-west4/keyRings/ring/cryptoKeys/key"',
    ),
    "failure_policy": _Form(r"slow|fast", 'write "slow" (what can still run does) or "fast" (nothing more is begun)'),
    # A token must not travel in the clear, and to one's own machine none is sent.
    "endpoint": _Form(
        r"https://[^/\s]+|http://(127\.0\.0\.1|localhost)(:\d+)?", 'write it as in "https://aiplatform.example.com"'
    ),
}  # fmt: skip
KEYS = tuple(_FORMS)
"""What the file may say at its top, above its tables."""
_NEEDED = ("project", "location", "bucket")


@dataclass(frozen=True, slots=True)
class Config:
    """Where and as whom runs are started. Empty texts stand for Vertex AI's own default."""

    project: str
    location: str
    bucket: str
    """gs://NAME, perhaps with a folder: where jobs, videos and what tasks hand on are kept."""
    service_account: str = ""
    """As whom the tasks run."""
    network: str = ""
    """The VPC to which the tasks' machines are peered."""
    encryption_key: str = ""
    """Of Cloud KMS, for what Vertex AI keeps about the run."""
    failure_policy: str = "slow"
    endpoint: str = ""
    """Of Vertex AI, if it is not the region's public one."""
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    parameters: Mapping[str, object] = field(default_factory=lambda: _NOTHING)
    """Of the pipeline, by name."""

    @property
    def parent(self) -> str:
        """What runs and schedules belong to."""
        return f"projects/{self.project}/locations/{self.location}"

    @property
    def host(self) -> str:
        """Where Vertex AI is asked."""
        return self.endpoint or f"https://{self.location}-aiplatform.googleapis.com"

    @property
    def on_this_machine(self) -> bool:
        """Whether a server of one's own is asked, without credentials."""
        return self.host.startswith("http://")

    @property
    def bucket_name(self) -> str:
        """The bucket without scheme and folder."""
        return self.bucket.removeprefix("gs://").partition("/")[0]

    @property
    def pipeline_root(self) -> str:
        """Where Vertex AI puts what tasks hand to each other."""
        return f"{self.bucket}/pipeline_root"

    def console(self, run: str) -> str:
        """A run's page in the console."""
        pages = "https://console.cloud.google.com/vertex-ai"
        return f"{pages}/locations/{self.location}/pipelines/runs/{run}?project={self.project}"


def read(path: Path | None) -> Config:
    """The config of a file; of config/pipeline.toml if none is named.

    Raises:
        BadInput: the file is not there, is no TOML, or says what cannot be; all of it is told at once.
    """
    file = path or DEFAULT
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        mend = f"copy {EXAMPLE} to it" if path is None else "name one that is"
        raise BadInput(f"{file}: not there; {mend}, and put your project, location and bucket in") from None
    except OSError as error:
        raise BadInput(f"{file}: cannot be read ({error.strerror}); make it readable, or name another file") from None
    except UnicodeDecodeError:
        raise BadInput(f"{file}: is not UTF-8 text; save it as such") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{file}: is no TOML ({error}); mend that line") from None
    return parse(data, str(file))


def parse(data: Mapping[str, object], where: str) -> Config:
    """The config of a file's data; `where` names the file in errors.

    Raises:
        BadInput: all that is wrong with it.
    """
    problems = [
        *(f"{name} is missing, add it" for name in _NEEDED if name not in data),
        *(f"{name} is not known, {near(name, _known())}" for name in data if name not in _known()),
        *(problem for name in _FORMS if name in data for problem in _text(name, data[name])),
        *_labels(data.get("labels", {})),
        *_parameters(data.get("parameters", {})),
    ]
    problems += [] if problems else _together(data)
    all_at_once(where, problems)
    texts = {name: str(data[name]).rstrip("/") for name in _FORMS if data.get(name)}
    return Config(
        **texts,
        labels=MappingProxyType(dict(cast(Mapping[str, str], data.get("labels", {})))),
        parameters=MappingProxyType(dict(cast(Mapping[str, object], data.get("parameters", {})))),
    )


def near(name: str, known: Iterable[str]) -> str:
    """What may have been meant by a name that is not known."""
    choices = sorted(known)
    if found := difflib.get_close_matches(name, choices, n=1):
        return f"did you mean {found[0]}?"
    return f"choose among {', '.join(choices)}" if choices else "there are none"


def _known() -> tuple[str, ...]:
    return (*KEYS, "labels", "parameters")


def _text(name: str, value: object) -> list[str]:
    form = _FORMS[name]
    if not isinstance(value, str):
        return [f"{name} is {value!r} and has to be a text, {form.mend}"]
    if not value and name not in _NEEDED:
        return []  # as good as left out
    text = value.rstrip("/")
    return [] if re.fullmatch(form.pattern, text) else [f'{name} is "{value}", {form.mend}']


def _labels(labels: object) -> list[str]:
    if not isinstance(labels, Mapping):
        return ['labels has to be a table, write [labels] and below it lines such as team = "quiz"']
    problems = [f"{len(labels)} labels are too many, keep {_MOST_LABELS}"] if len(labels) > _MOST_LABELS else []
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key):
            problems.append(f'label {key}: a key is small letters, digits, "_" and "-", a letter first, 63 at most')
        if not isinstance(value, str) or not _LABEL_VALUE.fullmatch(value):
            problems.append(f'label {key} is {value!r}, write a text of small letters, digits, "_" and "-", 63 at most')
    return problems


def _parameters(parameters: object) -> list[str]:
    if isinstance(parameters, Mapping):
        return []  # each is judged by what the pipeline declares
    return ['parameters has to be a table, write [parameters] and below it lines such as channel = "demo"']


def _together(data: Mapping[str, object]) -> list[str]:
    """What is wrong with several values together."""
    location, key = str(data["location"]), str(data.get("encryption_key", ""))
    where = key.split("/")[3] if key else location
    return [] if where == location else [f"encryption_key is in {where} and has to be in {location}, choose one there"]
