"""How every step begins and ends: arguments in, exit code out, errors as one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from threading import Event

from triviareel import ending, log, memory
from triviareel.steps.arguments import Parser

OVER_BUDGET = 3
"""Exit code: more jobs failed than the failure budget allows."""

Work = Callable[[argparse.Namespace, Event], int]
"""What a step does, given its arguments and an event that is set when it is to stop; it returns the exit code."""


def enter(parser: Parser, argv: Sequence[str] | None, work: Work) -> int:
    """Do a step's work.

    What goes on is told on stdout, and complaints alone on stderr: Vertex AI logs each line of that as an error.

    Args:
        parser: of the step.
        argv: its arguments; those of this process if None.
        work: what it does.

    Returns:
        0 done; 2 bad input; 3 over the failure budget; 75 try again.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    debug = "--debug" in words
    log.set_up_plain(debug=debug)
    memory.stay_small()
    try:
        with ending.stoppable() as stop:
            return work(parser.read(words), stop)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in one line
        if debug:
            ending.show(error)
        print(f"triviareel.steps.{parser.step}: {ending.told(error)}", file=sys.stderr)
        return ending.code_of(error)


def say(line: str) -> None:
    """One line for people, who find it in the task's log."""
    print(line, flush=True)
