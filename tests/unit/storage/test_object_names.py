from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import InputError
from triviareel.storage.names import checked

parts = st.text(alphabet=st.sampled_from("ab./\\\0~ -é\n"), max_size=12)


@given(parts)
def test_what_passes_stays_inside_and_is_whole(name: str) -> None:
    try:
        passed = checked(name)
    except InputError:
        return
    assert passed == name
    path = PurePosixPath("/root") / passed
    assert not PurePosixPath(name).is_absolute()
    assert ".." not in path.parts
    assert str(path) == f"/root/{name}"
    assert not any(part.startswith(".") for part in path.parts)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/",
        ".",
        ".hidden",
        "a/.tmp-1",
        "a\0b",
        "a\\b",
        "a\nb",
        "x" * 201,
    ],
)
def test_names_that_could_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(InputError, match="name"):
        checked(name)


@pytest.mark.parametrize("name", ["a", "jobs/demo/20261114-120000/_MANIFEST.json", "été 2026.csv", "中文.csv", "a..b"])
def test_ordinary_names_pass(name: str) -> None:
    assert checked(name) == name
