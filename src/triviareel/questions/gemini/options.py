"""How Gemini is asked: every setting with its default, read from a TOML file where others are wanted."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from triviareel.errors import InputError
from triviareel.questions.gemini.access import Sdk
from triviareel.questions.gemini.verify import Rule

MODES = ("online", "batch")
SDKS = ("genai", "generativeai")


@dataclass(frozen=True, slots=True)
class Options:
    """How Gemini is asked, with defaults for a paid account."""

    mode: str = "online"
    """One of MODES: "batch" costs half, and may take a day."""
    model: str = "gemini-3.8-flash"
    """Who writes the questions."""
    temperature: float = 1.0
    verifier_model: str = "gemini-3.5-flash-lite"
    """Who answers them blind; another model than the writer makes other mistakes."""
    agreement: str = "1 of 1"
    """How many readers must find the key by themselves, of how many: "1 of 1", "2 of 3" or the like."""
    thinking_budget: int = 2048
    """Tokens that an answer may spend on thought, besides its text; without a bound, thought can eat the answer."""
    over_asking: float = 1.3
    """How many questions to ask for, to each that is needed: some fall."""
    rounds: int = 4
    """How often to ask for questions before a job is given up."""
    jobs_in_flight: int = 8
    requests_per_minute: int = 300
    tokens_per_minute: int = 1_000_000
    deadline_s: float = 120.0
    """Wall-clock seconds that one answer may take."""
    batch_deadline_s: float = 26 * 3600.0
    """Seconds after which a batch is given up; the service's own target is 24 hours."""
    batch_poll_s: float = 30.0
    """Seconds between two looks at a batch."""
    not_these_tokens: int = 2000
    """Tokens of a prompt for the channel's most recent questions."""
    spend_ceiling_usd: Decimal | None = None
    """What a run may spend; None for no ceiling."""
    sdk: Sdk = "genai"
    """One of SDKS; "generativeai" is at its end of life, and an extra of its own (gemini-legacy)."""
    project: str = ""
    """Google Cloud project, to ask on Vertex AI; empty to ask with an API key."""
    location: str = "global"
    """Vertex AI location."""
    prices: Sequence[Any] = field(default=(), repr=False)
    """Entries as in prices.toml, which go before those."""


_RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0, 2),
    "thinking_budget": (0, 32_768),
    "over_asking": (1, 4),
    "rounds": (1, 20),
    "jobs_in_flight": (1, 1000),
    "requests_per_minute": (1, 1_000_000),
    "tokens_per_minute": (1000, 10**10),
    "deadline_s": (0.1, 3600),
    "batch_deadline_s": (0.1, 7 * 24 * 3600),
    "batch_poll_s": (0.01, 3600),
    "not_these_tokens": (0, 100_000),
}
"""Least and most of each number."""

_CHOICES = {"mode": MODES, "sdk": SDKS}


def load(data: bytes, name: str) -> Options:
    """The options in a TOML file: any of the fields of Options, and [[price]] entries.

    Args:
        data: the file's content.
        name: what to call the file in an error.

    Raises:
        InputError: it is no TOML, or an option is unknown or impossible; the message names all of those.
    """
    try:
        given = tomllib.loads(data.decode("utf-8-sig"))
    except ValueError as error:  # UnicodeDecodeError and TOMLDecodeError are such
        raise InputError(f"{name} is no TOML file ({error}): mend it, or start from config/gemini.toml") from error
    prices = given.pop("price", [])
    known = {entry.name for entry in fields(Options)} - {"prices"}
    if unknown := sorted(given.keys() - known):
        raise InputError(f"{name}: {', '.join(unknown)} unknown: choose from {', '.join(sorted(known))}")
    if "spend_ceiling_usd" in given:
        given["spend_ceiling_usd"] = dollars(given["spend_ceiling_usd"], f"{name}: spend_ceiling_usd")
    options = Options(**given, prices=prices)
    if wrong := problems(options):
        raise InputError(f"{name}: {'; '.join(wrong)}")
    return options


def dollars(given: object, what: str) -> Decimal:
    """An amount of money.

    Raises:
        InputError: it is none, or is negative.
    """
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise InputError(f"{what} {given!r}: give US dollars, 0 or more")
    return amount


def problems(options: Options) -> list[str]:
    """Everything wrong with some options, a phrase each that names the option, its value and the mend."""
    found = []
    for entry in fields(Options):
        value = getattr(options, entry.name)
        default = entry.default
        if entry.name in _CHOICES and value not in _CHOICES[entry.name]:
            found.append(f"{entry.name} {value!r}: choose {', '.join(_CHOICES[entry.name])}")
        elif isinstance(default, str) and not isinstance(value, str):
            found.append(f"{entry.name} {value!r}: give a text")
        elif entry.name in _RANGES:
            found += _out_of_range(entry.name, value, whole=isinstance(default, int))
    if isinstance(options.agreement, str):
        try:
            Rule.parse(options.agreement)
        except InputError as error:
            found.append(str(error))
    if options.mode == "batch" and options.sdk != "genai":
        found.append(f"mode 'batch' with sdk {options.sdk!r}: only genai has a batch mode")
    if not isinstance(options.prices, list | tuple):
        found.append("price: write it as [[price]]")
    return found


def _out_of_range(name: str, value: object, *, whole: bool) -> list[str]:
    least, most = _RANGES[name]
    kinds = int if whole else int | float
    if isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most:
        return []
    return [f"{name} {value!r}: choose {least:,} to {most:,}"]
