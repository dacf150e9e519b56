from pathlib import Path

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from triviareel.jobs.tape import Tape

clips = st.lists(arrays(np.float32, st.integers(0, 50), elements=st.floats(-1, 1, width=32)), max_size=5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(clips, st.integers(-60, 60), st.integers(-60, 60))
def test_a_slice_of_a_recording_is_a_slice_of_the_clip(
    tmp_path: Path, spoken: list[NDArray[np.float32]], start: int, stop: int
) -> None:
    tape = Tape(tmp_path / "speech.s16")
    recordings = [tape.record(clip) for clip in spoken]
    for clip, recording in zip(spoken, recordings, strict=True):
        assert len(recording) == len(clip)
        played = recording[start:stop]
        assert played.dtype == np.float32
        np.testing.assert_allclose(played, clip[start:stop], atol=1 / 32767)


def test_what_is_too_loud_is_held_at_full_scale(tmp_path: Path) -> None:
    recording = Tape(tmp_path / "speech.s16").record(np.array([2, -3], np.float32))
    assert recording[:].tolist() == [1, -1]
