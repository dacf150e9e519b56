"""`submit`: starts a run of the compiled pipeline on Vertex AI, and follows it if asked to.

Exit codes: 0 started, or with --wait succeeded; 2 bad input; 3 the run failed; 75 try again, or stopped.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines import compiled, config, ending, parameters, patience, requests
from pipelines.compiled import Compiled
from pipelines.config import Config
from pipelines.errors import BadInput, all_at_once

if TYPE_CHECKING:
    from pipelines.vertex import Vertex

NAME = "submit"
POLL_S = 10.0

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
        if json:
            _emit({"run": cancel, "state": "cancelling", "console": chosen.console(cancel)})
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
    with patience.stoppable(f"run {name}: {requests.open_whether(name)}"):
        there = patience.aside(lambda: vertex.start(name, request.body))
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

    left = f"run {name}: goes on; follow it again: submit --follow {name}; stop it: submit --cancel {name}"
    with patience.stoppable(left), follow.Screen(Console(stderr=True, highlight=False)) as screen:
        ended = follow.follow(lambda: patience.aside(lambda: vertex.run(name)), screen, poll, patience.pause)
    if as_json:
        tasks = [task.as_json() for task in ended.tasks]
        _emit({"run": name, "state": ended.state, "console": chosen.console(name), "tasks": tasks})
    follow.verdict(ended, chosen.console(name))
    return 0


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
