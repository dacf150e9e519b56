"""Jobs from their questions to their video, with a stand-in for the encoder; real videos are made in tests/e2e."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.rendering import Render
from tests.unit.jobs.desks import NOW, REQUEST, Notes
from triviareel.errors import (
    AssetError,
    Conflict,
    EncodeError,
    InputError,
    InspectionError,
    Stopped,
    StorageError,
    TriviaError,
)
from triviareel.jobs import batch, claim, film, ledger, manifest, premiere, rendering, single
from triviareel.jobs.claim import Pace
from triviareel.jobs.desk import Desk, Outcome, Stages
from triviareel.jobs.manifest import Manifest, State
from triviareel.jobs.places import FilmPlace, of_job
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import Film
from triviareel.jobs.request import JobInfo, Request
from triviareel.jobs.studio import Studio, open_studio, pack_of
from triviareel.questions import bank, csvfile
from triviareel.settings import Settings
from triviareel.storage import Scratch, Stat, Store
from triviareel.storage.folder import FolderStore
from triviareel.video import render

PLACE = of_job("demo", "j")
JOB = Job("j", 5)
QUESTIONS = tuple(bank.pick((), "mixed", 2, 5))


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, small_assets: Path) -> Studio:
    settings = Settings(tmp_path_factory.mktemp("cache"), "auto", {})
    return open_studio(REQUEST.look, settings, pack_of(str(small_assets), "demo"), print)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Render:
    """The stand-in."""
    quick = Render()
    monkeypatch.setattr(render, "render", quick)
    return quick


@pytest.fixture
def desk(store: Store, desk_of: Callable[[Store, Request], Desk]) -> Desk:
    store.write(PLACE.questions, csvfile.dumps(QUESTIONS))
    return desk_of(store, REQUEST)


@pytest.fixture
def folder_desk(tmp_path: Path, desk_of: Callable[[Store, Request], Desk]) -> Desk:
    store = FolderStore(tmp_path / "out")
    store.write(PLACE.questions, csvfile.dumps(QUESTIONS))
    return desk_of(store, REQUEST)


def story(store: Store) -> Manifest:
    found = ledger.find(store, PLACE.manifest)
    assert found is not None
    return found.manifest


def fails(error: Exception) -> Callable[..., Film]:
    def produce(*_: object, **__: object) -> Film:
        raise error

    return produce


def test_a_video_is_made_once_and_its_manifest_tells_of_it(desk: Desk, studio: Studio, quick: Render) -> None:
    first = rendering.render(desk, studio, JOB)
    assert first.error is None
    assert first.film is not None
    told = story(desk.store)
    assert (told.state, told.attempts, told.failure) == (State.RENDERED, 1, None)
    assert told.used.machine
    video = told.outputs["video"]
    assert (video.uri, video.size, video.sha256) == (first.video, first.film.facts.size, first.film.facts.sha256)
    assert set(told.outputs) == {"video", "thumbnail", "captions", "metadata"}
    again = rendering.render(desk, studio, JOB)
    assert again.skipped
    assert quick.calls == 1
    assert story(desk.store) == told
    assert desk.store.stat(PLACE.film.claim) is None


def test_the_end_of_a_killed_run_is_made_up_for_without_rendering(desk: Desk, studio: Studio, quick: Render) -> None:
    rendering.render(desk, studio, JOB)
    whole = story(desk.store)
    book = ledger.find(desk.store, PLACE.manifest)
    assert book is not None
    book.save(replace(whole, state=State.RENDERING, outputs={}, render_key=""))
    assert rendering.render(desk, studio, JOB).skipped
    told = story(desk.store)
    assert (told.state, told.outputs, told.render_key) == (State.RENDERED, whole.outputs, whole.render_key)
    desk.store.delete(PLACE.film.metadata)  # and now as if it was killed before that
    outcome = rendering.render(desk, studio, JOB)
    assert outcome.error is None
    assert not outcome.skipped
    assert quick.calls == 2


@pytest.mark.parametrize("change", ["questions", "theme", "seed"])
def test_a_changed_question_or_theme_is_rendered_anew(desk: Desk, studio: Studio, quick: Render, change: str) -> None:
    before = rendering.render(desk, studio, JOB)
    job = JOB
    if change == "questions":
        desk.store.write(PLACE.questions, csvfile.dumps(QUESTIONS[:1]))
    elif change == "theme":
        studio = replace(studio, digest="another theme")
    else:
        job = replace(JOB, seed=6)
    after = rendering.render(desk, studio, job)
    assert quick.calls == 2
    assert before.film is not None
    assert after.film is not None
    assert not after.skipped
    assert rendering.render(desk, studio, job).skipped


@pytest.mark.parametrize(
    ("error", "name", "words"),
    [
        (EncodeError(["ffmpeg"], 1, "boom"), "EncodeError", "boom"),
        (OSError(28, "No space left on device"), "StorageError", "disk is full"),
        (ZeroDivisionError("division by zero"), "RenderError", "unforeseen ZeroDivisionError"),
    ],
)
def test_a_failure_is_an_outcome_and_stands_in_the_manifest(
    desk: Desk, studio: Studio, monkeypatch: pytest.MonkeyPatch, error: Exception, name: str, words: str
) -> None:
    monkeypatch.setattr(film, "produce", fails(error))
    for attempts in (1, 2):
        outcome = rendering.render(desk, studio, JOB)
        assert outcome.film is None
        assert words in str(outcome.error)
        told = story(desk.store)
        assert told.failure is not None
        assert (told.state, told.attempts, told.failure.error) == (State.FAILED, attempts, name)
    assert [stat.name for stat in desk.store.list()] == [PLACE.manifest, PLACE.questions]


def test_a_video_that_fails_inspection_is_kept_aside(
    desk: Desk, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bad(_order: object, scratch: Scratch, *_: object) -> None:
        scratch.file(render.VIDEO).write_bytes(b"bad")
        raise InspectionError(["the ding is late"])

    monkeypatch.setattr(render, "render", bad)
    assert "the ding is late" in str(rendering.render(desk, studio, JOB).error)
    assert desk.store.read(PLACE.film.rejected) == b"bad"
    assert desk.store.read(PLACE.film.reason) == b"the ding is late\n"
    assert desk.store.stat(PLACE.film.video) is None
    assert desk.store.stat(PLACE.film.claim) is None


@pytest.mark.parametrize("state", [State.PLANNED, State.FAILED])
def test_a_stop_leaves_the_manifest_as_it_was_and_gives_the_job_back(
    desk: Desk, studio: Studio, quick: Render, monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    if state == State.FAILED:
        with monkeypatch.context() as patched:
            patched.setattr(film, "produce", fails(AssetError("x")))
            rendering.render(desk, studio, JOB)
        before = story(desk.store)
    quick.meanwhile = desk.stop.set
    outcome = rendering.render(desk, studio, JOB)
    assert isinstance(outcome.error, Stopped)
    assert story(desk.store).state == state
    assert state == State.PLANNED or story(desk.store) == before
    assert desk.store.stat(PLACE.film.claim) is None


def test_a_job_that_another_worker_has_is_waited_for_then_found_finished(
    folder_desk: Desk, studio: Studio, quick: Render
) -> None:
    desk = replace(folder_desk, pace=Pace(look_s=0.01))
    inside, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        assert go_on.wait(60)

    quick.meanwhile = wait
    other = threading.Thread(target=rendering.render, args=(desk, studio, JOB))
    other.start()
    assert inside.wait(60)
    assert rendering.render(desk, studio, JOB).busy
    outcomes: list[Outcome] = []
    waiting = threading.Thread(target=lambda: outcomes.extend(rendering.render_all(desk, studio, [JOB])))
    waiting.start()
    go_on.set()
    other.join()
    waiting.join()
    assert [outcome.skipped for outcome in outcomes] == [True]
    assert quick.calls == 1


def test_waiting_for_another_worker_ends_with_a_stop(folder_desk: Desk, studio: Studio) -> None:
    desk = replace(folder_desk, pace=Pace(look_s=0.01))
    held = claim.take(desk.store, PLACE.film.claim)
    assert held is not None
    threading.Timer(0.1, desk.stop.set).start()
    [outcome] = rendering.render_all(desk, studio, [JOB])
    assert isinstance(outcome.error, Stopped)


def test_a_render_whose_claim_is_lost_ends_and_leaves_the_job_to_the_other(
    folder_desk: Desk, studio: Studio, quick: Render
) -> None:
    desk = replace(folder_desk, pace=Pace(beat_s=0.01))
    quick.seconds = 60

    def taken_over() -> None:
        """By a worker that finishes the job at once."""
        present = desk.store.stat(PLACE.film.claim)
        assert present is not None
        desk.store.write(PLACE.film.claim, b"{}")
        book = ledger.find(desk.store, PLACE.manifest)
        assert book is not None
        book.save(book.manifest.reach(State.RENDERED, NOW, content_hash="theirs"))

    quick.meanwhile = taken_over
    outcome = rendering.render(desk, studio, JOB)
    assert isinstance(outcome.error, Conflict)
    assert "took over" in str(outcome.error)
    assert story(desk.store).content_hash == "theirs"
    assert desk.store.read(PLACE.film.claim) == b"{}"
    assert desk.store.stat(PLACE.film.video) is None


def overtaken_once(store: Store, name: str, quick: Render, other: Callable[[], object]) -> None:
    """Have another worker take the claim over and do all of the job, in the midst of the first render."""

    def taken_over() -> None:
        quick.meanwhile = lambda: None
        store.delete(name)
        other()

    quick.meanwhile = taken_over


def test_a_worker_that_was_overtaken_looks_again_and_finds_what_the_other_made(
    folder_desk: Desk, studio: Studio, quick: Render
) -> None:
    desk = replace(folder_desk, pace=Pace(look_s=0.01))
    overtaken_once(desk.store, PLACE.film.claim, quick, lambda: rendering.render(desk, studio, JOB))
    [outcome] = rendering.render_all(desk, studio, [JOB])
    assert (outcome.error, outcome.skipped, quick.calls) == (None, True, 2)
    assert isinstance(desk.watcher, Notes)
    assert desk.watcher.outcomes == [outcome]


def test_a_worker_that_is_overtaken_again_and_again_gives_up(folder_desk: Desk, studio: Studio, quick: Render) -> None:
    desk = replace(folder_desk, pace=Pace(look_s=0.01))
    quick.meanwhile = lambda: desk.store.delete(PLACE.film.claim)
    [outcome] = rendering.render_all(desk, studio, [JOB])
    assert isinstance(outcome.error, Conflict)
    assert quick.calls == 2


def test_render_looks_again_too(
    tmp_path: Path, small_assets: Path, quick: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("q.csv").write_bytes(csvfile.dumps(QUESTIONS))
    info = JobInfo("q.csv", "v.mp4", REQUEST.look, assets=str(small_assets))
    machine, stop = Settings(tmp_path / "cache", "auto", {}), threading.Event()

    def made() -> single.Single:
        return single.render(info, machine, Notes(), stop, Pace(look_s=0.01))

    overtaken_once(FolderStore(tmp_path), "v.claim.json", quick, made)
    assert made().skipped
    assert quick.calls == 2
    Path("v.mp4").unlink()
    quick.meanwhile = Path("v.claim.json").unlink
    with pytest.raises(Conflict, match="took over"):
        made()


def test_a_video_that_an_overtaken_worker_puts_there_before_the_render_is_not_made_again(
    desk: Desk, studio: Studio, quick: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It wakes up between its last look at its claim and its commit, when the next worker has found nothing yet."""
    real, theirs = premiere.found, list[Stat | None]()

    def found(store: Store, place: FilmPlace, key: str) -> Film | None:
        there = real(store, place, key)
        monkeypatch.setattr(premiere, "found", real)
        film.produce(
            studio, store, place, 0, QUESTIONS, JOB.seed, Stages(), lambda _: None, threading.Event(), lambda: None
        )
        theirs.append(store.stat(place.video))
        return there

    monkeypatch.setattr(premiere, "found", found)
    rendering.render(desk, studio, JOB)
    assert quick.calls == 2  # they were two at work for once
    assert [desk.store.stat(PLACE.film.video)] == theirs
    assert rendering.render(desk, studio, JOB).skipped


