"""Fills TRIVIAREEL_CACHE while an image is built: the list of fonts and, where it is asked for, the default asset pack.

python3 fill_cache.py fonts|pack …
"""

import sys

from triviareel import settings


def fonts() -> None:
    """Let the text engine read every font once; what it learned is kept in the cache's folder of fonts."""
    import pyvips

    from triviareel.video import fonts

    fonts.prepare()
    pyvips.Image.text("Aé→中", dpi=72)  # the last has no glyph in most fonts, so all of them are looked at


def pack() -> None:
    """Draw the default asset pack; takes some 20 s."""
    from triviareel.video import stock

    stock.in_cache(settings.read().cache)


if __name__ == "__main__":
    for part in sys.argv[1:]:
        {"fonts": fonts, "pack": pack}[part]()
