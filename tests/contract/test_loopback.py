"""What all fakes have in common: they end when they are to, wholly, and tell what they cannot do."""

import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.fakes import loopback
from tests.fakes.loopback import Answer, Fake, Handler

FAKES = ("gcs", "gemini", "vertex")
STALLED = threading.Event()


class Echo(Handler):
    """Answers with what it got, lets wait whoever asks for /stall, and fails at /broken."""

    def route(self) -> None:
        data = self.body()
        if self.path == "/stall":
            STALLED.set()
            return self.stall()
        if self.path == "/broken":
            raise ZeroDivisionError
        return self.send(Answer(200, data))


def connected(server: Fake) -> HTTPConnection:
    place = urlsplit(server.url)
    return HTTPConnection(place.hostname or "", place.port, timeout=60)


def test_its_threads_and_connections_are_over_with_it() -> None:
    before = set(threading.enumerate())
    with Fake(Echo) as server:
        open_ones = [connected(server) for _ in range(4)]
        for one in open_ones[1:]:
            one.request("PUT", "/", b"data")
            assert one.getresponse().read() == b"data"
        open_ones[0].request("GET", "/stall")
        assert STALLED.wait(60)
        assert len(set(threading.enumerate()) - before) == 1 + len(open_ones)
    assert set(threading.enumerate()) == before
    for one in open_ones:
        assert one.sock.recv(1) == b""
        one.close()
    with pytest.raises(ConnectionRefusedError):
        connected(server).connect()


def test_no_fake_has_the_address_of_one_that_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(Fake(Echo)) as first:
        pass
    had = {port for port in range(1, 65536) if port // 2 % 8}  # odd and even ones: Linux looks at one kind first
    monkeypatch.setattr(loopback, "_given", had | {urlsplit(first.url).port})
    with closing(Fake(Echo)) as second, closing(Fake(Echo)) as third:
        ports = {urlsplit(fake.url).port for fake in (second, third)}
    assert len(ports) == 2
    assert not ports & had
    with closing(Fake(Echo, first._http.server_port)) as again:  # whoever names a port gets it
        assert again.url == first.url


def test_a_fake_that_fails_itself_fails_its_test_and_a_client_that_leaves_does_not() -> None:
    with Fake(Echo) as server, closing(connected(server)) as leaving:
        leaving.putrequest("PUT", "/")
        leaving.putheader("Content-Length", "100")
        leaving.endheaders(b"ten bytes ")
    with pytest.raises(AssertionError, match="Fake itself failed") as caught:
        broken()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def broken() -> None:
    with Fake(Echo) as server, closing(connected(server)) as client:
        client.request("GET", "/broken")
        with pytest.raises(ConnectionError):
            client.getresponse()


def by_hand(name: str, *argv: str) -> None:
    """Run a fake's `main` in this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [name, *argv])
        importlib.import_module(f"tests.fakes.{name}.__main__").main()


@pytest.mark.parametrize("name", FAKES)
def test_what_it_cannot_do_by_hand_is_told_with_the_mend(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = str(taken.getsockname()[1])
        for argv, said in (
            (("--port", port), f"port {port}: Address already in use; choose another with --port, or 0 for a free one"),
            (("--port", "70000"), "port 70000: there is none of this number; choose another"),
            (("--port", "0", "--faults", "sing"), "sing"),
        ):
            with pytest.raises(SystemExit) as caught:
                by_hand(name, *argv)
            assert caught.value.code == 2
            assert said in capsys.readouterr().err.splitlines()[-1]


def test_a_folder_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        by_hand("gcs", "--port", "0", "--folder", str(tmp_path / "none"))
    assert f"--folder {tmp_path / 'none'}: there is no such folder" in capsys.readouterr().err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("name", FAKES)
def test_ctrl_c_and_sigterm_end_it_quietly_and_leave_nothing(name: str, number: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"tests.fakes.{name}", "--port", "0"]
    given = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, env=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("export ")
        process.send_signal(number)
        try:
            _, told = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0
    assert [line for line in told.splitlines() if line] == told.splitlines()[:1]  # that it is up, and how to use it
    assert list(tmp_path.iterdir()) == []