def test_a_manifest_that_another_run_changes_meanwhile_is_left_to_it(
    desk: Desk, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meddle(*_: object, **__: object) -> Film:
        other = ledger.find(desk.store, PLACE.manifest)
        assert other is not None
        other.save(other.manifest.reach(State.RENDERED, NOW, content_hash="theirs"))
        raise EncodeError(["ffmpeg"], 1, "boom")

    monkeypatch.setattr(film, "produce", meddle)
    assert rendering.render(desk, studio, JOB).error is not None
    assert story(desk.store).content_hash == "theirs"


def test_the_render_key_follows_everything_that_a_video_depends_on(studio: Studio) -> None:
    keys = [
        studio.render_key(QUESTIONS, 5),
        studio.render_key(QUESTIONS, 6),
        studio.render_key(QUESTIONS[:1], 5),
        replace(studio, look=replace(studio.look, fps=25)).render_key(QUESTIONS, 5),
        replace(studio, digest="another theme").render_key(QUESTIONS, 5),
    ]
    assert len(set(keys)) == len(keys)
    assert keys[0] == studio.render_key(QUESTIONS, 5)


def outcomes(*errors: TriviaError | None) -> Sequence[Outcome]:
    return [Outcome(f"j{n}", "m", "c", "v", error=error) for n, error in enumerate(errors)]


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([None], 0),
        ([None, None], 0),
        ([InputError("x")], 2),
        ([StorageError("x")], 75),
        ([Conflict("x")], 75),
        ([InputError("x"), None], 3),
        ([InputError("x"), InputError("x")], 3),
        ([Stopped("x"), InputError("x"), None], 75),
    ],
)
def test_exit_codes(errors: list[TriviaError | None], code: int) -> None:
    assert batch.exit_code(outcomes(*errors)) == code


def test_an_outcome_in_json_has_the_fields_of_the_contract() -> None:
    facts = premiere.Facts(1.0, 24, 2, 2, 24, 1, 1.0, "x264", -14.0, -1.0, "c", "s", 3)
    good = Outcome("j", "m", "c", "v", Film(facts, {})).as_json()
    contract = "job manifest csv video duration_s frames width height fps questions render_s encoder"
    assert set(contract.split()) <= set(good)
    bad = outcomes(InputError("why"))[0].as_json()
    assert (bad["video"], bad["error"]) == (None, "why")


def test_the_watcher_is_told_of_each_job(folder_desk: Desk, studio: Studio) -> None:
    rendering.render_all(folder_desk, studio, [JOB, Job("missing", 1)], 2)
    assert isinstance(folder_desk.watcher, Notes)
    told = {outcome.job: outcome.error for outcome in folder_desk.watcher.outcomes}
    assert told["j"] is None
    assert "questions.csv" in str(told["missing"])
    assert manifest.SCHEMA_VERSION == 1
