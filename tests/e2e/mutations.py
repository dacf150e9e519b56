"""Assets gone wrong in every way that has been thought of, and what may come of each.

A video is *bad* if it is committed and

- its asset arrived damaged or was replaced while in use, and its content is not that of the version it began with; or
- its asset is damaged where it lies, and a strict decoder finds fault with it.

A flipped byte that every decoder takes for a picture is no damage that anybody could know of: in a folder nothing says
what the file should hold. In a bucket its checksum does, so there no byte may be lost on the way.
"""

from __future__ import annotations

import random
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import cycle, islice
from pathlib import Path

import numpy as np

from tests.fakes.remote import Remote
from triviareel.errors import EncodeError, TriviaError
from triviareel.jobs import thumbnail
from triviareel.jobs.request import Look
from triviareel.jobs.studio import LazyPack, PackPlace, Studio, open_studio
from triviareel.settings import Settings
from triviareel.storage.folder import FolderStore
from triviareel.storage.scratch import in_ram
from triviareel.storage.streams import Streams
from triviareel.video import assets, ffmpeg
from triviareel.video.cards import CardText, Title
from triviareel.video.render import VIDEO, Order, render
from triviareel.video.score import Spoken

PLACE = "demo/video-assets"
CHUNK = 16 << 10
"""Bytes; the small pack's files have several."""

_SILENT = np.zeros(0, np.float32)
_CARD = CardText("q1", "Space", "easy", "Which is the largest?", ("Mars", "Jupiter", "Venus", "Earth"), 1, "By far.")

# Each names a place that is not to be read.
_PLAYLISTS = (
    "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{place}\n#EXT-X-ENDLIST\n",
    '#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:10\n#EXT-X-MAP:URI="{place}"\n#EXTINF:10,\n{place}\n',
    "ffconcat version 1.0\nfile '{place}'\n",
    '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT10S">'
    '<Period><AdaptationSet><Representation id="1" bandwidth="1" mimeType="video/mp4">'
    "<BaseURL>{place}</BaseURL></Representation></AdaptationSet></Period></MPD>\n",
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="64" height="64">'
    '<image xlink:href="{place}" href="{place}" width="64" height="64"/></svg>\n',
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "{place}">]><x>&e;</x>\n',
    "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\na=control:{place}\nm=video 9 RTP/AVP 96\n",
    "[playlist]\nNumberOfEntries=1\nFile1={place}\n",
)


@dataclass(frozen=True, slots=True)
class Case:
    """One asset gone wrong."""

    kind: str
    name: str
    at_rest: bytes | None = None
    """What lies there in its place."""
    on_the_way: Callable[[int, bytes], bytes] | None = None
    """What becomes of a part, by its first byte, when it is read."""
    replaced_at: int | None = None
    """Another version is written before the part with this byte is read, or with −1 when the encoder has begun."""
    replacement: bytes = b""
    bucket: bool = True
    """Whether the pack is in a bucket or a folder."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a case."""

    case: Case
    error: TriviaError | None
    content: str = ""
    """Hash of the committed video."""
    bad: str = ""
    """Why it should not have been committed."""


def cases(pack: Path, places: Sequence[str], times: int, seed: int) -> Iterator[Case]:
    """Damaged assets of every kind, 104 for each of `times`.

    Args:
        pack: folder of a whole pack.
        places: what playlists are to name.
        times: how often.
        seed: of all that is random.
    """
    rng = random.Random(seed)
    whole = {name: (pack / name).read_bytes() for name in assets.FILES}
    for _ in range(times):
        yield from _at_rest(whole, rng)
        yield from _of_wrong_type(whole, rng)
        yield from _on_the_way(whole, rng)
        yield from _replaced(whole, rng, places)
        yield from _playlists(places)


