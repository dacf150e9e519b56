"""Facts about the chemical elements, from mendeleev's data base."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from importlib.metadata import version

import curated
from factbook import Fact, fold, folder, listing, report


def elements() -> Iterator[Fact]:
    """The chemical elements, from mendeleev's data base."""
    base = sqlite3.connect(folder("mendeleev") / "elements.db")
    base.row_factory = sqlite3.Row
    points = {
        row["atomic_number"]: row
        for row in base.execute("select * from phasetransitions order by allotrope is not null, id desc")
    }
    for row in base.execute("select * from elements order by atomic_number"):
        symbol, name = row["symbol"], row["name"].lower()
        tier = (
            1 if symbol in curated.KNOWN_ELEMENTS.split() else 2 if symbol in curated.LESS_KNOWN_ELEMENTS.split() else 3
        )
        value = {
            "name": curated.ELEMENT_NAMES.get(symbol, name),
            "tier": tier,
            "number": row["atomic_number"],
            "group": row["group_id"],
            "period": row["period"],
        }
        value |= {"density": row["density"], "series": row["series_id"]}
        if point := points.get(row["atomic_number"]):
            value |= {"melts": point["melting_point"], "boils": point["boiling_point"]}
        yield element_fact(
            symbol, "element", value, "symbol, name, atomic_number, group_id, period, density, phasetransitions"
        )
        for kind, table in (("origin", curated.ELEMENT_ORIGINS), ("symbol origin", curated.SYMBOL_ORIGINS)):
            for line in listing(table):
                if line.split(" ", 1)[0] == symbol:
                    shown, found = line.split(" ", 1)[1].split("|")
                    if fold(found) not in fold(row["name_origin"]):
                        report(f"{kind} of {symbol}: {found!r} is not in {row['name_origin']!r}")
                    yield element_fact(symbol, kind, shown, "name_origin")


def element_fact(symbol: str, kind: str, value: object, field: str) -> Fact:
    """A fact of mendeleev's with its provenance."""
    return {
        "subject": symbol,
        "kind": kind,
        "value": value,
        "dataset": f"mendeleev {version('mendeleev')}",
        "entry": f"elements/{symbol}",
        "field": field,
    }
