"""The five steps as containers run them, each a process of its own, with what its image does not have taken away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ONLY_RENDER = ("av", "hibari", "onnxruntime", "scipy", "ffmpeg", "imageio_ffmpeg")
ONLY_WORKER = ("google.genai", "rapidfuzz", "snowballstemmer")
"""What the worker's image and the render image do without."""

CODE = "tested"
"""One version of the code for all steps, also while it is being changed."""

_PROGRAM = f"""
import runpy, sys
for name in sys.argv.pop(1).split(","):
    sys.modules[name] = None
from triviareel.jobs import fingerprint
fingerprint.code_version = lambda: {CODE!r}
runpy.run_module("triviareel.steps." + sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


@dataclass(frozen=True)
class Steps:
    """A run's steps."""

    root: str
    folder: Path
    """For what they hand on."""
    assets: str = ""
    run: str = "r"

    def argv(self, step: str, shard: str = "", **options: str) -> list[str]:
        """A step's arguments; those of its artifacts are there already."""
        outputs = {
            "plan": ["jobs"],
            "generate": ["questions"],
            "write": ["written"],
            "render": ["videos"],
            "report": ["report", "summary", "metrics", "dead-letters"],
        }[step]
        inputs = {"generate": ["jobs"], "write": ["questions"], "render": ["written"]}.get(step, [])
        words = {"root": self.root, "channel": "demo", "run": self.run}
        words["executor-output"] = str(self.path(step, "executor_output.json", shard))
        words |= {f"{name}-uri": f"gs://pipeline/{name}{shard}" for name in outputs}
        words |= {name: str(self.path(step, name, shard)) for name in outputs}
        words |= {name: str(self.handed(name, shard)) for name in inputs}
        words |= {"shard": shard} if shard else {}
        words |= {"shards": str(self.path(step, "shards"))} if step == "plan" else {}
        words |= {"assets": self.assets} if step in ("plan", "render") else {}
        words |= {name.replace("_", "-"): value for name, value in options.items()}
        return [word for name, value in words.items() for word in (f"--{name}", value)]

    def path(self, step: str, name: str, shard: str = "") -> Path:
        """Where a step writes something; none of its parents is there yet."""
        return self.folder / f"{step}{shard}" / "deep" / name

    def handed(self, name: str, shard: str) -> Path:
        """Where an earlier step has written an artifact."""
        step = {"jobs": "plan", "questions": "generate", "written": "write", "videos": "render"}[name]
        return self.path(step, name, "" if step == "plan" else shard)

    def process(self, step: str, shard: str = "", **options: str) -> subprocess.CompletedProcess[str]:
        """Run a step as a process of its own."""
        lacking = ONLY_WORKER if step == "render" else ONLY_RENDER
        words = [sys.executable, "-c", _PROGRAM, ",".join(lacking), step, *self.argv(step, shard, **options)]
        return subprocess.run(words, env=dict(os.environ), capture_output=True, text=True, check=False)

    def rows(self, name: str, shard: str = "") -> list[dict[str, Any]]:
        """The rows of an artifact."""
        path = self.path("report", name) if name == "dead-letters" else self.handed(name, shard)
        return [json.loads(line) for line in path.read_bytes().splitlines()]

    def metadata(self, step: str, shard: str = "") -> dict[str, dict[str, Any]]:
        """What a step's executor output tells of its artifacts, by name; their URIs are those that it was given."""
        told = json.loads(self.path(step, "executor_output.json", shard).read_bytes())["artifacts"]
        for name, listed in told.items():
            [one] = listed["artifacts"]
            assert one["uri"] == f"gs://pipeline/{name.replace('_', '-')}{shard}"
        return {name: listed["artifacts"][0]["metadata"] for name, listed in told.items()}
