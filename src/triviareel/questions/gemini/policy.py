"""Whether to ask again, when and what; pure."""

from __future__ import annotations

import random
from dataclasses import replace

from triviareel.errors import AnswerFault, ModelBusy, ModelDown, ModelError, TriviaError
from triviareel.questions.gemini.model import Ask

MAX_ATTEMPTS = 5
BASE_S = 1.0
"""Seconds before the second attempt; doubled for each further one, with jitter."""
CAP_S = 60.0
"""Seconds; limits are counted per minute, so nothing is gained by waiting longer unasked."""
PATIENCE_S = 600.0
"""Seconds; a service that asks for a longer wait means another day."""


def wait_s(attempt: int, fault: TriviaError, rng: random.Random) -> float | None:
    """Seconds to wait before asking again; None to give up.

    Args:
        attempt: how many attempts were made, at least 1.
        fault: what the last one ended in.
        rng: spreads those who failed together.
    """
    if attempt >= MAX_ATTEMPTS or not isinstance(fault, ModelError):
        return None
    if isinstance(fault, AnswerFault):
        return 0.0  # the service is well: the next request only has to be another one
    told = fault.retry_after_s if isinstance(fault, ModelBusy | ModelDown) else None
    if told is not None:
        return told * (1 + rng.uniform(0, 0.1)) if told <= PATIENCE_S else None
    return float(min(CAP_S, BASE_S * 2 ** (attempt - 1)) * rng.uniform(0.5, 1))


def otherwise(ask: Ask, fault: TriviaError) -> Ask:
    """The request to make after a fault: another seed after a useless answer, fewer thoughts after a cut one."""
    if not isinstance(fault, AnswerFault):
        return ask
    changed = replace(ask, seed=None if ask.seed is None else (ask.seed + 1) % 2**31)
    if fault.kind == "cut":
        # Thoughts come out of the answer's budget and may have eaten it.
        return replace(changed, thinking_budget=min(1024, (ask.thinking_budget or 4096) // 4))
    return changed
