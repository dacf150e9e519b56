"""A token for Cloud Storage, and the addresses of uploads: they can be seen nowhere, whether a video is made or not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.proofs import commands, hasty_theme
from tests.fakes.gcs import GcsServer
from triviareel.video import assets

TOKEN = "ya29.canary-of-a-token"  # noqa: S105 - a canary
PLACE = "demo/video-assets"
SMALL = [
    "--questions", "1", "--resolution", "720", "--fps", "24", "--voice", "none", "--encoder", "x264", "--seed", "7",
]  # fmt: skip

PROGRAM = """
import functools, logging, os
from google.oauth2.credentials import Credentials
from triviareel.cli import main
from triviareel.storage import bucket_service
logging.basicConfig(level=logging.DEBUG)
given = Credentials(os.environ["CANARY"])
bucket_service.Access = functools.partial(bucket_service.Access, credentials=given, chunk=256 * 1024)
main()
"""
"""The command line with credentials of ours, which does not look for others where a fake is, and small chunks."""


@contextmanager
def watched(seen: set[str]) -> Iterator[None]:
    """Look at the commands of all processes again and again, for the time of the block."""
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            seen.update(commands())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def make(folder: Path, server: GcsServer, theme: str) -> subprocess.CompletedProcess[str]:
    """One run that tells as much as it can."""
    words = [
        "make",
        *SMALL,
        "--root",
        "gs://b",
        "--assets",
        "gs://a",
        "--job",
        "t",
        "--theme",
        theme,
        "--json",
        "--debug",
    ]
    return subprocess.run(
        [sys.executable, "-c", PROGRAM, *words],
        cwd=folder,
        env={**os.environ, "CANARY": TOKEN, "STORAGE_EMULATOR_HOST": server.url, "TRIVIAREEL_CACHE": str(folder / "c")},
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_neither_token_nor_upload_addresses_can_be_seen_anywhere(
    tmp_path: Path, small_assets: Path, figure: Callable[[str], None]
) -> None:
    seen, theme = set[str](), hasty_theme(tmp_path)
    with GcsServer(["b", "a"], token=TOKEN) as server, watched(seen):
        for name in assets.FILES:
            server.put(f"{PLACE}/{name}", (small_assets / PLACE / name).read_bytes(), "a")
        server.faults("chunk:403", always=True)
        refused = make(tmp_path, server, theme)
        failed = json.loads(server.read("jobs/demo/t/_MANIFEST.json"))
        server.clear_faults()
        done = make(tmp_path, server, theme)
        secrets = {TOKEN, *server.api.secrets()}
        objects = [
            json.dumps(server.objects()),
            *(server.read(name).decode(errors="replace") for name in server.objects()),
        ]
    assert (refused.returncode, failed["state"]) == (2, "failed"), refused.stderr
    assert done.returncode == 0, done.stderr
    assert len(secrets) > 2
    assert any("ffmpeg" in command for command in seen)
    files = [path.read_bytes().decode(errors="replace") for path in tmp_path.rglob("*") if path.is_file()]
    told = [refused.stdout, refused.stderr, done.stdout, done.stderr]
    everything = "\n".join([*told, *objects, *files, *seen, json.dumps(failed)])
    assert "upload_id=…" in everything  # addresses are logged, without what makes them a key
    assert not [secret for secret in secrets if secret in everything]
    where = f"{len(objects)} objects, {len(files)} files, {len(seen)} command lines, {len(everything):,} characters"
    figure(f"canary: a token and {len(secrets) - 1} upload addresses, in none of {where}")
