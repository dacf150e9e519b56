"""The command that tells how far jobs are. It only reads."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Console

from triviareel.cli.counting import counted
from triviareel.errors import InputError
from triviareel.jobs import runs, survey
from triviareel.jobs.request import bad_name, is_name
from triviareel.jobs.tally import STATES, Reason, Tally
from triviareel.storage import Store

_REASONS = 20
"""Reasons told to people; programs get all."""


def status(root: str, channel: str | None, run: str | None, *, as_json: bool) -> int:
    """Tell how far the jobs of a root, a channel or a run are; returns the exit code."""
    store, console = survey.open_root(root), Console(stderr=True, highlight=False)
    if channel is not None and not is_name(channel):
        raise InputError(bad_name("channel", channel))
    tallies = _of_run(store, channel, run) if run else _of_root(store, channel)
    for whose, tally in tallies.items():
        if as_json:
            print(json.dumps({"channel": whose, **({"run": run} if run else {}), **tally.as_json()}))
        for line in lines(f"{whose} {run}" if run else whose, tally):
            console.print(line, markup=False, soft_wrap=True)
    if not tallies:
        console.print(f"{store.uri('jobs')}: no jobs yet", markup=False, soft_wrap=True)
    return 0


def lines(title: str, tally: Tally) -> Iterator[str]:
    """A tally for people."""
    states = ", ".join(f"{tally.states[state]:,} {state}" for state in STATES if tally.states[state])
    yield f"{title}: {tally.jobs:,} job{'s' * (tally.jobs != 1)}: {states}"
    reasons = tally.reasons()
    for why in reasons[:_REASONS]:
        yield f"  {_reason(why)}"
    if len(reasons) > _REASONS:
        yield f"  and {len(reasons) - _REASONS} other reasons; --json has all of them"
    yield f"  {tally.seconds:,.0f} s of work, {tally.tokens:,} tokens, {tally.cost_usd:,.4f} USD for Gemini"


def _reason(why: Reason) -> str:
    where = f" in {why.stage}" if why.stage else ""
    return f"{why.jobs:,} × {why.error}{where}, such as {why.example}: {why.message}"


def _of_run(store: Store, channel: str | None, name: str) -> dict[str, Tally]:
    if channel is None:
        raise InputError(f"run {name}: say whose it is, with --channel")
    run = runs.load(store, channel, name)
    if run is None:
        raise InputError(f"run {name}: there is no {store.uri(runs.place_of(channel, name).plan)}; name one that is")
    tally = Tally()
    for record in counted(survey.of_run(store, run), "reading", run.request.videos):
        tally.add(record)
    return {channel: tally}


def _of_root(store: Store, channel: str | None) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for whose, record in counted(survey.of_root(store, channel), "reading"):
        tallies.setdefault(whose, Tally()).add(record)
    return tallies
