"""A factory for trivia videos: questions in, narrated videos out.

    from triviareel import GeminiFeeder, JobInfo, Look, Request, process_job, save_trivia

Nothing of it is loaded before it is asked for.
"""

import importlib
from typing import Any

__version__ = "0.1.0"

_HOMES = {
    "GeminiFeeder": "questions.gemini.feeder",
    "JobInfo": "jobs.request",
    "Look": "jobs.request",
    "Request": "jobs.request",
    "process_job": "jobs.single",
    "save_trivia": "questions.gemini.dataset",
}

__all__ = ["GeminiFeeder", "JobInfo", "Look", "Request", "__version__", "process_job", "save_trivia"]


def __getattr__(name: str) -> Any:
    """What other programs use, from the module that has it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
