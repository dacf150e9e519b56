"""The fault table: what every fault of the service comes to, behind each SDK that this environment has."""

import asyncio
import importlib.util
import logging
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.contract.accounts import account
from tests.fakes.clock import FakeClock
from tests.fakes.gemini import GeminiServer
from tests.fakes.gemini.scripts import NAMES
from tests.fakes.watch import Counting
from triviareel.errors import AnswerFault, InputError, ModelBusy, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini import answers, policy
from triviareel.questions.gemini.access import Access, Sdk, open_model
from triviareel.questions.gemini.caller import Attempt, Caller
from triviareel.questions.gemini.limiter import Limiter
from triviareel.questions.gemini.model import Ask, Reply, text_of
from triviareel.questions.gemini.secrets import Secret

SDKS: dict[Sdk, str] = {"genai": "google.genai", "generativeai": "google.generativeai"}


def there(module: str) -> bool:
    """Whether this environment has it; the two SDKs cannot be in one."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # not even its parent
        return False


INSTALLED = [sdk for sdk, module in SDKS.items() if there(module)]
KEY = "AIza-canary-7f3k9q"
ASK = Ask(
    model="gemini-test",
    prompt="Write 3 questions about space.",
    system="You write questions.",
    schema=answers.schema(3, ["space"], ["easy", "medium"]),
    seed=5,
    max_output_tokens=4000,
    thinking_budget=256,
)
NEVER = ("stall", "drip")
"""Faults that only the deadline ends."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    fault: str
    error: type[TriviaError] | None
    """None where the answer is of use all the same."""
    kind: str = ""
    """Of an AnswerFault."""
    wait_s: tuple[float, float] = (0, 0)
    """Least and most before the second attempt."""

    @property
    def retried(self) -> bool:
        return self.error is not None and self.error.retryable and self.fault != "429-daily"


BACKOFF = (policy.BASE_S / 2, policy.BASE_S)
TABLE = [
    Row("ok", None),
    Row("fenced", None),
    Row("talk", None),
    Row("cut", None),  # what came whole before the end is kept
    Row("wrong-answer", None),  # its form is good: verification has to find it
    Row("400", ModelRefused),
    Row("401", ModelRefused),
    Row("403", ModelRefused),
    Row("404", ModelRefused),
    Row("bad-key", ModelRefused),
    Row("429", ModelBusy, wait_s=BACKOFF),
    Row("429:7", ModelBusy, wait_s=(7, 7.7)),
    Row("429-header:9", ModelBusy, wait_s=(9, 9.9)),
    Row("429-daily", ModelBusy),
    Row("500", ModelDown, wait_s=BACKOFF),
    Row("503", ModelDown, wait_s=BACKOFF),
    Row("504", ModelDown, wait_s=BACKOFF),
    Row("html", ModelDown, wait_s=BACKOFF),
    Row("cut-body", ModelDown, wait_s=BACKOFF),
    Row("reset", ModelDown, wait_s=BACKOFF),
    Row("hang-up", ModelDown, wait_s=BACKOFF),
    Row("stall", ModelDown, wait_s=BACKOFF),
    Row("drip", ModelDown, wait_s=BACKOFF),
    Row("blocked", AnswerFault, "blocked"),
    Row("safety", AnswerFault, "blocked"),
    Row("prohibited", AnswerFault, "blocked"),
    Row("blocklist", AnswerFault, "blocked"),
    Row("spii", AnswerFault, "blocked"),
    Row("recitation", AnswerFault, "recitation"),
    Row("max-tokens", AnswerFault, "cut"),
    Row("thought-out", AnswerFault, "cut"),
    Row("other", AnswerFault, "cut"),
    Row("empty", AnswerFault, "empty"),
    Row("no-parts", AnswerFault, "empty"),
    Row("no-candidates", AnswerFault, "empty"),
    Row("not-json", AnswerFault, "not JSON"),
    Row("mismatched", AnswerFault, "mismatched"),
    Row("html-200", AnswerFault, "not JSON"),
    Row("raw", AnswerFault, "not JSON"),
    Row("list", AnswerFault),  # each SDK has its own idea of what that is
    Row("odd", AnswerFault),
]


