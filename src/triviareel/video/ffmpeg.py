"""Everything that starts a process: finding ffmpeg, proving what it can do, running it."""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeVar

from triviareel.errors import EncodeError, InputError, StallError, Stopped
from triviareel.video import nvenc
from triviareel.video.canvas import Canvas
from triviareel.video.encoder import ON_GPU, PROBES, Capabilities, Choice, video_arguments

STALL_S = 60.0
"""An encoder that finishes no frame for so long is ended; the slowest machine seen takes under a second a frame."""

_TAIL_LINES = 20
_PROGRESS = re.compile(r"^(?P<key>[a-z_0-9.]+)=\s*(?P<value>\S+)\s*$")

T = TypeVar("T")
_log = logging.getLogger(__name__)


def executable(choice: str = "auto") -> Path:
    """The ffmpeg to run: "embedded" (from imageio-ffmpeg), "system" (on the PATH), a path, or "auto".

    "auto" is the embedded one, because it is the one that is tested.

    Raises:
        InputError: there is none.
    """
    if choice in ("auto", "embedded"):
        return _embedded()
    found = shutil.which("ffmpeg" if choice == "system" else choice)
    if not found:
        where = "on the PATH" if choice == "system" else f"at {choice}"
        raise InputError(f"no ffmpeg {where}: install one, or use the embedded one (TRIVIAREEL_FFMPEG=embedded)")
    return Path(found)


def _embedded() -> Path:
    try:
        import imageio_ffmpeg  # is not in images that have a system's ffmpeg

        return Path(imageio_ffmpeg.get_ffmpeg_exe())
    except (ImportError, RuntimeError) as error:  # the package is missing, or no binary in it fits this machine
        raise InputError(
            "no embedded ffmpeg: install imageio-ffmpeg, or use the system's (TRIVIAREEL_FFMPEG=system)"
        ) from error


def candidates(choice: str = "auto") -> tuple[Path, ...]:
    """The ffmpegs to try in turn: with "auto", the system's comes second, for encoders that only it can drive."""
    paths = [executable(choice)]
    if choice == "auto" and (system := shutil.which("ffmpeg")):
        paths.append(Path(system))
    return tuple(paths)


def run(argv: list[str]) -> str:
    """Run ffmpeg to its end and return what it wrote to stderr.

    Raises:
        EncodeError: it failed.
    """
    done = subprocess.run(  # noqa: S603 - argv comes from the graph, never through a shell
        argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False
    )
    messages = done.stderr.decode(errors="replace")
    if done.returncode:
        raise EncodeError(argv, done.returncode, _tail(messages))
    return messages


@lru_cache
def version(path: Path) -> str:
    """The version that an ffmpeg says it has, such as "9.0.2".

    Raises:
        InputError: the file is no ffmpeg.
    """
    try:
        shown = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError as error:
        raise InputError(
            f"{path} cannot be run as ffmpeg: {error.strerror}; name another in TRIVIAREEL_FFMPEG"
        ) from error
    match = re.match(r"ffmpeg version n?(\S+)", shown.stdout)
    if not match:
        raise InputError(f"{path} does not answer as ffmpeg does; name another in TRIVIAREEL_FFMPEG")
    return match[1]


@lru_cache
def prove(path: Path, encoder: str) -> Capabilities:
    """Encode a few frames with one encoder: a listing proves nothing, since NVENC is listed without a GPU.

    NVENC encodes them just as it will encode a video, at full size: what it cannot do it says only then.
    """
    on_gpu = encoder in ON_GPU
    size = Canvas() if on_gpu else None
    source = f"testsrc2=size={f'{size.width}x{size.height}' if size else '640x360'}:rate=30"
    how = _flags(video_arguments(Choice(path, encoder), size)) if size else PROBES[encoder]
    argv = [str(path), "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", "8", *how, "-f", "null", "-"]
    try:
        run(argv)
    except EncodeError as error:
        known = nvenc.reason(error.stderr_tail) if on_gpu else None
        return Capabilities(path, encoder, working=False, reason=known or _first_cause(error.stderr_tail))
    return Capabilities(path, encoder, working=True)


@lru_cache
def prove_composition(path: Path) -> bool:
    """Lay a few frames with transparency on others on the GPU, just as a video's graph does, and encode them."""
    graph = (
        "testsrc2=s=1920x1080:r=30,format=yuv420p,hwupload[below];"
        "color=red@0.5:s=200x100:r=30,format=yuva420p,hwupload[above];"
        "[below][above]overlay_cuda=x='-20+n*4':y='if(lt(t,1),40,H)':eof_action=pass"
    )
    argv = [str(path), "-v", "error", "-init_hw_device", "cuda=gpu:0", "-filter_hw_device", "gpu",
            "-filter_complex", graph, "-frames:v", "8", "-c:v", "h264_nvenc", "-f", "null", "-"]  # fmt: skip
    try:
        run(argv)
    except EncodeError as error:
        _log.info("the GPU does not compose: %s", nvenc.reason(error.stderr_tail) or _first_cause(error.stderr_tail))
        return False
    return True


