"""The picture that stands for a video: its first question with all options up, out of the finished file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import pyvips

LONG_SIDE = 1280
"""Pixels; what platforms ask for."""

_QUALITY = 88


def jpeg(video: Path, frame: int) -> bytes:
    """One frame of a video as a JPEG.

    Args:
        video: a finished file.
        frame: counted from its start.
    """
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        rate, time_base = cast(Fraction, stream.average_rate), cast(Fraction, stream.time_base)  # every MP4 has both
        wanted = round(frame / rate / time_base)
        container.seek(wanted, stream=stream)  # to the key frame before it
        picture = next(found for found in container.decode(stream) if found.pts is not None and found.pts >= wanted)
        pixels = picture.to_ndarray(format="rgb24", src_colorspace="ITU709")
    image = pyvips.Image.new_from_array(pixels, interpretation="srgb")
    small = image.thumbnail_image(LONG_SIDE, height=LONG_SIDE, size="down")
    return cast(bytes, small.jpegsave_buffer(Q=_QUALITY, strip=True))
