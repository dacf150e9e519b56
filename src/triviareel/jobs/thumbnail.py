"""The picture that stands for a video: its first question, large, with all options up, on one of its backgrounds."""

from __future__ import annotations

from typing import cast

import pyvips

from triviareel.jobs.studio import Studio
from triviareel.storage.source import settled
from triviareel.video import cards, decoding
from triviareel.video.cards import CardText, Title

LONG_SIDE = 1280
"""Pixels; what platforms ask for."""

_QUALITY = 88


def jpeg(studio: Studio, card: CardText, title: Title) -> bytes:
    """A question's thumbnail as a JPEG.

    Raises:
        TextError: a text cannot be shown.
        StorageError: the background could not be read, or was replaced meanwhile.
    """
    pack = studio.pack
    with settled(pack.sources):
        pixels = decoding.first_picture(pack.sources[0])
    background = pyvips.Image.new_from_array(pixels, interpretation="srgb")
    image = cards.thumbnail(studio.theme, studio.canvas, card, title, background)
    small = image.thumbnail_image(LONG_SIDE, height=LONG_SIDE, size="down")
    return cast(bytes, small.jpegsave_buffer(Q=_QUALITY, strip=True))
