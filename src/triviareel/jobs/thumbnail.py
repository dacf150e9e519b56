"""The picture that stands for a video: its first question, large, with all options up, on one of its backgrounds."""

from __future__ import annotations

from typing import cast

import av
import pyvips

from triviareel.jobs.studio import Studio
from triviareel.video import cards
from triviareel.video.cards import CardText, Title
from triviareel.video.media import OPEN_OPTIONS, Media

LONG_SIDE = 1280
"""Pixels; what platforms ask for."""

_QUALITY = 88


def jpeg(studio: Studio, card: CardText, title: Title) -> bytes:
    """A question's thumbnail as a JPEG; TextError if a text cannot be shown."""
    background = _first_frame(studio.pack.backgrounds[0])
    image = cards.thumbnail(studio.theme, studio.canvas, card, title, background)
    small = image.thumbnail_image(LONG_SIDE, height=LONG_SIDE, size="down")
    return cast(bytes, small.jpegsave_buffer(Q=_QUALITY, strip=True))


def _first_frame(media: Media) -> pyvips.Image:
    with av.open(str(media.path), container_options=OPEN_OPTIONS) as container:
        pixels = next(container.decode(video=0)).to_ndarray(format="rgb24")
    return pyvips.Image.new_from_array(pixels, interpretation="srgb")
