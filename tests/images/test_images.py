"""What is in the images, what is not, and under which restrictions they run."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.images.containers import IMAGES, STEPS, USER, VERSION, docker, run

MB = 1_000_000


def about(image: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(docker("image", "inspect", IMAGES[image]).stdout)
    return found[0]


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    """A folder that containers may write to."""
    tmp_path.chmod(0o777)
    return tmp_path


@pytest.mark.parametrize(("image", "most_mb"), [("worker", 450), ("render", 900)])
def test_images_are_small_and_say_what_they_are(image: str, most_mb: int) -> None:
    found = about(image)
    assert found["Size"] < most_mb * MB
    assert found["Config"]["Entrypoint"] is None
    assert found["Config"]["User"] == USER
    labels = {key.removeprefix("org.opencontainers.image."): value for key, value in found["Config"]["Labels"].items()}
    assert (labels["version"], labels["licenses"]) == (VERSION, "Apache-2.0")
    assert labels["revision"] != "unknown"
    assert labels["base.name"].startswith("python:3.12-slim")


def test_the_render_image_asks_for_the_gpus_video_engine() -> None:
    environment = dict(entry.split("=", 1) for entry in about("render")["Config"]["Env"])
    assert environment["NVIDIA_VISIBLE_DEVICES"] == "all"
    assert set(environment["NVIDIA_DRIVER_CAPABILITIES"].split(",")) == {"compute", "video", "utility"}


@pytest.mark.parametrize("image", IMAGES)
def test_nothing_in_an_image_builds_installs_or_orchestrates(image: str) -> None:
    looked_for = "import importlib.util, json, shutil, sys\n" + (
        "packages = [name for name in ('kfp', 'pip', 'setuptools', 'pytest', 'imageio_ffmpeg')"
        " if importlib.util.find_spec(name)]\n"
        "programs = [name for name in ('gcc', 'cc', 'make', 'git', 'curl') if shutil.which(name)]\n"
        "print(json.dumps([packages, programs, sys.prefix]))"
    )
    assert json.loads(run(image, "python3", "-c", looked_for).stdout) == [[], [], "/opt/triviareel"]


@pytest.mark.parametrize("image", IMAGES)
def test_a_container_may_change_nothing_of_what_it_runs(image: str) -> None:
    program = "id -u; find /opt /usr /etc -writable -not -type l 2>/dev/null || true"
    shown = docker("run", "--rm", "--network", "none", IMAGES[image], "sh", "-c", program).stdout  # also unrestricted
    assert shown == "10001\n"


@pytest.mark.parametrize(("step", "image"), STEPS.items())
def test_each_step_starts_without_network_and_on_a_root_that_is_read_only(step: str, image: str) -> None:
    shown = run(image, "python3", "-m", f"triviareel.steps.{step}", "--help").stdout
    assert shown.startswith(f"usage: python -m triviareel.steps.{step}")
    assert "--executor-output" in shown


def test_the_doctor_finds_the_render_image_well(shared: Path) -> None:
    told = run(
        "render", "triviareel", "doctor", "--root", "/out", "--json", options=("--volume", f"{shared}:/out")
    ).stdout
    findings: dict[str, Any] = {line["thing"]: line for line in map(json.loads, told.splitlines())}
    assert {finding["level"] for finding in findings.values()} <= {"ok", "note"}
    assert findings["ffmpeg"]["detail"].endswith("at /usr/bin/ffmpeg")
    assert [findings[f"encoder {name}"]["level"] for name in ("x264", "av1")] == ["ok", "ok"]
    # No GPU is lent to this container; that its driver is missed shows that NVENC itself is there.
    assert "libcuda" in findings["encoder nvenc"]["detail"]
    assert "heart" in findings["voices"]["detail"]


def test_scanners_find_the_packages_of_the_libraries_that_were_moved() -> None:
    listed = run("render", "cat", "/var/lib/dpkg/status.d/libavcodec59").stdout
    assert "Package: libavcodec59" in listed
    assert "Version: 7:5.1" in listed


def test_a_video_is_made_without_network_from_what_is_in_the_image(shared: Path) -> None:
    words = [
        "make",
        "--questions",
        "1",
        "--resolution",
        "720",
        "--fps",
        "24",
        "--seed",
        "7",
        "--json",
        "--root",
        "/out",
    ]
    done = run("render", "triviareel", *words, options=("--volume", f"{shared}:/out"))
    made = json.loads(done.stdout)
    assert Path(made["video"].replace("/out", str(shared), 1)).stat().st_size == made["size"]
    assert made["encoder"] == "x264"
    assert "drawing" not in done.stderr  # the asset pack is there
