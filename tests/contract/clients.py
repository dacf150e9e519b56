"""Clients of the fake bucket: the real one, which tries once, and uploads by hand."""

from __future__ import annotations

import requests
from google.auth.credentials import AnonymousCredentials
from google.cloud.storage import Bucket, Client

from tests.fakes.gcs import GcsServer


def bucket_of(url: str) -> Bucket:
    """The real client's, which tries once."""
    client = Client("p", AnonymousCredentials(), client_options={"api_endpoint": url})  # type: ignore[no-untyped-call]
    client._bucket_metadata_cache = None
    return client.bucket("b")


def put(bucket: Bucket, name: str, data: bytes, **given: int) -> int:
    """Upload in one request; the generation that came of it."""
    blob = bucket.blob(name)
    blob.upload_from_string(data, retry=None, **given)
    generation: int = blob.generation
    return generation


def begun(server: GcsServer, **query: str) -> str:
    """Begin an upload in chunks of "o"; where they go."""
    where = f"{server.url}/upload/storage/v1/b/b/o"
    answer = requests.post(where, params={"uploadType": "resumable", "name": "o", **query}, json={}, timeout=60)
    return str(answer.headers["Location"])


def chunk(url: str, data: bytes, where: str, **headers: str) -> requests.Response:
    """Send one of them; `where` is its Content-Range."""
    return requests.put(url, data=data, headers={"Content-Range": where, **headers}, timeout=60)
