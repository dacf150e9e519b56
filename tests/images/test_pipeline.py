"""The compiled pipeline in its containers, end to end: what is in the bucket afterwards, and what a second run does."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.gcs import GcsServer
from tests.fakes.gemini import GeminiServer
from tests.images import local
from tests.images.containers import IMAGES, STEPS, docker, run
from triviareel.questions import csvfile

KEY = "canary-5e1f"
LOOK = {"resolution": 720, "fps": 24, "voice": "heart"}
GLYPHLESS = (
    "id,topic,difficulty,question,option_a,option_b,option_c,option_d,answer,explanation,source\r\n"
    "odd,history,hard,What does 𓀀 mean?,Man,Sun,Owl,Reed,A,A seated man.,Own\r\n"
)


@dataclass
class Cloud:
    """A bucket with an asset pack, a Gemini, and the pipeline that is run on them."""

    bucket: GcsServer
    gemini: GeminiServer
    pipeline: str
    folder: Path
    runs: int = field(default=0)

    @property
    def environment(self) -> dict[str, str]:
        """What a container is told, so that it asks these servers."""
        return {
            "STORAGE_EMULATOR_HOST": self.bucket.url,
            "GOOGLE_GEMINI_BASE_URL": self.gemini.url,
            "GEMINI_API_KEY": KEY,
        }

    def run(self, **arguments: Any) -> local.Outcome:
        """Run the pipeline on channel "demo", with these of its inputs."""
        self.runs += 1
        whole = {"channel": "demo", "root": "gs://b", "assets": "gs://b/assets", "seed": "7", **LOOK, **arguments}
        return local.run(self.pipeline, whole, self.environment, self.folder / f"run-{self.runs}")

    def names(self, under: str) -> list[str]:
        """The objects below a place."""
        return [name for name in self.bucket.objects() if name.startswith(under)]

    def json(self, name: str) -> dict[str, Any]:
        """An object that is JSON."""
        found: dict[str, Any] = json.loads(self.bucket.read(name))
        return found

    def videos(self) -> dict[str, str]:
        """The generation of every finished video, by name."""
        return {
            name: about["generation"]
            for name, about in self.bucket.objects().items()
            if name.endswith("final_video.mp4")
        }


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, small_assets: Path) -> Iterator[Cloud]:
    with GcsServer() as bucket, GeminiServer(key=KEY) as gemini:
        for path in sorted((small_assets / "demo" / "video-assets").iterdir()):
            bucket.put(f"assets/demo/video-assets/{path.name}", path.read_bytes())
        yield Cloud(bucket, gemini, local.compiled(), tmp_path_factory.mktemp("pipeline"))


@pytest.fixture(scope="module")
def first(cloud: Cloud) -> local.Outcome:
    """Two shards of two short videos, from Gemini's questions."""
    return cloud.run(job="d", videos=4, shard_size=2, questions_per_video=1, topics="space,history", source="gemini")


JOBS = [f"d-{number:05}" for number in range(1, 5)]


def test_every_step_is_run_in_its_image_and_ends_well(cloud: Cloud, first: local.Outcome) -> None:
    assert first.succeeded
    assert first.codes() == {"plan": [0], "generate": [0, 0], "write": [0, 0], "render": [0, 0], "report": [0]}
    assert all(one.image == IMAGES[STEPS[one.step]] for one in first.ran)
    assert sorted(one.given("shard") for one in first.of("render")) == ["0000", "0001"]
    assert KEY not in json.dumps([(one.argv, one.said) for one in first.ran])
    assert KEY.encode() not in b"".join(map(cloud.bucket.read, cloud.bucket.objects()))


def test_videos_questions_and_manifests_are_in_the_bucket(cloud: Cloud, first: local.Outcome, tmp_path: Path) -> None:
    assert first.succeeded
    beside = ("captions.srt", "final_video.mp4", "metadata.json", "thumbnail.jpg")
    assert cloud.names("final_videos/") == [f"final_videos/demo/{job}/{name}" for job in JOBS for name in beside]
    asked = set()
    for job in JOBS:
        manifest = cloud.json(f"jobs/demo/{job}/_MANIFEST.json")
        assert (manifest["state"], manifest["failure"]) == ("rendered", None)
        assert list(manifest["times"]) == ["planned", "generated", "written", "rendering", "rendered"]
        (question,) = csvfile.loads(cloud.bucket.read(f"jobs/demo/{job}/questions.csv"), job)
        asked.add(question.question)
        video = tmp_path / "video.mp4"
        video.write_bytes(cloud.bucket.read(f"final_videos/demo/{job}/final_video.mp4"))
        assert shape(video) == ("h264", 1280, 720, "24/1")
    assert len(asked) == len(JOBS)


