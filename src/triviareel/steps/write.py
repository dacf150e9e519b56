"""The third step: it writes the questions.csv of each of a shard's jobs, and says so in its manifest."""

from __future__ import annotations

import sys

from triviareel.steps.arguments import Parser


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("write", "Write the questions.csv of each of a shard's jobs, and say so in its manifest.")
    known.need("questions", "PATH", "file to read: what generate wrote")
    known.need("shard", "KEY", "which shard's jobs, such as 0003")
    known.put("written", "JSON Lines, a job a line: job, state, csv, manifest")
    return known


if __name__ == "__main__":
    parser().read(sys.argv[1:])
