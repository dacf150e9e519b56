"""The config file: what is taken, and that all that is wrong with it is told at once."""

import string
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.config import EXAMPLE, parse, read
from pipelines.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
LEAST = {"project": "quiz-project", "location": "europe-west4", "bucket": "gs://quiz-videos"}
KEY = "projects/p/locations/europe-west4/keyRings/r/cryptoKeys/k"


def test_the_least_is_enough_and_the_rest_is_vertex_ais_default() -> None:
    found = parse(LEAST, "f")
    assert (found.service_account, found.network, found.encryption_key, found.failure_policy) == ("", "", "", "slow")
    assert found.host == "https://europe-west4-aiplatform.googleapis.com"
    assert found.parent == "projects/quiz-project/locations/europe-west4"
    assert found.pipeline_root == "gs://quiz-videos/pipeline_root"
    assert not found.on_this_machine


def test_the_example_is_good_with_and_without_what_it_comments_out() -> None:
    text = (ROOT / EXAMPLE).read_text("utf-8")
    optional = text.replace("\n# network", "\nnetwork").replace("\n# enc", "\nenc").replace("\n# fail", "\nfail")
    assert parse(tomllib.loads(text), "f").parameters["topics"] == "space,history"
    assert parse(tomllib.loads(optional.replace("\n# endp", "\nendp")), "f").encryption_key


def test_its_values_cannot_be_changed() -> None:
    found: Any = parse({**LEAST, "labels": {"a": "b"}}, "f")
    with pytest.raises(AttributeError):
        found.project = "other"
    with pytest.raises(TypeError):
        found.labels["a"] = "c"


def test_everything_that_is_wrong_is_told_at_once() -> None:
    data = {"projet": "x", "location": "europe-west4-a", "bucket": 7, "labels": {"Team": "q", "a": 1}, "parameters": []}
    with pytest.raises(BadInput) as caught:
        parse(data, "pipeline.toml")
    said = str(caught.value)
    assert said.startswith("pipeline.toml: 7 things to mend: ")
    for part in ("project is missing", "projet is not known, did you mean project?", "not a zone", "bucket is 7",
                 "label Team:", "label a is 1", "parameters has to be a table"):  # fmt: skip
        assert part in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("field", "value", "mend"),
    [
        ("project", "Quiz", "write its ID"),
        ("location", "global", "write a region"),
        ("bucket", "quiz-videos", "gs://quiz-videos"),
        ("service_account", "me@example.com", "iam.gserviceaccount.com"),
        ("network", "projects/quiz-project/global/networks/default", "gcloud projects describe"),
        ("network", "default", "gcloud projects describe"),
        ("encryption_key", "key", "cryptoKeys"),
        ("encryption_key", KEY.replace("west4", "west1"), "has to be in europe-west4"),
        ("failure_policy", "never", '"fast"'),
        ("endpoint", "http://example.com", "https://"),
        ("endpoint", "http://127.0.0.1.example.com", "https://"),
        ("labels", "quiz", "[labels]"),
        ("labels", {"a": "Ä"}, "small letters"),
        ("labels", {f"a{at}": "" for at in range(65)}, "keep 64"),
        ("location", True, "has to be a text"),
        ("bucket", "", "gs://quiz-videos"),
    ],
)
def test_each_wrong_value_has_its_mend(field: str, value: object, mend: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse({**LEAST, field: value}, "f")
    assert field.removesuffix("s") in str(caught.value)
    assert mend in str(caught.value)


def test_credentials_go_only_over_https_or_nowhere() -> None:
    assert parse({**LEAST, "endpoint": "http://127.0.0.1:8919"}, "f").on_this_machine
    assert not parse({**LEAST, "endpoint": "https://aiplatform.example.com"}, "f").on_this_machine


@pytest.mark.parametrize(
    ("content", "said"), [(b"project = ", "is no TOML"), (b"\xff", "is not UTF-8"), (None, "not there")]
)
def test_a_file_that_cannot_be_read_is_told(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "pipeline.toml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput, match=said):
        read(file)


def test_without_a_file_the_mend_is_to_copy_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match=r"copy config/pipeline\.example\.toml to it"):
        read(None)


TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = st.sampled_from(
    ["project", "location", "bucket", "service_account", "network", "encryption_key", "failure_policy", "endpoint",
     "labels", "parameters"]
) | st.text(string.ascii_lowercase, min_size=1, max_size=8)  # fmt: skip


@given(st.dictionaries(NAMES, TOML, max_size=8), st.booleans())
def test_anything_is_taken_or_refused(data: Mapping[str, object], complete: bool) -> None:
    with suppress(BadInput):  # what else is raised is a fault
        parse({**(LEAST if complete else {}), **data}, "f")
