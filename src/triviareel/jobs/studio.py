"""What all videos of a run share: theme, voice, asset pack. Opened once, before anything is made."""

from __future__ import annotations

import hashlib
import json
import shlex
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

from triviareel import memory
from triviareel.errors import AssetError, EncoderMissing, InputError, StorageError
from triviareel.jobs import fingerprint
from triviareel.jobs.request import Look, bad_name, is_name, look_problems
from triviareel.questions import csvfile
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.speech import voices
from triviareel.speech.clip import Voice
from triviareel.storage import Stat, Store, open_store
from triviareel.storage.source import Source
from triviareel.video import assets, ffmpeg, stock, theme
from triviareel.video.assets import AssetPack
from triviareel.video.canvas import Canvas
from triviareel.video.encoder import ON_GPU, choose
from triviareel.video.theme import Theme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PackPlace:
    """Where an asset pack is."""

    store: Store
    name: str
    """In the store; the five files are beneath it."""


class LazyPack:
    """An asset pack that is opened when it is first needed, once for all threads."""

    def __init__(self, sources: Sequence[Source], open_it: Callable[[Sequence[Source]], AssetPack]) -> None:
        self._sources = sources
        self._open_it = open_it
        self._opened: AssetPack | None = None
        self._lock = threading.Lock()

    @cached_property
    def identity(self) -> str:
        """Tells its contents; of objects in a bucket nothing is read for it."""
        return assets.identity(self._sources)

    def open(self) -> AssetPack:
        """The pack, decoded and found whole; errors as in `assets.open_pack`."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open_it(self._sources)
            return self._opened


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that one video needs beside its questions and its seed."""

    look: Look
    canvas: Canvas
    theme: Theme
    voice: Voice
    lazy_pack: LazyPack
    ffmpeg: str
    """Which one to run, as in Settings."""
    on_gpu: bool
    """Whether a GPU encodes."""
    compose_on_gpu: bool
    """Whether it may compose, too."""
    digest: str
    """Hash of the theme's, the voice's and the pack's contents, and of what draws and encodes."""

    @property
    def pack(self) -> AssetPack:
        """The asset pack, which is opened now if it was not before.

        Raises:
            AssetError: a file of it is damaged or of the wrong kind.
            StorageError: one could not be read, or arrived damaged.
        """
        return self.lazy_pack.open()

    def render_key(self, questions: Sequence[Question], seed: int) -> str:
        """Hash of everything that a video depends on: same key, same video."""
        parts = {
            "code": fingerprint.code_version(),
            "look": asdict(self.look),
            "studio": self.digest,
            "questions": hashlib.sha256(csvfile.dumps(questions)).hexdigest(),
            "seed": seed,
        }
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def open_studio(look: Look, settings: Settings, pack: PackPlace | None, tell: Callable[[str], None]) -> Studio:
    """Open what a look needs. The asset pack is only looked for: what is finished needs none of it.

    Args:
        look: how the videos are to be.
        settings: of this machine.
        pack: where the asset pack is; without one the default pack is drawn, once, in the cache.
        tell: is told of work that takes long.

    Raises:
        InputError: the look is not possible here; the message names everything that is wrong with it.
    """
    memory.check_limit()
    wrong = look_problems(look)
    found_theme = _collect(wrong, lambda: theme.load(look.theme))
    voice = _collect(wrong, lambda: voices.open_voice(look.voice, settings.cache / "speech"))
    choice = _collect(wrong, lambda: choose(look.encoder, ffmpeg.candidates(settings.ffmpeg), ffmpeg.prove))
    found_pack = None if wrong else _collect(wrong, lambda: _pack(pack, settings, tell))
    if wrong or found_theme is None or voice is None or found_pack is None or choice is None:
        raise InputError("; ".join(wrong))
    made_by = [choice.encoder, ffmpeg.version(choice.executable), *fingerprint.drawing_versions()]
    on_gpu = choice.encoder in ON_GPU
    composes = on_gpu and settings.compose_on_gpu
    if composes:  # whose rounding is its own
        made_by.append("composed by the GPU")
    contents = [found_theme.digest, voice.key, found_pack.identity, *made_by]
    digest = hashlib.sha256("\n".join(contents).encode()).hexdigest()
    return Studio(look, look.canvas(), found_theme, voice, found_pack, settings.ffmpeg, on_gpu, composes, digest)


def pack_place(channel: str) -> str:
    """The name, within ASSETS, of a channel's asset pack.

    Raises:
        InputError: no channel may be called so.
    """
    if not is_name(channel):
        raise InputError(bad_name("channel", channel))
    return f"{channel}/video-assets"


def pack_of(assets_uri: str, channel: str) -> PackPlace:
    """Where a channel's asset pack is.

    Raises:
        InputError: there is none.
        StorageError: it cannot be looked for now.
    """
    place = PackPlace(open_store(assets_uri), pack_place(channel))
    if not any(place.store.stat(f"{place.name}/{name}") for name in assets.FILES):
        raise InputError(
            f"{place.store.uri(place.name)}: channel {channel} has no asset pack there; "
            f"make one to start from: triviareel assets build --to {shlex.quote(assets_uri)} --channel {channel}"
        )
    return place


def _pack(place: PackPlace | None, settings: Settings, tell: Callable[[str], None]) -> LazyPack:
    """A channel's pack, to be decoded to its end since it comes from outside, or the default one, which we made."""
    if place:
        return LazyPack(assets.in_store(place.store, place.name, partial(_streamed, settings)), assets.open_pack)
    kept = default_pack(settings.cache, tell)
    mend = f"or delete {kept}, which is then made anew"
    with _mended(mend):
        return LazyPack(assets.in_folder(kept), partial(_open_default, mend))


def _open_default(mend: str, sources: Sequence[Source]) -> AssetPack:
    with _mended(mend):
        return assets.open_pack(sources, thorough=False)


@contextmanager
def _mended(mend: str) -> Iterator[None]:
    try:
        yield
    except AssetError as error:
        raise AssetError(f"{error}, {mend}") from error


def _streamed(settings: Settings, store: Store, stat: Stat) -> Source:
    from triviareel.storage import streams  # its checksums come with the gcp extra, which folders do not need

    return streams.of_process(settings.asset_ram).source(store, stat)


def default_pack(cache: Path, tell: Callable[[str], None]) -> Path:
    """The folder of the default pack. Where the cache has it already, as images do, nothing is written.

    Raises:
        InputError: the cache may not be written.
        StorageError: it cannot be written now.
    """
    if not stock.place(cache).is_dir():
        tell("drawing the backgrounds, once for all videos (some 20 s)")
    try:
        return stock.in_cache(cache)
    except (InputError, StorageError) as error:
        raise type(error)(f"{error} (TRIVIAREEL_CACHE names the place)") from error


def _collect(wrong: list[str], open_one: Callable[[], T]) -> T | None:
    """Open one thing; what is wrong with it joins the list, so that all can be told at once."""
    try:
        return open_one()
    except (InputError, EncoderMissing) as error:
        wrong.append(str(error))
        return None
