"""Clue to country: "In which country is Petra?"; one row of a table is one template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from triviareel.questions.facts import Country, Fact, Facts
from triviareel.questions.templates.making import (
    Item,
    cap,
    hints,
    item,
    level,
    normal,
    one_of,
    remark,
    several,
    slug,
    wrong_countries,
)


@dataclass(frozen=True, slots=True)
class Template:
    """How facts of one kind are asked with the country as the answer."""

    name: str
    """Name in ids, short."""
    kind: str
    """Kind of the facts."""
    topic: str
    shift: int
    """How much harder it is than the fame of the country tells."""
    asks: tuple[str, ...]
    """Ways to ask, with {clue}."""
    tells: str
    """The explanation's first sentence, which may have an anthem's {title}; or empty."""
    skip_peers: bool = False
    """Leave facts out that hold for several countries; otherwise these are only kept from being wrong options."""


SITES = (
    "In which country would you find {clue}?",
    "To which country would you travel to see {clue}?",
    "Which country has {clue} on UNESCO's World Heritage List?",
)

TEMPLATES = (
    Template("capital-of", "capital", "capitals", 0,
             ("{clue} is the capital of which country?", "Of which country is {clue} the capital?",
              "Which country has {clue} as its capital?"), ""),
    Template("city", "city", "geography", 0,
             ("In which country is the city of {clue}?", "The city of {clue} lies in which country?"),
             ""),
    Template("pays", "currency", "money", 0,
             ("In which of these countries do people pay with the {clue}?",
              "Which country's currency is called the {clue}?"),
             "", skip_peers=True),
    Template("domain", "domain", "technology", 0,
             ("Which country's web addresses end in {clue}?", "The internet ending {clue} belongs to which country?"),
             ""),
    Template("site", "site", "landmarks", 0, SITES, ""),
    Template("park", "park", "nature", 0, SITES, ""),
    Template("spaceport", "spaceport", "space", 1,
             ("In which country is {clue}?", "Rockets lift off from {clue}. In which country is it?"), ""),
    Template("calls-itself", "local name", "languages", 1,
             ("Which country is called {clue} in its own language?",
              "Which country do its own people call {clue}?"),
             ""),
    Template("people", "demonym", "languages", 0,
             ("The people of which country are called {clue}?", "Where do {clue} come from?"),
             ""),
    Template("name-means", "name meaning", "languages", 1,
             ("The name of which country is said to mean “{clue}”?",), ""),
    Template("parliament", "legislature", "culture", 1,
             ("In which country does a parliament called the {clue} sit?",
              "The {clue} is the parliament of which country?"),
             ""),
    Template("symbol", "symbol", "culture", 0,
             ("Which country has {clue} as {symbol}?", "{Clue}: {symbol} of which country?"),
             ""),
    Template("anthem", "anthem", "culture", 1,
             ("“{clue}” is the national anthem of which country?", "Which country sings “{clue}” as its anthem?"), ""),
    Template("anthem-means", "anthem meaning", "culture", 1,
             ("Which country has an anthem whose title means “{clue}”?",), "The anthem is called “{title}”."),
    Template("former", "former name", "history", 0,
             ("Which country was once known as {clue}?", "Which country used to be called {clue}?"),
             ""),
)  # fmt: skip

EASIER = {
    "calls-itself": "gm sp sw no pl nl sz", "parliament": "us ch is ja", "anthem": "us fr", "anthem-means": "fr ch",
    "spaceport": "kz ja in", "name-means": "nl as au",
}  # fmt: skip
"""Well-known cases by template: as hard as the country's fame tells, and no harder."""

UNFAIR = {
    ("former", "iz"): "sy tu ku ir",  # Mesopotamia reached into them
    ("former", "sg"): "ga",
    ("parliament", "ch"): "kn",
    ("anthem-means", "tz"): "sf za zi wa",  # the same hymn is, or was, sung there
    ("anthem-means", "sa"): "jo th my",
    ("anthem-means", "mu"): "bx my",
    ("name-means", "er"): "eg su",
    ("name-means", "mj"): "mk",
    ("symbol", "am"): "tu",
    ("symbol", "cb"): "th",
    ("symbol", "bt"): "ch",
    ("symbol", "bg"): "in my",
    ("symbol", "su"): "sf",
    ("symbol", "rs"): "fi",
    ("symbol", "au"): "sz ro si bu",
    ("symbol", "lh"): "bo",
    ("symbol", "md"): "ro",
    ("pays", "uz"): "kg ti",
    ("pays", "ti"): "kg uz",
    ("pays", "kg"): "uz ti",
    ("pays", "br"): "ir mu ym qa sa",
    ("pays", "ri"): "mk",
    ("pays", "mk"): "ri",
}
"""Countries that are no fair wrong option, by template and right country."""


def items(facts: Facts) -> Iterator[Item]:
    """All questions of the table."""
    for template in TEMPLATES:
        yield from _items(facts, template)


def clue(fact: Fact) -> str:
    """The part of a fact's value that is asked about."""
    value = fact.value
    return value if isinstance(value, str) else str(value.get("meaning") or value["name"])


def _items(facts: Facts, template: Template) -> Iterator[Item]:
    clues = [(fact, clue(fact)) for fact in facts.of(template.kind)]
    holders: dict[str, set[str]] = {}
    for fact, text in clues:
        holders.setdefault(normal(text), set()).add(fact.subject)
    counts = Counter(fact.subject for fact, _ in clues)
    for fact, text in clues:
        country, peers = facts.countries[fact.subject], holders[normal(text)]
        if (
            hints(text, country.name)
            or _easy_domain(template, text, country)
            or (len(peers) > 1 and template.skip_peers)
        ):
            continue
        made = _item(facts, template, fact, country, peers, counts[fact.subject] > 1)
        if made:
            yield made


def _item(facts: Facts, template: Template, fact: Fact, country: Country, peers: set[str], many: bool) -> Item | None:
    text = clue(fact)
    key = f"{template.name}.{country.code}" + (f".{slug(text)[:40].strip('-')}" if many else "")
    unfair = {*peers, *UNFAIR.get((template.name, country.code), "").split()}
    wrong = wrong_countries(facts, country, lambda c: c.code not in unfair and not hints(text, c.name), key)
    if wrong is None:
        return None
    title = fact.value.get("title", "") if isinstance(fact.value, dict) else ""
    words = {"clue": text, "Clue": cap(text), "title": title}
    words["symbol"] = "national symbols" if several(text) else "a national symbol"
    tells = template.tells.format(**words)
    explanation = f"{tells} {remark(facts, country, key, but=template.kind)}".strip()
    shift = 0 if country.code in EASIER.get(template.name, "").split() else template.shift
    tier = fact.value["tier"] if isinstance(fact.value, dict) and "tier" in fact.value else country.tier
    # After a name with a comma in it, only a question mark may follow.
    asks = [ask for ask in template.asks if "," not in text or ask != SITES[2]]
    ask = one_of(asks, key).format(**words)
    return item(key, template.topic, level(tier, shift), ask, [country.label, *wrong], explanation, fact)


def _easy_domain(template: Template, text: str, country: Country) -> bool:
    """An internet ending that is the beginning of the country's name is no riddle."""
    return template.kind == "domain" and normal(country.label).replace(" ", "").startswith(text.strip("."))
