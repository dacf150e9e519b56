"""The request for questions: pure, from what is wanted to what is asked."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from triviareel.errors import AnswerFault, TriviaError
from triviareel.questions.draw import number
from triviareel.questions.gemini import answers, policy, prompts
from triviareel.questions.gemini.model import Ask
from triviareel.questions.gemini.options import Options
from triviareel.questions.model import Difficulty

PER_CALL = 25
"""Most questions asked for in one call: longer answers are cut more often, and repeat themselves."""

TOKENS_PER_QUESTION = 400
"""Output to allow for: a question has some 150 tokens in English, and up to twice that in other scripts."""

MIXED = "mixed"
PROMPTS = ("generate", "repair")


@dataclass(frozen=True, slots=True)
class Order:
    """One call's worth of questions."""

    topics: Mapping[str, str]
    """Names by slug."""
    levels: Mapping[str, int]
    """How many of each difficulty."""
    language: str
    audience: str
    avoid: tuple[str, ...]
    """Questions that are not wanted again."""
    seed: int
    fault: str = ""
    """What was wrong with the last answer; empty the first time."""

    @property
    def count(self) -> int:
        """How many questions."""
        return sum(self.levels.values())


def orders(whole: Order, seed: int) -> list[Order]:
    """An order as calls of at most PER_CALL questions, each with topics and levels as even as can be."""
    parts = math.ceil(whole.count / PER_CALL)
    levels = [level for level, count in whole.levels.items() for _ in range(count)]
    slugs = list(whole.topics)
    found = []
    for part in range(parts):
        own = slugs[part::parts] or slugs  # with fewer topics than calls, each call has all of them
        found.append(
            replace(
                whole,
                topics={slug: whole.topics[slug] for slug in own},
                levels=Counter(levels[part::parts]),
                seed=number(seed, "call", part) % 2**31,
            )
        )
    return found


def ask(order: Order, options: Options) -> Ask:
    """The request to make for an order."""
    system, prompt = prompts.load("generate").filled(
        count=str(order.count),
        language=order.language,
        audience=json.dumps(order.audience, ensure_ascii=False),
        levels=", ".join(f"{count} {level}" for level, count in order.levels.items()),
        topics="\n".join(f"- {slug}: {json.dumps(name, ensure_ascii=False)}" for slug, name in order.topics.items()),
        avoid="\n".join(f"- {json.dumps(text, ensure_ascii=False)}" for text in order.avoid) or "- (none)",
    )
    if order.fault:
        system, prompt = prompts.load("repair").filled(system=system, prompt=prompt, fault=order.fault)
    return Ask(
        model=options.model,
        prompt=prompt,
        system=system,
        schema=answers.schema(order.count, tuple(order.topics), tuple(order.levels)),
        name=f"{prompts.digest('generate', 'repair')} {order.language} {order.audience}",
        temperature=options.temperature,
        seed=order.seed,
        max_output_tokens=options.thinking_budget + 512 + TOKENS_PER_QUESTION * order.count,
        thinking_budget=options.thinking_budget,
    )


class Mender:
    """Makes another request of one whose answer was of no use: half as many after a cut one, else told what was wrong.

    A seed that led to a useless answer is not used again.
    """

    def __init__(self, order: Order, options: Options) -> None:
        self._order = order
        self._options = options

    def __call__(self, before: Ask, fault: TriviaError) -> Ask:
        """The request to make after a fault."""
        if not isinstance(fault, AnswerFault):
            return before
        order = replace(self._order, seed=(self._order.seed + 1) % 2**31, fault=_told(fault))
        if fault.kind == "cut":
            order = replace(order, levels=halved(order.levels))
        self._order = order
        changed = policy.otherwise(before, fault)
        return replace(ask(order, self._options), thinking_budget=changed.thinking_budget)


def halved(levels: Mapping[str, int]) -> dict[str, int]:
    """Half as many questions, at least one, of like difficulty."""
    half = {level: count // 2 for level, count in levels.items() if count > 1}
    return half or {next(iter(levels)): 1}


def missing_levels(difficulty: str, wanted: int, good: Sequence[Difficulty], count: int) -> Counter[str]:
    """How many questions of each difficulty to ask for, so that a whole video rises through all three when mixed.

    Args:
        difficulty: "easy", "medium", "hard" or "mixed".
        wanted: questions in the whole video.
        good: the difficulties of those that are there.
        count: how many to ask for.
    """
    if difficulty != MIXED:
        return Counter({difficulty: count})
    rising = [level.value for level in Difficulty]
    lacking = Counter(rising[place * len(rising) // wanted] for place in range(wanted)) - Counter(good)
    turns = list(lacking.elements()) or rising
    return Counter(turns[place % len(turns)] for place in range(count))


def _told(fault: AnswerFault) -> str:
    return {
        "cut": "it was longer than the limit",
        "recitation": "it repeated a published text",
        "blocked": "it was held back as unsafe; choose harmless facts",
    }.get(fault.kind, f"it was {fault.kind}")
