"""Run the fake by hand, as in `python -m tests.fakes.vertex --fail render-videos --faults create:429`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.fakes import by_hand
from tests.fakes.gcs import GcsServer
from tests.fakes.vertex.faults import KINDS, OPERATIONS
from tests.fakes.vertex.server import VertexServer

CONFIG = """project = "quiz-project"
location = "europe-west4"
bucket = "gs://quiz-videos"
service_account = "trivia-pipeline@quiz-project.iam.gserviceaccount.com"
endpoint = "{url}"

[parameters]
channel = "demo"
"""


def main() -> None:
    """Serve until Ctrl-C, with a bucket beside it, and say how to use them."""
    operations, kinds = ", ".join(OPERATIONS.values()), ", ".join(KINDS)
    parser = by_hand.parser("vertex", __doc__, 8919, f"OPERATION:KIND; of {operations}; {kinds}")
    parser.add_argument("--fail", action="append", default=[], metavar="TASK", help="a task that fails")
    parser.add_argument("--retry", action="append", default=[], metavar="TASK", help="a task that fails once")
    given = parser.parse_args()
    server = by_hand.opened(parser, given, lambda port: VertexServer(port=port))
    server.here.outcomes = {**dict.fromkeys(given.retry, "retry"), **dict.fromkeys(given.fail, "fail")}
    with tempfile.TemporaryDirectory() as folder, GcsServer(["quiz-videos"]) as bucket:
        config = Path(folder) / "pipeline.toml"
        config.write_text(CONFIG.format(url=server.url), encoding="utf-8")
        by_hand.serve(
            server,
            "Vertex AI",
            f"export STORAGE_EMULATOR_HOST={bucket.url}",
            f"python compile.py && submit --config {config} --wait --poll 1",
        )


if __name__ == "__main__":
    main()