@pytest.fixture
def server() -> Iterator[GeminiServer]:
    """One for each test: a call that was given up may come as late as in the next one."""
    with GeminiServer(key=KEY) as running:
        yield running


@pytest.fixture(params=INSTALLED)
def sdk(request: pytest.FixtureRequest) -> Sdk:
    found: Sdk = request.param
    return found


def read(reply: Reply) -> answers.Answer:
    return answers.read(text_of(reply))


class Hasty:
    """Gives a call up before long only if it meets a fault that never ends: an answer may be slow on a busy machine."""

    def __init__(self, server: GeminiServer, key: str, sdk: Sdk, faults: Sequence[str], brief_s: float) -> None:
        access = Access(key=Secret(key), base_url=server.url)
        self._brief, self._patient = (open_model(access, sdk, deadline_s) for deadline_s in (brief_s, 60))
        self._faults = iter(faults)
        self._server = server
        self._calls = 0

    async def ask(self, ask: Ask) -> Reply:
        self._calls += 1
        if next(self._faults, "") not in NEVER:
            return await self._patient.ask(ask)
        try:
            return await self._brief.ask(ask)
        finally:
            await self._arrived()

    async def _arrived(self) -> None:
        """Wait until the server has read what was given up, so that the next call does not take its fault."""
        for _ in range(1000):
            if len(self._server.calls) >= self._calls:
                return
            await asyncio.sleep(0.005)

    async def close(self) -> None:
        await self._brief.close()
        await self._patient.close()


def ask(
    server: GeminiServer, sdk: Sdk, *faults: str, key: str = KEY, brief_s: float = 1.0
) -> tuple[object, list[Attempt], FakeClock]:
    """What asking comes to: an answer or an error, the attempts it took, and the time."""
    server.faults(*faults)
    clock, watch = FakeClock(), Counting()

    async def run() -> object:
        model = Hasty(server, key, sdk, faults, brief_s)
        try:
            return (await Caller(model, Limiter(clock=clock), watch, clock=clock).ask(ASK, read)).value
        except TriviaError as error:
            return error
        finally:
            await model.close()

    return asyncio.run(run()), watch.attempts, clock


def test_an_sdk_is_there_and_the_table_has_every_fault() -> None:
    assert INSTALLED
    assert {row.fault.partition(":")[0] for row in TABLE} == set(NAMES) - {"row-missing", "row-error"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.fault)
def test_a_fault_is_recognised_and_asked_again_where_that_can_help(server: GeminiServer, sdk: Sdk, row: Row) -> None:
    said, attempts, clock = ask(server, sdk, row.fault)
    first = attempts[0].fault
    assert type(first) is (row.error or type(None))
    if row.kind:
        assert isinstance(first, AnswerFault)
        assert first.kind == row.kind
    if row.error is None or row.retried:
        assert isinstance(said, answers.Answer)
        assert said.candidates
    else:
        assert said is first
    assert len(attempts) == len(server.calls) == (2 if row.retried else 1)
    assert row.wait_s[0] <= sum(clock.slept) <= row.wait_s[1]
    assert "\n" not in str(first)


@pytest.mark.parametrize("fault", ["429:7", "503", "blocked", "not-json", "reset"])
def test_what_does_not_pass_ends_after_five_calls_as_its_own_error(server: GeminiServer, sdk: Sdk, fault: str) -> None:
    said, attempts, _ = ask(server, sdk, *[fault] * 9)
    assert isinstance(said, TriviaError)
    assert said is attempts[-1].fault
    assert len(attempts) == len(server.calls) == policy.MAX_ATTEMPTS


