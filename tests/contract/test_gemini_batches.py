"""Batch mode against the fake: the Gemini API by uploaded files, Vertex AI by bucket."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.contract.accounts import account
from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.fakes.gemini import GeminiServer
from triviareel.errors import AnswerFault, BatchEnded, InputError, ModelBusy, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini import answers, sdk_genai_batches
from triviareel.questions.gemini.access import Access, open_batches
from triviareel.questions.gemini.batches import Batches, Row, is_done, requests
from triviareel.questions.gemini.batches import answers as rows_of
from triviareel.questions.gemini.model import Ask, Reply, text_of
from triviareel.questions.gemini.secrets import Secret
from triviareel.storage.folder import FolderStore

T = TypeVar("T")
KEY = "AIza-canary-7f3k9q"
ROWS = [
    Row(f"job-{n}", Ask("gemini-test", f"Job {n}", schema=answers.schema(2, ["space"], ["easy"]), seed=n))
    for n in range(5)
]


def by_key(server: GeminiServer) -> Batches:
    return open_batches(Access(key=Secret(KEY), base_url=server.url), deadline_s=30)


def run(open_one: Callable[[], Batches], work: Callable[[Batches], Coroutine[Any, Any, T]]) -> T:
    async def whole() -> T:
        batches = open_one()
        try:
            return await work(batches)
        finally:
            await batches.close()

    return asyncio.run(whole())


async def through(batches: Batches) -> tuple[int, dict[str, Reply | TriviaError]]:
    """A batch from hand-in to answers; how often it was not done yet."""
    name = await batches.submit("night-1", ROWS)
    looks = 0
    while not await batches.is_done(name):
        looks += 1
    return looks, await batches.collect(name, "gemini-test")


def test_a_batch_is_handed_in_waited_for_and_collected() -> None:
    with GeminiServer(key=KEY) as server:
        looks, found = run(lambda: by_key(server), through)
        assert [call.version for call in server.calls] == ["batch"] * 5
        sent = {call.prompt: call.body["generationConfig"] for call in server.calls}
    assert looks == 1
    assert found.keys() == {row.key for row in ROWS}
    for reply in found.values():
        assert isinstance(reply, Reply)
        assert reply.batch
        assert len(answers.read(text_of(reply)).candidates) == 2
    assert sent["Job 3"]["seed"] == 3
    assert sent["Job 3"]["responseJsonSchema"] == ROWS[3].ask.schema


def test_rows_that_are_lost_or_failed_are_told_from_those_that_are_there() -> None:
    with GeminiServer() as server:
        server.faults("row-missing", "row-error", "blocked", "429", "ok")  # rows are answered from the last one
        _, found = run(lambda: by_key(server), through)
    assert found.keys() == {"job-0", "job-1", "job-2", "job-3"}
    for key in ("job-1", "job-3"):
        assert isinstance(found[key], ModelDown)
        assert "ask it online" in str(found[key])
    blocked = found["job-2"]
    assert isinstance(blocked, Reply)
    assert blocked.finish == "BLOCKED"


@pytest.fixture
def bucket() -> Iterator[GcsServer]:
    with GcsServer(["my-bucket"]) as server:
        yield server


def on_vertex(
    server: GeminiServer, bucket: GcsServer, folder: Path, monkeypatch: pytest.MonkeyPatch, prefix: str = "some/root"
) -> Callable[[], Batches]:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account(folder, f"{server.url}/token")))
    access = Access(project="my-project", location="europe-west4", base_url=server.url)
    return lambda: open_batches(access, 30, bucket_store(bucket, "my-bucket", prefix))


@pytest.mark.parametrize("prefix", ["", "some/root"])
def test_vertex_ai_reads_and_writes_a_bucket(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: GcsServer, prefix: str
) -> None:
    with GeminiServer(buckets=bucket) as server:
        server.faults("ok", "row-error", "row-missing")
        _, found = run(on_vertex(server, bucket, tmp_path, monkeypatch, prefix), through)
    assert found.keys() == {"job-0", "job-1", "job-3", "job-4"}
    assert isinstance(found["job-3"], ModelDown)
    good = found["job-4"]
    assert isinstance(good, Reply)
    assert len(answers.read(text_of(good)).candidates) == 2
    home = f"{prefix}/batches/night-1".lstrip("/")
    assert sorted(bucket.objects("my-bucket")) == [f"{home}/prediction/predictions.jsonl", f"{home}/requests.jsonl"]


def test_on_vertex_ai_a_batch_is_found_by_its_name_and_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: GcsServer
) -> None:
    with GeminiServer(buckets=bucket) as server, pytest.raises(BatchEnded, match="ended as cancelled"):
        run(on_vertex(server, bucket, tmp_path, monkeypatch), found_and_cancelled)


async def found_and_cancelled(batches: Batches) -> bool:
    name = await batches.submit("run/2-abc", ROWS)
    for other in range(3):
        await batches.submit(f"later-{other}", ROWS[:1])
    assert await batches.find("run/2-abc") == name
    assert await batches.find("run/2") is None
    await batches.cancel(name)
    return await batches.is_done(name)


def test_a_batch_is_found_by_its_name_on_whichever_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sdk_genai_batches, "_PAGE", 2)
    with GeminiServer() as server, pytest.raises(BatchEnded, match="ended as cancelled"):
        run(lambda: by_key(server), found_and_cancelled)


def test_a_batch_that_the_service_keeps_no_longer_has_ended() -> None:
    async def work(batches: Batches) -> None:
        name = await batches.submit("night-1", ROWS)
        while not await batches.is_done(name):
            pass
        server.batches.files.clear()
        with pytest.raises(BatchEnded, match="batches/b1 is no longer at the service; ask online"):
            await batches.collect(name, "gemini-test")
        server.batches.jobs.clear()
        with pytest.raises(BatchEnded, match="no longer"):
            await batches.is_done(name)

    with GeminiServer() as server:
        run(lambda: by_key(server), work)


@pytest.mark.parametrize(("fault", "error"), [("429:7", ModelBusy), ("503", ModelDown), ("reset", ModelDown)])
def test_faults_of_batch_verbs_are_those_of_a_call(fault: str, error: type[TriviaError]) -> None:
    async def work(batches: Batches) -> None:
        server.batch_faults(fault)
        with pytest.raises(error) as caught:
            await batches.submit("night-1", ROWS)
        known = await batches.find("night-1")
        assert (known is not None) == (fault == "reset")  # which answered too late
        if fault == "429:7":
            assert getattr(caught.value, "retry_after_s", None) == 7

    with GeminiServer() as server:
        run(lambda: by_key(server), work)


def test_without_a_bucket_vertex_ai_has_no_batch_mode(tmp_path: Path) -> None:
    for store in (None, FolderStore(tmp_path)):
        with pytest.raises(InputError, match="choose a root that begins with gs://, or online"):
            open_batches(Access(project="p", location="global"), store=store)


def test_a_cancelled_batch_says_so() -> None:
    async def cancelled(batches: Batches) -> bool:
        name = await batches.submit("night-1", ROWS)
        await batches.cancel(name)
        return await batches.is_done(name)

    with GeminiServer() as server, pytest.raises(ModelDown, match="batches/b1 ended as cancelled; ask online"):
        run(lambda: by_key(server), cancelled)


def test_a_refused_key_is_told_as_online_and_not_shown() -> None:
    with GeminiServer(key="another") as server, pytest.raises(ModelRefused, match="the key is refused") as caught:
        run(lambda: by_key(server), through)
    assert KEY not in f"{caught.value!r}{caught.value.__cause__!r}{caught.value.__context__!r}"


def test_a_row_in_which_the_service_repeats_the_key_does_not_show_it() -> None:
    error = {"code": 13, "message": f"{KEY} is tired"}
    with GeminiServer(key=KEY) as server:
        server.batches.answer = lambda *_: {"error": error}
        _, found = run(lambda: by_key(server), through)
        assert {str(one) for one in found.values()} == {
            "gemini-test: a row of the batch failed ([key] is tired); ask it online"
        }


@pytest.mark.parametrize(("state", "done"), [("JOB_STATE_PENDING", False), ("BATCH_STATE_SUCCEEDED", True)])
def test_states_have_two_spellings(state: str, done: bool) -> None:
    assert is_done("b", state, "") is done


def test_a_batch_that_expired_tells_why() -> None:
    with pytest.raises(ModelDown, match=r"b ended as expired \(too slow\)"):
        is_done("b", "JOB_STATE_EXPIRED", "too slow")


def test_lines_that_are_none_count_as_missing() -> None:
    found = rows_of([b'{"key": "a", "response": {"candidates": 3}}', b"[]", b'{"key": "b", "resp', b"\xff", b"{}"], "m")
    assert found.keys() == {"a"}
    assert isinstance(found["a"], AnswerFault)


def test_a_key_that_could_not_be_a_label_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="no label"):
        requests([Row("Job 1", ROWS[0].ask)], labelled=True)