def encode(
    argv: list[str],
    *,
    cwd: Path,
    feed: Iterable[bytes],
    watch: Callable[[IO[bytes]], T],
    progress: Callable[[int, float], None],
    stop: threading.Event,
    stall_s: float = STALL_S,
) -> T:
    """Run an encode whose sound goes in through stdin and whose result is looked at on stdout while it grows.

    Args:
        argv: the command; it asks for `-progress pipe:2`.
        cwd: the folder in which the file is made.
        feed: the sound, in blocks of bytes.
        watch: reads stdout to its end, in this thread, and returns what it saw.
        progress: told the frames done and the frames a second, some twice a second.
        stop: when set, ffmpeg is ended at once.
        stall_s: how long may pass without a new frame.

    Raises:
        EncodeError: ffmpeg failed.
        StallError: it stopped making progress.
        Stopped: `stop` was set.
    """
    process = subprocess.Popen(  # noqa: S603 - argv comes from the graph, never through a shell
        argv,
        cwd=cwd,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches us alone, so that ffmpeg cannot close a short file as if it were whole
    )
    session = _Session(process, progress, stop, stall_s)
    threads = [
        threading.Thread(target=session.write, args=(feed,), daemon=True),
        threading.Thread(target=session.listen, daemon=True),
        threading.Thread(target=session.guard, daemon=True),
    ]
    for thread in threads:
        thread.start()
    failure: Exception | None = None
    seen: list[T] = []
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker; PIPE was asked for
        seen.append(watch(process.stdout))
    except Exception as error:  # noqa: BLE001 - ffmpeg's own reason, if it has one, comes first: see below
        failure = error
    finally:
        if not seen:
            process.kill()
        process.wait()
        for thread in threads:
            thread.join()
        for pipe in (process.stdout, process.stderr):
            pipe.close()  # type: ignore[union-attr]
    session.check(argv, killed_by_us=failure is not None)
    if failure is not None:
        raise failure
    return seen[0]


@dataclass
class _Session:
    """The three sides of a running encode besides its output: what goes in, what it says, whether it lives."""

    process: subprocess.Popen[bytes]
    progress: Callable[[int, float], None]
    stop: threading.Event
    stall_s: float
    tail: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL_LINES))
    frame: int = 0
    advanced: float = field(default_factory=time.monotonic)
    stalled: bool = False
    error: Exception | None = None
    """Ours, from one of the threads."""

    def write(self, feed: Iterable[bytes]) -> None:
        stdin = self.process.stdin
        assert stdin is not None  # noqa: S101 - for the type checker; PIPE was asked for
        try:
            with contextlib.suppress(BrokenPipeError):  # ffmpeg ended first, and its exit code tells why
                for block in feed:
                    stdin.write(block)
        except Exception as error:  # noqa: BLE001 - raised again by check()
            self._break_off(error)
        finally:
            with contextlib.suppress(BrokenPipeError):
                stdin.close()

    def listen(self) -> None:
        try:
            self._listen()
        except Exception as error:  # noqa: BLE001 - raised again by check()
            self._break_off(error)

    def _listen(self) -> None:
        speed = 0.0
        assert self.process.stderr is not None  # noqa: S101 - for the type checker; PIPE was asked for
        for raw in self.process.stderr:
            line = raw.decode(errors="replace").rstrip()
            match = _PROGRESS.match(line)
            if not match:
                self.tail.append(line)
            elif match["key"] == "fps":
                speed = float(match["value"])
            elif match["key"] == "frame" and int(match["value"]) > self.frame:
                self.frame, self.advanced = int(match["value"]), time.monotonic()
                self.progress(self.frame, speed)

    def _break_off(self, error: Exception) -> None:
        self.error = error
        self.process.kill()

    def guard(self) -> None:
        while self.process.poll() is None:
            self.stalled = time.monotonic() - self.advanced > self.stall_s
            if self.stop.wait(0.1) or self.stalled:
                self.process.kill()
                return

    def check(self, argv: list[str], *, killed_by_us: bool) -> None:
        said, code = "\n".join(self.tail), self.process.returncode
        if self.stop.is_set():
            raise Stopped("stopped while encoding; nothing was left behind")
        if self.stalled:
            raise StallError(argv, code, said, f"ffmpeg finished no frame for {self.stall_s:g} s and was ended")
        if self.error is not None:
            raise self.error
        if code > 0 or (code < 0 and not killed_by_us):
            raise EncodeError(argv, code, said)


def _flags(options: dict[str, str]) -> list[str]:
    return [word for name, value in options.items() for word in (f"-{name}", value)]


def _tail(messages: str) -> str:
    return "\n".join(messages.splitlines()[-_TAIL_LINES:])


def _first_cause(messages: str) -> str:
    lines = [re.sub(r"^\[[^]]*\]\s*", "", line) for line in messages.splitlines() if line.strip()]
    return lines[0] if lines else "it gave no reason"
