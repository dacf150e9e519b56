"""Every error that triviareel raises on purpose.

    TriviaError
    ├── InputError          what was asked for or handed in cannot work; trying again cannot help   (exit 2)
    │   ├── QuestionError     a question or a questions.csv breaks its rules
    │   ├── ThemeError        a theme folder is incomplete or contradicts itself
    │   ├── TextError         a text does not fit at a legible size, or no font has its glyphs
    │   ├── VoiceError        the voice cannot say a text
    │   ├── AssetError        a template, timer or ding is missing or is not what its name says
    │   └── ModelRefused      the model's service refuses the key, the account, the model's name or the request
    ├── ModelError          the model gave no usable answer; trying again may help                  (exit 75)
    │   ├── ModelBusy         a limit on calls or tokens is reached; carries how long to wait
    │   ├── ModelDown         no whole answer arrived: server fault, cut, stall, deadline
    │   │   └── BatchEnded      a batch has ended without answers
    │   └── AnswerFault       an answer arrived and is of no use; carries what is wrong with it
    ├── TooFewQuestions     fewer good questions than asked for; carries why the others fell        (exit 75)
    ├── SpendCeiling        the next call could cost more than the run may spend                    (exit 2)
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
from collections.abc import Mapping
from typing import ClassVar, Literal

Charge = Literal["none", "whole", "batch"]
"""What a call without an answer may have cost at most: nothing, all that it allowed, or that at batch mode's price."""

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


class ModelRefused(InputError):  # noqa: N818 - the name says what is the matter
    """The model's service refuses the key, the account, the model's name or the request; asking again cannot help."""


class ModelError(TriviaError):
    """The model gave no usable answer."""

    exit_code = 75
    retryable = True


class ModelBusy(ModelError):  # noqa: N818 - it is a state, not a fault
    """A limit on calls or tokens is reached.

    Attributes:
        retry_after_s: seconds that the service asks to wait; None if it does not say, infinite if not today.
    """

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class ModelDown(ModelError):  # noqa: N818 - it is a state, not a fault
    """No whole answer arrived.

    Attributes:
        retry_after_s: seconds that the service asks to wait; None if it does not say.
        charge: what it may have cost all the same.
    """

    def __init__(self, message: str, retry_after_s: float | None = None, charge: Charge = "whole") -> None:
        self.retry_after_s = retry_after_s
        self.charge = charge
        super().__init__(message)


class BatchEnded(ModelDown):
    """A batch has ended without answers, so that looking again cannot help."""


class AnswerFault(ModelError):  # noqa: N818 - the fault is the answer's
    """An answer arrived and is of no use.

    Attributes:
        kind: "blocked", "empty", "cut", "recitation", "fenced", "mismatched" or "not JSON"; what is counted.
    """

    def __init__(self, kind: str, message: str) -> None:
        self.kind = kind
        super().__init__(message)


class TooFewQuestions(TriviaError):  # noqa: N818 - it is a state, not a fault
    """Fewer good questions than asked for.

    Attributes:
        asked: questions asked for.
        found: good ones there were.
        reasons: how many others fell, by reason.
    """

    exit_code = 75
    retryable = True

    def __init__(self, asked: int, found: int, reasons: Mapping[str, int]) -> None:
        self.asked = asked
        self.found = found
        self.reasons = dict(reasons)
        fell = ", ".join(f"{count} {reason}" for reason, count in self.reasons.items()) or "the model wrote no others"
        mend = "ask for fewer, for more topics, or try again"
        super().__init__(f"only {found} of {asked} questions are good ({fell}); {mend}")


class SpendCeiling(TriviaError):  # noqa: N818 - it is a state, not a fault
    """The next call could cost more than the run may spend."""


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
