"""`triviareel schedule`: runs of the pipeline by the clock; there is one schedule of a name, however often it is made.

Exit codes: 0 done; 2 bad input; 75 try again.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines import compiled, config, cron, ending, keeping, requests, submit
from pipelines.errors import BadInput, all_at_once
from pipelines.requests import Plan
from pipelines.runs import Schedule

if TYPE_CHECKING:
    from pipelines.config import Config
    from pipelines.vertex import Vertex

NAME = "triviareel schedule"

_FIXED = ("job", "seed")
"""Parameters by which every run of a schedule would make the very same videos."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_MOST_AT_ONCE = 100

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Name = Annotated[str, typer.Argument(metavar="NAME", help="The schedule's name.")]
Cron = Annotated[str, typer.Option("--cron", metavar="'0 6 * * *'", help="Minute, hour, day, month, day of the week.")]
Zone = Annotated[str | None, typer.Option("--time-zone", metavar="ZONE", help="As in Europe/Berlin; UTC if not given.")]
AtOnce = Annotated[
    int,
    typer.Option("--max-concurrent", metavar="N", min=1, max=_MOST_AT_ONCE, help="Runs that may be going at a time."),
]
Start = Annotated[str | None, typer.Option("--start", metavar="TIME", help="No runs before: 2026-12-01T06:00.")]
End = Annotated[str | None, typer.Option("--end", metavar="TIME", help="No runs from then on.")]
Queue = Annotated[bool, typer.Option("--queue", help="Let runs beyond --max-concurrent wait, not fall out.")]
CatchUp = Annotated[bool, typer.Option("--catch-up", help="Start the runs that were missed, as well.")]


@app.callback(invoke_without_command=True)
def schedule_(context: typer.Context) -> None:
    """Run the pipeline by the clock."""
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit


@app.command()
def create(
    name: Name,
    cron: Cron,
    time_zone: Zone = None,
    max_concurrent: AtOnce = 1,
    start: Start = None,
    end: End = None,
    queue: Queue = False,
    config_file: submit.ConfigFile = None,
    pipeline: submit.PipelineFile = compiled.DEFAULT,
    param: submit.Param = None,
    dry_run: submit.DryRun = False,
    json: submit.Json = False,
) -> int:
    """Make a schedule, or change the one of that name."""
    chosen = config.read(config_file)
    plan = _plan(name, cron, time_zone, (start, end), max_concurrent, queue=queue)
    made, values = submit.prepare(chosen, pipeline, param or [])
    all_at_once(f"schedule {name}", _fixed(values))
    request = requests.schedule(plan, chosen, requests.job(made, chosen, values))
    _announce(plan)
    if dry_run:
        return submit.show(request, made)
    submit.ready(made, chosen)
    vertex = _vertex(chosen)
    if doubt := vertex.bucket():
        ending.say(doubt)
    stands, done = keeping.settle(vertex, request.body)
    ending.say(f"schedule {name}: {done}, {stands.state}; {_console(chosen)}")
    return _told([stands], as_json=json)


@app.command("list")
def list_(config_file: submit.ConfigFile = None, json: submit.Json = False) -> int:
    """List all schedules of the project in the region."""
    found = _vertex(config.read(config_file)).schedules()
    if not json:
        _table(found)
    return _told(found, as_json=json)


@app.command()
def show(name: Name, config_file: submit.ConfigFile = None, json: submit.Json = False) -> int:
    """Show one schedule, with the parameters of its runs."""
    found = _find(_vertex(config.read(config_file)), name)
    if not json:
        for key, value in found.as_json().items():
            print(f"{key:16}{_plain(value)}")
    return _told([found], as_json=json)


@app.command()
def pause(name: Name, config_file: submit.ConfigFile = None) -> int:
    """Start no more runs until it is resumed; those going on go on."""
    vertex = _vertex(config.read(config_file))
    for one in _going(vertex, name):  # of a double from elsewhere, too, runs would go on
        if one.state == "active":
            vertex.pause(one)
    ending.say(f"schedule {name}: paused; go on with: {NAME} resume {name}")
    return 0


@app.command()
def resume(name: Name, catch_up: CatchUp = False, config_file: submit.ConfigFile = None) -> int:
    """Start runs again."""
    vertex = _vertex(config.read(config_file))
    first = _going(vertex, name)[0]
    if first.state == "active":  # which Vertex AI refuses to resume
        ending.say(f"schedule {name}: was active already; nothing is changed")
        return 0
    vertex.resume(first, catch_up=catch_up)
    ending.say(f"schedule {name}: active{', missed runs are made up for' if catch_up else ''}")
    return 0


