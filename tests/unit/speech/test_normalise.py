import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.speech.normalise import SPEAKABLE, foreign_script, speakable

SAID = [
    ("1,234", "one thousand two hundred and thirty-four"),
    ("3.14", "three point one four"),
    ("What is 0.5 + 0.25?", "What is zero point five plus zero point two five?"),
    ("The 21st century", "The twenty-first century"),
    ("1/2 cup, 3/4 and 3½ miles", "one half cup, three quarters and three and a half miles"),
    ("Between 10–20 km", "Between ten to twenty kilometres"),
    (
        "Apollo 11 landed on 20 July 1969 at 5:30.",
        "Apollo eleven landed on the twentieth of July, nineteen sixty-nine at five thirty.",
    ),
    (
        "On July 4, 1776, the US declared independence.",
        "On July the fourth, seventeen seventy-six, the US declared independence.",
    ),
    ("In 1969 astronauts landed", "In nineteen sixty-nine astronauts landed"),
    ("1969", "nineteen sixty-nine"),
    ("There are 1500 species of bats.", "There are one thousand five hundred species of bats."),
    ("About 2000 years ago", "About two thousand years ago"),
    ("1500 metres", "one thousand five hundred metres"),
    ("World War II ended in 1945", "World War two ended in nineteen forty-five"),
    ("World War I (1914–1918)", "World War one, nineteen fourteen to nineteen eighteen"),
    ("1914-18", "nineteen fourteen to eighteen"),
    ("Henry VIII had 6 wives", "Henry the eighth had six wives"),
    ("Elizabeth I", "Elizabeth the first"),
    ("Elizabeth II was queen", "Elizabeth the second was queen"),
    ("Louis XIV", "Louis the fourteenth"),
    ("Malcolm X", "Malcolm X"),
    ("Pope John Paul II", "Pope John Paul the second"),
    ("Rocky IV", "Rocky four"),
    ("Saturn V", "Saturn five"),
    ("The XX century", "The twentieth century"),
    ("XIV", "X-I-V"),
    ("The 1960s and '80s; in his 30s", "The nineteen sixties and eighties; in his thirties"),
    ("44 BC", "forty-four B-C"),
    ("AD 79", "A-D seventy-nine"),
    ("It weighs 5 kg.", "It weighs five kilograms."),
    ("It is 8,849 m high", "It is eight thousand eight hundred and forty-nine metres high"),
    (
        "8,849 m (29,032 ft)",
        "eight thousand eight hundred and forty-nine metres, twenty-nine thousand and thirty-two feet",
    ),
    ("9.8 m/s²", "nine point eight metres per second squared"),
    ("300,000 km/s", "three hundred thousand kilometres per second"),
    ("65 km² or 1.2 million km²", "sixty-five square kilometres or one point two million square kilometres"),
    ("people/km²", "people per square kilometre"),
    ("−40 °C is −40 °F", "minus forty degrees Celsius is minus forty degrees Fahrenheit"),
    ("37°C", "thirty-seven degrees Celsius"),
    ("45° N", "forty-five degrees north"),
    ("50%", "fifty percent"),
    ("$5.2 million", "five point two million dollars"),
    ("$5.2m", "five point two million dollars"),
    ("€3bn", "three billion euros"),
    ("£1.50", "one pound and fifty pence"),
    ("$1", "one dollar"),
    ("US$100", "one hundred U-S dollars"),
    ("H₂O", "H two O"),
    ("CO₂", "C-O two"),
    ("CO2 and H2SO4 and C₆H₁₂O₆", "C-O two and H two S-O four and C six H twelve O six"),
    ("Au", "A-U"),
    ("What is the chemical symbol for gold?", "What is the chemical symbol for gold?"),
    ("Its symbol, Fe, comes from ferrum", "Its symbol, F-E, comes from ferrum"),
    ("NaCl", "N-A-C-L"),
    ("π is about 3.14159", "pi is about three point one four one five nine"),
    ("α-particle", "alpha-particle"),
    ("E = mc²", "E equals m c squared"),
    ("a² + b² = c²", "a squared plus b squared equals c squared"),
    ("10⁶", "ten to the power of six"),
    ("6.022 × 10²³", "six point zero two two times ten to the power of twenty-three"),
    ("3 x 4 = 12", "three times four equals twelve"),
    ("Salt & pepper", "Salt and pepper"),
    ("No. 1", "Number one"),
    ("Mt. Everest", "Mount Everest"),
    ("Mt Kilimanjaro", "Mount Kilimanjaro"),
    ("St. Petersburg and St. Louis", "Saint Petersburg and Saint Louis"),
    ("10 Downing St.", "ten Downing Street."),
    ("Dr. Seuss", "Doctor Seuss"),
    ("Dr Who", "Doctor Who"),
    ("The U.S. is big", "The U-S is big"),
    ("in the U.S.", "in the U-S."),
    ("U.S.A.", "U-S-A."),
    ("J. R. R. Tolkien and J.K. Rowling", "J R R Tolkien and J-K Rowling"),
    ("C. S. Lewis", "C S Lewis"),
    ("Washington, D.C.", "Washington, D-C."),
    ("NASA sent it; DNA is a molecule; the UN and WHO", "NASA sent it; DNA is a molecule; the UN and W-H-O"),
    ("A) Paris", "A: Paris"),
    ("(B) Rome", "B: Rome"),
    ("B: Rome", "B: Rome"),
    ("“Quoted” ‘text’ — dashes – too", "Quoted text, dashes, too"),
    ("São Paulo", "São Paulo"),
    ("Reykjavík", "Reykjavík"),
    ("Ouagadougou", "Ouagadougou"),
    ("Łódź", "Lódz"),
    ("The capital of France is ____.", "The capital of France is blank."),
    ("____ is the capital", "blank is the capital"),
    ("I ❤️ Paris 🎉", "I Paris"),
    ("🍎", "red apple"),
    ("5:30 pm", "five thirty P-M"),
    ("5:05 a.m.", "five oh five A-M"),
    ("17:00", "seventeen hundred hours"),
    ("12:00", "twelve o'clock"),
    ("16:9", "sixteen to nine"),
    ("3–2", "three to two"),
    ("MP3", "M-P three"),
    ("4K", "four K"),
    ("3D", "three D"),
    ("B12", "B twelve"),
    ("A4", "A-four"),
    ("F-16", "F-sixteen"),
    ("COVID-19", "COVID-nineteen"),
    ("Boeing 747", "Boeing seven forty-seven"),
    ("Agent 007", "Agent oh oh seven"),
    ("24/7", "twenty-four seven"),
    ("9/11", "nine eleven"),
    ("C# major", "C sharp major"),
    ("AC/DC", "A-C D-C"),
    ("and/or", "and or"),
    ("Don't stop; it's the dogs' toys", "Don't stop; it's the dogs toys"),
    ("rock 'n' roll", "rock n roll"),
    ("O'Brien", "O'Brien"),
    ("twenty-one", "twenty-one"),
    ("x²", "x squared"),
    ("2^10", "two to the power of ten"),
    ("It's 5'11\" tall", "It's five feet eleven inches tall"),
    ("60 mph", "sixty miles per hour"),
    ("100 m", "one hundred metres"),
    ("1 km", "one kilometre"),
    ("1st, 2nd & 3rd", "first, second and third"),
    ("1,000,000", "one million"),
    ("1 000 000", "one million"),
    ("$1,000", "one thousand dollars"),
    ("5,000-year-old", "five thousand-year-old"),
    ("approx. 5", "approximately five"),
    ("e.g. this", "for example, this"),
    ("etc.", "and so on."),
    ("c. 1500", "circa fifteen hundred"),
    ("1066", "ten sixty-six"),
    ("2024", "twenty twenty-four"),
    ("2005", "two thousand and five"),
    ("1900", "nineteen hundred"),
    ("1905", "nineteen oh five"),
    ("3000", "three thousand"),
    ("10000", "ten thousand"),
    ("№ 5", "Number five"),
    ("#1", "number one"),
    ("½", "one half"),
    ("What does Ψ mean?", "What does psi mean?"),
    ("1:2", "one to two"),
    ("2–3 weeks", "two to three weeks"),
    ("F = ma", "F equals ma"),
    ("20,000 Leagues Under the Sea", "twenty thousand Leagues Under the Sea"),
    ("2001: A Space Odyssey", "two thousand and one: A Space Odyssey"),
    ("Fahrenheit 451", "Fahrenheit four hundred and fifty-one"),
    ("7-Eleven", "seven-Eleven"),
    ("Ocean's 11", "Ocean's eleven"),
    ("Pi (π)", "Pi, pi"),
    ("100 °C", "one hundred degrees Celsius"),
    ("0 K", "zero kelvin"),
    ("300 K", "three hundred kelvin"),
    ("1.6 km/h", "one point six kilometres per hour"),
    ("Hafþór Björnsson", "Hafthór Björnsson"),
    ("1500 m", "one thousand five hundred metres"),
    ("N'Djamena", "N'Djamena"),
    ("Guinea-Bissau", "Guinea-Bissau"),
    ("on 1 May 2004", "on the first of May, two thousand and four"),
    ("March 2020", "March twenty twenty"),
    ("Sept. 11", "September the eleventh"),
    ("Jan. 1, 2000", "January the first, two thousand"),
    ("1984 by George Orwell", "nineteen eighty-four by George Orwell"),
    ("Which film won in 1994?", "Which film won in nineteen ninety-four?"),
    ("built between 1163 and 1345", "built between eleven sixty-three and thirteen forty-five"),
    ("pH 7", "pH seven"),
    ("vitamin C", "vitamin C"),
    ("-5", "minus five"),
    ("5-3=2", "five minus three equals two"),
    ("What is the answer?", "What is the answer?"),
    ("What is 15% of 200?", "What is fifteen percent of two hundred?"),
    ("€5", "five euros"),
    ("5 €", "five euros"),
    ("20th-century", "twentieth-century"),
    ("19th", "nineteenth"),
    ("Formula 1", "Formula one"),
    ("Blink-182", "Blink-one hundred and eighty-two"),
    ("10:10", "ten ten"),
    ("206 bones", "two hundred and six bones"),
    ("1024 bytes", "one thousand and twenty-four bytes"),
    ("366 days", "three hundred and sixty-six days"),
    ("IV", "I-V"),
    ("π r²", "pi r squared"),
    ("V8", "V eight"),
    ("Q&A", "Q and A"),
    ("R&B", "R and B"),
    ("WWII", "World War two"),
    ("U2", "U two"),
    ("5G", "five G"),
    ("12V", "twelve volts"),
    ("220 V", "two hundred and twenty volts"),
    ("50 Hz", "fifty hertz"),
    ("1.5 l", "one point five litres"),
    ("0.05", "zero point zero five"),
    ("1/100", "one one hundredth"),
    ("1 1/2", "one and a half"),
    ("1°", "one degree"),
    ("$0.99", "ninety-nine cents"),
    ("1 in 10", "one in ten"),
    ("i.e. that", "that is, that"),
    ("Jr.", "Junior."),
    ("Martin Luther King Jr. was", "Martin Luther King Junior was"),
    ("Yes/No", "Yes No"),
    ("A) 1969\u200b", "A: nineteen sixty-nine"),
    ("9\u00a0500 km", "nine thousand five hundred kilometres"),
    ("١٩٦٩", "nineteen sixty-nine"),
    ("ﬁve ＡＢＣ", "five ABC"),
    ("Mohorovičić", "Mohorovicic"),
    ("Boeing 707", "Boeing seven hundred and seven"),
    ("=cmd|' /C calc'!A0", "equals cmd, C calc! A-zero"),
    ("a\x00b", "a b"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "said"), SAID)
