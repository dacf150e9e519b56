"""`submit`: starts a run of the compiled pipeline on Vertex AI, and follows it if asked to.

Exit codes: 0 started, or with --wait succeeded; 2 bad input; 3 the run failed; 75 try again, or stopped.
"""

from __future__ import annotations

import json
import secrets
import signal
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines import compiled, config, ending, parameters, requests
from pipelines.compiled import Compiled
from pipelines.config import Config
from pipelines.errors import BadInput, Stopped, all_at_once

if TYPE_CHECKING:
    from pipelines.vertex import Vertex

NAME = "submit"
POLL_S = 10.0
_SLICE_S = 0.5
"""Python 3.11 may forget a signal, when other threads run, until the main one is next woken."""

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

ConfigFile = Annotated[Path | None, typer.Option("--config", metavar="FILE", help=f"By default {config.DEFAULT}.")]
PipelineFile = Annotated[Path, typer.Option("--pipeline", metavar="FILE", help="What `python compile.py` wrote.")]
Param = Annotated[
    list[str] | None,
    typer.Option("--param", metavar="NAME=VALUE", help="A parameter of the pipeline; may be given several times."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the request as it would be sent, and send nothing.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]
RunName = Annotated[
    str | None, typer.Option("--run", metavar="NAME", help="Name of the run, for what must not start twice.")
]
Wait = Annotated[bool, typer.Option("--wait", help="Follow the run to its end; the exit code tells how it went.")]
Follow = Annotated[str | None, typer.Option("--follow", metavar="RUN", help="Follow a run that was started before.")]
Cancel = Annotated[str | None, typer.Option("--cancel", metavar="RUN", help="Stop a run that was started before.")]
Poll = Annotated[float, typer.Option("--poll", metavar="SECONDS", min=0.01, help="How often --wait looks.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks.")]


@app.command()
def submit(
    config_file: ConfigFile = None,
    pipeline: PipelineFile = compiled.DEFAULT,
    param: Param = None,
    run: RunName = None,
    wait: Wait = False,
    dry_run: DryRun = False,
    follow: Follow = None,
    cancel: Cancel = None,
    poll: Poll = POLL_S,
    json: Json = False,
    debug: Debug = False,  # noqa: ARG001 - main() has seen to it
) -> int:
    """Start a run of the pipeline on Vertex AI.

    Where and as whom is in a config file: copy config/pipeline.example.toml to config/pipeline.toml.
    """
    if going := follow or cancel:
        waits = cancel and (follow or wait)
        _of_a_run_there(going, {"--run": run, "--param": param, "--dry-run": dry_run, "--follow or --wait": waits})
    chosen = config.read(config_file)
    if follow:
        return _follow(_vertex(chosen), chosen, follow, poll, as_json=json)
    if cancel:
        _vertex(chosen).cancel(cancel)
        ending.say(f"run {cancel}: is being cancelled; what is finished stays")
        return 0
    made, values = prepare(chosen, pipeline, param or ())
    name = run or requests.run_name(made.name, datetime.now(UTC), secrets.token_hex(2))
    if not requests.RUN.fullmatch(name):
        raise BadInput(f"run {name}: write small letters, digits and hyphens, a letter first, 64 at most")
    request = requests.run(made, chosen, values, name)
    if dry_run:
        return show(request, made)
    ready(made, chosen)
    vertex = _vertex(chosen)
    if doubt := vertex.bucket():
        ending.say(doubt)
    try:
        there = vertex.start(name, request.body)
    except KeyboardInterrupt:
        raise Stopped(f"run {name}: {requests.open_whether(name)}") from None
    ending.say(f"run {name}: {there.state}; {chosen.console(name)}")
    if wait:
        return _follow(vertex, chosen, name, poll, as_json=json)
    if json:
        _emit({"run": name, "state": there.state, "console": chosen.console(name)})
    return 0


def prepare(chosen: Config, pipeline: Path, written: list[str] | tuple[()]) -> tuple[Compiled, Mapping[str, object]]:
    """The pipeline of a file, and the parameters for it."""
    made = compiled.load(pipeline)
    implied = {"root": chosen.bucket, "gemini_project": chosen.project}
    return made, parameters.settle(made, chosen.parameters, written, implied)


def show(request: requests.Request, made: Compiled) -> int:
    """Print a request instead of sending it."""
    for line in made.unbuilt():
        ending.say(f"note: {line}")
    ending.say("nothing is sent; this would be:")
    print(json.dumps(request.as_json(), indent=2, ensure_ascii=False))
    return 0


def ready(made: Compiled, chosen: Config) -> None:
    """See that the images are there to be run; a server on this machine runs none.

    Raises:
        BadInput: some were never pushed.
    """
    lines = made.unbuilt()
    if not chosen.on_this_machine:
        all_at_once(made.file, lines)
    for line in lines:
        ending.say(f"note: {line}")


def _of_a_run_there(name: str, others: Mapping[str, object]) -> None:
    """Raise BadInput unless a run can have this name, and no other option is given that would be passed over."""
    if given := ", ".join(option for option, value in others.items() if value):
        raise BadInput(f"{given}: cannot be given with --follow or --cancel, which start no run; leave one of them out")
    if not requests.ANY_RUN.fullmatch(name):
        raise BadInput(f'run "{name}": is no name of a run; give it as `submit` and the console tell it')


def _vertex(chosen: Config) -> Vertex:
    from pipelines.vertex import Vertex  # takes a second

    return Vertex(chosen)


def _follow(vertex: Vertex, chosen: Config, name: str, poll: float, *, as_json: bool) -> int:
    """Follow a run to its end; what is printed as JSON is how it ended, also badly."""
    from rich.console import Console

    from pipelines import follow

    with _Interrupts(name) as interrupts, follow.Screen(Console(stderr=True, highlight=False)) as screen:
        ended = follow.follow(lambda: vertex.run(name), screen, poll, interrupts.pause)
    if as_json:
        tasks = [task.as_json() for task in ended.tasks]
        _emit({"run": name, "state": ended.state, "console": chosen.console(name), "tasks": tasks})
    follow.verdict(ended, chosen.console(name))
    return 0


class _Interrupts:
    """While a run is followed, Ctrl-C and SIGTERM end the following and not the run; a context manager.

    The first is heeded between two looks alone: raised within the client, an exception may be swallowed there.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._told = False
        self._pausing = False
        self._before: dict[int, object] = {}

    def __enter__(self) -> _Interrupts:
        self._before = {number: signal.signal(number, self._heed) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what it was

    def pause(self, seconds: float) -> None:
        """Wait.

        Raises:
            Stopped: Ctrl-C or SIGTERM has come since the last pause, or comes.
        """
        self._pausing = True
        try:
            if self._told:
                raise self._left()
            until = time.monotonic() + seconds
            while (left := until - time.monotonic()) > 0:
                time.sleep(min(left, _SLICE_S))
        finally:
            self._pausing = False

    def _heed(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - a signal handler's signature
        again, self._told = self._told, True
        if self._pausing or again:
            raise self._left()

    def _left(self) -> Stopped:
        follow, cancel = f"submit --follow {self._name}", f"submit --cancel {self._name}"
        return Stopped(f"run {self._name}: goes on; follow it again: {follow}; stop it: {cancel}")


def _emit(data: Mapping[str, object]) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)


def run(argv: list[str]) -> int:
    """Run the command line; returns the exit code."""
    debug = "--debug" in argv
    return ending.main(lambda: ending.run(app, argv, NAME, debug=debug), NAME, debug=debug)


def main() -> None:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
