import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.errors import ModelBusy, ModelDown, ModelRefused, TriviaError
from triviareel.questions.gemini.access import Access
from triviareel.questions.gemini.faults import explain, retry_after
from triviareel.questions.gemini.secrets import Secret

BY_KEY = Access(key=Secret("KEY"))
BY_ACCOUNT = Access(project="trivia-prod", location="global")
SET_KEY = "set GEMINI_API_KEY or GEMINI_API_KEY_FILE to a valid one"
GIVE_ROLE = "sign in, or give the account the role roles/aiplatform.user in trivia-prod"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["error", "message", "details", "reason", "retryDelay", "violations", "quotaId", "status"])
            | st.text(),
            inner,
        )
    ),
)


def told(status: int, body: object, headers: dict[str, str] | None = None, access: Access = BY_KEY) -> TriviaError:
    return explain(status, body, headers or {}, model="m", access=access)


def detail(**fields: Any) -> dict[str, Any]:
    return {"error": {"message": "said", "details": [{"@type": "x", **fields}]}}


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        (detail(retryDelay="7s"), {}, 7),
        (detail(retryDelay="7.250s"), {"Retry-After": "3"}, 7.25),
        ([detail(retryDelay="7s")], {}, 7),
        (detail(retryDelay="soon"), {"retry-after": "12"}, 12),
        ("<html>", {"Retry-After": "12"}, 12),
        ({}, {"Retry-After": "Sun, 06 Nov 1994 08:49:57 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT"}, 20),
        ({}, {"Retry-After": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:57 GMT"}, 0),
        ({}, {"Retry-After": "Sun, 06 Nov 1994 08:49:57 GMT"}, None),
        ({}, {"Retry-After": "-3"}, None),
        ({}, {}, None),
    ],
)
def test_how_long_to_wait(body: object, headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(body, headers) == seconds


@given(st.sampled_from([400, 401, 403, 404, 408, 418, 429, 500, 503, 599]), JSON, st.dictionaries(st.text(), st.text()))
def test_whatever_comes_is_one_line_that_ends_in_an_error_of_ours(
    status: int, body: object, headers: dict[str, str]
) -> None:
    fault = told(status, body, headers)
    assert isinstance(fault, ModelBusy | ModelDown | ModelRefused)
    assert "\n" not in str(fault)
    assert len(str(fault)) < 400


@pytest.mark.parametrize("before", [0, *range(160, 200)])
def test_a_key_in_the_services_own_words_is_not_repeated_nor_a_part_of_it(before: int) -> None:
    access = Access(key=Secret("canary-0123456789"))
    said = "x" * before + " canary-0123456789 is bad"
    assert "cana" not in str(told(400, {"error": {"message": said}}, access=access))
    assert "cana" not in str(told(502, f"<p>{said}</p>", access=access))


def test_a_days_quota_is_not_waited_for() -> None:
    fault = told(429, detail(violations=[{"quotaId": "RequestsPerDayPerProject"}], retryDelay="7s"))
    assert isinstance(fault, ModelBusy)
    assert fault.retry_after_s == math.inf


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, detail(reason="API_KEY_INVALID"), f"the key is refused: said (400); {SET_KEY}"),
        (401, detail(), f"the key is refused: said (401); {SET_KEY}"),
        (403, detail(), f"the key is refused: said (403); {SET_KEY}"),
        (404, detail(), "model 'm' is not there: said (404); name one that this account can use"),
        (400, detail(), "m: the request is refused: said (400); change it, asking again cannot help"),
    ],
)
def test_refusals_are_told_plainly(status: int, body: object, message: str) -> None:
    fault = told(status, body)
    assert isinstance(fault, ModelRefused)
    assert str(fault) == message
    assert (fault.exit_code, fault.retryable) == (2, False)


def test_what_is_no_server_of_gemini_is_told_by_its_address() -> None:
    access = Access(key=Secret("KEY"), base_url="http://me:password@proxy:8917/gemini")
    page = "<title>404</title><style>p { margin: 0 }</style><p>nothing\nhere</p>"
    said = "http://proxy:8917 is no server of Gemini: nothing here (404); mend or unset GOOGLE_GEMINI_BASE_URL"
    assert str(told(404, page, access=access)) == said
    assert "model 'm' is not there" in str(told(404, {"error": {"code": 404}}, access=access))


def test_an_html_page_is_told_by_its_text() -> None:
    assert "502: Bad gateway" in str(told(502, "<html><body>\n<h1>Bad gateway</h1></body></html>"))


@pytest.mark.parametrize("status", [401, 403])
def test_on_vertex_ai_the_account_is_told_and_no_key(status: int) -> None:
    said = str(told(status, detail(), access=BY_ACCOUNT))
    assert said == f"this machine's account in project trivia-prod is refused: said ({status}); {GIVE_ROLE}"
    assert "key" not in said


def test_a_service_that_is_not_enabled_is_no_refusal_of_the_account() -> None:
    said = str(told(403, detail(reason="SERVICE_DISABLED"), access=BY_ACCOUNT))
    assert said == "the service is not enabled: said (403); enable it, then run it again"


@pytest.mark.parametrize(
    ("body", "charge"),
    [
        ({"error": {"code": 503, "message": "overloaded"}}, "none"),
        ("<html>Bad gateway</html>", "whole"),
        ({"message": "<html>", "status": "Bad Gateway"}, "whole"),  # as google-genai hands on a page
    ],
)
def test_only_the_services_own_error_says_that_nothing_is_charged(body: object, charge: str) -> None:
    fault = told(503, body)
    assert isinstance(fault, ModelDown)
    assert fault.charge == charge
