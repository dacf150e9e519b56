"""The JSON API: requests taken apart, answers put together."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from email.message import Message
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.fakes.gcs.journal import Call
from tests.fakes.gcs.objects import Bucket, Buckets, Object, Refused
from tests.fakes.gcs.uploads import GRAIN, Session, Uploads
from tests.fakes.loopback import Answer, as_json

Json = dict[str, Any]

_PATH = re.compile(
    r"(?:/(?P<media>upload|download))?(?:/storage/v1)?/b(?:/(?P<bucket>[^/]+))?(?:/(?P<o>o)(?:/(?P<name>[^/]+))?)?"
    r"(?P<compose>/compose)?"
)
_NAME = re.compile(rb'"name": *("(?:[^"\\]|\\.)*")')
_FIELDS = re.compile(r"(?P<name>\w+)(?:\((?P<inner>[^()]*)\))?")
_BYTES = re.compile(r"bytes=(?P<first>\d*)-(?P<last>\d*)")
_WRITES = ("write", "begin", "chunk", "delete", "patch", "compose")


@dataclass(frozen=True, slots=True)
class Request:
    """One request without its body."""

    operation: str
    """See `journal.Call`; empty if this is no path of the service's."""
    bucket: str
    name: str
    query: Mapping[str, str]
    headers: Message
    download: bool = False
    """Whether it goes to the paths of downloads, whose errors are plain texts."""

    @classmethod
    def of(cls, method: str, path: str, headers: Message) -> Self:
        """Take a request apart."""
        url = urlsplit(path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        match = _PATH.fullmatch(url.path)
        if match is None:
            return cls("", "", "", query, headers)
        operation = _operation(method, match, query)
        name = unquote(match["name"] or "") or query.get("name", "")
        return cls(operation, unquote(match["bucket"] or ""), name, query, headers, match["media"] == "download")

    @property
    def secret(self) -> str:
        """Of the upload that it belongs to, which is its permission; empty if none."""
        return self.query.get("upload_id", "")

    @property
    def token(self) -> str:
        """The access token that came with it."""
        return (self.headers.get("Authorization") or "").removeprefix("Bearer ")

    def call(self, status: int, fault: str, received: int, sent: int) -> Call:
        """Its line in the journal."""
        query = {key: value for key, value in self.query.items() if key != "upload_id"}
        where = self.headers.get("Range") or ""
        authorised = bool(self.token)
        return Call(self.operation, self.bucket, self.name, status, fault, query, where, received, sent, authorised)


class Api:
    """Answers requests. `page` is the greatest number of objects in one page of a list."""

    def __init__(self, buckets: Buckets, url: str, page: int) -> None:
        self._buckets = buckets
        self._uploads = Uploads(buckets)
        self._url = url
        self._page = page

    def answer(self, request: Request, data: bytes, keep: int | None) -> Answer:
        """The answer to a request; `keep` is how many bytes of a chunk are kept, None for all.

        Raises:
            Refused: the service does not grant it.
        """
        if request.operation == "chunk":
            return self._chunk(request, data, keep)
        if request.operation == "make":
            return self._make(json.loads(data))
        billed = "userProject" in request.query
        bucket = self._buckets.bucket(request.bucket, writing=request.operation in _WRITES, billed=billed)
        answers = {
            "bucket": lambda: as_json(_bucket(bucket)),
            "list": lambda: self._list(bucket, request.query),
            "stat": lambda: self._shown(self._buckets.get(bucket, request.name, request.query)),
            "read": lambda: _media(self._buckets.get(bucket, request.name, request.query), request.headers),
            "write": lambda: self._write(bucket, request, data),
            "begin": lambda: self._begin(bucket, request, data),
            "delete": lambda: self._delete(bucket, request),
            "patch": lambda: self._shown(
                self._buckets.patch(bucket, request.name, json.loads(data or b"{}"), request.query),
            ),
            "compose": lambda: self._shown(
                self._buckets.compose(bucket, request.name, json.loads(data or b"{}"), request.query),
            ),
        }
        if request.operation not in answers:
            raise Refused(404, "Not Found", "notFound")
        return answers[request.operation]()

    def named(self, request: Request, begun: bytes) -> Request:
        """A request with the name of its object, which uploads have in their bodies, of which this is the beginning."""
        if request.operation == "chunk":
            return replace(request, name=self._uploads.name(request.secret))
        if request.name or request.operation not in ("write", "begin"):
            return request
        found = _NAME.search(begun)
        return replace(request, name=json.loads(found[1]) if found else "")

    def secrets(self) -> list[str]:
        """Of all uploads that were begun: who knows one may write."""
        return self._uploads.secrets()

    def keep_grains(self, request: Request, data: bytes) -> None:
        """Keep the whole grains of a chunk that broke off; an end that has come whole is still not an object."""
        session = self._uploads.session(request.secret)
        grains = data[: len(data) // GRAIN * GRAIN]
        if grains and session.made is None:
            first = int((request.headers.get("Content-Range") or "").split()[1].split("-")[0])
            self._uploads.take(session, f"bytes {first}-{first + len(grains) - 1}/*", grains, "", None)

    def _shown(self, found: Object) -> Answer:
        return as_json(found.resource(self._url))

    def _make(self, about: Json) -> Answer:
        if about["name"] in self._buckets.all:
            raise Refused(409, "Your previous request to create the named bucket succeeded.", "conflict")
        self._buckets.make(about["name"])
        return as_json(_bucket(self._buckets.all[about["name"]]))

    def _write(self, bucket: Bucket, request: Request, data: bytes) -> Answer:
        if request.query.get("uploadType") == "media":
            about: Json = {"contentType": request.headers.get("Content-Type")}
        else:
            about, data = _parts(request.headers, data)
        name = request.name or about["name"]
        return self._shown(self._buckets.put(bucket, name, data, about, request.query))

    def _begin(self, bucket: Bucket, request: Request, data: bytes) -> Answer:
        about: Json = json.loads(data or b"{}")
        about.setdefault("contentType", request.headers.get("X-Upload-Content-Type"))
        name = request.name or about["name"]
        secret = self._uploads.begin(bucket, name, about, request.query)
        where = f"{self._url}/upload/storage/v1/b/{bucket.name}/o?uploadType=resumable&upload_id={secret}"
        return Answer(200, b"", {"Location": where, "X-GUploader-UploadID": secret})

    def _chunk(self, request: Request, data: bytes, keep: int | None) -> Answer:
        session = self._uploads.session(request.secret)
        given = dict(
            part.strip().split("=", 1) for part in (request.headers.get("X-Goog-Hash") or "").split(",") if part
        )
        where = request.headers.get("Content-Range") or f"bytes 0-{len(data) - 1}/{len(data)}"
        made = self._uploads.take(session, where, data, given.get("crc32c", ""), keep)
        return self._shown(made) if made else _resume(session)

    def _delete(self, bucket: Bucket, request: Request) -> Answer:
        self._buckets.delete(bucket, request.name, request.query)
        return Answer(204)

    def _list(self, bucket: Bucket, query: Mapping[str, str]) -> Answer:
        """A page of names in order of their UTF-8, those behind a delimiter folded into prefixes."""
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        with self._buckets.lock:
            objects = dict(bucket.objects)
        entries: dict[str, Object | None] = {}
        for name in sorted((name for name in objects if name.startswith(prefix)), key=str.encode):
            if query.get("startOffset", "") <= name and (not query.get("endOffset") or name < query["endOffset"]):
                head, found, _ = name[len(prefix) :].partition(delimiter) if delimiter else ("", "", "")
                entries.setdefault(prefix + head + found if found else name, None if found else objects[name])
        names = [name for name in entries if name.encode() > query.get("pageToken", "").encode()]
        page = names[: min(self._page, int(query.get("maxResults") or self._page))]
        shown: Json = {"kind": "storage#objects"}
        if items := [entry.resource(self._url) for name in page if (entry := entries[name])]:
            shown["items"] = items
        if prefixes := [name for name in page if entries[name] is None]:
            shown["prefixes"] = prefixes
        if len(page) < len(names):
            shown["nextPageToken"] = page[-1]
        return as_json(_chosen(shown, query.get("fields", "")))


def refusal(refused: Refused, request: Request) -> Answer:
    """An error as the service writes it."""
    if refused.status == 304:
        return Answer(304)
    if request.download:
        return Answer(refused.status, refused.message.encode(), {"Content-Type": "text/html; charset=UTF-8"})
    errors = [{"message": refused.message, "domain": "global", "reason": refused.reason}]
    body = {"error": {"code": refused.status, "message": refused.message, "errors": errors}}
    return as_json(body, refused.status)


def _operation(method: str, match: re.Match[str], query: Mapping[str, str]) -> str:
    if not match["o"]:
        return {"GET": "bucket", "POST": "make"}.get(method, "")
    if match["media"] == "upload":
        if method == "PUT" or "upload_id" in query:
            return "chunk"
        return "begin" if query.get("uploadType") == "resumable" else "write"
    if match["compose"]:
        return "compose"
    if not match["name"]:
        return "list" if method == "GET" else ""
    if method == "GET":
        return "read" if match["media"] == "download" or query.get("alt") == "media" else "stat"
    return {"DELETE": "delete", "PATCH": "patch", "PUT": "patch"}.get(method, "")


def _chosen(shown: Json, fields: str) -> Json:
    """What a request asks for of an answer, as in "items(name,size),nextPageToken"; "" for all of it."""
    wanted = {match["name"]: match["inner"] for match in _FIELDS.finditer(fields)}
    chosen = {name: shown[name] for name in (wanted or shown) if name in shown}
    for name, inner in wanted.items():
        if inner and name in chosen:
            chosen[name] = [{key: item[key] for key in inner.split(",") if key in item} for item in chosen[name]]
    return chosen


def _bucket(bucket: Bucket) -> Json:
    return {
        "kind": "storage#bucket", "id": bucket.name, "name": bucket.name, "location": "US-CENTRAL1",
        "locationType": "region", "storageClass": "STANDARD", "metageneration": "1",
    }  # fmt: skip


def _resume(session: Session) -> Answer:
    kept = len(session.kept)
    return Answer(308, b"", {"Range": f"bytes=0-{kept - 1}"} if kept else {})


def _media(found: Object, headers: Message) -> Answer:
    """An object's bytes, or those that the Range header asks for."""
    said = {
        "Content-Type": found.content_type, "ETag": found.etag, "X-Goog-Generation": str(found.generation),
        "X-Goog-Metageneration": str(found.metageneration), "X-Goog-Stored-Content-Encoding": "identity",
        "X-Goog-Stored-Content-Length": str(len(found.data)), "X-Goog-Storage-Class": "STANDARD",
        "X-Goog-Hash": f"crc32c={found.crc32c}" + (f",md5={found.md5}" if found.md5 else ""),
    }  # fmt: skip
    size = len(found.data)
    match = _BYTES.fullmatch(headers.get("Range") or "")
    if match is None or not (match["first"] or match["last"]):
        return Answer(200, found.data, said)
    first = int(match["first"]) if match["first"] else max(0, size - int(match["last"]))
    last = min(int(match["last"]), size - 1) if match["first"] and match["last"] else size - 1
    if first >= size or last < first:
        return Answer(416, b"Request range not satisfiable", {"Content-Range": f"bytes */{size}"})
    return Answer(206, found.data[first : last + 1], {**said, "Content-Range": f"bytes {first}-{last}/{size}"})


def _parts(headers: Message, data: bytes) -> tuple[Json, bytes]:
    """Metadata and bytes of a multipart upload."""
    boundary = headers.get_param("boundary")
    if not isinstance(boundary, str):
        raise Refused(400, "Failed to parse the multipart boundary.")
    marker = b"--" + boundary.encode()
    _, about, media = (b"\r\n" + data).split(b"\r\n" + marker, 2)
    end = media.rfind(b"\r\n" + marker + b"--")
    if end < 0:
        raise Refused(400, "Missing end boundary in multipart body.")
    kind, _, payload = media[:end].partition(b"\r\n\r\n")
    told = json.loads(about.partition(b"\r\n\r\n")[2])
    found = re.search(rb"(?i)content-type:\s*([^\r\n]+)", kind)
    told.setdefault("contentType", found[1].decode() if found else None)
    return told, payload
