"""The command line: it parses, calls, and tells people and programs what came of it."""

from triviareel.cli.app import main

__all__ = ["main"]
