"""What videos can be rendered on, chosen when the pipeline is compiled: `--render t4|l4|cpu`, and `--spot`."""

from collections.abc import Callable
from dataclasses import dataclass

from kfp.dsl import PipelineTask

from components.render_videos import render_videos
from pipelines.resources import MACHINES, RECLAIMS, RENDER_CPU, RENDER_L4, RENDER_T4, Shape, placed, tried


@dataclass(frozen=True, slots=True)
class Rendering:
    """A kind of machine, and the encoder that it is paid for."""

    name: str
    encoder: str
    task: Callable[..., PipelineTask]
    """Makes the render step's task, given its arguments."""


KINDS = {"t4": (RENDER_T4, "nvenc"), "l4": (RENDER_L4, "nvenc"), "cpu": (RENDER_CPU, "x264")}
"""By the name that `--render` takes: the machine, and its encoder."""


def rendering(kind: str, spot: bool = False) -> Rendering:
    """How one kind of machine renders.

    Args:
        kind: one of KINDS.
        spot: on machines that Google may take back at any time, at a fraction of the price.
    """
    shape, encoder = KINDS[kind]
    if spot:
        return Rendering(f"{kind}_spot", encoder, _reclaimable(kind))
    return Rendering(kind, encoder, _owned(shape))


def _owned(shape: Shape) -> Callable[..., PipelineTask]:
    return lambda **arguments: placed(render_videos(**arguments), shape, MACHINES)


def _reclaimable(kind: str) -> Callable[..., PipelineTask]:
    from pipelines.spot import RENDER_VIDEOS  # loads pipeline-components, which others need not wait for

    return lambda **arguments: tried(RENDER_VIDEOS[kind](**arguments), RECLAIMS)
