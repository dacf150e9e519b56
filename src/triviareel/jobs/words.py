"""A run's outcome in words and figures: what the page and the summary have in common, and the summary itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from triviareel.jobs.ends import End
from triviareel.jobs.manifest import State
from triviareel.jobs.outcome import Outcome, Verdict
from triviareel.jobs.request import Request

_TOPICS = 8
"""More topics than these are counted, not listed."""


def headline(outcome: Outcome) -> str:
    """What became of it, in one sentence."""
    tally = outcome.tally
    if outcome.verdict == Verdict.UNPLANNED:
        return "No job was planned"
    if outcome.verdict == Verdict.DONE:
        return f"All {tally.jobs:,} videos are done" if tally.jobs > 1 else "The video is done"
    return f"{tally.done:,} of {tally.jobs:,} videos are done"


def rest(outcome: Outcome) -> str:
    """What is to be said of the others."""
    tally = outcome.tally
    if outcome.verdict == Verdict.UNPLANNED:
        return "There is no plan of this run: its first step failed, or was never run."
    parts = [f"{tally.failed:,} failed"] if tally.failed else []
    parts += [f"{tally.open:,} not finished"] if tally.open else []
    if not parts:
        return "None failed."
    return f"{', '.join(parts)[:1].upper()}{', '.join(parts)[1:]}."


def advice(outcome: Outcome) -> tuple[str, str]:
    """What is to be done next, in a sentence, and the command that does it; either may be empty."""
    if outcome.verdict == Verdict.DONE:
        return "", ""
    if outcome.verdict == Verdict.UNPLANNED:
        return ("Mend what it says below, and submit the run anew." if outcome.ends else "Its log says more."), ""
    mend = "Mend what is named below, then make" if outcome.tally.failed or outcome.ends else "Make"
    return (
        f"{mend} what is missing, with all else as before; finished videos and paid questions stay:",
        f"submit --param job={outcome.run}",
    )


@dataclass(frozen=True, slots=True)
class Ended:
    """The ends of one step for one reason, in one shard or many."""

    shards: str
    """For people: "all", a key, or how many and which first."""
    step: str
    error: str
    message: str
    time: str
    """When the last one ended, UTC, to the minute."""


def ended(outcome: Outcome) -> list[Ended]:
    """Why steps ended, each reason once: what one shard lacks, such as a driver, all lack as a rule."""
    alike: dict[tuple[str, str, str], list[End]] = {}
    for end in outcome.ends:
        alike.setdefault((end.step, end.error, end.message), []).append(end)
    return [
        Ended(_shards([end.shard for end in ends]), *reason, max(end.time for end in ends)[:16].replace("T", " "))
        for reason, ends in alike.items()
    ]


def _shards(keys: list[str]) -> str:
    first = keys[0] or "all"
    return first if len(keys) == 1 else f"{first} and {len(keys) - 1:,} more"


def facts(request: Request) -> list[str]:
    """What was asked for, a few words each."""
    topics = request.topics
    shown = ", ".join(topics[:_TOPICS]) + (f" and {len(topics) - _TOPICS} more" if len(topics) > _TOPICS else "")
    look = request.look
    return [
        shown or "all topics",
        f"{request.questions} question{'s' * (request.questions != 1)}, {request.difficulty}",
        f"by {'Gemini' if request.source == 'gemini' else 'the bank'}",
        request.language + (f", for {request.audience}" if request.audience else ""),
        f"{look.format} {look.resolution}p{look.fps}",
        f"theme {look.theme}",
        f"voice {look.voice}" if look.voice != "none" else "no voice",
        f"seed {request.seed}",
    ]


def figures(outcome: Outcome) -> list[tuple[str, str, str]]:
    """The main figures: what is counted, the figure, and a remark."""
    tally = outcome.tally
    each = f"{tally.seconds / tally.done:,.0f} s each" if tally.done else ""
    cost = f"{tally.cost_usd / tally.done:.4f} each" if tally.done and tally.cost_usd else ""
    tokens = f"{tally.tokens / tally.done:,.0f} each" if tally.done and tally.tokens else ""
    of_all = f"of {tally.jobs:,}" if tally.jobs else ""
    return [
        ("Videos done", f"{tally.done:,}", of_all),
        ("Failed", f"{tally.failed:,}", f"{tally.failed / tally.jobs:.1%}" if tally.failed else ""),
        ("Not finished", f"{tally.open:,}", ""),
        ("Machine time", duration(tally.seconds), each),
        ("Tokens", short(tally.tokens), tokens),
        ("Gemini", f"{tally.cost_usd:,.2f} USD", cost),
    ]


def asking(outcome: Outcome) -> list[tuple[str, str]]:
    """What asking Gemini took in this run, a name and a figure each; empty if it was not asked."""
    took = outcome.asked
    if not took.calls and not took.at_most_usd:
        return []
    unseen = f", and at most {took.unseen_usd:,.4f} for answers that nobody saw" if took.unseen_usd else ""
    return [
        ("Calls", f"{took.calls:,}, of which {took.retries:,} again"),
        (
            "Tokens",
            f"{took.prompt_tokens:,} prompt, {took.candidate_tokens:,} candidate, {took.thought_tokens:,} thought",
        ),
        ("US dollars", f"{took.money_usd:,.4f}{unseen}"),
        ("Calls that failed", _counted(took.faults)),
        ("Questions dropped", _counted(took.rejected)),
    ]


def _counted(reasons: Mapping[str, int]) -> str:
    ordered = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{count:,} {reason}" for reason, count in ordered) or "none"


def duration(seconds: float) -> str:
    """A time span for people."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 2 * 3600 else f"{seconds / 3600:,.1f} h"


