"""Looking at a video while it is made: every packet is read, every frame and sample decoded, little is kept.

`Inspector.watch` sees what comes out of the encoder; `verdict.findings` judges it; `check_file` proves that the
finished file holds the very packets that were seen.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import av
import numpy as np
from numpy.typing import NDArray

from triviareel.video.canvas import SAMPLE_RATE, Canvas
from triviareel.video.loudness import Meter
from triviareel.video.verdict import Seen

_GRID = 8
"""Every eighth pixel of every eighth line is looked at; nothing that a viewer would notice is smaller."""

ONSET_REACH = SAMPLE_RATE // 4
"""Samples before and after a reveal in which its ding is sought."""
_ONSET_LENGTH = SAMPLE_RATE // 4
"""Samples of the ding that are compared."""


class Inspector:
    """Watches one video."""

    def __init__(self, canvas: Canvas, frames: int, reveals: Sequence[int], ding: NDArray[np.float32]) -> None:
        """Prepare to watch.

        Args:
            canvas: the frame rate that is expected.
            frames: how many frames are expected.
            reveals: the frames in which dings start.
            ding: what they sound like, mono.
        """
        self._canvas = canvas
        self._frames = frames
        self._ding = ding[:_ONSET_LENGTH]
        self._reveals = deque(frame * canvas.samples_per_frame for frame in reveals)
        self._heard = np.zeros(0, np.float32)
        self._heard_from = 0
        self._past: deque[NDArray[np.int16]] = deque(maxlen=canvas.fps)
        self._last_pts: int | None = None
        self._meter = Meter(SAMPLE_RATE)
        self._energy = np.zeros(frames)
        self.seen = Seen()

    def watch(self, stream: IO[bytes]) -> Seen:
        """Read a fragmented MP4 to its end."""
        packets = PacketHash()
        with av.open(stream, mode="r", format="mp4") as container:
            for track in container.streams:
                track.codec_context.thread_count = 1  # beside an encoder that already uses every core
            for packet in container.demux():
                packets.add(packet)
                for frame in packet.decode():
                    self._look(frame) if isinstance(frame, av.VideoFrame) else self._listen(frame)
        self._find_dings(final=True)
        self.seen.energy = self._energy / self._canvas.samples_per_frame
        self.seen.loudness_lufs = self._meter.integrated()
        self.seen.true_peak_dbtp = self._meter.true_peak()
        self.seen.content_hash = packets.hexdigest()
        return self.seen

    def _look(self, frame: Any) -> None:
        seen = self.seen
        seen.frames += 1
        seen.width, seen.height = frame.width, frame.height
        pts, base = frame.pts or 0, frame.time_base
        if self._last_pts is not None and (pts - self._last_pts) * base * self._canvas.fps != 1:
            seen.uneven += 1
        self._last_pts = pts
        plane = frame.planes[0]
        luma = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[
            : frame.height : _GRID, : frame.width : _GRID
        ]
        small = luma.astype(np.int16)
        full = len(self._past) == self._past.maxlen
        seen.moved.append(float(np.abs(small - self._past[0]).mean()) if full else float("inf"))
        seen.brightest.append(int(small.max()))
        self._past.append(small)

    def _listen(self, frame: Any) -> None:
        seen = self.seen
        planes = frame.to_ndarray()  # fltp: (channels, samples)
        seen.channels, seen.sample_rate = planes.shape[0], frame.sample_rate
        if seen.channels != 2 or seen.sample_rate != SAMPLE_RATE:
            return  # the verdict names it
        start = int((frame.pts or 0) * frame.time_base * SAMPLE_RATE)
        seen.samples = start + frame.samples
        self._meter.push(planes.T)
        mono = planes.mean(axis=0)
        at = np.arange(start, start + frame.samples) // self._canvas.samples_per_frame
        np.add.at(self._energy, np.minimum(at, self._frames - 1), np.square(mono, dtype=np.float64))
        self._heard = np.concatenate([self._heard, mono])
        if len(self._heard) > 4 * SAMPLE_RATE:
            self._find_dings(final=False)

    def _find_dings(self, *, final: bool) -> None:
        """Place the dings of the reveals that lie in what was heard, and forget what no reveal needs."""
        end = self._heard_from + len(self._heard)
        while self._reveals and (final or self._reveals[0] + ONSET_REACH + _ONSET_LENGTH <= end):
            begin = self._reveals.popleft() - ONSET_REACH - self._heard_from
            window = self._heard[max(begin, 0) : begin + 2 * ONSET_REACH + _ONSET_LENGTH]
            self.seen.onsets.append(onset(window, self._ding, ONSET_REACH + min(begin, 0)))
        keep_from = end - SAMPLE_RATE
        if self._reveals:
            keep_from = min(keep_from, self._reveals[0] - ONSET_REACH)
        drop = max(0, keep_from - self._heard_from)
        self._heard, self._heard_from = self._heard[drop:], self._heard_from + drop


class PacketHash:
    """SHA-256 over the packets of each stream, whatever their interleaving."""

    def __init__(self) -> None:
        self._streams = {"video": hashlib.sha256(), "audio": hashlib.sha256()}

    def add(self, packet: Any) -> None:
        """Take in the next packet."""
        if packet.size:
            self._streams[packet.stream.type].update(bytes(packet))

    def hexdigest(self) -> str:
        """One hash over both streams, pictures first."""
        digests = b"".join(self._streams[kind].digest() for kind in ("video", "audio"))
        return hashlib.sha256(digests).hexdigest()


def onset(heard: NDArray[np.float32], ding: NDArray[np.float32], expected: int) -> tuple[int, float]:
    """Find a ding by matched filter: (samples late, likeness from 0 to 1)."""
    if len(heard) < len(ding):
        return 0, 0.0
    size = len(heard) + len(ding)
    match = np.fft.irfft(np.fft.rfft(heard, size) * np.fft.rfft(ding, size).conj(), size)[: len(heard) - len(ding) + 1]
    best = int(np.argmax(match))
    there = heard[best : best + len(ding)]
    norm = float(np.linalg.norm(there) * np.linalg.norm(ding))
    return best - expected, float(match[best]) / norm if norm else 0.0


def check_file(path: Path, seen: Seen, codec: str) -> list[str]:
    """What the finished file has that differs from what was seen, or lacks for being played everywhere."""
    packets = PacketHash()
    # ffmpeg 5.1 ends a track at a whole millisecond, and a packet of sound after that would not be read
    with av.open(str(path), options={"ignore_editlist": "1"}) as container:
        found = [stream.type for stream in container.streams]
        if sorted(found) != ["audio", "video"]:
            return [f"the file holds {' and '.join(found) or 'nothing'} instead of one picture and one sound stream"]
        for packet in container.demux():
            packets.add(packet)
        context = container.streams.video[0].codec_context
        tags = (context.color_primaries, context.color_trc, context.colorspace, context.color_range)
    faults = []
    if packets.hexdigest() != seen.content_hash:
        faults.append("the file does not hold the packets that were inspected")
    coded = context.codec.canonical_name  # its decoder may be called otherwise, such as libdav1d
    if coded != codec:
        faults.append(f"the pictures are coded as {coded}, not {codec}")
    if codec == "h264" and context.profile != "High":
        faults.append(f"the H.264 profile is {context.profile}, not High")
    if tags != (1, 1, 1, 1):  # ITU-T H.273: 1 is bt709; range 1 is limited
        faults.append(f"the colours are tagged {tags}, not bt709 of limited range")
    if not _starts_fast(path):
        faults.append("the index lies behind the pictures: it cannot be played while it is downloaded")
    return faults


def _starts_fast(path: Path) -> bool:
    """Whether the moov box comes before the mdat box (ISO/IEC 14496-12)."""
    with path.open("rb") as file:
        while head := file.read(8):
            size, kind = int.from_bytes(head[:4]), head[4:]
            if kind in (b"moov", b"mdat"):
                return kind == b"moov"
            if size < 8:
                return False
            file.seek(size - 8, 1)
    return False
