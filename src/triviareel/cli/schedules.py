"""The command that runs the pipeline by the clock: it belongs to the pipeline, and is handed its arguments here."""

from __future__ import annotations

import importlib

from triviareel.errors import InputError


def run(argv: list[str], *, debug: bool) -> int:
    """Hand a command line to the pipeline's own commands; returns the exit code.

    Raises:
        InputError: the pipeline is not here, as in the images.
    """
    try:
        commands = importlib.import_module("pipelines.schedule")
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "pipelines":
            raise
        mend = "run it in a checkout, or install triviareel[pipeline]"
        raise InputError(f"schedule: the pipeline is not installed here; {mend}") from None
    code: int = commands.run(argv, debug=debug)
    return code
