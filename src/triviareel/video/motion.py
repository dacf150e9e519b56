"""Where a layer is in each frame, as an expression that ffmpeg's overlay works out; pure text.

ffmpeg is given one rule for the whole video rather than a case a scene, so that a hundred questions make a long sum of
start frames and nothing worse. `position` is the same rule in Python: the reference that tests compare with.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from triviareel.video.layers import Layer, Side
from triviareel.video.storyboard import Span


def position(layer: Layer, width: int, height: int, frame: int) -> tuple[float, float]:
    """The layer's left and upper edge in a frame, in pixels of a canvas of that width and height."""
    motion = layer.motion
    entered = max((at for at in motion.enters if at <= frame), default=None)
    left = max((at for at in motion.leaves if at <= frame), default=None)
    if entered is None:
        (away_x, away_y), share = _outside(layer, width, height), 1.0
    elif left is not None and left > entered:
        away_x, away_y = _swept(motion.leave_to, width, height)
        share = min(1.0, (frame - left + 1) / motion.leave_frames) ** 3
    else:
        away_x, away_y = _outside(layer, width, height)
        share = (1 - min(1.0, (frame - entered + 1) / motion.enter_frames)) ** 3
    return layer.x + away_x * share, layer.y + away_y * share


def expressions(layer: Layer, width: int, height: int, fps: int) -> tuple[str, str]:
    """The overlay's x and y as expressions of the time t of a frame."""
    enter = _outside(layer, width, height)
    leave = _swept(layer.motion.leave_to, width, height)
    x = _expression(layer, layer.x, enter[0], leave[0], fps)
    y = _expression(layer, layer.y, enter[1], leave[1], fps)
    return x, y


def shown_during(spans: Sequence[Span], place: int, hidden: int, fps: int) -> str:
    """An expression of t that is `place` within the spans and `hidden` elsewhere."""
    within = "+".join(f"between(ld(2),{span.start},{span.end - 1})" for span in spans)
    return f"{_frame(fps)}if({within},{place},{hidden})"


def replay_pts(spans: Sequence[Span]) -> str:
    """A setpts expression that lays a clip, repeated end to end, onto spans of the clip's own length."""
    length = spans[0].length
    jumps = [
        f"gte(N,{length * index})*{span.start - before.end}"
        for index, (before, span) in enumerate(pairwise(spans), start=1)
    ]
    return "+".join([f"N+{spans[0].start}", *jumps])


def _frame(fps: int) -> str:
    """Puts the frame's number into variable 2; overlay's own n is one ahead of the frame that it is working on."""
    return f"st(2,round(t*{fps}));"


def _expression(layer: Layer, rest: int, enter_by: int, leave_by: int, fps: int) -> str:
    motion = layer.motion
    if not enter_by and not leave_by:
        return str(rest)
    entering = f"{enter_by}*pow(1-clip((ld(0)+1)/{motion.enter_frames},0,1),3)"
    leaving = f"{leave_by}*pow(clip((ld(1)+1)/{motion.leave_frames},0,1),3)"
    return (
        f"{_frame(fps)}st(0,{_since(motion.enters)});st(1,{_since(motion.leaves)});"
        f"{rest}+if(gte(ld(1),0)*lt(ld(1),ld(0)),{leaving},{entering})"
    )


def _since(events: Sequence[int]) -> str:
    """Frames since the latest event, negative before the first."""
    jumps = [f"gte(ld(2),{event})*{event - before}" for before, event in pairwise(events)]
    return "-".join([f"ld(2)-{events[0]}", *jumps])


def _outside(layer: Layer, width: int, height: int) -> tuple[int, int]:
    """How far from its place the layer starts: just outside the frame."""
    return {
        Side.LEFT: (-(layer.x + layer.width), 0),
        Side.RIGHT: (width - layer.x, 0),
        Side.TOP: (0, -(layer.y + layer.height)),
        Side.BOTTOM: (0, height - layer.y),
    }[layer.motion.enter_from]


def _swept(side: Side, width: int, height: int) -> tuple[int, int]:
    """How far a layer goes on leaving: as far as every other, so that all leave as one."""
    return {Side.LEFT: (-width, 0), Side.RIGHT: (width, 0), Side.TOP: (0, -height), Side.BOTTOM: (0, height)}[side]
