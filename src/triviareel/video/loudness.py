"""Loudness and true peak of a soundtrack, measured while it streams by (ITU-R BS.1770-4, EBU R128).

The measuring is done by libavfilter's `ebur128`, in this process: it is gated, oversamples for the true peak, keeps a
histogram instead of the sound, and takes 2 ms for a second of stereo. That makes its memory constant.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

_STEP_S = Fraction(1, 10)
"""ebur128 reports every 100 ms."""
_GATE = -70.0
"""LUFS; BS.1770's absolute gate. ebur128 reports it for sound in which no block passes."""


class Meter:
    """A loudness meter for stereo blocks; asking for a result ends the measurement."""

    def __init__(self, rate: int, true_peak: bool = True) -> None:
        """Open the meter.

        Args:
            rate: samples a second.
            true_peak: whether to measure it; three quarters of the work.
        """
        self._rate = rate
        self._samples = 0
        self._ended = False
        self._last: dict[str, str] = {}
        graph = av.filter.Graph()
        options = "metadata=1:peak=true" if true_peak else "metadata=1"
        self._source = graph.add_abuffer(sample_rate=rate, format="flt", layout="stereo", time_base=Fraction(1, rate))
        meter = graph.add("ebur128", options)
        self._sink = graph.add("abuffersink")
        self._source.link_to(meter)
        meter.link_to(self._sink)
        graph.configure()
        self._graph = graph

    def push(self, block: NDArray[np.float32]) -> None:
        """Listen to the next stretch.

        Args:
            block: shape (n, 2), full scale ±1.
        """
        if self._ended:
            raise RuntimeError("the measurement has ended: open another meter")
        if len(block):
            self._send(block)

    def integrated(self) -> float:
        """Gated loudness of all that was heard, in LUFS; −inf for silence and for less than 400 ms."""
        self._end()
        value = float(self._last.get("lavfi.r128.I", _GATE))
        return value if value > _GATE else -math.inf

    def true_peak(self) -> float:
        """Greatest true peak of both channels, in dBTP, to the nearest thousandth of full scale."""
        self._end()
        value = float(self._last.get("lavfi.r128.true_peak", 0))
        return 20 * math.log10(value) if value > 0 else -math.inf

    def _end(self) -> None:
        """Fill the last tenth of a second up with silence: ebur128 reports whole ones only."""
        if self._ended:
            return
        step = int(self._rate * _STEP_S)
        if self._samples % step:
            self._send(np.zeros((-self._samples % step, 2), np.float32))
        self._ended = True
        self._source.push(None)
        self._drain()

    def _send(self, block: NDArray[np.float32]) -> None:
        packed = np.ascontiguousarray(block, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="flt", layout="stereo")
        frame.sample_rate = self._rate
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += len(block)
        self._source.push(frame)
        self._drain()

    def _drain(self) -> None:
        while True:
            try:
                report: Any = self._sink.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            if report.metadata:
                self._last = dict(report.metadata)
