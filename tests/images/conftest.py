"""What the images' tests share: an engine with both images in it."""

import subprocess

import pytest

from tests.images.containers import REPOSITORY, docker


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    """Both images, built from this checkout."""
    answer = docker("version", "--format", "{{.Server.Version}}", check=False)
    assert answer.returncode == 0, f"no Docker engine answers: start one, or set DOCKER_HOST\n{answer.stderr}"
    done = subprocess.run(["make", "images"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
