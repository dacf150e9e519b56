"""Run the fake by hand, as in `python -m tests.fakes.gcs --bucket demo --faults read:503,write:lost`."""

from __future__ import annotations

from pathlib import Path

from tests.fakes import by_hand
from tests.fakes.gcs.faults import KINDS
from tests.fakes.gcs.server import GcsServer


def main() -> None:
    """Serve until Ctrl-C, and say how to use it."""
    parser = by_hand.parser("gcs", __doc__, 8918, f"OPERATION:KIND@BYTES; a status or {', '.join(KINDS)}")
    parser.add_argument("--bucket", action="append", help="a bucket that there is (default: b); may be repeated")
    parser.add_argument("--folder", type=Path, help="its files are put into the first bucket at the start")
    given = parser.parse_args()
    if given.folder and not given.folder.is_dir():
        parser.error(f"--folder {given.folder}: there is no such folder")
    buckets = given.bucket or ["b"]
    server = by_hand.opened(parser, given, lambda port: GcsServer(buckets, port=port))
    for path in sorted(given.folder.rglob("*")) if given.folder else ():
        if path.is_file():
            server.put(path.relative_to(given.folder).as_posix(), path.read_bytes(), buckets[0])
    by_hand.serve(
        server,
        "Cloud Storage",
        f"export STORAGE_EMULATOR_HOST={server.url}",
        f"triviareel make --root gs://{buckets[0]} --topic space",
    )


if __name__ == "__main__":
    main()
