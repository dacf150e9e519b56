"""The last step's interface; `triviareel.steps.report` does the work."""

from kfp import dsl

from components import images


@dsl.container_component
def report_run(
    root: str,
    channel: str,
    run: str,
    report: dsl.Output[dsl.HTML],
    summary: dsl.Output[dsl.Markdown],
    metrics: dsl.Output[dsl.Metrics],
    dead_letters: dsl.Output[dsl.Dataset],
) -> dsl.ContainerSpec:
    """Tell what became of a run, also of a failed one, by what the manifests of its jobs say.

    It takes no artifact of another step: there may be none, and Vertex AI hands at most 100 to one task.

    Args:
        root: URI under which jobs/, final_videos/ and runs/ are kept.
        channel: whose videos they are.
        run: name of the run.
        report: a page of its own, HTML.
        summary: the same in short, Markdown.
        metrics: JSON; the figures are its metadata, too: videos, failed, unfinished, seconds, tokens, cost
            in US dollars.
        dead_letters: JSON Lines, one job that is not done a line: job, stage, error, message, manifest URI.

    Exit codes: 0 told, whatever became of the run; 2 bad input; 75 try again.
    """
    return dsl.ContainerSpec(
        image=images.WORKER,
        command=["python3", "-m", "triviareel.steps.report"],
        args=[
            "--root", root,
            "--channel", channel,
            "--run", run,
            "--report", report.path,
            "--report-uri", report.uri,
            "--summary", summary.path,
            "--summary-uri", summary.uri,
            "--metrics", metrics.path,
            "--metrics-uri", metrics.uri,
            "--dead-letters", dead_letters.path,
            "--dead-letters-uri", dead_letters.uri,
            "--executor-output", dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ],
    )  # fmt: skip
