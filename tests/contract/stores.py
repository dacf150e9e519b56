"""Stores for tests of the contract, made quickly and impatient."""

from __future__ import annotations

from dataclasses import replace

from google.auth.credentials import Credentials

from tests.fakes.gcs import GcsServer
from triviareel.storage.bucket import BucketStore
from triviareel.storage.bucket_service import Access
from triviareel.storage.patience import Patience

IMPATIENT = Patience(60.0, 60.0, 60.0, 0.01, 0.05, 60.0, 60.0)
"""Comes back at once, and gives up after a minute."""

BRIEF = replace(IMPATIENT, answer_s=0.3)
"""A stall ends after 0.3 s; on a busy machine other answers may take as long."""

LARGE = bytes(range(251)) * 2_500
"""Three of the chunks in which `bucket_store` sends."""


def bucket_store(
    server: GcsServer,
    bucket: str = "b",
    prefix: str = "some/prefix",
    *,
    credentials: Credentials | None = None,
    billing_project: str | None = None,
    patience: Patience = IMPATIENT,
    chunk: int = 256 * 1024,
) -> BucketStore:
    """A store in the fake, with the real client."""
    return BucketStore(bucket, prefix, Access(server.url, billing_project, patience, chunk, credentials))
