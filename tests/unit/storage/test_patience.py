import threading
import time

import pytest

from triviareel import ending
from triviareel.storage.patience import Patience, Tries


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that only waiting moves, and what was waited."""
    waited: list[float] = []

    def wait(seconds: float) -> bool:
        waited.append(seconds)
        return False

    monkeypatch.setattr(time, "monotonic", lambda: sum(waited))
    monkeypatch.setattr(ending, "wait", wait)
    return waited


def test_waits_and_timeouts_grow_to_their_limits_and_end(waits: list[float]) -> None:
    tries = Tries(Patience(), stranger=False)
    answers = [tries.timeout()[1]]
    while tries.wait():
        answers.append(tries.timeout()[1])
    assert answers[:7] == [4, 8, 16, 32, 60, 60, 60]
    assert [0.25 * 2**n <= wait <= 0.5 * 2**n for n, wait in enumerate(waits[:5])] == [True] * 5
    assert max(waits) <= 8
    assert 80 < sum(waits) <= 90


def test_a_service_that_never_answered_is_given_up_sooner(waits: list[float]) -> None:
    tries = Tries(Patience(), stranger=True)
    while tries.wait():
        pass
    assert 1 < sum(waits) <= 10


def test_who_is_told_to_stop_waits_no_more_and_asks_for_a_moment_only() -> None:
    tries = Tries(Patience(), stranger=False)
    with ending.stoppable() as stop:
        threading.Timer(0.02, stop.set).start()
        ended = threading.Event()
        threading.Thread(target=lambda: ended.set() if ending.wait(60) else None).start()
        assert ended.wait(50)
        assert ending.stopping()
        assert not tries.wait()
        assert tries.timeout() == (2, 2)
    assert not ending.stopping()
    assert tries.timeout()[0] == 5
