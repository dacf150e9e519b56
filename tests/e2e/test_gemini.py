"""`--source gemini` through the command line, against the fake server, from the key to the manifest."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.proofs import commands
from tests.fakes.gemini import GeminiServer
from tests.fakes.gemini import answers as fake
from triviareel.cli.app import run
from triviareel.errors import AssetError
from triviareel.jobs import film, premiere
from triviareel.questions import csvfile
from triviareel.questions.gemini import cost
from triviareel.questions.gemini.model import Tokens

TINY = [
    "--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264", "--format", "square", "--seed", "7",
]  # fmt: skip
KEY = "canary-9c41e7"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GeminiServer]:
    with GeminiServer(key=KEY) as server:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TRIVIAREEL_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", server.url)
        monkeypatch.setenv("GEMINI_API_KEY", KEY)
        monkeypatch.delenv("GEMINI_API_KEY_FILE", raising=False)
        yield server


@pytest.fixture
def words(small_assets: Path) -> list[str]:
    return ["make", "--source", "gemini", "--topic", "space", *TINY, "--assets", str(small_assets), "--json"]


@pytest.fixture
def unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every job ends where its video would be rendered."""

    def produce(*_: object) -> premiere.Film:
        raise AssetError("not rendered in this test")

    monkeypatch.setattr(film, "produce", produce)


def manifest(job: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(f"out/jobs/demo/{job}/_MANIFEST.json").read_bytes())
    return found


def test_a_video_of_what_gemini_wrote(
    server: GeminiServer, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*words, "--questions", "3", "--job", "g"]) == 0
    told = capsys.readouterr()
    [line] = map(json.loads, told.out.splitlines())
    assert (Path(line["video"]).stat().st_size, line["questions"]) == (line["size"], 3)
    used = manifest("g")["used"]["gemini"]
    assert used == line["gemini"]
    assert used["calls"] == len(server.calls) == 2
    assert min(used[f"{kind}_tokens"] for kind in ("prompt", "candidate", "thought")) > 0
    assert "USD" in told.err
    asked = len(server.calls)
    assert run([*words, "--questions", "3", "--job", "g"]) == 0
    assert json.loads(capsys.readouterr().out)["skipped"]
    assert len(server.calls) == asked


@pytest.mark.usefixtures("unrendered")
@pytest.mark.parametrize("mode", ["online", "batch"])
def test_a_batch_of_jobs_with_ten_verified_questions_each(
    server: GeminiServer, words: list[str], tmp_path: Path, mode: str
) -> None:
    config = tmp_path / "own.toml"
    config.write_text("batch_poll_s = 0.01\n")
    words += ["--questions", "10", "--videos", "3", "--job", "b", "--gemini-mode", mode, "--gemini-config", str(config)]
    server.answer = fake.wrong_keys(1)
    assert run(words) == 3
    texts: list[str] = []
    for job in ("b-00001", "b-00002", "b-00003"):
        told = manifest(job)
        questions = csvfile.loads(Path(told["outputs"]["questions"]["uri"]).read_bytes(), job)
        texts += [question.question for question in questions]
        used = told["used"]["gemini"]
        assert (len(questions), used["mode"], len(used["prompt_hash"])) == (10, mode, 16)
        dropped = Path(told["outputs"]["rejected_questions"]["uri"]).read_text().splitlines()
        assert len(dropped) == sum(used["rejected"].values()) > 0
        assert all("wrong key" in line for line in dropped if '"stage": "verification"' in line)
    assert len(texts) == len(set(texts)) == 30
    report = json.loads(Path("out/runs/demo/b/gemini.json").read_bytes())
    assert report["rejected"]["verification"] >= 1
    assert report["calls"] == sum(manifest(f"b-0000{n}")["used"]["gemini"]["calls"] for n in (1, 2, 3))
    asked = len(server.calls)
    assert run(words) == 3
    assert len(server.calls) == asked