def _at_rest(whole: dict[str, bytes], rng: random.Random) -> Iterator[Case]:
    for number, name in enumerate(islice(cycle(assets.FILES), 16)):
        data = whole[name]
        yield Case("cut", name, data[: rng.randrange(1, len(data) - len(data) // 20)], bucket=number % 2 == 0)
    for number, name in enumerate(rng.sample(assets.FILES, 4)):
        flip = _flip(rng.randrange(len(whole[name])), rng.randrange(8))
        yield Case("flipped where it lies", name, flip(0, whole[name]), bucket=number % 2 == 0)


def _of_wrong_type(whole: dict[str, bytes], rng: random.Random) -> Iterator[Case]:
    others = {
        "nothing": b"",
        "text": b"not a video\n" * 1000,
        "noise": rng.randbytes(100_000),
        "zeros": bytes(100_000),
        "a picture": b"\x89PNG\r\n\x1a\n" + rng.randbytes(5000),
        "an archive": b"PK\x03\x04" + rng.randbytes(5000),
        "a head and noise": whole["1.mp4"][:2000] + rng.randbytes(50_000),
    }
    for number, (kind, data) in enumerate(others.items()):
        yield Case(f"wrong type: {kind}", assets.FILES[number % 4], data, bucket=number % 2 == 0)
        yield Case(f"wrong type: {kind}", assets.DING, data, bucket=number % 2 == 1)


def _on_the_way(whole: dict[str, bytes], rng: random.Random) -> Iterator[Case]:
    for name in islice(cycle(assets.FILES), 24):
        yield Case("flipped on the way", name, on_the_way=_flip(rng.randrange(len(whole[name])), rng.randrange(8)))
    for name in islice(cycle(assets.FILES), 8):
        yield Case("cut on the way", name, on_the_way=_cut(rng.randrange(len(whole[name]))))


def _flip(at: int, bit: int) -> Callable[[int, bytes], bytes]:
    def flip(start: int, data: bytes) -> bytes:
        if not start <= at < start + len(data):
            return data
        changed = bytearray(data)
        changed[at - start] ^= 1 << bit
        return bytes(changed)

    return flip


def _cut(at: int) -> Callable[[int, bytes], bytes]:
    return lambda start, data: data[: at - start] if start <= at < start + len(data) else data


def _replaced(whole: dict[str, bytes], rng: random.Random, places: Sequence[str]) -> Iterator[Case]:
    for name in islice(cycle(assets.FILES), 10):
        other = whole["2.mp4" if name != "2.mp4" else "3.mp4"]
        yield Case("replaced while it is opened", name, replaced_at=rng.randrange(len(whole[name])), replacement=other)
    yield Case("replaced while it is rendered", "1.mp4", replaced_at=-1, replacement=whole["2.mp4"])
    yield Case("replaced while it is rendered", "1.mp4", replaced_at=-1, replacement=b"", bucket=False)
    for place, text in zip(cycle(places), _PLAYLISTS[:4], strict=False):
        data = text.replace("{place}", place).encode()
        yield Case("replaced by a playlist", assets.TIMER, replaced_at=-2, replacement=data, bucket=False)


def _playlists(places: Sequence[str]) -> Iterator[Case]:
    names = cycle(assets.FILES)
    for number, text in enumerate(_PLAYLISTS):
        for place in places:
            data = text.replace("{place}", place).encode()
            yield Case("a playlist in disguise", next(names), data, bucket=number % 2 == 0)


class Worker:
    """Makes a small video of each case.

    Args:
        pack: folder of a whole pack.
        folder: takes everything else.
    """

    def __init__(self, pack: Path, folder: Path) -> None:
        self._pack = pack
        self._folder = folder
        self._studio = open_studio(
            Look(voice="none", encoder="x264", resolution=720, fps=24),
            Settings(folder / "cache", "auto", {}),
            PackPlace(FolderStore(pack.parent), pack.name),
            print,
        )
        self._target = FolderStore(folder / "out")
        self._count = 0
        self.whole = self._made(self._studio, "whole.mp4", lambda: None)
        """Hash of the video that the whole pack gives."""

    def attempt(self, case: Case) -> Result:
        """Make a video of a case, as far as it goes."""
        self._count += 1
        root, target = self._folder / str(self._count), f"{self._count}.mp4"
        shutil.copytree(self._pack, root / PLACE)
        if case.at_rest is not None:
            (root / PLACE / case.name).write_bytes(case.at_rest)
        store = Remote(root) if case.bucket else FolderStore(root)
        return self._judged(case, store, target)

    def _judged(self, case: Case, store: FolderStore, target: str) -> Result:
        def replace_it() -> None:
            store.write(f"{PLACE}/{case.name}", case.replacement)

        if isinstance(store, Remote):
            store.spoil = _spoiler(case, replace_it)
        streams = Streams(1 << 30, CHUNK)
        try:
            pack = LazyPack(assets.in_store(store, PLACE, streams.source), assets.open_pack)
            studio = replace(self._studio, lazy_pack=pack)
            if case.replaced_at == -2:
                pack.open()
                replace_it()
            content = self._made(studio, target, replace_it if case.replaced_at == -1 else lambda: None)
        except TriviaError as error:
            return Result(case, error, bad=f"{target} is there" if self._target.stat(target) else "")
        finally:
            streams.close()
        return Result(case, None, content, self._fault(case, content))

    def _made(self, studio: Studio, name: str, begun: Callable[[], None]) -> str:
        """Make a video as `jobs.film` does, and commit it; returns its content's hash."""
        once = iter([begun])
        with in_ram() as scratch:
            order = _order(studio)
            made = render(order, scratch, lambda _: next(once, lambda: None)(), threading.Event())
            thumbnail.jpeg(studio, order.cards[0], order.title)
            self._target.commit(name, scratch.file(VIDEO))
        return made.content_hash

    def _fault(self, case: Case, content: str) -> str:
        if case.at_rest is None:
            return "" if content == self.whole else "its content is not the whole pack's"
        spoilt = self._folder / "spoilt"
        spoilt.write_bytes(case.at_rest)
        strict = ["-v", "error", "-xerror", "-err_detect", "explode", "-i", str(spoilt), "-f", "null", "-"]
        try:
            return ffmpeg.run([str(ffmpeg.executable()), *strict])
        except EncodeError as error:
            return str(error)


def _spoiler(case: Case, replace_it: Callable[[], None]) -> Callable[[str, int, bytes], bytes]:
    at = case.replaced_at

    def spoil(name: str, start: int, data: bytes) -> bytes:
        if not name.endswith(case.name):
            return data
        if at is not None and start <= at < start + len(data):
            replace_it()
        return case.on_the_way(start, data) if case.on_the_way else data

    return spoil


def _order(studio: Studio) -> Order:
    """One question and next to nothing around it."""
    pace = replace(studio.theme.pace, intro_s=Fraction(1), outro_s=Fraction(1), reading_rate=60)
    return Order(
        canvas=studio.canvas,
        theme=replace(studio.theme, pace=pace),
        cards=(_CARD,),
        title=Title("Space", "1 question", "Thanks", "See you"),
        spoken=(Spoken(_SILENT, (_SILENT,) * 4, _SILENT),),
        intro_speech=_SILENT,
        outro_speech=_SILENT,
        pack=studio.pack,
        encoder="x264",
    )
