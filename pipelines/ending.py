"""How `submit` and `triviareel schedule` end: errors in one line, and the exit code of the contract."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.exceptions import TyperException

from pipelines.errors import LaunchError


def run(app: typer.Typer, argv: Sequence[str], name: str, *, debug: bool, obj: Any = None) -> int:
    """Run a command line; errors that can be foreseen become one line on stderr, with `debug` after a traceback.

    Returns:
        0 done; 2 bad input; 3 the run failed; 75 try again, or stopped.
    """
    try:
        code = app(list(argv), prog_name=name, standalone_mode=False, obj=obj)
    except TyperException as error:
        complain(name, _usage(error, name))
        return 2
    except LaunchError as error:
        if debug:
            _show(error)
        complain(name, str(error))
        return error.exit_code
    except ModuleNotFoundError as error:
        complain(name, f"the package {error.name} is missing: pip install 'triviareel[pipeline]'")
        return 2
    return code if isinstance(code, int) else 0


def main(work: Callable[[], int], name: str, *, debug: bool) -> int:
    """Do the work of a process of our own, whose unforeseen errors are one line as well."""
    try:
        return work()
    except KeyboardInterrupt:
        complain(name, "stopped; nothing more is sent")
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in one line
        if debug:
            _show(error)
        reason = " ".join(str(error).split())
        complain(name, f"unforeseen {type(error).__name__} ({reason}): run it with --debug and report what it says")
    return 75


def say(text: str) -> None:
    """One line for people."""
    print(text, file=sys.stderr, flush=True)


def complain(name: str, text: str) -> None:
    """What went wrong, for people."""
    say(f"{name}: {' '.join(text.split())}")


def _usage(error: TyperException, name: str) -> str:
    context = getattr(error, "ctx", None)
    near = getattr(error, "possibilities", None)
    message = " ".join((error.message if near else error.format_message()).split()).rstrip(".")
    if near:
        message += f"; did you mean {near[0]}?"
    return f"{message[:1].lower()}{message[1:]} (see {context.command_path if context else name} --help)"


def _show(error: Exception) -> None:
    import traceback  # takes 8 ms, and few runs have a use for it

    traceback.print_exception(error)
