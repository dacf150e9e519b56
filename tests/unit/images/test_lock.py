"""What is written into images/lock.toml, and what Cloud Build is told to do."""

import tomllib
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from components.images import Image, locked
from images.lock import LOCK, NAMES, lock

REGISTRY = "europe-west4-docker.pkg.dev/my-project/triviareel"
DIGESTS = {name: f"sha256:{letter * 64}" for name, letter in zip(NAMES, "ab", strict=True)}
PUSHED = [f"{REGISTRY}/{name}@{digest}" for name, digest in DIGESTS.items()]


def test_what_was_pushed_is_what_the_pipeline_runs(tmp_path: Any) -> None:
    file = tmp_path / "lock.toml"
    others = [f"localhost:5000/worker@sha256:{'c' * 64}", f"{REGISTRY}/worker-old@sha256:{'d' * 64}", ""]
    file.write_text(lock(REGISTRY, "1.2.3", [*others, *PUSHED, PUSHED[0] + "\n"]))
    assert locked(file) == {
        name: Image(name, f"{REGISTRY}/{name}", "1.2.3", digest) for name, digest in DIGESTS.items()
    }
    assert locked(file)["worker"].reference == PUSHED[0]


@pytest.mark.parametrize(
    ("pushed", "name"),
    [([], "worker"), (PUSHED[:1], "render"), ([*PUSHED, f"{REGISTRY}/render@sha256:{'c' * 64}"], "render")],
)
def test_an_image_without_one_digest_is_named(pushed: list[str], name: str) -> None:
    with pytest.raises(ValueError, match=f"{REGISTRY}/{name}: . digests instead of one"):
        lock(REGISTRY, "1.2.3", pushed)


@given(st.text(max_size=80))
def test_no_other_line_is_taken_for_a_digest(line: str) -> None:
    assert lock(REGISTRY, "1.2.3", [*PUSHED, line]) == lock(REGISTRY, "1.2.3", PUSHED)


def test_the_committed_lock_is_one_that_is_written() -> None:
    text = LOCK.read_text()
    tables = tomllib.loads(text)
    assert list(tables) == list(NAMES)
    lines = [f"{table['repository']}@{table['digest'] or 'sha256:' + 'a' * 64}" for table in tables.values()]
    registry = tables["worker"]["repository"].removesuffix("/worker")
    written = lock(registry, tables["worker"]["version"], lines)
    assert tomllib.loads(written).keys() == tables.keys()
    assert written.splitlines()[0] == text.splitlines()[0]


def test_cloud_build_does_what_make_does() -> None:
    document = yaml.safe_load(LOCK.with_name("cloudbuild.yaml").read_text())
    steps = {step["id"]: step for step in document["steps"]}
    for name in NAMES:
        words = steps[name]["args"]
        assert words[0] == "build"
        assert words[words.index("--file") + 1] == f"images/{name}/Dockerfile"
        assert words[words.index("--tag") + 1] == f"${{_REGISTRY}}/{name}:${{_VERSION}}"
        assert "DOCKER_BUILDKIT=1" in steps[name]["env"]
        given = {words[at + 1].partition("=")[0] for at, word in enumerate(words) if word == "--build-arg"}
        assert given == {"BASE", "VERSION", "REVISION"}
        assert f"docker push '${{_REGISTRY}}/{name}:${{_VERSION}}'" in steps["push"]["args"][-1]
    assert steps["push"]["waitFor"] == list(NAMES)
    assert "images/lock.py" in steps["lock"]["args"][-1]
    assert document["artifacts"]["objects"]["paths"] == ["images/lock.toml"]
    used = {
        word for word in ("_REGISTRY", "_VERSION", "_LOCKS", "_BASE", "_REVISION") if f"${{{word}}}" in str(document)
    }
    assert used == set(document["substitutions"])  # Cloud Build refuses what is declared and not used
