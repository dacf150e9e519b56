"""The images, built as `make images` does, and containers of them."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
VERSION: str = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
IMAGES = {name: f"registry.example/triviareel/{name}:{VERSION}" for name in ("worker", "render")}
"""What `make images` calls them."""

USER = "10001:10001"
TMPFS = "size=64m"
"""As small as a container's /tmp may be."""

STEPS = {"plan": "worker", "generate": "worker", "write": "worker", "render": "render", "report": "worker"}
"""Which image each step is run in."""


def docker(*words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run the client; DOCKER names another one than the first on the PATH."""
    client = os.environ.get("DOCKER", "docker")
    done = subprocess.run([client, *words], capture_output=True, text=True, check=False)
    assert not check or done.returncode == 0, f"docker {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done


def run(
    image: str, *command: str, options: tuple[str, ...] = (), check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command in a container that may write to its /tmp alone and, unless options say so, has no network."""
    network = () if "--network" in options else ("--network", "none")
    closed = ("--rm", "--read-only", "--tmpfs", f"/tmp:{TMPFS}", *network)  # noqa: S108 - the container's own
    return docker("run", *closed, *options, IMAGES[image], *command, check=check)
