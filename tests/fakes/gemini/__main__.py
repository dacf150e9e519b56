"""Run the fake by hand, as in `python -m tests.fakes.gemini --faults 429:2,503,cut --requests-per-minute 60`."""

from __future__ import annotations

from tests.fakes import by_hand
from tests.fakes.gemini.scripts import NAMES
from tests.fakes.gemini.server import GeminiServer


def main() -> None:
    """Serve until Ctrl-C, and say how to use it."""
    parser = by_hand.parser("gemini", __doc__, 8917, ", ".join(NAMES))
    parser.add_argument("--requests-per-minute", type=int, help="answer 429 beyond that many")
    given = parser.parse_args()
    limit = given.requests_per_minute
    server = by_hand.opened(parser, given, lambda port: GeminiServer(port=port, requests_per_minute=limit))
    by_hand.serve(
        server,
        "Gemini",
        f"export GEMINI_API_KEY=any GOOGLE_GEMINI_BASE_URL={server.url}",
        "triviareel make --source gemini --topic space --questions 10",
    )


if __name__ == "__main__":
    main()
