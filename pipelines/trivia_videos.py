"""The pipeline: plan, then shard by shard generate, write and render, and in any case report."""

from kfp import dsl
from kfp.dsl.base_component import BaseComponent

from components.generate_questions import generate_questions
from components.plan_jobs import plan_jobs
from components.report_run import report_run
from components.write_jobs import write_jobs
from pipelines.rendering import Rendering
from pipelines.resources import MODEL, SMALL_CPU, STORAGE, placed

RUN = dsl.PIPELINE_JOB_NAME_PLACEHOLDER
CREATED = dsl.PIPELINE_JOB_CREATE_TIME_UTC_PLACEHOLDER

PARALLELISM = 16
"""Shards at a time, each on a machine of its own; it must be known when the pipeline is compiled."""


def trivia_videos(rendering: Rendering, parallelism: int = PARALLELISM) -> BaseComponent:
    """The pipeline, as kfp's compiler takes it.

    Args:
        rendering: on what videos are rendered, and by which encoder.
        parallelism: shards at a time.
    """

    # A pipeline of its own: directly inside an exit handler, loops compile to inputs that do not exist (kfp #12390).
    @dsl.pipeline(name="make-shards")
    def make_shards(
        root: str, channel: str, assets: str, jobs: dsl.Input[dsl.Dataset], shards: list[str],
        gemini_project: str, gemini_location: str, gemini_model: str, gemini_mode: str, spend_ceiling: str,
        workers: str, failure_budget: float,
    ) -> None:  # fmt: skip
        """Ask, write and render, shard by shard."""
        with dsl.ParallelFor(shards, name="shard", parallelism=parallelism) as shard:
            place = {"root": root, "channel": channel, "run": RUN, "shard": shard}
            asked = generate_questions(
                jobs=jobs, gemini_project=gemini_project, gemini_location=gemini_location, gemini_model=gemini_model,
                gemini_mode=gemini_mode, spend_ceiling=spend_ceiling, shards_at_once=parallelism,
                failure_budget=failure_budget, **place,
            )  # fmt: skip
            written = write_jobs(questions=asked.outputs["questions"], **place)
            rendering.task(
                written=written.outputs["written"], assets=assets, encoder=rendering.encoder, workers=workers,
                failure_budget=failure_budget, **place,
            )  # fmt: skip
            placed(asked, SMALL_CPU, MODEL)
            placed(written, SMALL_CPU, STORAGE)

    @dsl.pipeline(name="trivia-videos")
    def whole(
        channel: str, root: str, assets: str = "", job: str = "", seed: str = "",
        topics: str = "", difficulty: str = "mixed", questions_per_video: int = 5, videos: int = 1,
        shard_size: int = 50, source: str = "gemini", language: str = "English", audience: str = "",
        format: str = "landscape", resolution: int = 1080, fps: int = 30, voice: str = "heart",
        theme: str = "limelight", gemini_project: str = "", gemini_location: str = "global", gemini_model: str = "",
        gemini_mode: str = "online", spend_ceiling: str = "", workers: str = "", failure_budget: float = 0.05,
    ) -> None:  # fmt: skip
        """Trivia videos, from topics to finished MP4s in a bucket.

        Args:
            channel: whose videos they are, 1 to 64 of a-z, 0-9 and hyphens; also names the asset pack.
            root: URI under which jobs/, final_videos/ and runs/ are kept, such as gs://my-videos.
            assets: URI under which CHANNEL/video-assets lies; empty: a generated pack is used.
            job: name of the batch, or of a run whose batch goes on; empty: the time at which the run was made.
            seed: same seed, same videos; a text, since numbers pass through doubles. Empty: from the run's name.
            topics: with commas between them; empty: all of the bank's.
            difficulty: easy, medium, hard or mixed.
            questions_per_video: 1 to 100.
            videos: 1 to 99,999.
            shard_size: videos that one task makes, 1 to 500.
            source: gemini, or bank: the built-in questions, which cost nothing.
            language: of the questions; the bank has English alone, and the voices speak nothing else.
            audience: who watches, for Gemini; empty: anybody.
            format: landscape, portrait or square.
            resolution: pixels of the shorter side: 720, 1080, 1440 or 2160.
            fps: frames a second: 24, 25, 30, 48, 50 or 60.
            voice: heart, or none; emma, fenrir, fable or kore where the image was given their models.
            theme: limelight, or the path of a folder in the image.
            gemini_project: project that is asked on Vertex AI; Gemini needs one.
            gemini_location: where on Vertex AI.
            gemini_model: who writes the questions; empty: the usual one.
            gemini_mode: online, or batch at half the price within a day.
            spend_ceiling: US dollars that the run may spend on Gemini; empty: no ceiling.
            workers: videos that a machine makes at a time; empty: as many as it carries.
            failure_budget: share of a shard's videos that may fail, 0 to 1.
        """
        report = placed(report_run(root=root, channel=channel, run=RUN), SMALL_CPU, STORAGE)
        with dsl.ExitHandler(report, name="make videos"):
            plan = plan_jobs(
                root=root, channel=channel, run=RUN, created=CREATED, assets=assets, job=job, seed=seed,
                topics=topics, difficulty=difficulty, questions_per_video=questions_per_video, videos=videos,
                shard_size=shard_size, source=source, language=language, audience=audience, format=format,
                resolution=resolution, fps=fps, voice=voice, theme=theme, encoder=rendering.encoder,
            )  # fmt: skip
            placed(plan, SMALL_CPU, STORAGE)
            make_shards(
                root=root, channel=channel, assets=assets, jobs=plan.outputs["jobs"], shards=plan.outputs["shards"],
                gemini_project=gemini_project, gemini_location=gemini_location, gemini_model=gemini_model,
                gemini_mode=gemini_mode, spend_ceiling=spend_ceiling, workers=workers, failure_budget=failure_budget,
            ).set_caching_options(False)  # fmt: skip

    return whole
