"""What is removed is what nobody needs; everything else stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.contract.stores import bucket_store
from tests.fakes.gcs import GcsServer
from tests.unit.jobs.told import fill, run_of
from triviareel.errors import InputError
from triviareel.jobs import leavings, places
from triviareel.jobs.leavings import Kind
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

LEFT = {
    "jobs/demo/b-00001/_CLAIM.json": Kind.CLAIM,
    "jobs/demo/b-00001/_ASKING.json": Kind.CLAIM,
    "jobs/demo/b-00001/pending.json": Kind.PENDING,
    "jobs/demo/b-00001/rejected/final_video.mp4": Kind.REJECT,
    "jobs/demo/b-00001/rejected/reason.txt": Kind.REJECT,
}
ANY = timedelta(seconds=-5)
"""An age that everything has; the clock of a bucket counts whole seconds."""


@pytest.mark.parametrize(
    ("text", "age"), [("7d", timedelta(days=7)), ("36H", timedelta(hours=36)), ("90m", timedelta(hours=1.5))]
)
def test_ages(text: str, age: timedelta) -> None:
    assert leavings.age(text) == age


@pytest.mark.parametrize("text", ["", "7", "7 weeks", "-1d", "59m", "0d", "1e3d", "999999d", "٣d"])
def test_an_age_that_is_none_or_could_be_of_something_in_use_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=r"older-than"):
        leavings.age(text)


def test_only_what_was_left_is_listed_and_removed(store: Store) -> None:
    fill(store, run_of(3), "rendered", "unfit", "written")
    for name in ("dataset.json", "questions.csv", "rejected.jsonl"):
        store.write(f"jobs/demo/b-00001/{name}", b"kept")
    kept = {stat.name for stat in store.list()}
    for name in LEFT:
        store.write(name, b"left")
    found = list(leavings.found(store, ANY))
    assert {one.stat.name: one.kind for one in found} == LEFT
    assert sum(one.stat.size for one in found) == 4 * len(LEFT)
    assert list(leavings.found(store, timedelta(hours=1))) == []
    assert list(leavings.found(store, ANY, "other")) == []
    assert all(leavings.remove(store, one) for one in found)
    assert {stat.name for stat in store.list()} == kept


def test_companions_stay_whose_video_has_come_without_them(store: Store) -> None:
    """Its worker was killed between the two; the next one writes them beside it, and renders nothing."""
    store.write("jobs/demo/b/pending.json", b"staged")
    store.write("jobs/Odd/b/pending.json", b"left")
    store.write("final_videos/demo/b/final_video.mp4", b"video")
    assert [one.stat.name for one in leavings.found(store, ANY)] == ["jobs/Odd/b/pending.json"]
    store.write("final_videos/demo/b/metadata.json", b"{}")
    assert len(list(leavings.found(store, ANY))) == 2


def test_what_a_worker_that_is_alive_has_staged_stays_however_long_its_upload_takes() -> None:
    film, hours = places.of_job("demo", "b").film, timedelta(hours=1)
    with GcsServer() as server:
        store = bucket_store(server)
        store.write(film.pending, b"staged")
        store.write(film.claim, b"1")
        server.set_clock(2 * 3600)
        store.write(film.claim, b"2")
        assert list(leavings.found(store, hours)) == []
        server.set_clock(4 * 3600)
        store.stat(film.video)  # every answer tells the time
        assert [one.kind for one in leavings.found(store, hours)] == [Kind.CLAIM, Kind.PENDING]


def test_what_was_left_beside_a_video_of_render(store: Store) -> None:
    names = {
        "v/a.claim.json": Kind.CLAIM,
        "v/a.pending.json": Kind.PENDING,
        "v/a.rejected.mp4": Kind.REJECT,
        "v/a.rejected.txt": Kind.REJECT,
    }
    for name in (*names, "v/b.claim.json", "v/a.srt", "v/rejected.txt"):
        store.write(name, b"left")
    assert {one.stat.name: one.kind for one in leavings.beside(store, "v/a.mp4", ANY)} == names
    assert list(leavings.beside(store, "v/a.mp4", timedelta(hours=1))) == []
    store.write("v/a.mp4", b"video")
    assert "v/a.pending.json" not in [one.stat.name for one in leavings.beside(store, "v/a.mp4", ANY)]
    with pytest.raises(InputError, match=r"ends in \.mp4"):
        list(leavings.beside(store, "v/a.mov", ANY))


def test_what_was_renewed_since_it_was_listed_stays(store: Store) -> None:
    name = "jobs/demo/b/_CLAIM.json"
    store.write(name, b"1")
    [claim] = leavings.found(store, ANY)
    store.write(name, b"2")
    assert not leavings.remove(store, claim)
    assert store.read(name) == b"2"


def test_files_that_were_never_finished(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    for channel in ("demo", "other"):
        folder = tmp_path / "final_videos" / channel / "b"
        folder.mkdir(parents=True)
        (folder / ".tmp-0123").write_bytes(b"half")
    [one] = leavings.found(store, ANY, "demo")
    assert (one.kind, one.stat.name, one.stat.size) == (Kind.TEMPORARY, "final_videos/demo/b/.tmp-0123", 4)
    assert leavings.remove(store, one)
    assert len(list(leavings.found(store, ANY))) == 1
