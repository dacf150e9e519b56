"""Buckets, objects and their generations: what is kept, and which preconditions let it change."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import google_crc32c

from tests.fakes.gcs.journal import Commit

Json = dict[str, Any]
Query = Mapping[str, str]


class Refused(Exception):  # noqa: N818 - it is an answer, not a fault of the fake
    """The service's answer to a request that it does not grant."""

    def __init__(self, status: int, message: str, reason: str = "invalid") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Object:
    """One generation of an object."""

    bucket: str
    name: str
    data: bytes
    generation: int
    updated: datetime
    created: datetime
    metageneration: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/octet-stream"
    components: int = 0
    """How many objects it was composed of; such objects have no MD5."""

    @property
    def crc32c(self) -> str:
        """Base64 of the big-endian checksum."""
        return crc32c(self.data)

    @property
    def md5(self) -> str:
        """Base64 of the digest; empty if composed."""
        return "" if self.components else base64.b64encode(hashlib.md5(self.data).digest()).decode()  # noqa: S324

    def resource(self, url: str) -> Json:
        """As the JSON API describes it."""
        path = f"/b/{self.bucket}/o/{quote(self.name, safe='')}"
        shown: Json = {
            "kind": "storage#object", "id": f"{self.bucket}/{self.name}/{self.generation}", "bucket": self.bucket,
            "name": self.name, "generation": str(self.generation), "metageneration": str(self.metageneration),
            "size": str(len(self.data)), "crc32c": self.crc32c, "contentType": self.content_type,
            "timeCreated": stamp(self.created), "updated": stamp(self.updated), "etag": self.etag,
            "storageClass": "STANDARD", "selfLink": f"{url}/storage/v1{path}",
            "mediaLink": f"{url}/download/storage/v1{path}?generation={self.generation}&alt=media",
        }  # fmt: skip
        if self.metadata:
            shown["metadata"] = dict(self.metadata)
        if self.components:
            shown["componentCount"] = self.components
        return shown if self.components else {**shown, "md5Hash": self.md5}

    @property
    def etag(self) -> str:
        """Another one for each version and each change of its metadata."""
        return base64.b64encode(f"{self.generation}/{self.metageneration}".encode()).decode()


@dataclass
class Bucket:
    """A bucket, and whom it lets in."""

    name: str
    refusal: str = ""
    """"" for none, "forbidden", "anonymous", "requester-pays", "project", "policy", "region" or "read-only"."""
    objects: dict[str, Object] = field(default_factory=dict)


