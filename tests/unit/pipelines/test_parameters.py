"""Parameters: each in its declared type, or refused; what is refused is told all at once."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compile import parsed
from components import images
from pipelines import compiled
from pipelines.compiled import KINDS, Compiled, Input
from pipelines.errors import BadInput
from pipelines.parameters import checked, convert, settle
from tests import compiled as ours

EXACT = 2**53


def pipeline() -> Compiled:
    return compiled.parse(ours.spec(), "trivia.yaml")


def of(kind: str) -> Input:
    return Input("x", kind, needed=True)


def test_the_compiled_pipelines_own_inputs_are_known() -> None:
    inputs = pipeline().inputs
    assert inputs["channel"].needed
    assert not inputs["videos"].needed
    assert inputs["videos"].kind == "NUMBER_INTEGER"
    assert "a-z" in inputs["channel"].about


def test_the_command_line_goes_before_the_file_and_both_before_what_is_implied() -> None:
    found = settle(pipeline(), {"channel": "a", "videos": 1, "root": "gs://x"}, ["videos=2"], {"root": "gs://y"})
    assert found == {"channel": "a", "videos": 2, "root": "gs://x"}
    assert settle(pipeline(), {"channel": "a"}, [], {"root": "gs://y"})["root"] == "gs://y"


@pytest.mark.parametrize(
    ("filed", "said"),
    [
        (
            {"topics": ["space", "deep sea"]},
            """topics is ['space', 'deep sea'] and has to be a text, write "space,deep sea\"""",
        ),
        ({"spend_ceiling": 5}, 'spend_ceiling is 5 and has to be a text, write "5"'),
        ({"audience": True}, 'audience is True and has to be a text, write "true"'),
        ({"videos": "3"}, 'videos is "3" and has to be a whole number, write it without quotes'),
        ({"videos": 0}, "videos is 0, choose 1 to 99,999"),
        ({"difficulty": "hrad"}, 'difficulty is "hrad", choose easy, medium, hard, mixed'),
    ],
)
def test_a_value_in_the_file_is_refused_with_what_to_write(filed: dict[str, object], said: str) -> None:
    with pytest.raises(BadInput) as caught:
        settle(pipeline(), {"channel": "a", "root": "gs://x", **filed}, [], {})
    assert str(caught.value) == f"parameters of trivia-videos: parameter {said}"


def test_a_key_of_the_file_that_stands_below_the_parameters_is_told_where_it_belongs() -> None:
    with pytest.raises(BadInput, match=r"no parameter service_account, write it above \[parameters\]"):
        settle(pipeline(), {"channel": "a", "root": "gs://x", "service_account": "a@b.iam.gserviceaccount.com"}, [], {})


def test_what_the_pipeline_does_not_have_is_not_implied() -> None:
    assert "other" not in settle(pipeline(), {"channel": "a"}, [], {"root": "gs://y", "other": "z"})


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(BadInput) as caught:
        settle(pipeline(), {"seed": 7, "vidoes": 1}, ["fps=many", "nothing", "fps=2", "failure_budget=nan"], {})
    said = str(caught.value)
    for part in ('seed is 7 and has to be a text, write "7"', "no parameter vidoes, did you mean videos?",
                 'fps is "many"', '"nothing" has to be NAME=VALUE', "fps is given twice",
                 "failure_budget: nan cannot be sent", "channel is missing, add --param channel=",
                 "root is missing"):  # fmt: skip
        assert part in said
    assert "\n" not in said


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("STRING", " a=b ", " a=b "),
        ("STRING", "", ""),
        ("NUMBER_INTEGER", "-7", -7),
        ("NUMBER_DOUBLE", "0.05", 0.05),
        ("NUMBER_DOUBLE", "1", 1.0),
        ("BOOLEAN", "True", True),
        ("BOOLEAN", "false", False),
        ("LIST", "space, history", ["space", "history"]),
        ("LIST", '["a,b", 2]', ["a,b", 2]),
        ("LIST", "", []),
        ("STRUCT", '{"a": [1, null]}', {"a": [1, None]}),
    ],
)
def test_texts_become_the_declared_type(kind: str, text: str, value: object) -> None:
    found = convert(text, of(kind))
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("NUMBER_INTEGER", "1.0"),
        ("NUMBER_INTEGER", "1_000"),
        ("NUMBER_INTEGER", "٣"),
        ("NUMBER_INTEGER", str(EXACT + 1)),
        ("NUMBER_INTEGER", "9" * 5000),
        ("NUMBER_DOUBLE", "inf"),
        ("NUMBER_DOUBLE", "1e999"),
        ("NUMBER_DOUBLE", ""),
        ("BOOLEAN", "yes"),
        ("BOOLEAN", "1"),
        ("LIST", "[1"),
        ("LIST", "[NaN]"),
        ("STRUCT", "[1]"),
        ("STRUCT", "a"),
        ("STRING", "{{$.pipeline_job_name}}"),
        ("LIST", "{{$.schedule_time}}"),
    ],
)
def test_texts_of_another_type_are_refused(kind: str, text: str) -> None:
    with pytest.raises(ValueError, match="parameter x"):
        convert(text, of(kind))


