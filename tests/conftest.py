"""What tests of several rooms share."""

from __future__ import annotations

import importlib.util
import logging
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if importlib.util.find_spec("hypothesis"):  # the old SDK's environment has none
    from hypothesis import HealthCheck, settings

    # No test looks at a clock: a busy machine is no fault of what is tested. What random tests try is the same each
    # time, so that one which fails does so by what was changed; `--hypothesis-profile=random` draws anew.
    settings.register_profile("random", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("same", settings.get_profile("random"), derandomize=True)
    settings.load_profile("same")

FIGURES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="give the proofs of kills and races their full length")


def pytest_configure() -> None:
    """Heed Ctrl-C, and have child processes heed it, in the background of a shell, too, where it is ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def soak(request: pytest.FixtureRequest) -> bool:
    """Whether a proof is to be as long as it takes, instead of as short as tells something."""
    return bool(request.config.getoption("--soak"))


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Have a line printed beneath all results: what a proof has measured."""
    return request.config.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def small_assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ASSETS folder with the real pack for the channel "demo", drawn small: opened as fast as it is made."""
    from triviareel.video import stock

    root = tmp_path_factory.mktemp("assets")
    pack = stock.in_cache(root, fps=24, width=160, height=90)
    (root / "demo").mkdir()
    return pack.rename(root / "demo" / "video-assets").parents[1]


@pytest.fixture(autouse=True)
def no_error_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """An ERROR in the log that no test expects is a fault."""
    yield
    logged = [record.getMessage() for record in caplog.get_records("call") if record.levelno >= logging.ERROR]
    assert not logged
