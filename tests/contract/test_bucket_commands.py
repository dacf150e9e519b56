"""Commands with gs:// places, against the fake as a process of its own: what they write, and how they fail."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.gcs import Remote
from triviareel.cli.app import run
from triviareel.jobs import studio
from triviareel.questions import csvfile
from triviareel.storage import open_store
from triviareel.video import assets


@pytest.fixture(scope="module")
def remote() -> Iterator[Remote]:
    command = [sys.executable, "-m", "tests.fakes.gcs", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        try:
            yield Remote(process.stdout.readline().strip().partition("=")[2])
        finally:
            process.terminate()


@pytest.fixture(autouse=True)
def _environment(remote: Remote, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", remote.url)
    monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


def findings(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, str]]:
    return {line["thing"]: line for line in map(json.loads, capsys.readouterr().out.splitlines())}


def test_questions_are_written_into_a_bucket(remote: Remote) -> None:
    remote.faults("write:lost", "write:503")
    assert run(["questions", "--topic", "space", "--questions", "3", "--output", "gs://b/some/q.csv"]) == 0
    remote.assert_all_met()
    assert len(csvfile.loads(remote.read("some/q.csv"), "q.csv")) == 3
    assert [commit.name for commit in remote.commits].count("some/q.csv") == 1


def test_the_doctor_tries_a_bucket_and_leaves_nothing_in_it(remote: Remote, capsys: pytest.CaptureFixture[str]) -> None:
    remote.make_bucket("well")
    assert run(["doctor", "--root", "gs://well/root", "--json"]) == 0
    found = findings(capsys)
    assert found["root"]["detail"] == "gs://well/root can be written, read, listed and cleaned"
    assert found["gcp"]["level"] == "ok"
    assert remote.objects("well") == {}


def test_the_doctor_says_what_is_wrong_with_a_bucket(remote: Remote, capsys: pytest.CaptureFixture[str]) -> None:
    for refusal in ("forbidden", "read-only", "requester-pays", "policy", "missing"):
        if refusal != "missing":
            remote.make_bucket(f"d-{refusal}", refusal)
        assert run(["doctor", "--root", f"gs://d-{refusal}", "--json"]) == 2
        root = findings(capsys)["root"]
        assert root["level"] == "missing"
        assert f"gs://d-{refusal}" in root["detail"]


def test_the_doctor_notes_a_clock_that_is_wrong(remote: Remote) -> None:
    """In a process of its own: this one has asked the service for the time already."""
    remote.set_clock(86_400)
    try:
        told = subprocess.run(
            [sys.executable, "-c", DOCTOR],
            capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
    finally:
        remote.set_clock(0)
    root = next(line for line in map(json.loads, told.splitlines()) if line["thing"] == "root")
    assert root["level"] == "note"
    assert "its clock is +86" in root["detail"]


DOCTOR = "from triviareel.cli.app import run; run(['doctor', '--root', 'gs://b', '--json'])"

COMMANDS = (
    ["make", "--root", "gs://{}/root", "--questions", "1", "--voice", "none"],
    ["make", "--assets", "gs://{}/assets", "--questions", "1", "--voice", "none"],
    ["questions", "--output", "gs://{}/q.csv", "--questions", "1"],
    ["render", "--csv", "gs://{}/q.csv", "--output", "video.mp4"],
    ["render", "--csv", "q.csv", "--output", "gs://{}/video.mp4", "--voice", "none"],
    ["status", "gs://{}/root"],
    ["retry", "gs://{}/root"],
    ["clean", "gs://{}/root"],
    ["assets", "build", "--to", "gs://{}/assets"],
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
@pytest.mark.parametrize("refusal", ["missing", "forbidden", "requester-pays"])
def test_a_bucket_that_cannot_be_used_ends_a_command_with_one_line(
    remote: Remote, capsys: pytest.CaptureFixture[str], tmp_path: Path, refusal: str, command: list[str]
) -> None:
    if refusal != "missing":
        remote.make_bucket(f"c-{refusal}", refusal)
    assert run(["questions", "--questions", "1", "--output", str(tmp_path / "q.csv")]) == 0
    capsys.readouterr()
    assert run([word.format(f"c-{refusal}") for word in command]) == 2
    told = capsys.readouterr().err.splitlines()
    assert f"gs://c-{refusal}" in told[-1]
    assert "; " in told[-1]  # what is wrong; the mend


def test_an_asset_pack_that_was_broken_off_is_completed_and_a_changed_one_is_left_alone(
    capsys: pytest.CaptureFixture[str], small_assets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio, "default_pack", lambda *_: small_assets / "demo" / "video-assets")
    store, words = open_store("gs://b/packs"), ["assets", "build", "--to", "gs://b/packs"]
    first, *_, last = (f"demo/video-assets/{name}" for name in assets.FILES)
    assert run(words) == 0
    kept = store.stat(first)
    store.delete(last)
    assert run(words) == 0
    assert (store.stat(first), bool(store.stat(last))) == (kept, True)
    store.delete(last)
    store.write(first, b"of the channel's own")
    assert run(words) == 2
    assert f"{first}: already there" in capsys.readouterr().err
    assert store.stat(last) is None


def test_a_fault_that_stays_says_try_again(remote: Remote, capsys: pytest.CaptureFixture[str]) -> None:
    remote.faults("write:400", always=True)
    try:
        assert run(["questions", "--questions", "1", "--output", "gs://b/q.csv"]) == 2
        assert "Cloud Storage refuses the request (Scripted 400)" in capsys.readouterr().err
    finally:
        remote.clear_faults()
