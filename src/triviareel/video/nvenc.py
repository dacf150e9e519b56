"""Why NVENC does not work, told from what ffmpeg says, with the mend; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_API = re.compile(r"required nvenc API version\. Required: (?P<wanted>[\d.]+) Found: (?P<found>[\d.]+)")
_DRIVER = re.compile(r"minimum required Nvidia driver for nvenc is (?P<least>[\d.]+) or newer")


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason, and what shows it."""

    sign: re.Pattern[str]
    """Found in ffmpeg's messages."""
    told: str


CAUSES = (
    Cause(
        re.compile(r"Unknown encoder '\w+_nvenc'"),
        "this ffmpeg is built without that encoder: use Debian's ffmpeg or the embedded one",
    ),
    Cause(
        re.compile(r"Cannot load libcuda\.so\.1|Could not dynamically load CUDA"),
        "no GPU: the NVIDIA driver is not there (libcuda.so.1): run it on a machine with a T4 or L4, and a container "
        "with its GPU given to it (docker run --gpus all; on Vertex AI an accelerator)",
    ),
    Cause(
        re.compile(r"Cannot load libnvidia-encode\.so\.1"),
        "the container may not encode (no libnvidia-encode.so.1): set NVIDIA_DRIVER_CAPABILITIES to "
        "compute,video,utility, and put the driver's libraries on LD_LIBRARY_PATH (/usr/local/nvidia/lib64)",
    ),
    Cause(
        re.compile(r"CUDA_ERROR_NO_DEVICE|no CUDA-capable device|No CUDA capable devices found"),
        "no GPU: the driver is there and finds none: give the container one (docker run --gpus all; on Vertex AI an "
        "accelerator)",
    ),
    Cause(
        re.compile(r"cuInit\(0\) failed"),
        "the driver does not start (cuInit): its version and the kernel's differ, or the GPU has failed; restart the "
        "machine or take another",
    ),
    Cause(
        re.compile(r"OpenEncodeSessionEx failed: (out of memory|incompatible client key)|maximum number of sessions"),
        "the GPU takes no more encoding sessions, or its memory is full: run fewer at a time (--workers)",
    ),
    Cause(
        re.compile(r"Codec not supported"),
        "this GPU cannot encode that codec (AV1 needs an L4 or newer): choose another encoder",
    ),
    Cause(
        # The last is said of a device that was named, as it is where the GPU composes, too.
        re.compile(r"unsupported device|No (NVENC )?capable devices found|doesn't support required NVENC features"),
        "this GPU has no encoder for it (A100, H100 and H200 have none; AV1 needs an L4): use a T4 or L4",
    ),
)
"""The first whose sign is found is told: later lines of ffmpeg's are consequences of earlier ones."""


def reason(messages: str) -> str | None:
    """Why an encode by NVENC failed, in a phrase with the mend; None if ffmpeg's messages show no known cause.

    Args:
        messages: what ffmpeg wrote to stderr.
    """
    if api := _API.search(messages):
        return _old_driver(messages, api)
    return next((cause.told for cause in CAUSES if cause.sign.search(messages)), None)


def _old_driver(messages: str, api: re.Match[str]) -> str:
    least = _DRIVER.search(messages)
    need = f"install {least['least']} or newer" if least else "install a newer one"
    return (
        f"the NVIDIA driver is too old (it has NVENC {api['found']}, this ffmpeg needs {api['wanted']}): {need}, or "
        "use Debian's ffmpeg 5.1, for which 470.57 is enough (TRIVIAREEL_FFMPEG=system)"
    )
