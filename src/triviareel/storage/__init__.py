"""Where everything is kept: one small interface, with a folder or a bucket behind it."""

from triviareel.storage.scratch import Scratch
from triviareel.storage.store import Stat, Store, locate, open_store

__all__ = ["Scratch", "Stat", "Store", "locate", "open_store"]
