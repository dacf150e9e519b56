"""What carries the requests: httpx alone, let go of when nobody asks any more."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.gemini import GeminiServer
from triviareel.errors import InputError
from triviareel.jobs.request import Request
from triviareel.questions.gemini.dataset import Dataset
from triviareel.questions.gemini.feeder import GeminiFeeder
from triviareel.questions.gemini.options import Options

REQUEST = Request(topics=("space",), questions=2, source="gemini", seed=7)

AIOHTTP = """
import asyncio
class _Never(Exception):
    pass
ClientConnectorError = ClientOSError = ServerDisconnectedError = ClientConnectorDNSError = _Never
class ClientResponse:
    pass
class ClientSession:
    def __init__(self, *_, **__):
        raise AssertionError("aiohttp is asked")
class TCPConnector(ClientSession):
    pass
class ClientTimeout:
    def __init__(self, **_):
        pass
"""
"""As much of aiohttp as the SDK looks for; it can be asked nothing."""

ASK = """
import asyncio, sys
from google.genai import _api_client
from triviareel.jobs.request import Request
from triviareel.questions.gemini.feeder import GeminiFeeder
from triviareel.questions.gemini.options import Options
assert _api_client.has_aiohttp
options = Options(mode=sys.argv[2], batch_poll_s=0.01)
feeder = GeminiFeeder(api_key="any", base_url=sys.argv[1], options=options)
async def ask():
    found = []
    async def done(job, data):
        found.append(data)
    async with feeder:
        await feeder.each({"j": Request(topics=("space",), questions=2, source="gemini", seed=7)}, done)
    return found
[data] = asyncio.run(ask())
assert data.error is None, data.error
print(len(data.questions), data.usage.faults["ModelDown"])
"""


@pytest.mark.parametrize(("mode", "faults"), [("online", 1), ("batch", 1)])
def test_where_aiohttp_is_installed_it_is_not_used(tmp_path: Path, mode: str, faults: int) -> None:
    (tmp_path / "aiohttp.py").write_text(AIOHTTP)
    with GeminiServer() as server:
        server.faults("cut-body")
        done = subprocess.run(
            [sys.executable, "-c", ASK, server.url, mode],
            env={"PYTHONPATH": f"{tmp_path}:{Path.cwd() / 'src'}"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["2", str(faults)]


@pytest.mark.parametrize("mode", ["online", "batch"])
def test_no_connection_outlives_its_use(mode: str) -> None:
    """Neither with `async with` nor, as the first users write it, without; in one event loop after another."""

    async def without(feeder: GeminiFeeder) -> Dataset:
        return await feeder.generate_dataset(REQUEST)

    async def within(feeder: GeminiFeeder) -> Dataset:
        async with feeder:
            await feeder.generate_dataset(REQUEST)
            return await feeder.generate_dataset(REQUEST, "again")

    with GeminiServer() as server, warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        server.faults("ok", "503", "reset")
        feeder = GeminiFeeder(api_key="any", base_url=server.url, options=Options(mode=mode, batch_poll_s=0.01))
        for use in (without, within, without):
            assert len(asyncio.run(use(feeder)).questions) == 2
            gc.collect()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("HTTPS_PROXY", "carrier-pigeon://me:canary@loft", "pigeon"),
        ("SSL_CERT_FILE", "/nowhere/canary", "No such file"),
    ],
)
def test_a_proxy_or_certificates_that_cannot_be_used_are_told(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(name, value)
    with GeminiServer() as server:
        feeder = GeminiFeeder(api_key="any", base_url=server.url)
        with pytest.raises(InputError, match=f"cannot be used .*{says}.*unset HTTPS_PROXY") as caught:
            asyncio.run(feeder.attempt(REQUEST))
    assert "canary" not in str(caught.value)


def test_a_server_that_is_not_there_is_named() -> None:
    with GeminiServer() as server:
        url = server.url
    data = asyncio.run(GeminiFeeder(api_key="any", base_url=url, clock=FakeClock()).attempt(REQUEST))
    assert f"the connection to {url} failed" in str(data.error)
    assert (data.usage.calls, float(data.usage.at_most_usd)) == (5, 0.0)


@pytest.mark.parametrize("vertex", ["", "true"])
def test_the_environments_other_words_for_a_key_change_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, vertex: str
) -> None:
    for name in ("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_CLOUD_PROJECT", "GOOGLE_CLOUD_LOCATION"):
        monkeypatch.setenv(name, "another")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", vertex)
    with GeminiServer(key="ours") as server:
        data = asyncio.run(GeminiFeeder(api_key="ours", base_url=server.url).attempt(REQUEST))
    assert data.error is None
    assert {(call.key, call.vertex) for call in server.calls} == {("ours", False)}
    assert [record for record in caplog.records if "API_KEY" in record.getMessage()] == []
