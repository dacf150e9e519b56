"""The render step on spot machines: a custom job of its own, since a task cannot ask for them; one for each machine.

They are made here, when the module is imported, because inside a pipeline they cannot be (pipeline-components #9320).
"""

from google_cloud_pipeline_components.v1.custom_job import create_custom_training_job_from_component

from components.render_videos import render_videos
from pipelines.rendering import KINDS
from pipelines.resources import Shape

DAY = "86400s"
"""A shard takes hours at most; what takes a day hangs."""

# As the run has them, or the job would work under another account than all other steps: Vertex AI fills these in.
AS_THE_RUN = {
    "service_account": "{{$.pipeline_service_account}}",
    "network": "{{$.pipeline_network}}",
    "encryption_spec_key_name": "{{$.pipeline_encryption_key_name}}",
}


def _machine(shape: Shape) -> dict[str, str | int]:
    """The shape in a custom job's words."""
    if not shape.accelerator:
        return {"machine_type": shape.machine}
    return {
        "machine_type": shape.machine,
        "accelerator_type": shape.accelerator,
        "accelerator_count": shape.accelerators,
    }


RENDER_VIDEOS = {
    kind: create_custom_training_job_from_component(
        render_videos,
        display_name=f"render-videos-{kind}-spot",
        strategy="SPOT",
        timeout=DAY,
        restart_job_on_worker_restart=True,
        **_machine(shape),
        **AS_THE_RUN,
    )
    for kind, (shape, _) in KINDS.items()
}
"""By the kind of machine."""
