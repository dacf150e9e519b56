import errno
import logging
import threading
import wave
from pathlib import Path

import numpy as np
import pytest

from triviareel.errors import VoiceError
from triviareel.speech.cache import CachedVoice, prune
from triviareel.speech.clip import Clip


class Counting:
    """A voice whose clips follow from the text, and that counts what it is asked for."""

    name = "counting"

    def __init__(self, key: str = "counting 1") -> None:
        self.key = key
        self.said: list[str] = []
        self.released = 0

    def say(self, text: str) -> Clip:
        if not text:
            raise VoiceError("there is nothing to say")
        self.said.append(text)
        steps = np.random.default_rng(len(text)).integers(-32768, 32768, 2400)
        return Clip((steps / 32768).astype(np.float32), 24_000)

    def release(self) -> None:
        self.released += 1


def same(a: Clip, b: Clip) -> bool:
    return a.rate == b.rate and a.samples.dtype == b.samples.dtype and np.array_equal(a.samples, b.samples)


def test_a_text_is_said_once_and_comes_back_exactly(tmp_path: Path) -> None:
    first = Counting()
    made = CachedVoice(first, tmp_path / "new" / "folder").say("Paris")
    second = Counting()
    kept = CachedVoice(second, tmp_path / "new" / "folder").say("Paris")
    assert same(made, kept)
    assert first.said == ["Paris"]
    assert second.said == []


def test_text_and_key_both_tell_clips_apart(tmp_path: Path) -> None:
    one, other = Counting("voice 1"), Counting("voice 2")
    for voice in (one, other):
        for text in ("Paris", "Rome", "Paris"):
            CachedVoice(voice, tmp_path).say(text)
    assert one.said == other.said == ["Paris", "Rome"]


@pytest.mark.parametrize("damage", ["cut", "empty", "flipped", "other"])
def test_a_damaged_clip_is_made_anew(tmp_path: Path, damage: str) -> None:
    voice = CachedVoice(Counting(), tmp_path)
    made = voice.say("Paris")
    place = voice.place("Paris")
    whole = place.read_bytes()
    middle = len(whole) // 2
    place.write_bytes(
        {
            "cut": whole[:-100],
            "empty": b"",
            "flipped": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
            "other": b"no sound at all",
        }[damage]
    )
    counting = Counting()
    assert same(CachedVoice(counting, tmp_path).say("Paris"), made)
    assert counting.said == ["Paris"]
    assert place.read_bytes() == whole


def test_a_kept_clip_opens_as_a_wav(tmp_path: Path) -> None:
    voice = CachedVoice(Counting(), tmp_path)
    voice.say("Paris")
    with wave.open(str(voice.place("Paris"))) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (24_000, 1, 2)
        assert file.getnframes() == 2400


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    counting = Counting()
    voice = CachedVoice(counting, tmp_path / "file" / "folder")
    with caplog.at_level(logging.WARNING):
        assert same(voice.say("Paris"), voice.say("Paris"))
        voice.say("Rome")
    assert counting.said == ["Paris", "Paris", "Rome"]
    assert len(caplog.records) == 1
    assert "cannot be written" in caplog.text


def test_a_cache_that_may_only_be_read_is_nothing_to_warn_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with caplog.at_level(logging.INFO, "triviareel"):
        CachedVoice(Counting(), tmp_path).say("Paris")
    assert [record.levelname for record in caplog.records] == ["INFO"]


def test_what_cannot_be_said_is_not_kept(tmp_path: Path) -> None:
    voice = CachedVoice(Counting(), tmp_path)
    with pytest.raises(VoiceError):
        voice.say("")
    assert list(tmp_path.iterdir()) == []


def test_parallel_writers_leave_only_whole_clips(tmp_path: Path) -> None:
    texts = [f"{'x' * n}" for n in range(1, 9)]

    def work() -> None:
        voice = CachedVoice(Counting(), tmp_path)
        for text in texts:
            voice.say(text)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = Counting()
    voice = CachedVoice(reader, tmp_path)
    assert all(same(voice.say(text), Counting().say(text)) for text in texts)
    assert reader.said == []
    assert len(list(tmp_path.iterdir())) == len(texts)


def test_the_folder_is_held_to_its_limit_and_keeps_what_was_used_last(tmp_path: Path) -> None:
    import os

    voice = CachedVoice(Counting(), tmp_path)
    for age, text in enumerate(["new", "older", "oldest"]):
        voice.say(text)
        os.utime(voice.place(text), (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "dead.part").write_bytes(b"left behind")
    os.utime(tmp_path / "dead.part", (1, 1))
    (tmp_path / "busy.part").write_bytes(b"being written")
    size = voice.place("new").stat().st_size
    prune(tmp_path, 2 * size + size // 2)
    assert {p.name for p in tmp_path.iterdir()} == {voice.place("new").name, voice.place("older").name, "busy.part"}
    prune(tmp_path, 2 * size + size // 2)
    assert voice.place("older").exists()


def test_memory_is_given_back_through_the_cache(tmp_path: Path) -> None:
    counting = Counting()
    CachedVoice(counting, tmp_path).release()
    assert counting.released == 1
