"""Clips kept on disk, by text and voice key.

One file a clip: a 16-bit WAV that any player opens, followed by the SHA-256 of the WAV's bytes (players ignore what
comes after the RIFF chunk). A file is written beside its place and renamed, so readers and parallel writers only ever
see whole ones; one that is cut or damaged is made anew. Nothing here ever fails a video.
"""

from __future__ import annotations

import errno
import hashlib
import io
import logging
import os
import tempfile
import threading
import time
import wave
from pathlib import Path

import numpy as np

from triviareel.speech.clip import Clip, Voice

LIMIT_BYTES = 1 << 30
"""The folder is pruned to nine tenths of this, least recently used first; about six hours of speech."""

_PRUNE_EVERY = 256
"""Writes between two looks at the folder's size; the first write of a process looks, too."""
_ABANDONED_S = 3600
"""A temporary file of this age belongs to a process that is gone."""
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_DIGEST = hashlib.sha256().digest_size

log = logging.getLogger(__name__)


class CachedVoice:
    """A voice that says each text once.

    Args:
        voice: says what is not in the folder.
        folder: made when the first clip is written; several processes may share it.
        limit_bytes: size that the folder is held to, roughly.
    """

    def __init__(self, voice: Voice, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._voice = voice
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._lock = threading.Lock()
        self._writes = 0
        self._warned = False

    @property
    def name(self) -> str:
        """The name of the voice behind it."""
        return self._voice.name

    @property
    def key(self) -> str:
        """The key of the voice behind it: a kept clip is the same clip."""
        return self._voice.key

    def say(self, text: str) -> Clip:
        """The kept clip, or a new one, which is then kept.

        Raises:
            VoiceError: the voice cannot say the text.
        """
        place = self.place(text)
        clip = _read(place)
        if clip is None:
            clip = self._voice.say(text)
            self._keep(place, clip)
        return clip

    def release(self) -> None:
        """Give back the memory of the voice behind it."""
        self._voice.release()

    def place(self, text: str) -> Path:
        """Where the clip of a text is kept."""
        name = hashlib.sha256(f"{self.key}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
        return self._folder / f"{name}.wav"

    def _keep(self, place: Path, clip: Clip) -> None:
        try:
            _write(place, clip)
            with self._lock:
                due = self._writes % _PRUNE_EVERY == 0
                self._writes += 1
            if due:
                prune(self._folder, self._limit_bytes)
        except OSError as fault:
            with self._lock:
                first, self._warned = not self._warned, True
            if first:
                # Who may not write there is meant to do without, such as a container; any other fault should be seen
                level = logging.INFO if fault.errno in _FORBIDDEN else logging.WARNING
                told = "speech cache %s cannot be written (%s): speech is made anew each time"
                log.log(level, told, self._folder, fault)


def prune(folder: Path, limit_bytes: int) -> None:
    """Delete the least recently used clips beyond the limit, and what dead processes left behind."""
    kept: list[tuple[float, int, Path]] = []
    for entry in os.scandir(folder):
        try:
            state = entry.stat()
        except FileNotFoundError:  # another process pruned it
            continue
        if entry.name.endswith(".wav"):
            kept.append((state.st_mtime, state.st_size, Path(entry.path)))
        elif entry.name.endswith(".part") and state.st_mtime < time.time() - _ABANDONED_S:
            Path(entry.path).unlink(missing_ok=True)
    total = sum(size for _, size, _ in kept)
    if total <= limit_bytes:
        return
    for _, size, path in sorted(kept):
        path.unlink(missing_ok=True)
        total -= size
        if total <= limit_bytes * 9 // 10:
            return


def _write(place: Path, clip: Clip) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    data = _encode(clip)
    handle, part = tempfile.mkstemp(suffix=".part", dir=place.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data + hashlib.sha256(data).digest())
        Path(part).replace(place)
    finally:
        Path(part).unlink(missing_ok=True)


def _read(place: Path) -> Clip | None:
    """The clip kept there; None where there is none, or none that is whole."""
    try:
        stored = place.read_bytes()
    except OSError:
        return None
    data, digest = stored[:-_DIGEST], stored[-_DIGEST:]
    if hashlib.sha256(data).digest() != digest:
        log.info("speech cache: %s is damaged and is made anew", place)
        return None
    try:
        os.utime(place)  # marks it as used
    except OSError:  # a folder that may only be read serves as well
        log.debug("speech cache: %s cannot be marked as used", place)
    return _decode(data)


def _encode(clip: Clip) -> bytes:
    pcm = np.clip(np.rint(clip.samples * 32768), -32768, 32767).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(clip.rate)
        file.writeframes(pcm.tobytes())
    return buffer.getvalue()


def _decode(data: bytes) -> Clip:
    with wave.open(io.BytesIO(data)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return Clip(pcm.astype(np.float32) / np.float32(32768), file.getframerate())
