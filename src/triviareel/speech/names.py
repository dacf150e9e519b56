"""Abbreviations, initials, Roman numerals and chemical symbols."""

from __future__ import annotations

import re

from triviareel.speech import numbers

_BEFORE_NAMES = {
    "Mt": "Mount",
    "St": "Saint",
    "Ste": "Sainte",
    "Ft": "Fort",
    "Dr": "Doctor",
    "Mr": "Mister",
    "Mrs": "Missus",
    "Ms": "Miz",
    "Prof": "Professor",
    "Rev": "Reverend",
    "Gen": "General",
    "Col": "Colonel",
    "Capt": "Captain",
    "Lt": "Lieutenant",
    "Sgt": "Sergeant",
    "Sen": "Senator",
    "Gov": "Governor",
    "Pres": "President",
}
_ANYWHERE = {
    "Jr.": "Junior",
    "Sr.": "Senior",
    "St.": "Street",
    "Ave.": "Avenue",
    "Rd.": "Road",
    "Blvd.": "Boulevard",
    "Inc.": "Incorporated",
    "Ltd.": "Limited",
    "Corp.": "Corporation",
    "Co.": "Company",
    "Bros.": "Brothers",
    "Mts.": "Mountains",
    "vs.": "versus",
    "vs": "versus",
    "v.": "versus",
    "e.g.": "for example,",
    "eg.": "for example,",
    "i.e.": "that is,",
    "etc.": "and so on",
    "et al.": "and others",
    "approx.": "approximately",
    "ca.": "circa",
    "c.": "circa",
    "est.": "established",
    "vol.": "volume",
    "Vol.": "Volume",
    "ft.": "feet",
    "sq.": "square",
    "w/": "with",
    "Ph.D.": "P-H-D",
    "PhD": "P-H-D",
}
_NEED_NEXT = {"c.", "ca.", "est.", "v.", "ft.", "sq.", "w/", "Co.", "vol.", "Vol."}
"""These are words of their own at the end of a sentence, so they are read only where more follows."""

_TITLE = re.compile(rf"\b({'|'.join(_BEFORE_NAMES)})\.? (?=[A-ZÀ-Þ])")
_MORE, _END = r"(?=\s?[\w(])", r"(?!\w)"
_ABBREVIATION = re.compile(
    "|".join(
        rf"(?<![\w.]){re.escape(short)}{_MORE if short in _NEED_NEXT else _END}"
        for short in sorted(_ANYWHERE, key=len, reverse=True)
    )
)
_NUMBER_SIGN = re.compile(r"\b(No|no|Nos|nos)\. ?(?=\d)")
_DOTTED = re.compile(
    r"\b(?:[A-Za-z]\.){2,}[A-Za-z]?(?!\w)|(?<!: )\b(?:[A-Z]\. ){1,3}(?=[A-Z][a-z])|\b(?:[A-Z]\.){1,3}(?=[A-Z][a-z])"
)
_LISTED = re.compile(r"(?<!\w)\(?([A-D])\)\s*")

_ROMAN = r"[IVXLCDM]+"
_CARDINAL_WORDS = (
    "War|Wars|Chapter|Part|Act|Scene|Volume|Book|Episode|Type|Bowl|Rocky|Fantasy|Saturn|Mark|Phase|Stage|Level|Article|"
    "Section|Class|Title|Vatican|Gemini|Apollo|Round|Quest|Symphony|Opus|Tour|Olympiad|Division|Schedule"
)
_REGNAL = (
    "Albert|Alexander|Alfonso|Amenhotep|Benedict|Baldwin|Boniface|Carlos|Catherine|Charles|Christian|Clement|Constantine|"
    "Cosimo|Darius|Edward|Elizabeth|Ferdinand|Felipe|Francis|Franz|Frederick|George|Gregory|Gustav|Haakon|Harald|Henry|"
    "Innocent|Isabella|Ivan|James|Joan|Joao|John|Joseph|Juan|Julius|Justinian|Kamehameha|Leo|Leopold|Louis|Ludwig|Manuel|"
    "Margaret|Mary|Maximilian|Mehmed|Mindaugas|Murad|Napoleon|Nicholas|Olaf|Osman|Otto|Pahlavi|Paul|Pedro|Peter|Philip|"
    "Pius|Ptolemy|Rainier|Ramesses|Ramses|Richard|Robert|Rudolf|Selassie|Seti|Sixtus|Stephen|Suleiman|Sultan|Theodosius|"
    "Thutmose|Umberto|Urban|Victor|Victoria|Wilhelm|William|Willem|Xerxes"
)
_REIGN = re.compile(rf"\b({_REGNAL}) ({_ROMAN})\b(?![.'&]\w)")
_PART = re.compile(rf"\b({_CARDINAL_WORDS}|chapter|part|act|volume|phase|type|class) ({_ROMAN})\b(?![.'&]\w)")
_CENTURY = re.compile(rf"\b({_ROMAN})(?:th)? (century|centuries|dynasty|Dynasty|Century)\b")
_LATER = re.compile(r"\b([A-Z][a-zÀ-ÿ]{2,}) ([IVX]{2,})\b(?![.'&]\w)")
"""After any other name a numeral of two letters and more is a reign: "Bhumibol IX"."""
_NUMERAL = re.compile(r"(?<![\w-])(?=[IVXLCDM]{2})([IVXLCDM]+)(?![\w-])")
_SPELLED = {"WHO": "W-H-O", "AC/DC": "A-C D-C", "AT&T": "A-T and T", "R&B": "R and B", "Q&A": "Q and A"}
_SPELLED |= {"WWI": "World War one", "WWII": "World War two"}
_SPELLED_PATTERN = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, _SPELLED))})(?![\w-])")