@dataclass
class Buckets:
    """Everything there is. All methods hold the one lock: a change is seen whole or not at all."""

    clock_offset_s: float = 0.0
    """How far the service's clock is ahead of this machine's."""

    def __post_init__(self) -> None:
        self.all: dict[str, Bucket] = {}
        self.commits: list[Commit] = []
        self.lock = threading.RLock()
        self._last = 0

    def now(self) -> datetime:
        """By the service's clock."""
        return datetime.now(UTC) + timedelta(seconds=self.clock_offset_s)

    def bucket(self, name: str, *, writing: bool = False, billed: bool = False) -> Bucket:
        """A bucket that lets the caller in; `billed` if the request names a project that pays."""
        found = self.all.get(name)
        if found is None:
            raise Refused(404, "The specified bucket does not exist.", "notFound")
        permission = "storage.objects.create" if writing else "storage.objects.get"
        if found.refusal == "forbidden" or (found.refusal == "read-only" and writing):
            raise Refused(
                403,
                f"worker@project.iam.gserviceaccount.com does not have {permission} access to the Google Cloud Storage "
                f"object. Permission '{permission}' denied on resource (or it may not exist).",
                "forbidden",
            )
        if found.refusal == "anonymous":
            raise Refused(401, f"Anonymous caller does not have {permission} access to the object.", "required")
        if found.refusal == "policy":
            raise Refused(403, "Request is prohibited by organization's policy. uniqueIdentifier: x", "policyViolation")
        if found.refusal == "region":
            raise Refused(412, "'us-east1' violates constraint 'constraints/gcp.resourceLocations'", "conditionNotMet")
        if found.refusal == "project":
            said = (
                "worker@project.iam.gserviceaccount.com does not have serviceusage.services.use access to the project."
            )
            raise Refused(403, said, "forbidden")
        if found.refusal == "requester-pays" and not billed:
            raise Refused(400, "Bucket is a requester pays bucket but no user project provided.", "required")
        return found

    def make(self, name: str, refusal: str = "") -> None:
        """Make a bucket, or change whom it lets in."""
        with self.lock:
            self.all.setdefault(name, Bucket(name)).refusal = refusal

    def get(self, bucket: Bucket, name: str, query: Query, *, writing: bool = False) -> Object:
        """An object's present generation, if it is the one that the request is about; `writing` if it changes it."""
        with self.lock:
            found = bucket.objects.get(name)
            if found is None or query.get("generation") not in (None, str(found.generation)):
                raise Refused(404, f"No such object: {bucket.name}/{name}", "notFound")
            check(found, query, writing=writing)
            return found

    def put(self, bucket: Bucket, name: str, data: bytes, about: Json, query: Query, components: int = 0) -> Object:
        """Make or replace an object, unless its preconditions or checksums speak against it."""
        for key, actual in (("crc32c", crc32c(data)), ("md5Hash", _md5(data))):
            if about.get(key, actual) != actual:
                kind = "CRC32C" if key == "crc32c" else "MD5"
                raise Refused(400, f'Provided {kind} "{about[key]}" doesn\'t match calculated {kind} "{actual}".')
        with self.lock:
            check(bucket.objects.get(name), query, writing=True)
            self._last = max(self._last + 1, time.time_ns() // 1000)
            now = self.now()
            kind = str(about.get("contentType") or "application/octet-stream")
            made = Object(
                bucket.name, name, data, self._last, now, now,
                metadata=about.get("metadata") or {}, content_type=kind, components=components,
            )  # fmt: skip
            bucket.objects[name] = made
            self._write_down(made, "write")
            return made

    def patch(self, bucket: Bucket, name: str, about: Json, query: Query) -> Object:
        """Change an object's metadata; null removes a key."""
        with self.lock:
            found = self.get(bucket, name, query, writing=True)
            merged = {**found.metadata, **(about.get("metadata") or {})}
            changed = replace(
                found,
                metageneration=found.metageneration + 1,
                updated=self.now(),
                metadata={key: value for key, value in merged.items() if value is not None},
                content_type=about.get("contentType") or found.content_type,
            )
            bucket.objects[name] = changed
            self._write_down(changed, "patch")
            return changed

    def delete(self, bucket: Bucket, name: str, query: Query) -> None:
        """Remove an object."""
        with self.lock:
            self._write_down(self.get(bucket, name, query, writing=True), "delete")
            del bucket.objects[name]

    def compose(self, bucket: Bucket, name: str, body: Json, query: Query) -> Object:
        """Make an object of up to 32 others."""
        sources = body["sourceObjects"]
        if not 1 <= len(sources) <= 32:
            raise Refused(400, "The number of source components provided must be between 1 and 32.")
        with self.lock:
            parts = []
            for source in sources:
                wanted = {"ifGenerationMatch": source.get("objectPreconditions", {}).get("ifGenerationMatch")}
                wanted["generation"] = source.get("generation")
                given = {key: str(value) for key, value in wanted.items() if value}
                parts.append(self.get(bucket, source["name"], given))
            data = b"".join(part.data for part in parts)
            count = sum(max(1, part.components) for part in parts)
            return self.put(bucket, name, data, body.get("destination", {}), query, count)

    def _write_down(self, changed: Object, kind: str) -> None:
        crc = changed.crc32c
        metadata = dict(changed.metadata)
        commit = Commit(changed.bucket, changed.name, changed.generation, kind, len(changed.data), crc, metadata)
        self.commits.append(commit)


def check(found: Object | None, query: Query, *, writing: bool) -> None:
    """Raise Refused unless the preconditions of a request hold."""
    generation = str(found.generation) if found else "0"
    metageneration = str(found.metageneration) if found else "0"
    right = query.get("ifGenerationMatch") in (None, generation) and (
        query.get("ifMetagenerationMatch") in (None, metageneration)
    )
    known = query.get("ifGenerationNotMatch") == generation or query.get("ifMetagenerationNotMatch") == metageneration
    if right and known and not writing:
        raise Refused(304, "", "notModified")
    if known or not right:
        raise Refused(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet")


def crc32c(data: bytes) -> str:
    """Base64 of the big-endian checksum, as the service writes it."""
    return base64.b64encode(int(google_crc32c.value(data)).to_bytes(4, "big")).decode()


def stamp(when: datetime) -> str:
    """A time as the service writes it: UTC, to the millisecond."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"


def _md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()  # noqa: S324 - the service's own
