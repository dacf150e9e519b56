"""The fourth step's interface; `triviareel.steps.render` does the work."""

from kfp import dsl

from components import images


@dsl.container_component
def render_videos(
    root: str,
    channel: str,
    run: str,
    assets: str,
    written: dsl.Input[dsl.Dataset],
    shard: str,
    encoder: str,
    workers: str,
    failure_budget: float,
    videos: dsl.Output[dsl.Dataset],
) -> dsl.ContainerSpec:
    """Render every job of one shard to its final_video.mp4.

    Args:
        root: URI under which jobs/, final_videos/ and runs/ are kept.
        channel: whose videos they are.
        run: name of the run.
        assets: URI under which CHANNEL/video-assets lies; empty: a generated pack is used.
        written: JSON Lines as `write_jobs` wrote them.
        shard: zero-padded key such as "0003".
        encoder: x264, nvenc or av1; one that this machine cannot run is a fault, never replaced by another.
        workers: videos made at a time, as text; empty: as many as the machine carries.
        failure_budget: share of the shard's jobs that may fail, in [0, 1].
        videos: JSON Lines, one result a line: job, state, video URI, seconds. Metadata: videos, failed, seconds.

    Exit codes: 0 all rendered or skipped, failures within the budget; 2 bad input; 3 over the failure budget;
    75 try again.
    """
    return dsl.ContainerSpec(
        image=images.RENDER,
        command=["python3", "-m", "triviareel.steps.render"],
        args=[
            "--root", root,
            "--channel", channel,
            "--run", run,
            "--assets", assets,
            "--written", written.path,
            "--shard", shard,
            "--encoder", encoder,
            "--workers", workers,
            "--failure-budget", failure_budget,
            "--videos", videos.path,
            "--videos-uri", videos.uri,
            "--executor-output", dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ],
    )  # fmt: skip
