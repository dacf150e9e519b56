"""Why NVENC does not work, from messages that ffmpeg has written where it did not."""

from __future__ import annotations

from pathlib import Path

import pytest

from triviareel.errors import EncoderMissing
from triviareel.video import encoder, ffmpeg, nvenc
from triviareel.video.encoder import Capabilities

GENERAL = "Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect"

MESSAGES = {
    "no driver, ffmpeg 9.0": (
        "[h264_nvenc @ 0x563d1c333680] Cannot load libcuda.so.1\n"
        "[vost#0:0/h264_nvenc @ 0x563d1c332b40] [enc:h264_nvenc @ 0x563d1c3335c0] Error while opening encoder - maybe\n"
        "[vf#0:0 @ 0x563d1c34e6c0] Error sending frames to consumers: Operation not permitted",
        "no GPU: the NVIDIA driver is not there",
        "docker run --gpus all",
    ),
    "no driver, ffmpeg 5.1": (
        f"[h264_nvenc @ 0x55bd286933c0] Cannot load libcuda.so.1\n{GENERAL}",
        "no GPU",
        "T4 or L4",
    ),
    "no driver, composing": (
        "[AVHWDeviceContext @ 0x55bb61a6b900] Could not dynamically load CUDA\nDevice creation failed: -1.",
        "no GPU",
        "T4 or L4",
    ),
    "driver without a device": (
        "[h264_nvenc @ 0x5581] dl_fn->cuda_dl->cuInit(0) failed -> CUDA_ERROR_NO_DEVICE: no CUDA-capable device is "
        f"detected\n{GENERAL}",
        "no GPU: the driver is there and finds none",
        "accelerator",
    ),
    "driver that counts no device": (
        f"[h264_nvenc @ 0x5581] No CUDA capable devices found\n{GENERAL}",
        "no GPU: the driver is there and finds none",
        "accelerator",
    ),
    "driver that does not start": (
        f"[h264_nvenc @ 0x5581] dl_fn->cuda_dl->cuInit(0) failed -> CUDA_ERROR_UNKNOWN: unknown error\n{GENERAL}",
        "the driver does not start",
        "restart the machine",
    ),
    "capability video missing": (
        "[h264_nvenc @ 0x55bd94c6bb40] Cannot load libnvidia-encode.so.1\n"
        "[h264_nvenc @ 0x55bd94c6bb40] The minimum required Nvidia driver for nvenc is 435.21 or newer\n" + GENERAL,
        "the container may not encode",
        "NVIDIA_DRIVER_CAPABILITIES to compute,video,utility",
    ),
    "old driver": (
        "[h264_nvenc @ 0x7ff3] Driver does not support the required nvenc API version. Required: 9.1 Found: 9.0\n"
        "[h264_nvenc @ 0x7ff3] The minimum required Nvidia driver for nvenc is 418.30 or newer",
        "the NVIDIA driver is too old (it has NVENC 9.0, this ffmpeg needs 9.1)",
        "install 418.30 or newer",
    ),
    "old driver, least unknown": (
        "[h264_nvenc @ 0x1] Driver does not support the required nvenc API version. Required: 13.0 Found: 12.2\n"
        "[h264_nvenc @ 0x1] The minimum required Nvidia driver for nvenc is (unknown) or newer",
        "it has NVENC 12.2, this ffmpeg needs 13.0",
        "install a newer one, or use Debian's ffmpeg",
    ),
    "GPU without NVENC": (
        "[h264_nvenc @ 000001b572468100] OpenEncodeSessionEx failed: unsupported device (2)\n"
        "[h264_nvenc @ 000001b572468100] No NVENC capable devices found",
        "this GPU has no encoder for it",
        "use a T4 or L4",
    ),
    "no capable device": (
        "[av1_nvenc @ 0000021627f791c0] No capable devices found",
        "this GPU has no encoder for it",
        "AV1 needs an L4",
    ),
    "no capable device, composing": (
        "[h264_nvenc @ 0x1] Provided device doesn't support required NVENC features",
        "this GPU has no encoder for it",
        "use a T4 or L4",
    ),
    "codec": ("[av1_nvenc @ 0x1] Codec not supported\n[av1_nvenc @ 0x1] No capable devices found", "codec", "L4"),
    "full": (
        "[h264_nvenc @ 0x1] OpenEncodeSessionEx failed: out of memory (10)\n"
        "[h264_nvenc @ 0x1] No capable devices found",
        "the GPU takes no more encoding sessions",
        "--workers",
    ),
    "ffmpeg without it": ("Unknown encoder 'h264_nvenc'", "this ffmpeg is built without that encoder", "Debian's"),
}


@pytest.mark.parametrize(("messages", "cause", "mend"), MESSAGES.values(), ids=MESSAGES)
def test_the_cause_is_told_with_its_mend(messages: str, cause: str, mend: str) -> None:
    told = nvenc.reason(messages)
    assert told is not None
    assert cause in told
    assert mend in told
    assert "\n" not in told


@pytest.mark.parametrize("messages", ["", "Conversion failed!", "[h264_nvenc @ 0x1] InitializeEncoder failed: (8)"])
def test_what_is_not_known_is_left_to_ffmpegs_own_words(messages: str) -> None:
    assert nvenc.reason(messages) is None


@pytest.mark.parametrize("choice", ["embedded", "system"])
def test_a_machine_without_a_gpu_says_so_when_nvenc_is_asked_for_by_name(choice: str) -> None:
    path = Path(ffmpeg.executable(choice))
    found = ffmpeg.prove(path, "nvenc")
    if found.working:
        pytest.skip("this machine has NVENC")
    with pytest.raises(EncoderMissing) as error:
        encoder.choose("nvenc", [path], ffmpeg.prove)
    assert "encoder nvenc does not work on this machine" in str(error.value)
    assert found.reason.startswith(
        ("no GPU", "the container may not encode", "the NVIDIA driver is too old", "this GPU")
    )
    assert error.value.exit_code == 2


def test_av1_is_made_by_the_gpu_where_that_is_proven_and_else_by_the_processor() -> None:
    def proving(*working: str):  # type: ignore[no-untyped-def]  # a one-line fake, not a mock
        return lambda path, name: Capabilities(path, name, name in working)

    for working, chosen in [(("av1", "av1-nvenc"), "av1-nvenc"), (("av1", "nvenc"), "av1")]:
        assert encoder.choose("av1", [Path("ffmpeg")], proving(*working)).encoder == chosen
    assert set(encoder.NAMES) == {"x264", "nvenc", "av1"}