def test_the_request_arrives_as_it_was_meant(server: GeminiServer, sdk: Sdk) -> None:
    said, _, _ = ask(server, sdk)
    assert isinstance(said, answers.Answer)
    assert len(said.candidates) == 3
    (call,) = server.calls
    config = call.body["generationConfig"]
    assert (call.key, call.model, call.prompt) == (KEY, "gemini-test", f"{ASK.system}\n{ASK.prompt}")
    assert (config["temperature"], config["maxOutputTokens"]) == (1.0, 4000)
    assert config["responseMimeType"] == "application/json"
    if sdk == "genai":
        assert config["seed"] == 5
        assert config["responseJsonSchema"] == ASK.schema
    else:
        properties = config["responseSchema"]["items"]["properties"]
        assert properties["answer"]["enum"] == ["A", "B", "C", "D"]
        assert properties.keys() == answers.schema(3, ["space"], ["easy"])["items"]["properties"].keys()


def test_tokens_are_counted_thoughts_too(server: GeminiServer, sdk: Sdk) -> None:
    _, attempts, _ = ask(server, sdk, "thought-out", "ok")
    first, second = (attempt.reply for attempt in attempts)
    assert first is not None
    assert second is not None
    assert first.tokens.prompt > 0
    assert second.tokens.candidate > 50
    assert second.tokens.thought > 0


@pytest.mark.parametrize("fault", [*(row.fault for row in TABLE if row.error), "wrong"])
def test_the_key_is_seen_nowhere(
    server: GeminiServer, sdk: Sdk, fault: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    key = "AIza-canary-other" if fault == "wrong" else KEY
    faults = [] if fault == "wrong" else [fault] * policy.MAX_ATTEMPTS
    with caplog.at_level(logging.DEBUG):
        said, attempts, _ = ask(server, sdk, *faults, key=key, brief_s=0.1)
    assert isinstance(said, TriviaError)
    out, err = capfd.readouterr()
    logs = "\n".join(f"{record.__dict__} {record.getMessage()}" for record in caplog.records)
    assert key not in "\n".join([out, err, logs, *map(told, (said, *(a.fault for a in attempts)))])


def told(error: BaseException | None) -> str:
    """Everything that an error holds: what causes it and what its frames see, this test's aside."""
    if error is None:
        return ""
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename != __file__]
    seen = "".join(f"{frame.f_locals}" for frame in frames)
    return f"{seen}{error!r}{vars(error)}{told(error.__cause__)}{told(error.__context__)}"


def test_a_message_in_which_the_service_repeats_the_key_does_not(sdk: Sdk, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fakes.gemini import scripts

    monkeypatch.setitem(scripts.MESSAGES, 400, f"the key {KEY} may not do that")
    with GeminiServer() as server:
        said, _, _ = ask(server, sdk, "400")
    assert "the key [key] may not do that" in str(said)


def test_an_sdk_that_is_not_installed_is_named_with_its_extra() -> None:
    for sdk in SDKS.keys() - set(INSTALLED):
        with pytest.raises(InputError, match=r"pip install 'triviareel\[gemini"):
            open_model(Access(key=Secret(KEY)), sdk)


def test_the_old_sdk_has_no_vertex_ai(sdk: Sdk) -> None:
    if sdk == "generativeai":
        with pytest.raises(InputError, match="use google-genai there"):
            open_model(Access(project="p", location="global"), sdk)


@pytest.mark.skipif("genai" not in INSTALLED, reason="Vertex AI is asked through google-genai alone")
def test_vertex_ai_is_asked_with_the_machines_own_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with GeminiServer() as server:
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(account(tmp_path, f"{server.url}/token")))

        async def run() -> Reply:
            model = open_model(Access(project="my-project", location="europe-west4", base_url=server.url))
            try:
                return await model.ask(ASK)
            finally:
                await model.close()

        assert len(read(asyncio.run(run())).candidates) == 3
        (call,) = server.calls
    assert (call.vertex, call.version) == (True, "v1beta1")


@pytest.mark.skipif("genai" not in INSTALLED, reason="Vertex AI is asked through google-genai alone")
def test_an_account_that_is_not_there_is_told_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "none.json"))
    access = Access(project="my-project", location="europe-west4", base_url="http://127.0.0.1:9")
    with pytest.raises(
        ModelRefused, match=r"account in project my-project is refused: .* roles/aiplatform.user in my-project"
    ):
        asyncio.run(open_model(access).ask(ASK))
