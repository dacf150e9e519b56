import copy
import pickle
from pathlib import Path

import pytest

from triviareel.errors import InputError
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.secrets import Secret, checked, find

KEY = "AIza-canary-0123456789"


def test_the_key_comes_from_the_variable_or_the_file_it_names(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    marked = tmp_path / "marked"
    marked.write_bytes(b"\xef\xbb\xbf" + KEY.encode() + b"\r\n")
    files = [{"GEMINI_API_KEY_FILE": str(one)} for one in (file, marked)]
    for environment in ({"GEMINI_API_KEY": KEY}, *files):
        found = find(environment)
        assert found is not None
        assert found.reveal() == KEY
    assert find({"GEMINI_API_KEY": ""}) is None


def test_two_keys_are_one_too_many(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="both set: unset one") as caught:
        find({"GEMINI_API_KEY": KEY, "GEMINI_API_KEY_FILE": str(tmp_path)})
    assert KEY not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="none does not exist"):
        find({"GEMINI_API_KEY_FILE": str(tmp_path / "none")})


def test_a_file_without_a_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text(KEY, "utf-16")
    with pytest.raises(InputError, match=f"{file}: that is no API key"):
        find({"GEMINI_API_KEY_FILE": str(file)})


def test_a_key_in_place_of_its_file_is_not_shown() -> None:
    with pytest.raises(InputError, match="or the key itself by GEMINI_API_KEY") as caught:
        find({"GEMINI_API_KEY_FILE": KEY})
    assert KEY not in str(caught.getrepr(showlocals=False))


@pytest.mark.parametrize(
    "value", ["", " \n", f"{KEY} {KEY}", f"{KEY}\x00", f"{KEY}é", f"{KEY}\r\nX-Evil: 1", "k" * 5000]
)
def test_what_cannot_be_a_key_is_refused_without_being_shown(value: str) -> None:
    with pytest.raises(InputError, match="that is no API key") as caught:
        checked(value, "the key")
    assert KEY not in str(caught.value)


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(KEY)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>9}", repr(Access(key=secret)), repr([secret])]
    assert all(KEY not in text for text in shown)
    for write in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="not written anywhere"):
            write(secret)
    assert secret.scrub(f"key {KEY}, again {KEY}") == "key [key], again [key]"


def test_access_is_by_key_or_by_project_and_by_one_only() -> None:
    key = Secret(KEY)
    Access(key=key)
    Access(project="p", location="global")
    for wrong in (
        {},
        {"key": key, "project": "p", "location": "global"},
        {"project": "p"},
        {"key": key, "location": "x"},
        {"key": key, "base_url": "127.0.0.1:8917"},
        {"key": key, "base_url": "http://"},
        {"key": key, "base_url": "http://:8917"},
        {"key": key, "base_url": "http://127.0.0.1:89170"},
        {"key": key, "base_url": "http://[::1"},
        {"key": key, "base_url": "http://a host"},
    ):
        with pytest.raises(InputError):
            Access(**wrong)
