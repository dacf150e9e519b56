"""What all videos of a run share: theme, voice, asset pack. Opened once, before anything is made."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from triviareel.errors import AssetError, EncoderMissing, InputError, StorageError
from triviareel.jobs import fingerprint
from triviareel.jobs.request import Look, bad_name, is_name, look_problems
from triviareel.questions import csvfile
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.speech import voices
from triviareel.speech.clip import Voice
from triviareel.storage import open_store
from triviareel.storage.faults import explained
from triviareel.video import assets, ffmpeg, theme
from triviareel.video.assets import AssetPack
from triviareel.video.canvas import Canvas
from triviareel.video.encoder import choose
from triviareel.video.theme import Theme

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that one video needs beside its questions and its seed."""

    look: Look
    canvas: Canvas
    theme: Theme
    voice: Voice
    pack: AssetPack
    ffmpeg: str
    """Which one to run, as in Settings."""
    digest: str
    """Hash of the theme's, the voice's and the pack's contents, and of what draws and encodes."""

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


def open_studio(look: Look, settings: Settings, pack: Path | None, tell: Callable[[str], None]) -> Studio:
    """Open what a look needs.

    Args:
        look: how the videos are to be.
        settings: of this machine.
        pack: folder of an asset pack; without one the default pack is drawn, once, in the cache.
        tell: is told of work that takes long.

    Raises:
        InputError: the look is not possible here; the message names everything that is wrong with it.
    """
    wrong = look_problems(look)
    found_theme = _collect(wrong, lambda: theme.load(look.theme))
    voice = _collect(wrong, lambda: voices.open_voice(look.voice, settings.cache / "speech"))
    choice = _collect(wrong, lambda: choose(look.encoder, ffmpeg.candidates(settings.ffmpeg), ffmpeg.prove))
    found_pack = None if wrong else _collect(wrong, lambda: _pack(pack, settings.cache, tell))
    if wrong or found_theme is None or voice is None or found_pack is None or choice is None:
        raise InputError("; ".join(wrong))
    made_by = [choice.encoder, ffmpeg.version(choice.executable), *fingerprint.drawing_versions()]
    contents = [found_theme.digest, voice.key, found_pack.digest, *made_by]
    digest = hashlib.sha256("\n".join(contents).encode()).hexdigest()
    return Studio(look, look.canvas(), found_theme, voice, found_pack, settings.ffmpeg, digest)


def pack_place(channel: str) -> str:
    """The name, within ASSETS, of a channel's asset pack.

    Raises:
        InputError: no channel may be called so.
    """
    if not is_name(channel):
        raise InputError(bad_name("channel", channel))
    return f"{channel}/video-assets"


def pack_of(assets_uri: str, channel: str) -> Path:
    """The folder of a channel's asset pack.

    Raises:
        InputError: there is no such folder.
    """
    folder = open_store(assets_uri).local(pack_place(channel))
    assert folder is not None  # noqa: S101 - so far every store is a folder
    with explained(folder, "read"):
        there = folder.is_dir()
    if not there:
        raise InputError(
            f"{folder}: channel {channel} has no asset pack there; "
            f"make one to start from: triviareel assets build --to {shlex.quote(assets_uri)} --channel {channel}"
        )
    return folder


def _pack(folder: Path | None, cache: Path, tell: Callable[[str], None]) -> assets.AssetPack:
    """A channel's pack, decoded to its end since it comes from outside, or the default one, which we made whole."""
    if folder:
        with explained(folder, "read"):
            return assets.open_pack(folder)
    kept = _default_pack(cache, tell)
    try:
        return assets.open_pack(kept, thorough=False)
    except AssetError as error:
        raise AssetError(f"{error}, or delete {kept}, which is then made anew") from error


def _default_pack(cache: Path, tell: Callable[[str], None]) -> Path:
    if not assets.default_folder(cache).is_dir():
        tell("drawing the backgrounds, once for all videos (some 20 s)")
    try:
        return assets.default_pack(cache)
    except (InputError, StorageError) as error:
        raise type(error)(f"{error} (TRIVIAREEL_CACHE names the place)") from error


def _collect(wrong: list[str], open_one: Callable[[], T]) -> T | None:
    """Open one thing; what is wrong with it joins the list, so that all can be told at once."""
    try:
        return open_one()
    except (InputError, EncoderMissing) as error:
        wrong.append(str(error))
        return None