@app.command()
def delete(name: Name, config_file: submit.ConfigFile = None) -> int:
    """Remove a schedule; runs going on go on."""
    vertex = _vertex(config.read(config_file))
    for one in vertex.schedules(name) or [_find(vertex, name)]:
        vertex.delete(one)
    ending.say(f"schedule {name}: deleted")
    return 0


@app.command("run-now")
def run_now(name: Name, config_file: submit.ConfigFile = None, json: submit.Json = False) -> int:
    """Start a run at once, as the schedule would."""
    chosen = config.read(config_file)
    vertex = _vertex(chosen)
    job = dict(_find(vertex, name).job)
    run = requests.run_name(name, datetime.now(UTC), secrets.token_hex(2))
    started = vertex.start(run, {**job, "displayName": run})
    ending.say(f"run {run}: {started.state}; {chosen.console(run)}")
    ending.say(f"follow it with: submit --follow {run}")
    if json:
        _emit({"run": run, "state": started.state, "console": chosen.console(run)})
    return 0


def _plan(
    name: str, text: str, zone: str | None, between: tuple[str | None, str | None], most_at_once: int, *, queue: bool
) -> Plan:
    if not _NAME.fullmatch(name):
        raise BadInput(f"schedule {name}: write small letters, digits and hyphens, 64 at most")
    when = cron.parse(text, zone)
    start, end = (_time(option, text, when) for option, text in zip(("--start", "--end"), between, strict=True))
    now = datetime.now(UTC)
    if end and end <= max(now, start or now):
        raise BadInput(f"--end {between[1]}: is not after {'--start' if start else 'now'}; choose a later time")
    return Plan(name, str(when), most_at_once, start, end, queue)


def _time(option: str, text: str | None, when: cron.Cron) -> datetime | None:
    """A time as it was given; without an offset it is in the schedule's time zone."""
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{option} {text}: is no time, write it as in 2026-12-01T06:00 or 2026-12-01") from None
    return time if time.tzinfo else time.replace(tzinfo=when.zone)


def _fixed(values: Mapping[str, object]) -> list[str]:
    return [
        f"parameter {name} is {values[name]}, by which every run would make the same videos; leave it out"
        for name in _FIXED
        if values.get(name)
    ]


def _announce(plan: Plan) -> None:
    """Tell when the first runs will be."""
    after = max(filter(None, (datetime.now(UTC), plan.start)))
    times = [time for time in cron.next_times(cron.parse(plan.cron, None), after) if not plan.end or time < plan.end]
    if not times:
        raise BadInput(f"schedule {plan.name}: has no run before --end; choose a later one")
    ending.say(
        f"schedule {plan.name}: {plan.cron}; next " + ", ".join(f"{time:%a %Y-%m-%d %H:%M %Z}" for time in times)
    )


def _find(vertex: Vertex, name: str) -> Schedule:
    found = vertex.schedules(name)
    if not found:
        raise BadInput(f"schedule {name}: is not there; `{NAME} list` tells which are")
    return next((one for one in found if one.state != "completed"), found[-1])


def _going(vertex: Vertex, name: str) -> list[Schedule]:
    """The schedules of a name that may still start runs, the oldest first; at least one."""
    found = [one for one in vertex.schedules(name) if one.state != "completed"]
    if not found and _find(vertex, name):
        raise BadInput(f"schedule {name}: is completed, its end has come; make it anew with: {NAME} create {name} …")
    return found


def _vertex(chosen: Config) -> Vertex:
    from pipelines.vertex import Vertex  # takes a second

    return Vertex(chosen)


def _console(chosen: Config) -> str:
    return f"https://console.cloud.google.com/vertex-ai/pipelines/schedules?project={chosen.project}"


def _table(found: list[Schedule]) -> None:
    """Print schedules, a line each, of which nothing is cut: names are to be copied."""
    if not found:
        ending.say("there are no schedules")
        return
    rows: list[tuple[str, ...]] = [("NAME", "STATE", "NEXT RUN, UTC", "LAST RUN, UTC", "RUNS", "CRON")]
    for one in found:
        told = (f"{time.astimezone(UTC):%Y-%m-%d %H:%M}" if time else "" for time in (one.next_run, one.last_run))
        rows.append((one.name, one.state, *told, str(one.runs), one.cron))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())


def _told(found: list[Schedule], *, as_json: bool) -> int:
    for one in found if as_json else []:
        _emit(one.as_json())
    return 0


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}={json.dumps(item, ensure_ascii=False)}" for key, item in value.items())
    return "" if value is None else str(value)


def _emit(data: Mapping[str, object]) -> None:
    print(json.dumps(data, ensure_ascii=False), flush=True)


def run(argv: list[str], *, debug: bool = False) -> int:
    """Run `triviareel schedule` with the arguments after it; unforeseen errors are the caller's."""
    return ending.run(app, argv, NAME, debug=debug)
