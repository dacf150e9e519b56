"""The command that writes questions and nothing else; needs no video packages."""

from __future__ import annotations

import json
import secrets
import sys

from triviareel.jobs.plan import seed_of
from triviareel.jobs.request import Request, checked
from triviareel.questions import bank, csvfile
from triviareel.storage import locate


def questions(request: Request, output: str, *, as_json: bool) -> int:
    """Write a questions.csv: the one that `make` with the same seed would; returns the exit code."""
    checked(request)
    topics = bank.match(request.topics)
    store, name = locate(output)
    seed = secrets.randbelow(2**31) if request.seed is None else request.seed
    picked = bank.pick(topics, request.difficulty, request.questions, seed_of(seed, 1))
    written = store.write(name, csvfile.dumps(picked))
    if as_json:
        print(json.dumps({"csv": written.uri, "questions": len(picked), "seed": seed, "sha256": written.sha256}))
    print(f"{written.uri}  ({len(picked)} questions, seed {seed})", file=sys.stderr)
    return 0
