"""On what machines tasks run, and how often they are tried: named, so that the pipeline's page reads like prose."""

from dataclasses import dataclass

from kfp.dsl import PipelineTask

T4 = "NVIDIA_TESLA_T4"
L4 = "NVIDIA_L4"


@dataclass(frozen=True, slots=True)
class Shape:
    """A machine for one task: what is asked for, and the machine that Vertex AI has for it."""

    machine: str
    """Its name on Compute Engine; T4 goes with N1 alone, L4 with G2 alone."""
    cpu: str
    """Virtual processors."""
    memory: str
    """Such as "16G", in 10^9 bytes."""
    accelerator: str = ""
    accelerators: int = 0


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a task is tried again, and how long after. Steps skip what is done, so another try costs little."""

    times: int
    first: str
    """Seconds before the first retry, such as "30s"; twice as many before each that follows."""
    most: str
    """Seconds that are never exceeded."""


# The smallest machines of their kinds with 4, 8 and 16 processors: Vertex AI, "Configure compute resources".
SMALL_CPU = Shape("e2-standard-4", cpu="4", memory="16G")
RENDER_T4 = Shape("n1-standard-8", cpu="8", memory="30G", accelerator=T4, accelerators=1)
RENDER_L4 = Shape("g2-standard-8", cpu="8", memory="32G", accelerator=L4, accelerators=1)
RENDER_CPU = Shape("e2-standard-16", cpu="16", memory="64G")

STORAGE = Retries(3, first="30s", most="300s")
"""Against faults of storage."""
MODEL = Retries(5, first="60s", most="3600s")
"""Gemini's quotas are counted by the minute, and outages last up to an hour."""
MACHINES = Retries(5, first="60s", most="1800s")
"""A machine with a GPU may not be had at the moment."""
RECLAIMS = Retries(8, first="60s", most="1800s")
"""Google may take a spot machine back at any time, which shows as a failure."""


def tried(task: PipelineTask, retries: Retries) -> PipelineTask:
    """The task with its retries, and never taken from the cache: every step writes to the bucket, too."""
    return task.set_retry(retries.times, retries.first, 2.0, retries.most).set_caching_options(False)


def placed(task: PipelineTask, shape: Shape, retries: Retries) -> PipelineTask:
    """The task on its machine, with its retries."""
    tried(task, retries).set_cpu_limit(shape.cpu).set_memory_limit(shape.memory)
    if shape.accelerator:
        task.set_accelerator_type(shape.accelerator).set_accelerator_limit(shape.accelerators)
    return task
