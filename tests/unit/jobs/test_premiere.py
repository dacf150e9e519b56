"""A video and its companions are put in place, by workers that are killed or refused at every step."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from triviareel.errors import Conflict, StorageError
from triviareel.jobs import gate, premiere
from triviareel.jobs.places import FilmPlace, of_job
from triviareel.jobs.premiere import COMPANIONS, Facts
from triviareel.storage import Store
from triviareel.storage.folder import FolderStore

PLACE = of_job("demo", "j").film


class Killed(BaseException):
    """The worker is no more."""


class Doomed:
    """A store in which something happens before or after the nth operation."""

    def __init__(self, store: Store, number: int, *, after: bool, error: Callable[[], BaseException]) -> None:
        self._store, self._left, self._after, self._error = store, number, after, error

    @property
    def dead(self) -> bool:
        """Whether it came to that."""
        return self._left <= 0

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        if name not in ("stat", "read", "write", "commit", "delete", "sha256", "list"):
            return real

        def doing(*args: Any, **named: Any) -> Any:
            self._left -= 1
            if self._left == 0 and not self._after:
                raise self._error()
            result = real(*args, **named)
            if self._left == 0:
                raise self._error()
            return result

        return doing


def version(name: str) -> tuple[bytes, dict[str, bytes]]:
    """A video and its companions, which all say which one they are of."""
    video = f"video {name}".encode()
    facts = Facts(1.0, 24, 2, 2, 24, 1, 1.0, "x264", -14.0, -1.0, "c", hashlib.sha256(video).hexdigest(), len(video))
    told = json.dumps({"render_key": name, "video": facts.as_json(), "of": name}).encode()
    return video, {"thumbnail": f"of {name}".encode(), "captions": f"of {name} too".encode(), "metadata": told}


def put(store: Store, name: str, folder: Path) -> None:
    """As a worker does that has rendered a version."""
    video, beside = version(name)
    file = folder / f"{name}.mp4"
    file.write_bytes(video)
    present = store.stat(PLACE.video)
    premiere.commit(store, PLACE, beside, file, present.generation if present else 0, lambda: None)


def seen(store: Store) -> tuple[str, set[str]]:
    """Which version of the video can be seen, and which companions; all of these must be of the same version."""
    video = store.read(PLACE.video).decode().split()[1] if store.stat(PLACE.video) else ""
    there = {kind for kind in COMPANIONS if store.stat(getattr(PLACE, kind))}
    if there:
        assert video
        _, beside = version(video)
        for kind in there:
            assert store.read(getattr(PLACE, kind)) == beside[kind]
    return video, there


WHOLE = set(COMPANIONS)


def goes_on(store: Store, name: str, folder: Path) -> bool:
    """What the next worker does with that version; tells whether it rendered."""
    gate.check_place(store, PLACE)
    if premiere.found(store, PLACE, name):
        return False
    put(store, name, folder)
    return True


def doomed(store: Store, error: Callable[[], BaseException]) -> Iterator[Any]:
    """The same store, dying before and after each operation of a commit."""
    for after in (False, True):
        number, dying = 0, None
        while dying is None or dying.dead:
            number += 1
            dying = Doomed(store, number, after=after, error=error)
            yield dying


@pytest.mark.parametrize(("store", "replaced"), [("bucket", "old"), ("folder", "")], indirect=["store"])
def test_killed_at_any_step_no_mixture_is_seen_and_the_next_worker_makes_it_whole(
    store: Store, tmp_path: Path, replaced: str
) -> None:
    killed = completed = 0
    for dying in doomed(store, Killed):
        for stat in list(store.list()):
            store.delete(stat.name)
        if replaced:
            put(store, replaced, tmp_path)
        try:
            put(dying, "new", tmp_path)
        except Killed:
            killed += 1
        if not dying.dead:
            continue
        video, _ = seen(store)
        assert video in (replaced, "new")
        rendered = goes_on(store, "new", tmp_path)
        assert rendered == (video != "new")
        completed += not rendered
        assert seen(store) == ("new", WHOLE)
        assert store.stat(PLACE.pending) is None or premiere.finished(store, PLACE, "new")
        assert premiere.finished(store, PLACE, "new")
    assert killed > 20
    assert completed > 8


@pytest.mark.parametrize("store", ["folder"], indirect=True)
@pytest.mark.parametrize("error", [Killed, lambda: StorageError("the disk is full")], ids=["killed", "refused"])
def test_whoever_wants_the_old_video_again_gets_it_whole(
    store: Store, tmp_path: Path, error: Callable[[], BaseException]
) -> None:
    """Such as after a theme was changed, and changed back."""
    ended = 0
    for dying in doomed(store, error):
        for stat in list(store.list()):
            store.delete(stat.name)
        put(store, "old", tmp_path)
        try:
            put(dying, "new", tmp_path)
        except (Killed, StorageError):
            ended += 1
        goes_on(store, "old", tmp_path)
        assert seen(store) == ("old", WHOLE)
    assert ended > 20


@pytest.mark.parametrize("store", ["folder"], indirect=True)
def test_refused_at_any_step_all_stands_as_before_or_is_finished_later(store: Store, tmp_path: Path) -> None:
    refused = as_before = 0
    for dying in doomed(store, lambda: StorageError("the disk is full")):
        for stat in list(store.list()):
            store.delete(stat.name)
        put(store, "old", tmp_path)
        try:
            put(dying, "new", tmp_path)
        except StorageError:
            refused += 1
        video, there = seen(store)
        if video == "old":
            as_before += 1
            assert there == WHOLE
        goes_on(store, "new", tmp_path)
        assert seen(store) == ("new", WHOLE)
    assert refused > 20
    assert as_before > 10


def test_an_answer_that_is_lost_does_not_make_a_success_a_failure(store: Store, tmp_path: Path) -> None:
    class Forgetful:
        def __getattr__(self, name: str) -> Any:
            return getattr(store, name)

        def commit(self, *args: Any, **named: Any) -> Any:
            store.commit(*args, **named)
            raise StorageError("no answer")

    forgetful: Any = Forgetful()
    put(forgetful, "new", tmp_path)
    assert seen(store) == ("new", WHOLE)


def test_a_worker_that_was_overtaken_changes_nothing(store: Store, tmp_path: Path) -> None:
    put(store, "old", tmp_path)
    present = store.stat(PLACE.video)
    assert present is not None
    video, beside = version("late")
    put(store, "new", tmp_path)
    (tmp_path / "late.mp4").write_bytes(video)
    with pytest.raises(Conflict, match="the one that is there stands"):
        premiere.commit(store, PLACE, beside, tmp_path / "late.mp4", present.generation, lambda: None)
    assert seen(store) == ("new", WHOLE)
    assert store.stat(PLACE.pending) is None


@pytest.mark.parametrize("store", ["bucket"], indirect=True)
def test_a_worker_that_is_overtaken_at_any_step_leaves_the_others_work_whole(store: Store, tmp_path: Path) -> None:
    overtaken = 0
    for number in range(1, 30):
        for stat in list(store.list()):
            store.delete(stat.name)
        put(store, "old", tmp_path)
        slow = Interrupted(store, number, lambda: goes_on(store, "new", tmp_path))
        try:
            put(slow, "late", tmp_path)
        except Conflict:
            overtaken += 1
        video, _ = seen(store)
        assert video in ("new", "late")
        goes_on(store, video, tmp_path)
        assert seen(store) == (video, WHOLE)
    assert overtaken > 5


@pytest.mark.parametrize("store", ["folder"], indirect=True)
def test_companions_that_come_while_their_place_is_looked_at_are_no_strangers(store: Store, tmp_path: Path) -> None:
    _, beside = version("new")
    for number in range(1, 10):
        put(store, "new", tmp_path)
        for name in (PLACE.captions, PLACE.metadata):
            store.delete(name)
        store.write(PLACE.pending, json.dumps({kind: b64encode(beside[kind]).decode() for kind in COMPANIONS}).encode())
        slow: Any = Interrupted(store, number, lambda: premiere.found(store, PLACE, "new"))
        gate.check_place(slow, PLACE)
        premiere.found(store, PLACE, "new")
        assert seen(store) == ("new", WHOLE)


class Interrupted(Doomed):
    """A store in which something else is done before the nth operation, or not at all if there are fewer."""

    def __init__(self, store: Store, number: int, do: Callable[[], object]) -> None:
        super().__init__(store, 0, after=False, error=Killed)
        self._number, self._do = number, do

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._store, name)
        if not callable(real) or name in ("uri", "scratch"):
            return real

        def doing(*args: Any, **named: Any) -> Any:
            self._number -= 1
            if self._number == 0:
                self._do()
            return real(*args, **named)

        return doing


def test_a_lost_claim_is_heeded_before_anything_is_touched(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")
    put(store, "old", tmp_path)
    before = {stat.name: stat.generation for stat in store.list()}

    def lost() -> None:
        raise Conflict("another worker took over")

    video, beside = version("new")
    (tmp_path / "new.mp4").write_bytes(video)
    with pytest.raises(Conflict):
        premiere.commit(store, PLACE, beside, tmp_path / "new.mp4", before[PLACE.video], lost)
    assert {stat.name: stat.generation for stat in store.list()} == before


@pytest.mark.parametrize("change", [b"xyz", None])
def test_a_video_counts_as_finished_only_if_it_is_the_one_that_was_made(
    store: Store, tmp_path: Path, change: bytes | None
) -> None:
    put(store, "k", tmp_path)
    found = premiere.finished(store, PLACE, "k")
    assert found is not None
    assert found.facts.frames == 24
    assert premiere.finished(store, PLACE, "another key") is None
    store.delete(PLACE.video) if change is None else store.write(PLACE.video, change)
    assert premiere.finished(store, PLACE, "k") is None


@pytest.mark.parametrize("damage", [b"{", b"[]", b'{"thumbnail": "?"}'])
def test_a_damaged_stage_is_none(store: Store, tmp_path: Path, damage: bytes) -> None:
    put(store, "k", tmp_path)
    store.delete(PLACE.metadata)
    store.write(PLACE.pending, damage)
    assert premiere.found(store, PLACE, "k") is None
    put(store, "k", tmp_path)
    assert seen(store) == ("k", WHOLE)


def test_outputs_tell_versions_and_digests(store: Store, tmp_path: Path) -> None:
    put(store, "k", tmp_path)
    found = premiere.finished(store, PLACE, "k")
    assert found is not None
    outputs: Mapping[str, Any] = premiere.outputs(store, PLACE, found.facts)
    assert set(outputs) == {"video", *COMPANIONS}
    for output in outputs.values():
        name = next(stat for stat in store.list() if stat.uri == output.uri)
        assert (output.size, output.generation, output.sha256) == (name.size, name.generation, store.sha256(name.name))


def test_places_are_told_apart() -> None:
    names = [getattr(PLACE, field) for field in FilmPlace.__dataclass_fields__]
    assert len(set(names)) == len(names)
