"""The words that decide nothing, and the words that say the same: tables for the normal form of questions."""

from __future__ import annotations

# articles, pronouns, auxiliaries and prepositions: the same question is asked with and without them
_GRAMMAR = """
a an the what which who whom whose where when why how is are was were be been being am do does did done has have had
having of in on at to for from by with as and or if that this these those it its he him his she her they them their
there into onto upon within than then can could may might would will shall should s t you your we our one ones through
throughout around about across
"""
# the frame of a question rather than what is asked
_FRAME = """
called call calls known name named names term termed terms used use word refer refers referred given give gives
following many much number amount quantity type kind sort belong belongs located lies lie situated found find considered
identified correct right option answer please exactly actually famously commonly popularly often mostly usually
generally also typically best possess possesses contain contains get become became take takes took place currently today
now
"""
SILENT = frozenset((_GRAMMAR + _FRAME).split())
"""Words that are left out before questions are compared. Never "not", "most", "first": they change the question."""

_COMMON = "countri citi anim plant human year world word element metal sport languag"
COMMON = frozenset(_COMMON.split())
"""Stems that hundreds of questions share; that two share nothing else makes them no more alike."""

ASKS = {
    "who": "who", "whom": "who", "whose": "who", "when": "when", "year": "when", "date": "when", "century": "when",
    "decade": "when", "where": "where", "why": "why", "many": "many", "much": "many", "number": "many",
}  # fmt: skip
"""What a question word asks for; two questions that ask for different things differ."""

_SAME = """
largest biggest
large big
highest tallest
high tall height elevation
quickest fastest
quick fast rapid
smallest tiniest littlest
begin began begun begins beginning start started starts commence commenced
end ended ends ending finish finished conclude concluded
write wrote written writes author authored writer penned
paint painted paints painter painting
compose composed composer composes music
invent invented inventor invention invents
discover discovered discoverer discovery discovers
direct directed director directs
film movie
country nation
city town
make made makes making produce produced produces create created creates creator
build built builds building construct constructed
currency money monetary
human humans person persons people
kill killed assassinate assassinated murdered
born birth birthplace
die died death
founded founder established
symbol sign abbreviation
chemical chemistry
sun solar
moon lunar
usa us america american
uk britain british
eat eats ate feed feeds
main primary chief principal major
player players
sport game
leader head
speak spoken speaks
border borders bordering neighbour neighbours
grow grows grown
win won winner winning
rule ruled ruler reign reigned
baby young offspring
freeze freezes freezing
boil boils boiling
run runs flow flows flowing
animal creature
car automobile
measure measures measured
fall falls fell fallen collapse collapsed
closest nearest
earth world
"""
SAME = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
"""Words that say the same where trivia is asked, each with the first of its group."""

SPELT = {
    "grey": "gray", "aluminium": "aluminum", "cheque": "check", "tyre": "tire", "plough": "plow", "mould": "mold",
    "moustache": "mustache", "jewellery": "jewelry", "storey": "story", "kerb": "curb", "pyjamas": "pajamas",
    "doughnut": "donut", "yoghurt": "yogurt", "whisky": "whiskey", "sceptic": "skeptic", "carat": "karat",
    "licence": "license", "practise": "practice", "cosy": "cozy", "axe": "ax", "mum": "mom", "maths": "math",
    "metre": "meter", "litre": "liter", "fibre": "fiber", "programme": "program", "autumn": "fall",
    "artefact": "artifact", "manoeuvre": "maneuver", "czar": "tsar", "tzar": "tsar",
}  # fmt: skip
"""British and American spellings that no rule below covers."""

ENDINGS = (
    ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("ises", "izes"), ("ise", "ize"), ("iser", "izer"),
    ("yse", "yze"), ("ysed", "yzed"), ("tre", "ter"), ("tres", "ters"), ("ogue", "og"), ("ogues", "ogs"),
    ("ence", "ense"), ("bre", "ber"),
)  # fmt: skip
INSIDE = (("our", "or"), ("ae", "e"), ("oe", "e"), ("ll", "l"), ("ph", "f"))
"""Both spellings are brought to one; that it is no spelling at all ("hour" to "hor") does not matter."""

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen"""
_ORDINALS = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: value for row in (_UNITS, _ORDINALS) for value, word in enumerate(row.split())}
"""Numbers and ordinals alike: "the Second World War" is World War 2."""
ORDINALS = frozenset(_ORDINALS.split())
SCALES = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}
TENS = {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_ROMAN = "ii iii iv _ vi vii viii ix _ xi xii xiii xiv xv xvi xvii xviii xix xx"
ROMAN = {word: value for value, word in enumerate(_ROMAN.split(), start=2) if word != "_"}
"""As in "World War II" and "Louis XIV"; not I, V and X, which are also letters."""
