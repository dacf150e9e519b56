"""Run the fake by hand, as in `python -m tests.fakes.vertex --fail render-videos --faults create:429`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.fakes.gcs import GcsServer
from tests.fakes.vertex.faults import KINDS
from tests.fakes.vertex.server import OPERATIONS, VertexServer

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
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.vertex", description=__doc__)
    parser.add_argument("--port", type=int, default=8919, help="0 for a free one (default: 8919)")
    parser.add_argument("--fail", action="append", default=[], metavar="TASK", help="a task that fails")
    parser.add_argument("--retry", action="append", default=[], metavar="TASK", help="a task that fails once")
    operations, kinds = ", ".join(OPERATIONS.values()), ", ".join(KINDS)
    parser.add_argument("--faults", default="", help=f"by commas, OPERATION:KIND; of {operations}; {kinds}")
    given = parser.parse_args()
    faults = [text for text in given.faults.split(",") if text]
    for text in faults:
        operation, _, kind = text.partition(":")
        if operation not in OPERATIONS.values() or kind not in KINDS:
            parser.error(f"--faults {text}: write OPERATION:KIND; of {operations}; {kinds}")
    server = VertexServer(port=given.port)
    server.faults(*faults)
    server.here.outcomes = {**dict.fromkeys(given.retry, "retry"), **dict.fromkeys(given.fail, "fail")}
    with tempfile.TemporaryDirectory() as folder, GcsServer(["quiz-videos"]) as bucket:
        config = Path(folder) / "pipeline.toml"
        config.write_text(CONFIG.format(url=server.url), encoding="utf-8")
        print("Vertex AI's fake is up; in another terminal:", file=sys.stderr)
        print(f"export STORAGE_EMULATOR_HOST={bucket.url}", flush=True)
        print(f"python compile.py && submit --config {config} --wait --poll 1", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve()


if __name__ == "__main__":
    main()
