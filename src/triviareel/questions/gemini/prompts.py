"""The prompts, each a versioned file of its own, and their hash, which tells in a manifest what was asked with what."""

from __future__ import annotations

import hashlib
import string
from dataclasses import dataclass
from functools import cache
from importlib import resources

_PARTS = ("# System\n", "# Prompt\n")


@dataclass(frozen=True, slots=True)
class Template:
    """A prompt with gaps, as its file has it."""

    version: str
    system: str
    prompt: str

    def filled(self, **gaps: str) -> tuple[str, str]:
        """System text and prompt, their gaps filled. Raises KeyError where a gap's text is missing."""
        return string.Template(self.system).substitute(gaps), string.Template(self.prompt).substitute(gaps)


@cache
def load(name: str) -> Template:
    """The prompt called `name`: its file has a line `Version: N`, then a part `# System` and a part `# Prompt`."""
    text = _bytes(name).decode()
    head, system, prompt = text.replace(_PARTS[0], _PARTS[1]).split(_PARTS[1])
    return Template(head.removeprefix("Version:").strip(), system.strip(), prompt.strip())


@cache
def digest(*names: str) -> str:
    """A short hash of the files of some prompts."""
    whole = hashlib.sha256()
    for name in names:
        whole.update(hashlib.sha256(_bytes(name)).digest())
    return whole.hexdigest()[:16]


def _bytes(name: str) -> bytes:
    return resources.files(__package__).joinpath("prompts", f"{name}.md").read_bytes()
