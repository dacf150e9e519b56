"""The generated questions against the facts, without the code that made them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from triviareel.questions import bank, facts
from triviareel.questions.checks import normal
from triviareel.questions.model import Question

FACTS = facts.load()
CODES = {normal(country.label): code for code, country in FACTS.countries.items()}
GENERATED = [item for item in bank.items() if item.template in item.question.id and "." in item.question.id]


def codes(q: Question) -> list[str]:
    return [CODES[normal(option)] for option in q.options]


def values(kind: str, code: str) -> list[Any]:
    return [fact.value for fact in FACTS.of(kind) if fact.subject == code]


def named(kind: str, code: str) -> set[str]:
    """What a country has of a kind, as texts to compare."""
    found = values(kind, code)
    return {
        normal(str((v.get("name") or v.get("meaning") or v.get("language")) if isinstance(v, dict) else v))
        for v in found
    }


def of_template(name: str) -> list[tuple[str, Question]]:
    return [(item.subject, item.question) for item in GENERATED if item.template == name]


WHICH = {
    "capital-of": "capital", "city": "city", "pays": "currency", "domain": "domain", "site": "site", "park": "park",
    "spaceport": "spaceport", "calls-itself": "local name", "people": "demonym", "name-means": "name meaning",
    "parliament": "legislature", "symbol": "symbol", "anthem": "anthem", "anthem-means": "anthem meaning",
    "former": "former name", "peak-of": "peak", "volcano": "volcano",
}  # fmt: skip


@pytest.mark.parametrize(("template", "kind"), WHICH.items())
def test_only_the_right_country_has_what_is_asked_for(template: str, kind: str) -> None:
    asked = of_template(template)
    assert asked
    for _, q in asked:
        right, *wrong = codes(q)
        words = normal(q.question)
        clue = {text for text in named(kind, right) if text in words}
        assert clue, q.id
        assert not any(clue & named(kind, code) for code in wrong), q.id


@pytest.mark.parametrize(("template", "kind"), [("capital", "capital"), ("currency", "currency"), ("peak", "peak")])
def test_a_country_has_the_right_option_and_no_other(template: str, kind: str) -> None:
    asked = of_template(template)
    assert asked
    for code, q in asked:
        right, *wrong = map(normal, q.options)
        assert right in named(kind, code), q.id
        assert not named(kind, code) & set(wrong), q.id


def test_a_peak_on_a_border_is_not_asked_against_the_other_side() -> None:
    for code, q in of_template("peak-of"):
        heights = [FACTS.value("height", other) for other in codes(q)[1:]]
        assert FACTS.value("height", code) not in heights, q.id


def test_no_wrong_language_is_told_of_the_country() -> None:
    for code, q in of_template("language"):
        (value,) = values("language", code)
        assert q.right_option == value["language"]
        assert not set(q.options[1:]) & set(value["told"]), q.id


def touching(code: str) -> set[str]:
    reverse = {other for other in FACTS.countries if code in FACTS.value("borders", other)["codes"]}
    return reverse | set(FACTS.value("borders", code)["codes"])


def test_neighbours_are_neighbours_and_strangers_are_not() -> None:
    for template in ("neighbour", "only-neighbour"):
        for code, q in of_template(template):
            right, *wrong = codes(q)
            assert right in touching(code), q.id
            assert not touching(code) & set(wrong), q.id
    for code, q in of_template("stranger"):
        right, *wrong = codes(q)
        assert right not in touching(code), q.id
        assert set(wrong) <= touching(code), q.id


def test_borders_are_told_by_both_sides() -> None:
    one_sided = {
        (code, other)
        for code in FACTS.countries
        for other in FACTS.value("borders", code)["codes"]
        if code not in FACTS.value("borders", other)["codes"]
    }
    assert one_sided == set()


@pytest.mark.parametrize(
    ("template", "kind", "least"),
    [("largest", "area", 1.25), ("populous", "population", 1.3), ("coast", "coast", 1.9), ("highest", "height", 1.2)],
)
def test_comparisons_have_a_clear_gap(template: str, kind: str, least: float) -> None:
    for _, q in of_template(template):
        right, *wrong = [FACTS.value(kind, code) for code in codes(q)]
        assert right >= least * max(wrong), q.id


def test_landlocked_countries_have_no_coast_and_the_others_do() -> None:
    for _, q in of_template("landlocked"):
        right, *wrong = [FACTS.value("coast", code) for code in codes(q)]
        assert right == 0, q.id
        assert min(wrong) > 0, q.id


def test_rivers_and_lakes_touch_the_right_country_only() -> None:
    rivers = {fact.value["name"]: fact.value for fact in FACTS.of("river")}
    for _, q in of_template("river"):
        river = next(value for name, value in rivers.items() if f"the {name} flow" in q.question)
        right, *wrong = codes(q)
        assert right in river["through"], q.id
        assert not {*river["through"], *river["basin"]} & set(wrong), q.id
    shared = {fact.value["name"]: set(fact.value["countries"]) for fact in FACTS.of("shared lake")}
    for _, q in of_template("lake"):
        for name, shores in shared.items():
            if name.lower() in q.question.lower():
                right, *wrong = codes(q)
                assert right in shores, q.id
                assert not shores & set(wrong), q.id


def test_independence_was_gained_from_the_right_country_in_the_right_year() -> None:
    for code, q in of_template("independence"):
        assert normal(q.right_option) == normal(FACTS.value("independence", code)["from"]), q.id
    for code, q in of_template("independence-year"):
        assert q.right_option == str(FACTS.value("independence", code)["year"]), q.id


ELEMENTS = {normal(fact.value["name"]): fact for fact in FACTS.of("element")}


def element_values(q: Question, get: Callable[[facts.Fact], Any]) -> list[Any]:
    return [get(ELEMENTS[normal(option)]) for option in q.options]


def test_questions_on_elements_have_one_right_option() -> None:
    for symbol, q in of_template("element-symbol"):
        assert q.right_option == symbol
    for symbol, q in of_template("element-named"):
        assert element_values(q, lambda fact: fact.subject)[0] == symbol
    for _, q in of_template("element-number"):
        right, *wrong = element_values(q, lambda fact: str(fact.value["number"]))
        assert right in q.question.replace("?", "").split(), q.id
        assert right not in wrong
    for _, q in of_template("element-family"):
        right, *wrong = element_values(q, lambda fact: fact.value["series"])
        assert right not in wrong, q.id
    for template, kind in (("element-melts", "melts"), ("element-density", "density")):
        for _, q in of_template(template):
            right, *wrong = element_values(q, lambda fact, kind=kind: fact.value[kind])  # type: ignore[misc]
            assert right > 1.2 * max(wrong), q.id
    for _, q in of_template("element-origin"):
        right, *wrong = (FACTS.find("origin", symbol) for symbol in element_values(q, lambda fact: fact.subject))
        assert right is not None
        assert right.value not in [fact.value for fact in wrong if fact], q.id


def test_states_of_matter_are_told_apart() -> None:
    for _, q in of_template("element-state"):
        right, *wrong = element_values(q, lambda fact: (fact.value.get("melts") or 0, fact.value.get("boils") or 1e9))
        assert min(melts for melts, _ in wrong) > 350, q.id
        assert right[1] < 298 if "gas" in q.question else right[0] < 298 < right[1], q.id


def test_every_fact_tells_where_it_was_read() -> None:
    for kind in ("capital", "element", "site", "borders"):
        for fact in FACTS.of(kind):
            assert fact.dataset.split()[0] in facts.BOOKS
            assert fact.entry
            assert fact.field
            assert len(fact.source) <= 200


def test_nearest_countries_come_first_within_a_region() -> None:
    nearest = [country.code for country in FACTS.near("po")]  # of Portugal, for which Morocco is nearer than France
    assert nearest[:3] == ["sp", "an", "fr"]
    assert nearest.index("mo") > 30