@pytest.mark.parametrize(
    ("faults", "code", "error", "says"),
    [
        (["bad-key"], 2, "ModelRefused", "the key is refused"),
        (["403"], 2, "ModelRefused", "403"),
        (["429-daily"], 75, "ModelBusy", "tomorrow"),
        (["blocked"] * 5, 75, "AnswerFault", "blocked"),
        (["raw", "empty", "recitation", "mismatched", "not-json"], 75, "AnswerFault", "JSON"),
    ],
)
def test_what_fails_is_named_in_the_manifest_and_shows_no_key(
    server: GeminiServer,
    words: list[str],
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    faults: list[str],
    code: int,
    error: str,
    says: str,
) -> None:
    server.faults(*faults)
    with caplog.at_level("DEBUG"):
        assert run([*words, "--questions", "2", "--job", "f", "--debug"]) == code
    told = capsys.readouterr()
    failed = manifest("f")
    assert (failed["state"], failed["failure"]["stage"], failed["failure"]["error"]) == ("failed", "questions", error)
    assert says in failed["failure"]["message"]
    assert failed["used"]["gemini"]["calls"] == len(faults)
    assert failed["attempts"] == 1
    written = b"".join(path.read_bytes() for path in Path("out").rglob("*") if path.is_file())
    assert not any(KEY in text for text in (told.out, told.err, caplog.text, written.decode(errors="replace")))
    assert not any(KEY in command for command in commands())


@pytest.mark.usefixtures("unrendered")
def test_a_job_that_is_asked_for_again_tells_what_both_times_took(server: GeminiServer, words: list[str]) -> None:
    server.faults(*["blocked"] * 5)
    words += ["--questions", "2", "--job", "twice"]
    assert run(words) == 75
    first = manifest("twice")["used"]["gemini"]
    assert run(words) == 2
    both = manifest("twice")["used"]["gemini"]
    assert both["calls"] == first["calls"] + 2 == len(server.calls)
    assert both["faults"] == {"blocked": 5}
    assert both["money_usd"] > first["money_usd"]
    assert {name: both.get(name, value) for name, value in books("twice").items()} == books("twice")


@pytest.mark.usefixtures("unrendered")
def test_a_refused_key_is_not_tried_for_every_job(server: GeminiServer, words: list[str]) -> None:
    server.key = "another"
    assert run([*words, "--videos", "30", "--job", "many"]) == 3
    assert {manifest(f"many-{n:05d}")["failure"]["error"] for n in range(1, 31)} == {"ModelRefused"}


