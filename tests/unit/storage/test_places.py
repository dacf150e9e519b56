"""Stores and objects by their addresses."""

import subprocess
import sys
from pathlib import Path

import pytest

from triviareel.errors import InputError
from triviareel.storage import locate, open_store


@pytest.mark.parametrize(
    "uri", ["s3://b/x", "https://x/y", "", "a\0b", "gs://", "gs://A/b", "gs://b/../c", "gs://b//c", "gs:/b", "GS:b"]
)
def test_places_that_cannot_be_used_are_refused_in_one_line(uri: str) -> None:
    with pytest.raises(InputError, match=r"folder|name") as caught:
        open_store(uri)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("package", ["google.cloud.storage", "google", "requests", "google_crc32c"])
def test_a_bucket_without_its_packages_says_what_to_install(package: str) -> None:
    program = f"""
import sys
sys.modules[{package!r}] = None
from triviareel.errors import InputError
from triviareel.storage import open_store
open_store("folder")
try:
    open_store("gs://b/x")
except InputError as error:
    sys.exit(0 if "gs://b/x" in str(error) and "install triviareel[gcp]" in str(error) else str(error))
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_an_object_is_found_by_its_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for uri in ("q.csv", "sub/q.csv", str(tmp_path / "abs" / "q.csv")):
        store, name = locate(uri)
        assert store.write(name, b"x").uri == uri
        assert Path(uri).read_bytes() == b"x"
    with pytest.raises(InputError, match="names a folder"):
        locate("sub/")
