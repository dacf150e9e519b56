"""The last step, also after failures: it tells what became of a run, by what the jobs' manifests say."""

from __future__ import annotations

import sys

from triviareel.steps.arguments import Parser


def parser() -> Parser:
    """The step's arguments."""
    known = Parser("report", "Tell what became of a run, by what the manifests of its jobs say.")
    known.put("report", "the report as a page of its own, HTML")
    known.put("summary", "the same in short, Markdown")
    known.put("metrics", "the figures, JSON")
    known.put("dead-letters", "JSON Lines, a job that is not done a line: job, stage, error, message, manifest")
    return known


if __name__ == "__main__":
    parser().read(sys.argv[1:])