_SYMBOLS = frozenset(
    re.findall(
        r"\w+",
        "Ac Ag Al Am Ar As At Au Ba Be Bi Br Ca Cd Ce Cl Cm Co Cr Cs Cu Dy Er Es Eu Fe Fm Fr Ga Gd Ge He Hf "
        "Hg Ho In Ir Kr La Li Lu Mg Mn Mo Na Nb Nd Ne Ni Np Os Pa Pb Pd Pm Po Pr Pt Pu Ra Rb Re Rf Rh Rn Ru "
        "Sb Sc Se Si Sm Sn Sr Ta Tb Tc Te Th Ti Tl Tm Xe Yb Zn Zr",
    )
)
_NEVER_WORDS = _SYMBOLS - frozenset(
    re.findall(
        r"\w+",
        "Ac Al Am Ar As At Ba Be Bi Ca Ce Cm Co Cr Dy Er Es Eu Fr Ga Ge He Ho In Ir La Li Lu Mo Na Nd Ne Ni No Os Pa "
        "Po Pr Pu Ra Re Rf Rh Ru Se Si Sc Sm Sr Ta Te Th Ti",
    )
)
"""Symbols that are neither an English word nor a name's short form."""
_SYMBOL = re.compile(r"(?<![\w'-])(?:(symbols?(?: is| was| for it is)?,? [\"'(]?)|([\"'(]))?([A-Z][a-z])(?![\w'-])")
_SALTS = re.compile(r"(?<![\w-])(NaCl|KCl|HCl|NaOH|KOH|LiCl|AgCl|FeO|CaO|MgO|NaF|NO|NaHCO)(?![\w-])")


def expanded(text: str) -> str:
    """Abbreviations, dotted letters and listed letters in full; must come before numbers are read."""
    text = _LISTED.sub(r"\1: ", text)
    text = _TITLE.sub(lambda m: f"{_BEFORE_NAMES[m[1]]} ", text)
    text = _NUMBER_SIGN.sub(lambda m: {"N": "Number", "n": "number"}[m[1][0]] + "s" * m[1].endswith("s") + " ", text)
    text = _ABBREVIATION.sub(_full, text)
    return _DOTTED.sub(_initials, text)


def numerals(text: str) -> str:
    """Roman numerals as numbers: "Henry the eighth", "World War two"; elsewhere letter by letter."""
    text = _REIGN.sub(_reign, text)
    text = _PART.sub(_part, text)
    text = _CENTURY.sub(_century, text)
    text = _LATER.sub(_reign, text)
    return _NUMERAL.sub(lambda m: m[0] if numbers.roman(m[0]) is None or m[0] == "MIX" else "-".join(m[0]), text)


def letters(text: str) -> str:
    """What is said letter by letter, joined by hyphens: chemical symbols, salts, "WHO"."""
    text = _SPELLED_PATTERN.sub(lambda m: _SPELLED[m[0]], text)
    text = _SALTS.sub(lambda m: "-".join(m[0].upper()), text)
    return _SYMBOL.sub(_symbol, text)


def spelled(text: str) -> str:
    """A short text letter by letter: "Au" → "A-U"."""
    return "-".join(c.upper() for c in text if c.isalnum())


def _full(match: re.Match[str]) -> str:
    ends = match[0].endswith(".") and match.end() == len(match.string)
    return _ANYWHERE[match[0]].rstrip(",") + "." if ends else _ANYWHERE[match[0]]


def _initials(match: re.Match[str]) -> str:
    """Dotted letters: "U.S." → "U-S", "J. R. R. " → "J R R ", "a.m." as it is for the times."""
    letters = [c for c in match[0] if c.isalpha()]
    if match[0].lower() in {"a.m.", "p.m."}:
        return match[0].replace(".", "")
    if "".join(letters) in {"BC", "BCE", "AD", "CE"}:
        return "".join(letters)
    after = match.string[match.end() :]
    if after[:1].isupper():
        return " ".join(letters) + " "
    ends = match[0].endswith(".") and not after
    return "-".join(letters).upper() + ("." if ends else "")


def _reign(match: re.Match[str]) -> str:
    value = numbers.roman(match[2])
    return match[0] if value is None or value > 40 else f"{match[1]} the {numbers.ordinal(value)}"


def _part(match: re.Match[str]) -> str:
    value = numbers.roman(match[2])
    return match[0] if value is None else f"{match[1]} {numbers.cardinal(value)}"


def _century(match: re.Match[str]) -> str:
    value = numbers.roman(match[1])
    return match[0] if value is None else f"{numbers.ordinal(value)} {match[2]}"


def _symbol(match: re.Match[str]) -> str:
    """A chemical symbol letter by letter: where it can be nothing else, or is called a symbol."""
    named, quoted, symbol = match.groups()
    chemistry = "symbol" in match.string.lower()
    sure = symbol in _NEVER_WORDS or (symbol in _SYMBOLS and chemistry and bool(named or quoted))
    return f"{named or quoted or ''}{spelled(symbol)}" if sure else match[0]
