from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import AnswerFault
from triviareel.questions.gemini import wire
from triviareel.questions.gemini.model import Ask, Reply, Tokens, text_of

NAMES = st.sampled_from(["candidates", "content", "parts", "text", "finishReason", "usageMetadata", "promptTokenCount"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(), inner, max_size=4),
)


def body(**candidate: Any) -> dict[str, Any]:
    return {"candidates": [candidate]}


@given(JSON)
def test_any_json_is_a_reply_or_a_fault(whole: object) -> None:
    with suppress(AnswerFault):
        assert isinstance(wire.reply(whole, "m"), Reply)


@pytest.mark.parametrize("count", [float("inf"), "many", [], {}])
def test_counts_that_are_none_are_told(count: object) -> None:
    with pytest.raises(AnswerFault, match="not shaped like the API's"):
        wire.reply({**body(), "usageMetadata": {"promptTokenCount": count or [1]}}, "m")


def test_thoughts_are_no_part_of_the_text_but_are_counted() -> None:
    parts = [{"text": "hm", "thought": True}, {"text": "[1,"}, {"text": "2]"}]
    usage = {"promptTokenCount": 5, "candidatesTokenCount": 3, "thoughtsTokenCount": 9, "totalTokenCount": 17}
    whole = {**body(content={"parts": parts}, finishReason="STOP"), "usageMetadata": usage, "modelVersion": "m-001"}
    assert wire.reply(whole, "m") == Reply("[1,2]", "STOP", Tokens(5, 3, 9), "m-001")


def test_thoughts_that_only_the_total_shows_are_counted_too() -> None:
    usage = {"promptTokenCount": 5, "candidatesTokenCount": 3, "totalTokenCount": 17}
    assert wire.reply({**body(), "usageMetadata": usage}, "m").tokens == Tokens(5, 3, 9)


@pytest.mark.parametrize(
    ("finish", "text", "kind"),
    [
        ("MAX_TOKENS", "[1,", "cut"), ("MAX_TOKENS", "", "cut"), ("RECITATION", "", "recitation"),
        ("SAFETY", "", "blocked"), ("PROHIBITED_CONTENT", "", "blocked"), ("BLOCKLIST", "x", "blocked"),
        ("SPII", "", "blocked"), ("BLOCKED", "", "blocked"), ("STOP", " \n", "empty"), ("NO_CANDIDATES", "", "empty"),
        ("OTHER", "[1,", "cut"), ("FINISH_REASON_UNSPECIFIED", "[1]", "cut"), ("SOMETHING_NEW", "[1]", "cut"),
    ],
)  # fmt: skip
def test_only_a_finished_answer_has_a_text(finish: str, text: str, kind: str) -> None:
    with pytest.raises(AnswerFault) as caught:
        text_of(Reply(text, finish, Tokens(), "m"))
    assert caught.value.kind == kind


def test_a_request_says_what_was_set_and_nothing_else() -> None:
    assert wire.request(Ask("m", "p")) == {
        "contents": [{"role": "user", "parts": [{"text": "p"}]}],
        "generationConfig": {"temperature": 1.0, "maxOutputTokens": 8192},
    }
    whole = wire.request(Ask("m", "p", "s", {"type": "array"}, 0.5, 7, 100, 0))
    assert whole["systemInstruction"] == {"parts": [{"text": "s"}]}
    assert whole["generationConfig"] == {
        "temperature": 0.5, "maxOutputTokens": 100, "seed": 7, "responseMimeType": "application/json",
        "responseJsonSchema": {"type": "array"}, "thinkingConfig": {"thinkingBudget": 0},
    }  # fmt: skip
