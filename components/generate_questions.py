"""The second step's interface; `triviareel.steps.generate` does the work."""

from kfp import dsl

from components import images


@dsl.container_component
def generate_questions(
    root: str,
    channel: str,
    run: str,
    jobs: dsl.Input[dsl.Dataset],
    shard: str,
    gemini_project: str,
    gemini_location: str,
    gemini_model: str,
    gemini_mode: str,
    spend_ceiling: str,
    shards_at_once: int,
    failure_budget: float,
    questions: dsl.Output[dsl.Dataset],
) -> dsl.ContainerSpec:
    """Find the questions of one shard's jobs: in the bank, or by asking Gemini.

    Args:
        root: URI under which jobs/, final_videos/ and runs/ are kept.
        channel: whose videos they are; no question comes twice in one.
        run: name of the run.
        jobs: JSON Lines as `plan_jobs` wrote them, of all shards.
        shard: zero-padded key such as "0003".
        gemini_project: who pays for Gemini on Vertex AI; empty: an API key from the container's environment.
        gemini_location: where on Vertex AI, such as global.
        gemini_model: who writes the questions; empty: the usual one.
        gemini_mode: online, or batch at half the price within a day.
        spend_ceiling: US dollars for the whole run, as text; empty: no ceiling.
        shards_at_once: among how many the calls and tokens a minute are shared out, which hold for the project.
        failure_budget: share of the shard's jobs that may fail, in [0, 1].
        questions: JSON Lines, one job a line: job, shard, seed, uri, state, questions or failure. Metadata:
            questions, tokens, cost in US dollars.

    Exit codes: 0 done, failures within the budget; 2 bad input; 3 over the failure budget; 75 try again.
    """
    return dsl.ContainerSpec(
        image=images.WORKER,
        command=["python3", "-m", "triviareel.steps.generate"],
        args=[
            "--root", root,
            "--channel", channel,
            "--run", run,
            "--jobs", jobs.path,
            "--shard", shard,
            "--gemini-project", gemini_project,
            "--gemini-location", gemini_location,
            "--gemini-model", gemini_model,
            "--gemini-mode", gemini_mode,
            "--spend-ceiling", spend_ceiling,
            "--shards-at-once", shards_at_once,
            "--failure-budget", failure_budget,
            "--questions", questions.path,
            "--questions-uri", questions.uri,
            "--executor-output", dsl.PIPELINE_TASK_EXECUTOR_OUTPUT_PATH_PLACEHOLDER,
        ],
    )  # fmt: skip
