"""The third step's interface; `triviareel.steps.write` does the work."""

from kfp import dsl

from components import images


@dsl.container_component
def write_jobs(
    root: str,
    channel: str,
    run: str,
    questions: dsl.Input[dsl.Dataset],
    shard: str,
    written: dsl.Output[dsl.Dataset],
) -> dsl.ContainerSpec:
    """Write questions.csv and _MANIFEST.json of each of one shard's jobs.

    Args:
        root: URI under which jobs/, final_videos/ and runs/ are kept.
        channel: whose videos they are.
        run: name of the run.
        questions: JSON Lines as `generate_questions` wrote them.
        shard: zero-padded key such as "0003".
        written: JSON Lines, one job a line: job, state, URIs of csv and manifest. Metadata: jobs, questions.

    Exit codes: 0 all written; 2 bad input; 75 try again.
    """
    return dsl.ContainerSpec(
        image=images.WORKER,
        command=["python3", "-m", "triviareel.steps.write"],
        args=[
            "--root", root,
            "--channel", channel,
            "--run", run,
            "--questions", questions.path,
            "--shard", shard,
            "--written", written.path,
            "--written-uri", written.uri,
            "--executor-output", dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ],
    )  # fmt: skip
