"""The compiled file is what the real client takes; nothing here needs a network."""

from __future__ import annotations

from pathlib import Path

import pytest
from google.auth.credentials import AnonymousCredentials

from tests import compiled


@pytest.mark.parametrize(("kind", "spot"), compiled.VARIANTS)
def test_a_run_is_made_of_the_compiled_file(kind: str, spot: bool, tmp_path: Path) -> None:
    from google.cloud import aiplatform  # noqa: TID251 - this is the client that submit talks through

    file = tmp_path / "pipeline.yaml"
    file.write_text(compiled.text(kind, spot), "utf-8")
    job = aiplatform.PipelineJob(
        display_name="trivia",
        template_path=str(file),
        job_id="trivia-videos-1",
        pipeline_root="gs://bucket/root",
        parameter_values={"channel": "demo", "root": "gs://bucket", "videos": 3400, "failure_budget": 0.1},
        failure_policy="slow",
        project="quiz",
        location="europe-west4",
        credentials=AnonymousCredentials(),  # type: ignore[no-untyped-call]  # google-auth has part of its types
    )
    sent = job.to_dict()
    assert sent["runtimeConfig"]["parameterValues"]["videos"] == 3400
    assert sent["pipelineSpec"]["pipelineInfo"]["name"] == "trivia-videos"
    executors = sent["pipelineSpec"]["deploymentSpec"]["executors"]
    assert executors.keys() == {
        f"exec-{name}" for name in ("plan-jobs", "generate-questions", "write-jobs", "render-videos", "report-run")
    }
