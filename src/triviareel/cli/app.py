"""The commands. Whatever draws, speaks or encodes is imported by the command that needs it: `--help` stays quick."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

import triviareel
from triviareel import ending, log, memory
from triviareel.cli import options as opt
from triviareel.errors import InputError
from triviareel.jobs.request import JobInfo, Look, Request

if TYPE_CHECKING:
    from triviareel.jobs.gemini import Wishes

_PLAIN = Request()
"""What is asked for where nothing is given."""

app = typer.Typer(add_completion=False, no_args_is_help=False, pretty_exceptions_enable=False, rich_markup_mode="rich")
assets_app = typer.Typer(help="Backgrounds, timer bar and ding.")
app.add_typer(assets_app, name="assets")

DebugFlag = Annotated[
    bool, typer.Option("--debug", metavar="", help="Tell more, and show tracebacks; allowed anywhere.")
]
VersionFlag = Annotated[bool, typer.Option("--version", metavar="", help="Print the version.")]


@app.callback(invoke_without_command=True)
def triviareel_(context: typer.Context, debug: DebugFlag = False, version: VersionFlag = False) -> None:
    """Makes trivia videos: questions in, narrated videos out."""
    if version:
        print(f"triviareel {triviareel.__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit
    log.set_up(debug=debug)
    memory.stay_small()


@app.command()
def make(
    context: typer.Context,
    channel: opt.Channel = _PLAIN.channel,
    topic: opt.Topic = None,
    difficulty: opt.Difficulty = _PLAIN.difficulty,
    questions: opt.Questions = _PLAIN.questions,
    videos: opt.Videos = _PLAIN.videos,
    source: opt.Source = _PLAIN.source,
    gemini_mode: opt.GeminiMode = None,
    gemini_config: opt.GeminiConfig = None,
    spend_ceiling: opt.SpendCeiling = None,
    language: opt.Language = _PLAIN.language,
    audience: opt.Audience = _PLAIN.audience,
    format: opt.Format = _PLAIN.look.format,
    resolution: opt.Resolution = _PLAIN.look.resolution,
    fps: opt.Fps = _PLAIN.look.fps,
    voice: opt.Voice = _PLAIN.look.voice,
    theme: opt.Theme = _PLAIN.look.theme,
    encoder: opt.Encoder = _PLAIN.look.encoder,
    seed: opt.Seed = None,
    root: opt.Root = "out",
    assets: opt.Assets = None,
    workers: opt.Workers = None,
    job: opt.Job = None,
    json: opt.Json = False,
) -> int:
    """Make videos from scratch: questions, voice, picture."""
    memory.check_limit()
    from triviareel.cli import makes

    look = Look(format, resolution, fps, voice, theme, encoder)
    topics = tuple(topic or ())
    request = Request(channel, topics, difficulty, questions, videos, source, look, seed, language, audience)
    wishes = _wishes(gemini_mode, gemini_config, spend_ceiling, asked=source != "bank")
    return makes.make(request, wishes, job, root, assets, workers, context.obj, as_json=json)


@app.command()
def render(
    context: typer.Context,
    csv: opt.Csv,
    output: opt.Output,
    channel: opt.Channel = _PLAIN.channel,
    format: opt.Format = _PLAIN.look.format,
    resolution: opt.Resolution = _PLAIN.look.resolution,
    fps: opt.Fps = _PLAIN.look.fps,
    voice: opt.Voice = _PLAIN.look.voice,
    theme: opt.Theme = _PLAIN.look.theme,
    encoder: opt.Encoder = _PLAIN.look.encoder,
    seed: opt.Seed = None,
    assets: opt.Assets = None,
    json: opt.Json = False,
) -> int:
    """Make one video from any questions.csv."""
    memory.check_limit()
    from triviareel.cli import renders

    look = Look(format, resolution, fps, voice, theme, encoder)
    return renders.render(JobInfo(csv, output, look, channel, assets, seed or 0), context.obj, as_json=json)


@app.command()
def questions(
    output: opt.Output,
    topic: opt.Topic = None,
    difficulty: opt.Difficulty = _PLAIN.difficulty,
    questions: opt.Questions = _PLAIN.questions,
    source: opt.Source = _PLAIN.source,
    verify: opt.Verify = False,
    gemini_mode: opt.GeminiMode = None,
    gemini_config: opt.GeminiConfig = None,
    spend_ceiling: opt.SpendCeiling = None,
    language: opt.Language = _PLAIN.language,
    audience: opt.Audience = _PLAIN.audience,
    seed: opt.Seed = None,
    json: opt.Json = False,
) -> int:
    """Write a questions.csv and nothing else."""
    from triviareel.cli import asks

    request = Request(
        topics=tuple(topic or ()),
        difficulty=difficulty,
        questions=questions,
        source=source,
        look=Look(voice="none"),  # nobody speaks, so any language will do
        seed=seed,
        language=language,
        audience=audience,
    )
    wishes = _wishes(gemini_mode, gemini_config, spend_ceiling, asked=verify or source != "bank")
    return asks.questions(request, wishes, output, verify=verify, as_json=json)


@app.command()
def doctor(root: opt.Root = "out", json: opt.Json = False) -> int:
    """Tell what this machine has, what is missing, and what to do about it."""
    from triviareel.cli import examines

    return examines.doctor(root, as_json=json)


@app.command()
def status(root: opt.RootArgument, channel: opt.AnyChannel = None, run: opt.Run = None, json: opt.Json = False) -> int:
    """Tell how far jobs are: states, failures by reason, time and money."""
    from triviareel.cli import tells

    return tells.status(root, channel, run, as_json=json)


@app.command()
def retry(
    root: opt.RootArgument,
    channel: opt.AnyChannel = None,
    run: opt.Run = None,
    job: opt.FailedJob = None,
    json: opt.Json = False,
) -> int:
    """Open failed jobs anew, so that they go on from what is there; tells how to run them."""
    from triviareel.cli import mends

    return mends.retry(root, channel, run, job, as_json=json)


@app.command()
def clean(
    root: opt.CleanedArgument,
    older_than: opt.OlderThan = "7d",
    channel: opt.AnyChannel = None,
    yes: opt.Yes = False,
    json: opt.Json = False,
) -> int:
    """List what work that was broken off left behind, and remove it with --yes."""
    from triviareel.cli import mends

    return mends.clean(root, older_than, channel, yes=yes, as_json=json)


@app.command(context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []})
def schedule(context: typer.Context, arguments: opt.Passed = None) -> int:
    """Run the pipeline by the clock: create, list, show, pause, resume, delete, run-now."""
    from triviareel.cli import schedules

    return schedules.run(arguments or [], debug=context.find_root().params["debug"])


@assets_app.command("build")
def assets_build(to: opt.To, channel: opt.Channel = _PLAIN.channel, json: opt.Json = False) -> int:
    """Make an asset pack to start a channel from: three backgrounds, a timer bar and a ding."""
    from triviareel.cli import packs

    return packs.build(to, channel, as_json=json)


def _wishes(mode: str | None, config: str | None, ceiling: str | None, *, asked: bool) -> Wishes:
    """What is wished of Gemini; InputError about a wish if it is not asked."""
    from triviareel.jobs.gemini import Wishes

    for name, wish in (("gemini-mode", mode), ("gemini-config", config), ("spend-ceiling", ceiling)):
        if wish is not None and not asked:
            raise InputError(f"{name} {wish!r}: the bank has no use for it; add --source gemini, or leave it out")
    return Wishes(mode, config, ceiling)


def main() -> None:
    """Run the command line of this process and end it with the exit code of the contract."""
    sys.exit(run(sys.argv[1:]))


def run(argv: list[str]) -> int:
    """Run one command; errors become one line on stderr, and a traceback before it with `--debug`.

    Returns:
        0 done; 2 bad input; 3 some videos failed; 75 try again.
    """
    debug = "--debug" in argv
    if debug:
        argv = ["--debug", *(word for word in argv if word != "--debug")]
    try:
        with ending.stoppable() as stop:
            code = app(argv, prog_name="triviareel", standalone_mode=False, obj=stop)
    except TyperException as error:
        _complain(usage(error))
        return ending.BAD_INPUT
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in one line
        if debug:
            ending.show(error)
        _complain(ending.told(error))
        return ending.code_of(error)
    return code if isinstance(code, int) else 0


def usage(error: TyperException) -> str:
    """What was wrong with the command line, in one line that says where help is."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "triviareel"
    near = getattr(error, "possibilities", None)
    message = " ".join((error.message if near else error.format_message()).split()).rstrip(".")
    message = message.replace(". Did you mean", "; did you mean")  # which command; for options there is `near`
    if near:
        message += f"; did you mean {near[0]}?"
    return f"{message[:1].lower()}{message[1:]} (see {command} --help)"


def _complain(line: str) -> None:
    print(f"triviareel: {line}", file=sys.stderr)
