"""The options that commands share, each spelled once. Values are judged where requests are, all of them at once."""

from __future__ import annotations

from typing import Annotated

import typer


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no whole number; give one") from error


Channel = Annotated[str, typer.Option(metavar="NAME", help="Whose videos they are; also names the asset pack.")]
Topic = Annotated[
    list[str] | None,
    typer.Option(
        "--topic", metavar="TOPIC", help="Topic, matched loosely; may be given several times. All if none is."
    ),
]
Difficulty = Annotated[str, typer.Option(metavar="easy|medium|hard|mixed", help="How hard the questions are.")]
Questions = Annotated[int, typer.Option(parser=_whole, metavar="N", help="Questions in each video, 1 to 100.")]
Videos = Annotated[int, typer.Option(parser=_whole, metavar="N", help="Number of videos.")]
Source = Annotated[str, typer.Option(metavar="bank|gemini", help="Where the questions come from.")]
GeminiMode = Annotated[
    str | None,
    typer.Option(metavar="online|batch", help="How Gemini is asked: at once, or at half the price within a day."),
]
GeminiConfig = Annotated[
    str | None, typer.Option(metavar="FILE", help="Models, limits, prices; see config/gemini.toml.")
]
SpendCeiling = Annotated[
    str | None, typer.Option(metavar="USD", help="What the run may spend on Gemini; no ceiling if not given.")
]
Verify = Annotated[
    bool,
    typer.Option(
        "--verify", metavar="", help="Have Gemini answer the bank's questions blind; others replace those that fall."
    ),
]
Language = Annotated[str, typer.Option(metavar="NAME", help="Language of the questions; Gemini alone has others.")]
Audience = Annotated[str, typer.Option(metavar="WORDS", help="Who watches; for Gemini, anybody if not given.")]
Format = Annotated[str, typer.Option(metavar="landscape|portrait|square", help="Shape of the picture.")]
Resolution = Annotated[
    int, typer.Option(parser=_whole, metavar="720|1080|1440|2160", help="Pixels of the shorter side.")
]
Fps = Annotated[int, typer.Option(parser=_whole, metavar="24|25|30|48|50|60", help="Frames a second.")]
Voice = Annotated[str, typer.Option(metavar="NAME|none", help="Who reads aloud; `triviareel doctor` lists the voices.")]
Theme = Annotated[str, typer.Option(metavar="NAME|FOLDER", help="How the cards look.")]
Encoder = Annotated[
    str, typer.Option(metavar="auto|x264|nvenc|av1", help="Video encoder; a named one works or the command fails.")
]
Seed = Annotated[
    int | None, typer.Option(parser=_whole, metavar="N", help="Same seed, same videos; chosen at random if not given.")
]
Root = Annotated[str, typer.Option(metavar="URI", help="Folder or gs:// place where jobs and final_videos are kept.")]
Assets = Annotated[
    str | None,
    typer.Option(metavar="URI", help="Folder or gs:// place of CHANNEL/video-assets; a generated pack if not given."),
]
Workers = Annotated[
    int | None,
    typer.Option(
        parser=_whole, metavar="N", help="Videos made at a time; as many as the processors carry if not given."
    ),
]
Job = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Name of the job or batch; the time if not given. A known one goes on."),
]
Json = Annotated[bool, typer.Option("--json", metavar="", help="Print one JSON object a line on stdout.")]
Csv = Annotated[str, typer.Option("--csv", metavar="FILE", help="A questions.csv, from anywhere.")]
Output = Annotated[str, typer.Option("--output", metavar="FILE", help="The file to write.")]
Passed = Annotated[list[str] | None, typer.Argument(metavar="COMMAND", help="See triviareel schedule --help.")]
To = Annotated[
    str, typer.Option("--to", metavar="URI", help="Folder or gs:// place in which CHANNEL/video-assets is to lie.")
]
RootArgument = Annotated[str, typer.Argument(metavar="ROOT", help="Where jobs and final_videos are kept.")]
CleanedArgument = Annotated[
    str, typer.Argument(metavar="ROOT", help="Where jobs and final_videos are kept, or a video made by `render`.")
]
AnyChannel = Annotated[str | None, typer.Option("--channel", metavar="NAME", help="Of this channel alone.")]
Run = Annotated[str | None, typer.Option(metavar="NAME", help="Of this run alone; needs --channel.")]
FailedJob = Annotated[
    str | None, typer.Option("--job", metavar="NAME", help="Of this job or batch alone; needs --channel.")
]
OlderThan = Annotated[str, typer.Option(metavar="AGE", help="What is younger stays: days, hours or minutes, as 36h.")]
Yes = Annotated[bool, typer.Option("--yes", metavar="", help="Remove what is listed.")]
