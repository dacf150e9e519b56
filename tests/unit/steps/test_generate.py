"""One shard's part of what a run may take of Gemini."""

from __future__ import annotations

from decimal import Decimal

from triviareel.questions.gemini import options
from triviareel.questions.gemini.options import Options
from triviareel.steps.generate import divided


def test_the_shards_together_stay_within_what_the_run_may_spend() -> None:
    whole = Options(spend_ceiling_usd=Decimal(10))
    part = divided(whole, 64, 16).spend_ceiling_usd
    assert part is not None
    assert part * 64 == 10
    assert divided(Options(), 64, 16).spend_ceiling_usd is None


def test_the_shards_that_run_side_by_side_share_the_limits() -> None:
    whole = Options()
    for shards, at_once in ((1, 16), (2, 16), (16, 16), (1600, 16), (1600, 200)):
        part, together = divided(whole, shards, at_once), min(shards, at_once)
        assert part.requests_per_minute * together <= whole.requests_per_minute
        assert part.tokens_per_minute * together <= whole.tokens_per_minute
        assert options.problems(part) == []