@pytest.mark.parametrize(
    ("kind", "value"),
    [("NUMBER_INTEGER", True), ("NUMBER_DOUBLE", True), ("BOOLEAN", 1), ("STRING", 1), ("LIST", "a"), ("STRUCT", [])],
)
def test_values_of_another_type_are_refused(kind: str, value: object) -> None:
    with pytest.raises(ValueError, match="has to be"):
        checked(value, of(kind))


def test_a_value_that_is_nested_beyond_reason_is_refused() -> None:
    deep = "[" * 5000 + "]" * 5000
    made = compiled.parse(one_list(), "f")
    with pytest.raises(BadInput, match="nested too deeply"):
        settle(made, {}, [f"x={deep}"], {})


def one_list() -> dict[str, object]:
    declared = {"parameters": {"x": {"parameterType": "LIST"}}}
    root = {"inputDefinitions": declared, "dag": {"tasks": {}}}
    return {"root": root, "pipelineInfo": {"name": "p"}, "schemaVersion": "2.1.0"}


@given(st.sampled_from(KINDS), st.text() | st.from_regex(r"[\[{\-0-9.eE,:\"\]}]*", fullmatch=True))
def test_any_text_becomes_a_value_that_arrives_as_it_is_or_is_refused(kind: str, text: str) -> None:
    try:
        value = convert(text, of(kind))
    except ValueError:
        return
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert checked(value, of(kind)) == value


@given(st.integers(-EXACT, EXACT))
def test_whole_numbers_survive(number: int) -> None:
    value = convert(str(number), of("NUMBER_INTEGER"))
    assert value == number
    assert int(float(number)) == number  # as protobuf carries it


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_survive(number: float) -> None:
    found = convert(repr(number), of("NUMBER_DOUBLE"))
    assert isinstance(found, float)
    assert math.isclose(found, number, rel_tol=0)


@pytest.mark.parametrize("text", ["", "a", "- 1", "root: {}", "{", "pipelineInfo: {name: a}\nroot: 3"])
def test_what_is_no_compiled_pipeline_says_to_compile(tmp_path: Path, text: str) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"python compile\.py"):
        compiled.load(file)


def test_a_second_document_is_refused_as_vertex_ai_would(tmp_path: Path) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(ours.text("cpu", False) + "\n---\nplatforms: {}\n", "utf-8")
    with pytest.raises(BadInput, match="second document"):
        compiled.load(file)


@pytest.mark.parametrize(("kind", "spot"), ours.VARIANTS)
def test_images_without_a_digest_are_told_also_those_of_spot_machines(kind: str, spot: bool) -> None:
    pushed = ours.text(kind, spot).replace(images.WORKER, f"registry.example/worker@sha256:{'a' * 64}")
    (text,) = parsed(pushed.replace(images.RENDER, "registry.example/render:1.2.0"))
    (told,) = compiled.parse(text, "f").unbuilt()
    assert told.startswith("image registry.example/render:1.2.0: was never pushed; run `make push")
