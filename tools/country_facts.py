"""Facts about countries and what lies in them, from the World Factbook."""

from __future__ import annotations

import re
from collections.abc import Iterator

import curated
from factbook import Fact, Factbook, fold, listing, pass_over, report


def countries(book: Factbook) -> Iterator[Fact]:
    """Names, fame and places of the countries."""
    for line in listing(curated.COUNTRIES):
        code, tier, name = line.split(" ", 2)
        coordinates = book.read(code, "Government/Capital/geographic coordinates") or book.read(
            code, "Geography/Geographic coordinates"
        )
        place = re.search(r"(\d+) (\d+) ([NS]), (\d+) (\d+) ([EW])", coordinates)
        if place is None:
            report(f"no coordinates for {code}: {coordinates!r}")
            continue
        lat = (int(place[1]) + int(place[2]) / 60) * (1 if place[3] == "N" else -1)
        lon = (int(place[4]) + int(place[5]) / 60) * (1 if place[6] == "E" else -1)
        value = {
            "name": name,
            "tier": int(tier),
            "region": book.entries[code][0].split("/")[0],
            "lat": round(lat, 2),
            "lon": round(lon, 2),
        }
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
        if code in curated.NO_CAPITAL.split():
            continue
        table[code] = curated.CAPITALS.get(code) or re.split(r" ?[(;,]| in Romanian", book.read(code, field))[0]
    yield from book.curated("capital", table, field)


def borders(book: Factbook, codes: list[str]) -> Iterator[Fact]:
    """Each country's neighbours by land, as codes; an empty list for islands."""
    field = "Geography/Land boundaries/border countries"
    names = {
        fold(re.sub(r"^the ", "", line.split(" ", 2)[2])): line.split(" ", 1)[0] for line in listing(curated.COUNTRIES)
    }
    names |= {
        "burma": "bm",
        "turkiye": "tu",
        "turkey turkiye": "tu",
        "drc": "cg",
        "democratic republic of the congo": "cg",
        "congo": "cf",
        "republic of congo": "cf",
    }
    names |= {
        "cote d ivoire": "iv",
        "us": "us",
        "uk": "uk",
        "uae": "ae",
        "holy see": "vt",
        "holy see vatican city": "vt",
        "the gambia": "ga",
        "gambia": "ga",
        "czech republic": "ez",
        "macedonia": "mk",
        "swaziland": "wz",
    }
    names |= {
        "congo brazzaville": "cf",
        "republic of the congo": "cf",
        "congo kinshasa": "cg",
        "democratic republic of congo": "cg",
    }
    for code in codes:
        neighbours, whole = [], code not in curated.PART_BORDERS.split()
        text = re.sub(r"\([^)]*\)", "", book.read(code, field))
        for part in re.findall(r"([^\d;,]+?)\s*[\d,.]+ ?km", text):  # parted by ; mostly, but also by , or "and"
            name = fold(part.removeprefix(" and "))
            if name in names:
                neighbours.append(names[name])
            elif name:
                pass_over(f"border of {code}: {name!r} is no country of the table")
                whole = False
        yield book.fact(code, "borders", {"codes": sorted(set(neighbours)), "whole": whole}, field)


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
        if found and found[2] in curated.POWERS and code not in curated.INDEPENDENCE_LEFT_OUT.split():
            year = None if code in curated.INDEPENDENCE_YEAR_UNCLEAR.split() else int(found[1])
            yield book.fact(code, "independence", {"year": year, "from": curated.POWERS[found[2]]}, field)


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
    names = sorted(
        {value.partition("|")[0] for value in curated.LANGUAGES.values()} | set(curated.WIDE_LANGUAGES.split())
    )
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
        tier = 1 if name in famous else 2 if tiers[code] == 1 or (tiers[code] == 2 and code not in first) else 3
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
