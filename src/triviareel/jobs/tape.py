"""Speech kept on disk and played from there: a video of an hour takes no more memory than one of a minute."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from triviareel.speech.clip import Samples

_WORD = np.dtype("<i2")


@dataclass(frozen=True, slots=True)
class Recording:
    """One clip on a tape; slices of it are read when they are asked for, as float32 mono."""

    tape: Path
    start: int
    """Samples from the tape's beginning."""
    length: int

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, part: slice) -> Samples:
        start, stop, _ = part.indices(self.length)
        count, offset = max(0, stop - start), (self.start + start) * _WORD.itemsize
        words = np.fromfile(self.tape, _WORD, count, offset=offset)
        return words.astype(np.float32) / np.float32(32767)


class Tape:
    """A file of 16-bit samples, to which clips are added one after the other."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._end = 0
        path.write_bytes(b"")

    def record(self, samples: Samples) -> Recording:
        """Add a clip, full scale ±1."""
        with self._path.open("ab") as file:
            file.write(np.rint(samples.clip(-1, 1) * 32767).astype(_WORD).tobytes())
        recording = Recording(self._path, self._end, len(samples))
        self._end += len(samples)
        return recording
