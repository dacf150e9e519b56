"""Run the fake by hand, as in `python -m tests.fakes.gcs --bucket demo --faults read:503,write:lost`."""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from tests.fakes.gcs.faults import KINDS
from tests.fakes.gcs.server import GcsServer


def main() -> None:
    """Serve until Ctrl-C, and say how to use it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.gcs", description=__doc__)
    parser.add_argument("--port", type=int, default=8918, help="0 for a free one (default: 8918)")
    parser.add_argument("--bucket", action="append", help="a bucket that there is (default: b); may be repeated")
    parser.add_argument("--folder", type=Path, help="its files are put into the first bucket at the start")
    parser.add_argument("--faults", default="", help=f"by commas, OPERATION:KIND@BYTES; a status or {', '.join(KINDS)}")
    given = parser.parse_args()
    server = GcsServer(given.bucket or ["b"], port=given.port)
    server.faults(*filter(None, given.faults.split(",")))
    if given.folder:
        _fill(server, given.folder, (given.bucket or ["b"])[0])
    print("Cloud Storage's fake is up; in another terminal:", file=sys.stderr)
    print(f"export STORAGE_EMULATOR_HOST={server.url}", flush=True)
    print(f"triviareel make --root gs://{(given.bucket or ['b'])[0]} --topic space", file=sys.stderr)
    with suppress(KeyboardInterrupt):
        server.serve()


def _fill(server: GcsServer, folder: Path, bucket: str) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            server.put(path.relative_to(folder).as_posix(), path.read_bytes(), bucket)


if __name__ == "__main__":
    main()
