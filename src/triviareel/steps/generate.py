"""The second step: it finds the questions of one shard's jobs, in the bank or by asking Gemini."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from threading import Event

from triviareel import settings
from triviareel.errors import InputError
from triviareel.jobs import gemini, generating, places
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.generating import Asking
from triviareel.jobs.manifest import State
from triviareel.questions.gemini import options as choices
from triviareel.questions.gemini.options import Options
from triviareel.steps import artifacts
from triviareel.steps.arguments import Parser, count, share
from triviareel.steps.artifacts import Artifact
from triviareel.steps.door import enter
from triviareel.steps.shard import Shard, Teller, explaining, metadata, open_shard, row, settle, verdict


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("generate", "Find the questions of one shard's jobs: in the bank, or by asking Gemini.")
    known.need("jobs", "PATH", "file to read: what plan wrote")
    known.need("shard", "KEY", "which shard's jobs, such as 0003")
    known.take("gemini-project", "P", "project to ask on Vertex AI; with an API key if not given")
    known.take("gemini-location", "L", "Vertex AI location", "global")
    known.take("gemini-model", "M", "who writes the questions; the usual one if not given")
    known.take("gemini-mode", "online|batch", "ask at once, or at half the price within a day", "online")
    known.take("spend-ceiling", "USD", "what the whole run may spend on Gemini; no ceiling if not given")
    known.take("shards-at-once", "N", "among how many the calls and tokens a minute are shared out", "1")
    known.take("failure-budget", "SHARE", "share of the shard's jobs that may fail", "0.05")
    known.put("questions", "JSON Lines, a job a line: job, shard, seed, uri, state, questions or failure")
    return known


def main(argv: Sequence[str] | None = None) -> int:
    """Run the step. A job that has its questions keeps them: what was paid for is kept as soon as it is there."""
    return enter(parser(), argv, _generate)


def _generate(given: argparse.Namespace, stop: Event) -> int:
    with explaining(given, "generate"):
        budget = share(given.failure_budget, "failure-budget")
        shard = open_shard(given, given.jobs)
        asking = _asking(given, shard) if shard.run.request.source == "gemini" else None
        whole = shard.run.jobs()
        before = whole[: whole.index(shard.jobs[-1]) + 1]  # which of the bank's questions are left follows from these
        outcomes = generating.generate(shard.desk(Teller(), stop), shard.jobs, before, asking)
        found = settle(shard, outcomes, State.GENERATED)
        rows = [row(record, **_place(shard, record.job)) for record in found]
        artifacts.put(given, [Artifact("questions", artifacts.lines(rows), metadata(found))])
        return verdict(found, outcomes, budget)


def _place(shard: Shard, job: str) -> dict[str, str]:
    uri = shard.store.uri(places.of_job(shard.run.channel, job).dataset)
    return {"shard": shard.key, "questions": uri}


def _asking(given: argparse.Namespace, shard: Shard) -> Asking:
    wished = gemini.options(Wishes(given.gemini_mode, None, given.spend_ceiling or None))
    at_once = count(given.shards_at_once, "shards-at-once") or 1
    chosen = replace(
        divided(wished, len(shard.run.keys()), at_once),
        project=given.gemini_project,
        location=given.gemini_location,
        model=given.gemini_model or wished.model,
    )
    if wrong := choices.problems(chosen):
        raise InputError("; ".join(wrong))
    return Asking(chosen, settings.read(), shard.run.name, shard.key)


def divided(whole: Options, shards: int, at_once: int) -> Options:
    """What one shard may take of a run's limits.

    Args:
        whole: those of the run.
        shards: how many the run has; each has the same part of the money for itself, however often it is run.
        at_once: how many of them run side by side, at most: they share the project's calls and tokens a minute.
    """
    part = min(shards, at_once)
    ceiling = whole.spend_ceiling_usd
    return replace(
        whole,
        spend_ceiling_usd=None if ceiling is None else ceiling / shards,
        requests_per_minute=max(1, whole.requests_per_minute // part),
        tokens_per_minute=max(1000, whole.tokens_per_minute // part),
    )


if __name__ == "__main__":
    sys.exit(main())
