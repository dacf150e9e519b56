"""Every error that triviareel raises on purpose.

    TriviaError
    ├── InputError          what was asked for or handed in cannot work; trying again cannot help   (exit 2)
    │   ├── QuestionError     a question or a questions.csv breaks its rules
    │   ├── ThemeError        a theme folder is incomplete or contradicts itself
    │   ├── TextError         a text does not fit at a legible size, or no font has its glyphs
    │   ├── VoiceError        the voice cannot say a text
    │   └── AssetError        a template, timer or ding is missing or is not what its name says
    ├── RenderError         the video could not be made
    │   ├── EncodeError       ffmpeg failed; carries argv, return code and the end of its messages
    │   │   └── StallError      ffmpeg stopped making progress and was ended
    │   ├── EncoderMissing    the encoder asked for does not work on this machine               (exit 2)
    │   └── InspectionError   a finished video is not what the storyboard says
    ├── StorageError        reading or writing failed; trying again may help                        (exit 75)
    │   └── Conflict          something else wrote the same name first                              (exit 75)
    └── Stopped             the work was told to stop (Ctrl-C, SIGTERM)                             (exit 75)

Each is one line that names the thing, what is wrong with it and the mend.
"""

from __future__ import annotations

import shlex
from typing import ClassVar

_TOLD_LINES = 3
"""Of what ffmpeg says last, the cause comes first and its consequences follow."""


class TriviaError(Exception):
    """Root of the tree.

    `exit_code` is what a process that ends with it returns; `retryable` tells whether a retry can help.
    """

    exit_code: ClassVar[int] = 2
    retryable: ClassVar[bool] = False


class InputError(TriviaError):
    """What was asked for or handed in cannot work."""


class QuestionError(InputError):
    """A question or a questions.csv breaks its rules."""


class ThemeError(InputError):
    """A theme folder is incomplete or contradicts itself."""


class TextError(InputError):
    """A text does not fit at a legible size, or no font has its glyphs."""


class VoiceError(InputError):
    """The voice cannot say a text."""


class AssetError(InputError):
    """A template, timer or ding is missing or is not what its name says."""


class RenderError(TriviaError):
    """The video could not be made."""

    exit_code = 75
    retryable = True


class EncodeError(RenderError):
    """ffmpeg failed.

    Attributes:
        argv: the command that was run.
        returncode: its exit status; negative for a signal.
        stderr_tail: the last lines of what it said.
    """

    def __init__(self, argv: list[str], returncode: int, stderr_tail: str, what: str = "ffmpeg failed") -> None:
        self.argv = argv
        self.returncode = returncode
        self.stderr_tail = stderr_tail
        said = "; ".join(stderr_tail.split("\n")[-_TOLD_LINES:]).strip("; ") or "it gave no reason"
        super().__init__(f"{what} (exit {returncode}): {said}")

    def command(self) -> str:
        """The command as it could be pasted into a shell."""
        return shlex.join(self.argv)


class StallError(EncodeError):
    """ffmpeg stopped making progress and was ended."""


class EncoderMissing(RenderError):  # noqa: N818 - the name says what is the matter
    """The encoder asked for does not work on this machine; named encoders never fall back silently."""

    exit_code = 2
    retryable = False


class InspectionError(RenderError):
    """A finished video is not what the storyboard says.

    Attributes:
        findings: one sentence a fault.
    """

    def __init__(self, findings: list[str]) -> None:
        self.findings = findings
        super().__init__("the finished video failed inspection: " + "; ".join(findings))


class StorageError(TriviaError):
    """Reading or writing failed."""

    exit_code = 75
    retryable = True


class Conflict(StorageError):  # noqa: N818 - it is a state, not a fault
    """Something else wrote the same name first, and its work stands."""


class Stopped(TriviaError):  # noqa: N818 - it is a state, not a fault
    """The work was told to stop."""

    exit_code = 75
    retryable = True
