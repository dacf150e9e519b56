"""The command that makes videos from scratch."""

from __future__ import annotations

from threading import Event

from triviareel import settings
from triviareel.cli.screen import Screen
from triviareel.jobs import batch
from triviareel.jobs.gemini import Wishes
from triviareel.jobs.request import Request


def make(
    request: Request,
    wishes: Wishes,
    job: str | None,
    root: str,
    assets_uri: str | None,
    workers: int | None,
    stop: Event,
    *,
    as_json: bool,
) -> int:
    """Make the videos of a request; returns the exit code."""
    with Screen(as_json=as_json) as screen:
        setup = batch.Setup(root, assets_uri, workers, settings.read(), stop, batch.utc_now, wishes)
        outcomes = batch.make(request, job, setup, screen)
        failed = [outcome for outcome in outcomes if outcome.error]
        if failed and len(outcomes) > 1:
            name = outcomes[0].job.rpartition("-")[0]
            screen.say(
                f"triviareel: {len(outcomes) - len(failed)} of {len(outcomes)} videos are done, {len(failed)} failed; "
                f"their manifests say why; to try those again add: --job {name}"
            )
    return batch.exit_code(outcomes)
