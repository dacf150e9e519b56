import pytest
from hypothesis import given
from hypothesis import strategies as st

from triviareel.speech import script, voices
from triviareel.speech.normalise import speakable

CITIES = ("Paris", "Rome", "Athens", "Oslo")


def test_a_question_its_options_and_its_answer() -> None:
    lines = script.for_question("What is the capital of France?", CITIES, 0, "It lies on the Seine")
    assert lines.question == "What is the capital of France?"
    assert lines.options == ("A: Paris.", "B: Rome.", "C: Athens.", "D: Oslo.")
    assert lines.answer.endswith("A: Paris. It lies on the Seine.")


def test_the_wording_varies_from_question_to_question_and_never_for_one() -> None:
    def answers() -> list[str]:
        return [script.for_question(f"Question {n}?", CITIES, 1, "So it is.").answer for n in range(40)]

    assert answers() == answers()
    assert len(set(answers())) == 4
    assert all("B: Rome. So it is." in answer for answer in answers())


def test_symbols_are_spelled_where_the_question_asks_for_one() -> None:
    lines = script.for_question("What is the chemical symbol for indium?", ("In", "I", "Id", "Im"), 0, "")
    assert lines.options == ("A: I-N.", "B: I.", "C: I-D.", "D: I-M.")
    lines = script.for_question("Which animal lives in the sea?", ("Cod", "Cow", "Ape", "Hen"), 0, "")
    assert lines.options[0] == "A: Cod."
    lines = script.for_question("Which of these is the Roman numeral for 14?", ("XIV", "XVI", "XIIII", "IXV"), 0, "")
    assert lines.options[0] == "A: X-I-V."


def test_an_option_that_ends_in_a_mark_gets_no_second_one() -> None:
    lines = script.for_question("Which film?", ("Oliver!", "Mt. Everest Co.", "Who?", "J"), 1, "Yes.")
    assert lines.options == ("A: Oliver!", "B: Mt. Everest Co.", "C: Who?", "D: J.")
    assert lines.answer.endswith("B: Mt. Everest Co. Yes.")


def test_a_letter_is_not_read_as_the_initial_of_what_follows() -> None:
    lines = script.for_question("Which letter?", ("J", "K", "W", "Z"), 0, "Only Q is missing, too.")
    assert "A: J; Only Q" in speakable(lines.answer)


@given(
    st.text(max_size=60),
    st.lists(st.text(max_size=30), min_size=4, max_size=4),
    st.integers(0, 3),
    st.text(max_size=60),
)
def test_any_question_has_its_lines(question: str, options: list[str], index: int, explanation: str) -> None:
    lines = script.for_question(question, options, index, explanation)
    assert len(lines.options) == 4
    assert lines.options[index][0] in lines.answer


@pytest.mark.parametrize(
    ("title", "count", "said"),
    [
        ("Capitals of the world", 10, "Capitals of the world: ten questions."),
        ("Space", 1, "Space: one question."),
        ("", 5, "Five questions: let's go!"),
        ("A title that is much too long to be said", 25, "Twenty-five questions: let's go!"),
    ],
)
def test_the_intro(title: str, count: int, said: str) -> None:
    assert script.for_intro(title, count) == said


def test_intro_and_outro_last_three_seconds_at_most() -> None:
    voice = voices.open_voice("heart", None)
    titles = ("General knowledge", "World geography and nature", "Art, food, sport", "Geography, history and food", "")
    for text in (*(script.for_intro(title, count) for title in titles for count in (1, 10, 27)), script.for_outro()):
        assert 0.5 < voice.say(text).duration_s <= 3