def test_the_questions_command_and_a_key_from_a_file(
    server: GeminiServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.delenv("GEMINI_API_KEY")
    monkeypatch.setenv("GEMINI_API_KEY_FILE", str(tmp_path / "key"))
    server.answer = fake.wrong_keys(1)
    words = ["questions", "--source", "gemini", "--topic", "deep sea", "--questions", "3", "--language", "French"]
    assert run([*words, "--audience", "divers", "--output", "q.csv", "--json"]) == 0
    told = capsys.readouterr()
    [line] = map(json.loads, told.out.splitlines())
    assert line["gemini"]["calls"] >= 2
    assert len(csvfile.loads(Path("q.csv").read_bytes(), "q.csv")) == 3
    assert "wrong key" in Path("q.rejected.jsonl").read_text()
    prompt = server.calls[0].prompt
    assert all(part in prompt for part in ("French", "divers", "deep-sea", "deep sea"))


def test_the_banks_questions_are_verified_on_request_and_others_take_the_place_of_those_that_fall(
    server: GeminiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["questions", "--topic", "space", "--questions", "6", "--seed", "3", "--verify", "--json"]
    assert run([*words, "--output", "plain.csv"]) == 0
    assert not Path("plain.rejected.jsonl").exists()
    plain = csvfile.loads(Path("plain.csv").read_bytes(), "plain.csv")
    doubted = plain[1].question

    def doubt(rows: list[fake.Json], prompt: str) -> None:
        papers = [json.loads(line) for line in prompt.splitlines() if line.startswith('{"n"')]
        for row, paper in zip(rows, papers, strict=True):
            row["fault"] = "outdated" if paper["question"] == doubted else row["fault"]

    server.answer = fake.edited(doubt)
    capsys.readouterr()
    assert run([*words, "--output", "q.csv"]) == 0
    told = json.loads(capsys.readouterr().out)
    questions = csvfile.loads(Path("q.csv").read_bytes(), "q.csv")
    assert [at for at in range(6) if questions[at] != plain[at]] == [1]
    assert questions[1].difficulty == plain[1].difficulty
    [dropped] = [json.loads(line) for line in Path("q.rejected.jsonl").read_text().splitlines()]
    assert (dropped["stage"], dropped["question"]["question"]) == ("verification", doubted)
    assert (told["gemini"]["calls"], told["gemini"]["rejected"]) == (2, {"verification": 1})
    assert run([*words, "--output", "q.csv", "--spend-ceiling", "0.0001"]) == 2


@pytest.mark.parametrize("words", [["--source", "gemini"], ["--verify"]])
def test_the_questions_command_asks_by_batch_too(server: GeminiServer, tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "own.toml").write_text("mode = 'batch'\nbatch_poll_s = 0.01\n")
    assert run(["questions", *words, "--gemini-config", "own.toml", "--output", "q.csv", "--seed", "1"]) == 0
    assert len(csvfile.loads(Path("q.csv").read_bytes(), "q.csv")) == 5
    assert {call.version for call in server.calls} == {"batch"}


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--language", "French"], "add --source gemini"),
        (["--source", "gemini", "--gemini-mode", "later"], "mode 'later'"),
        (["--source", "gemini", "--spend-ceiling", "much"], "US dollars"),
        (["--source", "gemini", "--gemini-config", "none.toml"], "none.toml"),
        (["--source", "gemini", "--topic", "x" * 81], "81 characters"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_written(
    server: GeminiServer, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    for command in (["make", *TINY], ["questions", "--output", "q.csv"]):
        assert run([*command, *words]) == 2
        assert says in capsys.readouterr().err
    assert not Path("out").exists()
    assert not Path("q.csv").exists()
    assert server.calls == []


def test_questions_that_could_not_be_written_are_not_paid_for(
    server: GeminiServer, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("q.csv").mkdir()
    Path("file").touch()
    for output, says in (("q.csv", "is a folder"), ("file/q.csv", "a folder is needed")):
        assert run(["questions", "--source", "gemini", "--output", output]) == 2
        assert says in capsys.readouterr().err
    assert server.calls == []


def test_without_a_key_it_says_what_to_set(
    server: GeminiServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("GEMINI_API_KEY")
    for command in (["make", *TINY], ["questions", "--output", "q.csv"]):
        assert run([*command, "--source", "gemini"]) == 2
        assert "GEMINI_API_KEY" in capsys.readouterr().err
    assert not Path("out").exists()
    assert server.calls == []


@pytest.mark.usefixtures("unrendered")
def test_a_job_that_has_its_questions_needs_no_key(
    server: GeminiServer, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words += ["--questions", "2", "--job", "h"]
    assert run(words) == 2
    asked = len(server.calls)
    monkeypatch.delenv("GEMINI_API_KEY")
    assert run(words) == 2
    assert len(server.calls) == asked
    assert manifest("h")["failure"]["error"] == "AssetError"  # the rendering, which is left out here


@pytest.mark.usefixtures("unrendered")
def test_the_spend_ceiling_ends_a_run_in_named_failures(server: GeminiServer, words: list[str]) -> None:
    assert run([*words, "--questions", "2", "--job", "c", "--spend-ceiling", "0.001"]) == 2
    assert manifest("c")["failure"]["error"] == "SpendCeiling"
    assert server.calls == []


@pytest.mark.usefixtures("unrendered")
def test_a_run_that_is_told_to_stop_keeps_its_books_and_goes_on_with_them(
    server: GeminiServer, words: list[str]
) -> None:
    honest, turns = server.answer, itertools.count(1)

    def answer(body: dict[str, Any], model: str) -> dict[str, Any]:
        if next(turns) == 4:  # several ask at once, and one of them is the fourth
            os.kill(os.getpid(), signal.SIGTERM)
        return honest(body, model)

    server.answer = answer
    words += ["--questions", "3", "--videos", "12", "--job", "s"]
    assert run(words) == 75
    first = books("s")
    assert first["calls"] > 0
    assert bill(server) <= first["money_usd"] + first["unseen_usd"] + 1e-6
    server.answer = honest
    assert run(words) == 3
    both = books("s")
    assert both["calls"] > first["calls"]
    assert both["unseen_usd"] == first["unseen_usd"]
    assert bill(server) <= both["money_usd"] + both["unseen_usd"] + 1e-6
    ceiling = both["money_usd"] + both["unseen_usd"]
    asked = len(server.calls)
    assert run([*words[:-1], "t", "--spend-ceiling", f"{ceiling:.6f}"]) == 3  # another run has books of its own
    assert len(server.calls) > asked


KILLED = """
import sys
from triviareel.cli.app import run
from triviareel.errors import AssetError
from triviareel.jobs import film

def produce(*_):
    raise AssetError("not rendered in this test")

film.produce = produce
sys.exit(run(sys.argv[1:]))
"""


def test_a_batch_whose_run_was_killed_is_collected_by_the_next_and_paid_once(
    server: GeminiServer, words: list[str], tmp_path: Path
) -> None:
    config = tmp_path / "own.toml"
    config.write_text("batch_poll_s = 0.01\n")
    words += [
        "--questions",
        "4",
        "--videos",
        "3",
        "--job",
        "k",
        "--gemini-mode",
        "batch",
        "--gemini-config",
        str(config),
    ]
    server.batch_faults("ok", *["503"] * 10_000)  # it is handed in, and never seen done
    argv = [sys.executable, "-c", KILLED, *words]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
        while len(server.verbs) > 9_990:
            assert killed.poll() is None
            time.sleep(0.02)
        killed.kill()
    [memo] = Path("out/batches").rglob("batch.json")
    assert json.loads(memo.read_bytes())["batch"] == "batches/b1"
    server.verbs.clear()
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr  # the rendering is left out
    assert [job.title.split("/")[0] for job in server.batches.jobs.values()] == ["demo-k", "demo-k"]
    assert [job.model for job in server.batches.jobs.values()] == ["gemini-3.8-flash", "gemini-3.5-flash-lite"]
    assert len([call for call in server.calls if call.model == "gemini-3.8-flash"]) == 3
    assert abs(books("k")["money_usd"] - bill(server)) < 1e-5
    assert not list(Path("out/batches").rglob("batch.json"))


def test_the_ceiling_holds_also_over_processes_that_are_killed_while_they_ask(
    server: GeminiServer, words: list[str], tmp_path: Path
) -> None:
    config, ceiling = tmp_path / "own.toml", 0.25
    config.write_text("jobs_in_flight = 2\n")
    words += ["--questions", "3", "--videos", "40", "--job", "c"]
    words += ["--gemini-config", str(config), "--spend-ceiling", str(ceiling)]
    argv = [sys.executable, "-c", KILLED, *words]
    for _ in range(2):
        before = len(server.calls)
        with subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as killed:
            while len(server.calls) < before + 9:
                assert killed.poll() is None
                time.sleep(0.002)
            killed.kill()
        assert bill(server) <= at_most("c") + 1e-6 <= ceiling + 2e-6
    paid = {path: path.read_bytes() for path in Path("out").rglob("dataset.json")}
    assert paid
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "SpendCeiling" in {manifest(f"c-{n:05d}")["failure"]["error"] for n in range(1, 41)}
    assert bill(server) <= at_most("c") + 1e-6 <= ceiling + 2e-6
    assert all(path.read_bytes() == data for path, data in paid.items())


def at_most(run: str) -> float:
    """What a run may have spent, by its books."""
    told = books(run)
    return float(told["money_usd"] + told["unseen_usd"] + sum(told["held_usd"].values()))


def books(run: str) -> dict[str, Any]:
    """What a run has taken."""
    found: dict[str, Any] = json.loads(Path(f"out/runs/demo/{run}/gemini.json").read_bytes())
    return found


def bill(server: GeminiServer) -> float:
    """What the service will charge, in US dollars."""
    prices = cost.prices(date.today())
    charged = ((prices.of(one.model), Tokens(one.prompt, one.output), one.batch) for one in server.charges)
    return float(sum(price.of(tokens, batch=batch) for price, tokens, batch in charged))
