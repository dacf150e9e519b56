"""Logging as people read it: short lines on stderr. Set up by the command line alone, never at import."""

from __future__ import annotations

import logging


def set_up(*, debug: bool) -> None:
    """Send this package's log to stderr: warnings and worse, or everything with `debug`."""
    from rich.console import Console  # takes 25 ms, and `--help` has no use for it
    from rich.logging import RichHandler

    handler = RichHandler(
        console=Console(stderr=True),
        show_time=debug,
        show_path=debug,
        rich_tracebacks=False,
        markup=False,
    )
    handler.setFormatter(logging.Formatter("%(message)s"))
    logger = logging.getLogger("triviareel")
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)
    logger.propagate = False


def set_up_plain(*, debug: bool) -> None:
    """As `set_up`, for logs that are gathered by others: a line a message, neither wrapped nor coloured."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger = logging.getLogger("triviareel")
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG if debug else logging.WARNING)
    logger.propagate = False
