"""Run the fake by hand, as in `python -m tests.fakes.gemini --faults 429:2,503,cut --requests-per-minute 60`."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress

from tests.fakes.gemini.scripts import NAMES
from tests.fakes.gemini.server import GeminiServer


def main() -> None:
    """Serve until Ctrl-C, and say how to use it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.gemini", description=__doc__)
    parser.add_argument("--port", type=int, default=8917, help="0 for a free one (default: 8917)")
    parser.add_argument("--faults", default="", help=f"answers of the next requests, by commas: {', '.join(NAMES)}")
    parser.add_argument("--requests-per-minute", type=int, help="answer 429 beyond that many")
    given = parser.parse_args()
    server = GeminiServer(port=given.port, requests_per_minute=given.requests_per_minute)
    server.faults(*filter(None, given.faults.split(",")))
    print("Gemini's fake is up; in another terminal:", file=sys.stderr)
    print(f"export GEMINI_API_KEY=any GOOGLE_GEMINI_BASE_URL={server.url}", flush=True)
    print("triviareel make --source gemini --topic space --questions 10", file=sys.stderr)
    with suppress(KeyboardInterrupt):
        server.serve()


if __name__ == "__main__":
    main()
