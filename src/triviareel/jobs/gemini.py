"""How Gemini is reached and asked: options, key, feeder. Needs none of the packages that draw or speak."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from triviareel.errors import InputError
from triviareel.questions.checks import normal
from triviareel.questions.gemini import options as choices
from triviareel.questions.gemini import secrets, topics
from triviareel.questions.gemini.cost import Usage
from triviareel.questions.gemini.options import Options
from triviareel.questions.model import Question
from triviareel.settings import Settings
from triviareel.storage import Store, locate

if TYPE_CHECKING:
    from triviareel.questions.gemini.feeder import GeminiFeeder


@dataclass(frozen=True, slots=True)
class Wishes:
    """How Gemini is to be asked, as the command line gives it; None where the file or the default holds."""

    mode: str | None = None
    config: str | None = None
    """URI of a TOML file with options."""
    spend_ceiling: str | None = None
    """US dollars."""


def options(wishes: Wishes) -> Options:
    """The options that come of a file and the command line, which goes first.

    Raises:
        InputError: one of them is impossible; the message names all of those.
    """
    found = Options()
    if wishes.config:
        store, name = locate(wishes.config)
        found = choices.load(store.read(name), wishes.config)
    if wishes.mode is not None:
        found = replace(found, mode=wishes.mode)
    if wishes.spend_ceiling is not None:
        found = replace(found, spend_ceiling_usd=choices.dollars(wishes.spend_ceiling, "spend-ceiling"))
    if wrong := choices.problems(found):
        raise InputError("; ".join(wrong))
    return found


def named(names: Sequence[str]) -> tuple[str, ...]:
    """Topics as a request keeps them: as they were named, each once.

    Raises:
        InputError: one of them can be no topic.
    """
    topics.by_slug(names)
    return tuple({normal(name): " ".join(name.split()) for name in names}.values())


def open_feeder(
    chosen: Options,
    settings: Settings,
    *,
    store: Store | None = None,
    channel: str = "",
    name: str = "triviareel",
    spent: Usage | None = None,
    hold: Callable[[Usage, Decimal], Awaitable[None]] | None = None,
    unfit: Callable[[Question], str | None] | None = None,
) -> GeminiFeeder:
    """The feeder of a run.

    Args:
        chosen: how to ask.
        settings: of this machine, which know the key.
        store: where the channel's ledger is kept; without one, only the run's own questions are not repeated.
        channel: whose ledger.
        name: of the run.
        spent: what earlier processes of the run took.
        hold: see `GeminiFeeder`.
        unfit: tells why a question cannot be shown.

    Raises:
        InputError: a package, the key or a price is missing.
    """
    key = None if chosen.project else secrets.find(settings.gemini)
    try:
        from triviareel.questions.gemini.feeder import GeminiFeeder
        from triviareel.questions.ledger import Ledger
    except ModuleNotFoundError as missing:
        raise InputError(f"{missing.name} is not installed: pip install 'triviareel[gemini]'") from missing
    return GeminiFeeder(
        api_key=key,
        project=chosen.project or None,
        location=chosen.location if chosen.project else None,
        options=chosen,
        ledger=Ledger(store, channel) if store else None,
        base_url=settings.gemini.get("GOOGLE_GEMINI_BASE_URL"),
        bucket=store,
        name=name,
        spent_usd=spent.at_most_usd if spent else Decimal(0),
        hold=hold,
        unfit=unfit,
    )


def told(story: Mapping[str, Any]) -> str:
    """What asking took, in one line."""
    tokens = sum(story[f"{kind}_tokens"] for kind in ("prompt", "candidate", "thought"))
    dropped = ", ".join(f"{count} by {stage}" for stage, count in story["rejected"].items())
    unseen = f" (and at most {story['unseen_usd']:.4f} for answers that never came)" if story["unseen_usd"] else ""
    return (
        f"Gemini: {story['calls']:,} calls, {story['retries']:,} retries, {tokens:,} tokens, "
        f"{story['money_usd']:.4f} USD{unseen}; dropped: {dropped or 'none'}"
    )
