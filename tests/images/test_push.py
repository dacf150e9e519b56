"""`make push` against a registry on loopback, with images of a few bytes."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from components.images import locked
from tests.images.containers import REPOSITORY, docker

VERSION = "0.0.0-push"


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[str]:
    """The address of a registry of our own, by Debian's docker-registry."""
    program = shutil.which("docker-registry")
    if not program:
        pytest.skip("no docker-registry is installed here (apt-get install docker-registry)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    config = tmp_path / "registry.yml"
    storage = f"storage: {{filesystem: {{rootdirectory: {tmp_path / 'registry'}}}}}"
    config.write_text(f"version: 0.1\nlog: {{level: error}}\n{storage}\nhttp: {{addr: '{address}'}}\n")
    with subprocess.Popen(
        [program, "serve", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(f"http://{address}/v2/")
            yield address
        finally:
            server.terminate()


def _wait_for(url: str) -> None:
    for _ in range(1200):
        try:
            urlopen(url, timeout=5).close()  # noqa: S310 - loopback
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"{url} does not answer")


def test_a_push_puts_digests_into_the_lock_by_which_the_images_are_pulled(registry: str, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    (checkout / "images").mkdir(parents=True)
    for name in ("Makefile", "pyproject.toml", "images/lock.py", "images/lock.toml"):
        shutil.copy(REPOSITORY / name, checkout / name)
    references = []
    for name in ("worker", "render"):
        (tmp_path / "Dockerfile").write_text(f"FROM scratch\nLABEL name={name}\n")
        local = f"registry.example/triviareel/{name}:{VERSION}"
        docker("build", "--quiet", "--tag", local, "--file", str(tmp_path / "Dockerfile"), str(checkout / "images"))
        references += [local, f"{registry}/trivia/{name}:{VERSION}"]
    words = ["make", "push", f"REGISTRY={registry}/trivia", f"VERSION={VERSION}"]
    try:
        done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        docker("rmi", *references)
        for name, image in locked(checkout / "images" / "lock.toml").items():
            assert image.reference.startswith(f"{registry}/trivia/{name}@sha256:")
            assert image.version == VERSION
            docker("pull", image.reference)
            label = docker("image", "inspect", "--format", "{{.Config.Labels.name}}", image.reference).stdout
            assert label == f"{name}\n"
            docker("rmi", image.reference)
    finally:
        docker("rmi", *references, check=False)


def test_a_push_to_nowhere_says_what_to_give() -> None:
    done = subprocess.run(["make", "push"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[0].startswith("make push: say where to: make push REGISTRY=")