def short(number: int) -> str:
    """A large number for people."""
    for unit, factor in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= 10 * factor or (number >= factor and unit != "k"):
            return f"{number / factor:,.1f} {unit}"
    return f"{number:,}"


def markdown(outcome: Outcome) -> str:
    """The summary of a run."""
    return "\n".join(_markdown(outcome)) + "\n"


def _markdown(outcome: Outcome) -> Iterator[str]:
    yield from (f"# {outcome.run}: {headline(outcome).lower()}", "", rest(outcome), "")
    advised, command = advice(outcome)
    if advised:
        yield from (advised + (f" `{command}`" if command else ""), "")
    if outcome.planned:
        asked = _cell("; ".join(facts(outcome.planned.request)))
        yield from (f"Channel {outcome.channel}, jobs {outcome.planned.job}: {asked}.", "")
    if outcome.jobs:
        yield from ("| | |", "|---|---|")
        yield from (
            f"| {what} | {figure}{f' ({remark})' if remark else ''} |" for what, figure, remark in figures(outcome)
        )
        yield ""
    if reasons := outcome.tally.reasons():
        yield from ("## Why videos failed", "", "| videos | stage | error | such as | |", "|---|---|---|---|---|")
        for why in reasons:
            yield f"| {why.jobs:,} | {_cell(why.stage)} | {why.error} | {why.example} | {_cell(why.message)} |"
        yield ""
    if ends := ended(outcome):
        yield from ("## Steps that ended before they were done", "", "| step | shard | error | |", "|---|---|---|---|")
        yield from (f"| {one.step} | {one.shards} | {one.error} | {_cell(one.message)} |" for one in ends)
        yield ""
    if rows := asking(outcome):
        yield from ("## What asking Gemini took", "", "| | |", "|---|---|")
        yield from (f"| {what} | {_cell(figure)} |" for what, figure in rows)
        yield ""
    yield f"Read from the manifests at {outcome.time:%Y-%m-%d %H:%M} UTC."


def _cell(text: str) -> str:
    """A text that cannot break out of its cell, or be taken for markup."""
    for mark in "\\|`*_~<>[]&$":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


STATE_WORDS: dict[str, str] = {
    State.RENDERED: "done",
    State.RENDERING: "rendering",
    State.WRITTEN: "questions written",
    State.GENERATED: "questions found",
}
"""States as people say them."""
