"""Gemini's batch API through google-genai: by uploaded file with a key, by bucket on Vertex AI."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus

from google.genai import errors, types

from triviareel.errors import BatchEnded, InputError, TriviaError
from triviareel.questions.gemini import batches, sdk_genai
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.batches import Row
from triviareel.questions.gemini.memory import FOLDER
from triviareel.questions.gemini.model import Reply
from triviareel.storage import Store

REQUESTS = "requests.jsonl"
_JSONL = "application/jsonl"
_PAGE = 100
_LISTED = 1000
"""Batches that are looked through for one by its name; newest come first."""


class GenaiBatches:
    """See `Batches`.

    Args:
        access: key or project.
        deadline_s: seconds for one call, an upload or a download as a whole.
        store: on Vertex AI, a place in a bucket where batches read and write, beneath `batches/`.
    """

    def __init__(self, access: Access, deadline_s: float, store: Store | None = None) -> None:
        if access.project is not None and (store is None or not store.uri(FOLDER).startswith("gs://")):
            raise InputError("batch mode on Vertex AI needs a bucket: choose a root that begins with gs://, or online")
        self._access = access
        self._deadline_s = deadline_s
        self._store = store if access.project is not None else None
        self._connection = sdk_genai.Connection(access, deadline_s)

    async def submit(self, name: str, rows: Sequence[Row]) -> str:
        """See `Batches`."""
        model = rows[0].ask.model
        data = batches.requests(rows, labelled=self._store is not None)
        config = types.CreateBatchJobConfig(display_name=name)
        if self._store is not None:
            await asyncio.to_thread(self._store.write, f"{FOLDER}/{name}/{REQUESTS}", data)
            config.dest = types.BatchJobDestination(format="jsonl", gcs_uri=self._store.uri(f"{FOLDER}/{name}"))
        async with self._calling(model):
            if self._store is not None:
                source = self._store.uri(f"{FOLDER}/{name}/{REQUESTS}")
            else:
                upload = types.UploadFileConfig(mime_type=_JSONL, display_name=name)
                source = str(
                    (await self._connection.client.aio.files.upload(file=io.BytesIO(data), config=upload)).name
                )
            job = await self._connection.client.aio.batches.create(model=model, src=source, config=config)
        return str(job.name)

    async def find(self, name: str) -> str | None:
        """See `Batches`; of the latest ones, as the service lists them."""
        async with self._calling(name):
            pages = await self._connection.client.aio.batches.list(config=types.ListBatchJobsConfig(page_size=_PAGE))
            seen = 0
            async for job in pages:
                if job.display_name == name:
                    return str(job.name)
                seen += 1
                if seen == _LISTED:
                    break
        return None

    async def is_done(self, batch: str) -> bool:
        """See `Batches`."""
        job = await self._job(batch)
        state = job.state.value if job.state else "UNSPECIFIED"
        return batches.is_done(batch, state, self._access.scrub(str(job.error.message or "")) if job.error else "")

    async def collect(self, batch: str, model: str) -> dict[str, Reply | TriviaError]:
        """See `Batches`."""
        job = await self._job(batch)
        if self._store is not None:
            directory = str(job.output_info.gcs_output_directory) if job.output_info else ""
            data = await asyncio.to_thread(_predictions, self._store, directory)
        else:
            async with self._calling(batch, at_service=True):
                data = await self._connection.client.aio.files.download(
                    file=str(job.dest.file_name if job.dest else "")
                )
        return batches.answers(data.splitlines(), model, self._access.scrub)

    async def cancel(self, batch: str) -> None:
        """See `Batches`."""
        async with self._calling(batch, at_service=True):
            await self._connection.client.aio.batches.cancel(name=batch)

    async def close(self) -> None:
        """Close the connections."""
        await self._connection.close()

    async def _job(self, batch: str) -> types.BatchJob:
        async with self._calling(batch, at_service=True):
            return await self._connection.client.aio.batches.get(name=batch)

    @asynccontextmanager
    async def _calling(self, what: str, *, at_service: bool = False) -> AsyncIterator[None]:
        """Within the deadline, the SDK's errors told as ours.

        Args:
            what: the model or the batch.
            at_service: whether it is a batch that the service has taken, and keeps for some days only.
        """
        fault: TriviaError | None = None
        try:
            async with asyncio.timeout(self._deadline_s):
                yield
        except sdk_genai.SDK_FAULTS as error:
            fault = sdk_genai.explain(error, self._access, what, self._deadline_s)
            if at_service and isinstance(error, errors.APIError) and error.code == HTTPStatus.NOT_FOUND:
                fault = BatchEnded(f"batch {what} is no longer at the service; ask online", charge="batch")
        if fault is not None:  # outside the except block: the SDK's error holds the key
            raise fault


def _predictions(store: Store, directory: str) -> bytes:
    """The output files beneath a directory, which is given by its URI."""
    folder = directory.removeprefix(store.uri(FOLDER)).strip("/")
    names = [found.name for found in store.list(f"{FOLDER}/{folder}")]
    return b"".join(store.read(name) + b"\n" for name in names if name.endswith(".jsonl"))
