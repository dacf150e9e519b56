"""The first step's interface; `triviareel.steps.plan` does the work."""

from kfp import dsl

from components import images


@dsl.container_component
def plan_jobs(
    root: str,
    channel: str,
    run: str,
    created: str,
    assets: str,
    topics: str,
    difficulty: str,
    questions_per_video: int,
    videos: int,
    shard_size: int,
    source: str,
    language: str,
    audience: str,
    format: str,
    resolution: int,
    fps: int,
    voice: str,
    theme: str,
    encoder: str,
    seed: str,
    job: str,
    jobs: dsl.Output[dsl.Dataset],
    shards: dsl.OutputPath(list[str]),  # type: ignore[valid-type]  # kfp's way to say "a file with a list"
) -> dsl.ContainerSpec:
    """Plan the jobs of a request: a manifest for each, and the shards they are done in.

    Args:
        root: URI under which jobs/, final_videos/ and runs/ are kept.
        channel: whose videos they are, 1 to 64 of a-z, 0-9 and hyphens.
        run: name of the run, the same for all its steps.
        created: UTC time at which the run was made, ISO 8601; jobs are named by it, so a retry names them the same.
        assets: URI under which CHANNEL/video-assets lies; empty: a generated pack is used.
        topics: names with commas between them; empty: all of the bank's.
        difficulty: easy, medium, hard or mixed.
        questions_per_video: 1 to 100.
        videos: 1 to 99,999.
        shard_size: most videos of a shard, 1 to 500.
        source: bank or gemini.
        language: of the questions, such as English.
        audience: who watches, in at most 80 characters; empty: anybody.
        format: landscape, portrait or square.
        resolution: pixels of the shorter side: 720, 1080, 1440 or 2160.
        fps: frames a second: 24, 25, 30, 48, 50 or 60.
        voice: a voice's name, or none.
        theme: a theme's name.
        encoder: x264, nvenc or av1; a video's render key depends on it.
        seed: whole number below 2**63 as text; empty: it follows from the run's name.
        job: name of the batch, or of a run whose batch goes on; empty: it follows from `created`.
        jobs: JSON Lines, one job a line: job, shard, seed, uri of its folder. Metadata: jobs, shards, job, seed.
        shards: zero-padded keys such as "0003", a JSON list.

    Exit codes: 0 all planned; 2 bad input; 75 try again.
    """
    return dsl.ContainerSpec(
        image=images.WORKER,
        command=["python3", "-m", "triviareel.steps.plan"],
        args=[
            "--root", root,
            "--channel", channel,
            "--run", run,
            "--created", created,
            "--assets", assets,
            "--topics", topics,
            "--difficulty", difficulty,
            "--questions-per-video", questions_per_video,
            "--videos", videos,
            "--shard-size", shard_size,
            "--source", source,
            "--language", language,
            "--audience", audience,
            "--format", format,
            "--resolution", resolution,
            "--fps", fps,
            "--voice", voice,
            "--theme", theme,
            "--encoder", encoder,
            "--seed", seed,
            "--job", job,
            "--jobs", jobs.path,
            "--jobs-uri", jobs.uri,
            "--shards", shards,
            "--executor-output", dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ],
    )  # fmt: skip
