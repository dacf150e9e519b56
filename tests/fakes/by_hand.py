"""What all fakes do alike when they are run by hand."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from tests.fakes.loopback import Fake

F = TypeVar("F", bound=Fake)


def parser(name: str, about: str | None, port: int, faults: str) -> argparse.ArgumentParser:
    """A parser with the options that every fake has.

    Args:
        name: of the fake's package.
        about: its `__doc__`.
        port: the one that it takes unless told otherwise.
        faults: how they are written.
    """
    made = argparse.ArgumentParser(prog=f"python -m tests.fakes.{name}", description=about)
    made.add_argument("--port", type=int, default=port, help=f"0 for a free one (default: {port})")
    made.add_argument("--faults", default="", help=f"of the next requests, by commas: {faults}")
    return made


def opened(parser: argparse.ArgumentParser, given: argparse.Namespace, make: Callable[[int], F]) -> F:
    """The fake on the port and with the faults that are asked for; `make` is given the port."""
    try:
        server = make(given.port)
    except (OSError, OverflowError) as error:
        said = error.strerror if isinstance(error, OSError) else "there is none of this number"
        parser.error(f"port {given.port}: {said}; choose another with --port, or 0 for a free one")
    try:
        server.faults(*filter(None, given.faults.split(",")))
    except ValueError as error:
        server.close()
        parser.error(str(error))
    return server


def serve(server: Fake, name: str, *lines: str) -> None:
    """Say how a fake is used, and serve until Ctrl-C or SIGTERM.

    Args:
        server: the fake.
        name: of the service.
        lines: to be pasted into another terminal.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with suppress(KeyboardInterrupt), server:
        print(f"{name}'s fake is up; in another terminal:", file=sys.stderr)
        print(*lines, sep="\n", flush=True)
        while True:  # Python 3.11 may forget a signal that comes just before a wait, until the next one
            time.sleep(0.5)
