"""The commands that bring a root in order again: failed jobs are opened anew, what was left behind is removed."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from datetime import timedelta

from rich.console import Console

from triviareel.cli.counting import counted
from triviareel.errors import InputError
from triviareel.jobs import leavings, reopen, survey
from triviareel.jobs.leavings import Leaving
from triviareel.jobs.reopen import Reopened
from triviareel.jobs.request import Request
from triviareel.storage import Store, locate


def retry(root: str, channel: str | None, run: str | None, job: str | None, *, as_json: bool) -> int:
    """Open failed jobs anew, and tell how to run them; returns the exit code."""
    store, console = survey.open_root(root), Console(stderr=True, highlight=False)

    def tell(one: Reopened) -> None:
        if as_json:
            print(json.dumps(_as_json(one)), flush=True)

    failed = counted(reopen.found(store, channel, run, job), "looking for failed jobs")
    done = reopen.reopen(store, failed, tell)
    console.print(f"{len(done):,} failed job{'s' * (len(done) != 1)} opened anew", markup=False)
    for line in _again(root, done):
        console.print(line, markup=False, soft_wrap=True)
    return 0


def clean(root: str, older_than: str, channel: str | None, *, yes: bool, as_json: bool) -> int:
    """List what work that was broken off left behind, and with `yes` remove it; returns the exit code."""
    console, age = Console(stderr=True, highlight=False), leavings.age(older_than)
    if root.lower().endswith(".mp4"):
        store, left = _beside(root, age, channel)
    else:
        store = survey.open_root(root)
        left = leavings.found(store, age, channel)
    count = size = 0
    for one in counted(left, "looking for what was left"):
        gone = yes and leavings.remove(store, one)
        if gone or not yes:
            count, size = count + 1, size + one.stat.size
        _list(console, one, gone=gone, as_json=as_json)
    told = f"{count:,} object{'s' * (count != 1)}, {_bytes(size)}, older than {older_than}"
    mend = "; to remove what is listed add --yes" if count else ""
    console.print(f"removed {told}" if yes else f"{told}{mend}", markup=False)
    return 0


def _beside(video: str, age: timedelta, channel: str | None) -> tuple[Store, Iterator[Leaving]]:
    if channel is not None:
        raise InputError(f"channel {channel}: {video} has none; leave --channel out, or name a ROOT")
    store, name = locate(video)
    survey.check_folder(store, video)
    return store, leavings.beside(store, name, age)


def _as_json(one: Reopened) -> dict[str, object]:
    return {
        "channel": one.channel,
        "job": one.job,
        "manifest": one.manifest,
        "state": str(one.state),
        "attempts": one.attempts,
        "stage": one.failure.stage,
        "error": one.failure.error,
    }


def _list(console: Console, one: Leaving, *, gone: bool, as_json: bool) -> None:
    stat = one.stat
    if as_json:
        told = {"kind": str(one.kind), "uri": stat.uri, "size": stat.size, "updated": stat.updated.isoformat()}
        print(json.dumps({**told, "removed": gone}), flush=True)
    console.print(
        f"{one.kind:9} {stat.updated:%Y-%m-%d %H:%M} {_bytes(stat.size):>9}  {stat.uri}", markup=False, soft_wrap=True
    )


def _again(root: str, done: Sequence[Reopened]) -> list[str]:
    """How to do the opened jobs, a command a batch."""
    batches = {(one.channel, _batch(one)): one.request for one in done}
    if not batches:
        return []
    commands = [f"  {command(root, job, request)}" for (_channel, job), request in sorted(batches.items())]
    return ["run the steps of their pipeline run again, or do them here, with the --assets that they had:", *commands]


def _batch(one: Reopened) -> str:
    return survey.batch_of(one.job) if one.request.videos > 1 else one.job


def command(root: str, job: str, request: Request) -> str:
    """The command line that goes on with a job or batch."""
    usual, words = Request().as_json(), ["triviareel", "make", "--root", root, "--job", job]
    for topic in request.topics:
        words += ["--topic", topic]
    for name, value in request.as_json().items():
        if name not in ("topics", "seed") and value != usual[name]:  # the batch has its seed
            words += [f"--{name}", str(value)]
    return shlex.join(words)


def _bytes(size: int) -> str:
    """A size for people, in decimal units as storage is sold."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:.1f} {unit}"
    return f"{size} B"