def test_what_is_written_is_said(written: str, said: str) -> None:
    assert speakable(written) == said


@pytest.mark.parametrize("said", [said for _, said in SAID])
def test_what_is_said_stays_as_it_is(said: str) -> None:
    assert speakable(said) == said


_PIECES = st.sampled_from(
    re.findall(
        r"\S+",
        "1969 1,234 0.5 -3 $5 £1.50 5km m² H₂O CO2 Au symbol St. Mt. U.S. No. A) (B) Henry VIII World War II I V X "
        "1st 3/4 10–20 5:30 pm am July 4 BC AD % ° °C & + = × → ^2 ~ # _ ____ — - ' \" “ ” é ß ø π Ψ 🍎 ا 日 Ж / .. … "
        "WHO AC/DC e.g. etc. vs. 1960s '80s 12V K s",
    )
)


@given(st.one_of(st.text(max_size=80), st.lists(st.one_of(_PIECES, st.just(" ")), max_size=12).map("".join)))
def test_any_text_becomes_speakable(text: str) -> None:
    said = speakable(text)
    assert set(said) <= SPEAKABLE
    assert said == " ".join(said.split())


@given(st.lists(st.sampled_from([written for written, _ in SAID]), max_size=3).map(" ; ".join))
def test_sentences_that_were_made_speakable_stay_as_they_are(text: str) -> None:
    said = speakable(text)
    assert speakable(said) == said


@given(st.lists(_PIECES, max_size=12).map(" ".join))
def test_the_script_of_any_text_can_be_asked_for(text: str) -> None:
    assert (foreign_script(text) is None) == (not set(text) & set("ا日Ж"))


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("The Nile is الخماسين", "Arabic"),
        ("Москва", "Cyrillic"),
        ("दिल्ली", "Devanagari"),
        ("東京", "Chinese"),
        ("Αθήνα", "Greek"),
        ("ʃɪp", "phonetic"),
        ("São Paulo, Łódź, Ağrı, Hafþór, Đà Nẵng", None),
        ("π, Ω and µm 🎉 ½ ²", None),
        ("\ud800 lone surrogate", None),
        ("", None),
    ],
)
def test_other_scripts_are_named(text: str, script: str | None) -> None:
    assert foreign_script(text) == script


def test_a_long_text_of_digits_and_signs_takes_no_longer_than_it_should() -> None:
    assert speakable("1" * 5000).startswith("one one one")
    assert speakable("(" * 5000 + "1/2" * 1000)
