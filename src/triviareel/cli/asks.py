"""The command that writes questions and nothing else; needs no video packages."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from triviareel import ending, settings
from triviareel.errors import InputError
from triviareel.jobs import gemini
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.plan import seed_of
from triviareel.jobs.request import Request, checked
from triviareel.questions import bank, csvfile
from triviareel.questions.gemini.dataset import rejects
from triviareel.questions.model import Question
from triviareel.storage import Store, locate


def questions(request: Request, wishes: Wishes, output: str, *, verify: bool, as_json: bool) -> int:
    """Write a questions.csv: from the bank the one that `make` with the same seed would; returns the exit code."""
    checked(request)
    seed = secrets.randbelow(2**31) if request.seed is None else request.seed
    store, name = locate(output)
    if not name.lower().endswith(".csv"):  # a slip must not replace a video or another file by questions
        raise InputError(
            f"output {output!r}: give it a name that ends in .csv, such as {name.split('.')[0] or 'q'}.csv"
        )
    request = replace(request, seed=seed_of(seed, 1))
    if request.source == "bank" and not verify:
        picked, told = _picked(request)
    else:
        picked, told = _asked(request, wishes, store, name)
    written = store.write(name, csvfile.dumps(picked))
    if as_json:
        print(
            json.dumps({"csv": written.uri, "questions": len(picked), "seed": seed, "sha256": written.sha256, **told})
        )
    print(f"{written.uri}  ({len(picked)} questions, seed {seed})", file=sys.stderr)
    return 0


def _picked(request: Request) -> tuple[Sequence[Question], Mapping[str, Any]]:
    topics = bank.match(request.topics)
    return bank.pick(topics, request.difficulty, request.questions, request.seed or 0), {}


def _asked(request: Request, wishes: Wishes, store: Store, name: str) -> tuple[Sequence[Question], Mapping[str, Any]]:
    """Questions by Gemini, or of the bank and verified by it; those that fell are written beside the output."""
    feeder = gemini.open_feeder(gemini.options(wishes), settings.read())
    with store.scratch():  # whether the output can be written is known before anything is paid for
        store.stat(name)
    if request.source == "bank":
        from triviareel.jobs.verifying import verified  # with Gemini's packages, which the bank alone does not need

        data = ending.run(verified(feeder, request, bank.match(request.topics)))
    else:
        data = ending.run(feeder.attempt(replace(request, topics=gemini.named(request.topics))))
    if data.rejected:
        store.write(f"{name.removesuffix('.csv')}.rejected.jsonl", rejects(data.rejected))
    print(gemini.told(data.story()), file=sys.stderr)
    if data.error:
        raise data.error
    return data.questions, {"gemini": data.story()}