def shape(video: Path) -> tuple[str, int, int, str]:
    import av

    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        assert container.streams.audio
        return stream.codec_context.name, stream.width, stream.height, str(stream.average_rate) + "/1"


def test_the_report_tells_of_all_jobs(cloud: Cloud, first: local.Outcome) -> None:
    (report,) = first.of("report")
    assert "4" in Path(report.given("summary")).read_text()
    assert "<html" in Path(report.given("report")).read_text()
    assert Path(report.given("dead-letters")).read_bytes() == b""
    told = json.loads(Path(report.given("executor-output")).read_text())["artifacts"]
    assert {"report", "summary", "metrics", "dead_letters"} <= set(told)
    place = f"runs/demo/{report.given('run')}/"
    assert any(name.endswith(".html") for name in cloud.names(place))


def test_what_is_finished_is_not_made_again(cloud: Cloud, first: local.Outcome) -> None:
    assert first.succeeded
    before, calls = cloud.videos(), len(cloud.gemini.calls)
    again = cloud.run(job="d", videos=4, shard_size=2, questions_per_video=1, topics="space,history", source="gemini")
    assert again.succeeded
    assert again.codes() == first.codes()
    assert cloud.videos() == before
    assert len(cloud.gemini.calls) == calls


@pytest.mark.parametrize(("budget", "succeeded", "code"), [(0.5, True, 0), (0.05, False, 3)])
def test_a_poison_job_fails_alone_and_the_budget_decides_of_its_shard(
    cloud: Cloud, first: local.Outcome, budget: float, succeeded: bool, code: int
) -> None:
    assert first.succeeded
    poisoned, place = "d-00003", "jobs/demo/d-00003/questions.csv"
    before, good = cloud.videos(), cloud.bucket.read(place)
    cloud.bucket.put(place, GLYPHLESS.encode())
    try:
        outcome = cloud.run(
            job="d", videos=4, shard_size=2, questions_per_video=1, topics="space,history", source="gemini",
            failure_budget=budget,
        )  # fmt: skip
    finally:
        cloud.bucket.put(place, good)
    assert outcome.succeeded == succeeded
    assert outcome.codes()["render"] == [0, code]
    assert outcome.codes()["report"] == [0]  # also after a failure
    assert {name: made for name, made in cloud.videos().items() if poisoned not in name} == {
        name: made for name, made in before.items() if poisoned not in name
    }
    failure = cloud.json(f"jobs/demo/{poisoned}/_MANIFEST.json")["failure"]
    assert "U+13000" in failure["message"]
    (report,) = outcome.of("report")
    (letter,) = local.lines(Path(report.given("dead-letters")).read_bytes())
    assert letter["job"] == poisoned


def test_a_container_that_fails_fails_the_run_and_is_reported(cloud: Cloud) -> None:
    outcome = cloud.run(job="e", videos=1, source="bank", assets="gs://b/nowhere")
    assert not outcome.succeeded
    assert outcome.codes() == {"plan": [2], "report": [0]}
    (plan,) = outcome.of("plan")
    assert "gs://b/nowhere" in plan.said.splitlines()[-1]
    assert cloud.names("jobs/demo/e") == []


def test_make_gives_the_same_frames_as_the_pipeline(cloud: Cloud, tmp_path: Path) -> None:
    """In the same image, and beside it where the same ffmpeg is: another x264 gives other frames."""
    outcome = cloud.run(job="f", videos=1, questions_per_video=1, topics="space", source="bank")
    assert outcome.succeeded
    made = cloud.json("jobs/demo/f/_MANIFEST.json")["content_hash"]
    words = ["make", "--topic", "space", "--questions", "1", "--seed", "7", "--job", "f", "--assets", "gs://b/assets"]
    words += ["--resolution", "720", "--fps", "24", "--encoder", "x264", "--json", "--root"]
    places = [word for name, value in cloud.environment.items() for word in ("--env", f"{name}={value}")]
    inside = run("render", "triviareel", *words, "gs://b/inside", options=("--network", "host", *places))
    assert json.loads(inside.stdout)["content_hash"] == made
    version, system = (
        docker("run", "--rm", IMAGES["render"], "ffmpeg", "-version").stdout.split()[2],
        shutil.which("ffmpeg"),
    )
    if not system or f"ffmpeg version {version} " not in subprocess.check_output([system, "-version"], text=True):
        pytest.skip(f"compared inside the image only: beside it there is no ffmpeg {version}")
    environment = {**os.environ, **cloud.environment, "TRIVIAREEL_FFMPEG": "system"}
    here = [str(Path(sys.executable).with_name("triviareel")), *words, str(tmp_path / "beside")]
    beside = subprocess.check_output(here, env={**environment, "TRIVIAREEL_CACHE": str(tmp_path / "cache")}, text=True)
    assert json.loads(beside)["content_hash"] == made
