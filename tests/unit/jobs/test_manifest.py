import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import Conflict, InputError, TextError
from triviareel.jobs import ledger, manifest
from triviareel.jobs.manifest import Failure, Manifest, Output, State, Used
from triviareel.jobs.request import Request
from triviareel.storage.folder import FolderStore

NOW = datetime(2026, 11, 14, 12, 0, 5, tzinfo=UTC)
text = st.text(st.characters(exclude_categories=["Cs"]))
times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
whole = st.integers(0, 2**62)
manifests = st.builds(
    Manifest,
    channel=text,
    job=text,
    seed=whole,
    request=st.builds(Request, topics=st.lists(text).map(tuple), seed=whole, videos=st.integers(1, 9)),
    state=st.sampled_from(State),
    times=st.dictionaries(st.sampled_from(State), times),
    attempts=whole,
    failure=st.none() | st.builds(Failure, text, text, text),
    outputs=st.dictionaries(text, st.builds(Output, text, whole, text, whole)),
    used=st.builds(Used, whole, st.dictionaries(text, st.floats(0, 1e9, allow_nan=False)), encoder=text, machine=text),
    render_key=text,
    content_hash=text,
)


@given(manifests)
def test_a_manifest_reads_back_exactly(told: Manifest) -> None:
    data = manifest.dumps(told)
    assert manifest.loads(data, "m") == told
    assert manifest.dumps(manifest.loads(data, "m")) == data


@given(st.binary() | st.recursive(st.none() | st.integers() | text, st.lists).map(lambda x: json.dumps(x).encode()))
def test_what_is_no_manifest_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputError, match=r"jobs/x/_MANIFEST\.json is damaged"):
        manifest.loads(data, "jobs/x/_MANIFEST.json")


def planned() -> Manifest:
    return manifest.planned("demo", "job", 7, Request(seed=1), NOW)


@pytest.mark.parametrize(
    "key",
    ["channel", "job", "seed", "state", "request", "times", "outputs", "used", "render_key", "attempts", "failure"],
)
@pytest.mark.parametrize("value", ["absent", ["wrong"], {"wrong": "kind"}])
def test_each_part_of_a_manifest_is_checked(key: str, value: object) -> None:
    data = json.loads(manifest.dumps(planned()))
    data[key] = value
    if value == "absent":
        del data[key]
    with pytest.raises(InputError, match="damaged"):
        manifest.loads(json.dumps(data).encode(), "m")


def test_a_newer_manifest_is_refused_plainly() -> None:
    data = json.dumps({"schema_version": 2, "anything": True}).encode()
    with pytest.raises(InputError, match=r"schema_version 2.*update"):
        manifest.loads(data, "m")


def test_a_story_goes_from_planned_to_rendered_and_keeps_its_times() -> None:
    told = planned()
    for state in (State.GENERATED, State.WRITTEN, State.RENDERING, State.RENDERED):
        told = told.reach(state, NOW)
    assert told.state == State.RENDERED
    assert list(told.times) == ["planned", "generated", "written", "rendering", "rendered"]
    assert json.loads(manifest.dumps(told))["times"]["planned"] == "2026-11-14T12:00:05Z"


def test_a_failure_names_stage_class_and_message() -> None:
    told = planned().fail("checks", TextError("too long"), NOW)
    assert told.state == State.FAILED
    assert told.failure == Failure("checks", "TextError", "too long")


def test_two_runs_of_one_job_cannot_overwrite_each_other(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    first = ledger.begin(store, "m.json", planned())
    second = ledger.find(store, "m.json")
    assert second is not None
    first.save(planned().reach(State.WRITTEN, NOW))
    with pytest.raises(Conflict):
        second.save(planned().reach(State.GENERATED, NOW))
    found = ledger.find(store, "m.json")
    assert found is not None
    assert found.manifest.state == State.WRITTEN
