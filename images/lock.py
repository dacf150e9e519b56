r"""Writes images/lock.toml from the digests that a registry gave: the last thing that `make push` does.

    docker inspect --format '{{range .RepoDigests}}{{println .}}{{end}}' IMAGE … \
      | python3 images/lock.py REGISTRY VERSION

Needs nothing but Python, so that it runs on Cloud Build as it is.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from pathlib import Path

NAMES = ("worker", "render")
LOCK = Path(__file__).with_name("lock.toml")

_HEAD = (
    "# Which images the pipeline runs. `make push` fills the digests in; without one, the pipeline names the version.\n"
)


def lock(registry: str, version: str, pushed: Iterable[str]) -> str:
    """The text of the lock.

    Args:
        registry: where both images are, such as "europe-west4-docker.pkg.dev/my-project/triviareel".
        version: their tag.
        pushed: lines "REPOSITORY@sha256:…", among them one of each image; an engine also lists other registries'.

    Raises:
        ValueError: an image has no digest there.
    """
    lines = {line.strip() for line in pushed}
    text = _HEAD
    for name in NAMES:
        repository = f"{registry}/{name}"
        known = re.compile(re.escape(repository) + r"@(sha256:[0-9a-f]{64})")
        found = [match[1] for line in sorted(lines) if (match := known.fullmatch(line))]
        if len(found) != 1:
            raise ValueError(f"{repository}: {len(found)} digests instead of one; push it, and it alone, as {version}")
        text += f'\n[{name}]\nrepository = "{repository}"\nversion = "{version}"\ndigest = "{found[0]}"\n'
    return text


def main() -> int:
    """Write the lock, and say what is in it."""
    if len(sys.argv) != 3:
        print(f"usage: lock.py REGISTRY VERSION < DIGESTS   (writes {LOCK})", file=sys.stderr)
        return 2
    registry, version = sys.argv[1:]
    try:
        text = lock(registry, version, sys.stdin)
    except ValueError as error:
        print(f"lock.py: {error}", file=sys.stderr)
        return 2
    LOCK.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
