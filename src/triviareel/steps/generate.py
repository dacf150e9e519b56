"""The second step: it finds the questions of one shard's jobs, in the bank or by asking Gemini."""

from __future__ import annotations

import sys

from triviareel.steps.arguments import Parser


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
    known.take("failure-budget", "SHARE", "share of the shard's jobs that may fail", "0.05")
    known.put("questions", "JSON Lines, a job a line: job, shard, seed, uri, state, questions or failure")
    return known


if __name__ == "__main__":
    parser().read(sys.argv[1:])
