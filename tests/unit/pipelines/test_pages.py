"""What docs/ says of the pipeline is so."""

from __future__ import annotations

import re
from pathlib import Path

from pipelines import config, lint
from pipelines.rendering import KINDS
from pipelines.trivia_videos import PARALLELISM

ROOT = Path(__file__).resolve().parents[3]
PIPELINE = (ROOT / "docs" / "pipeline.md").read_text("utf-8")
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")


def test_every_rule_of_the_lint_is_told() -> None:
    assert not [rule.__name__ for rule in lint.RULES if f"`{rule.__name__}`" not in PIPELINE]


def test_machines_are_those_that_are_asked_for() -> None:
    for kind, (shape, encoder) in KINDS.items():
        assert re.search(rf"\| `{kind}` \| {shape.machine}\b.* \| `{encoder}` \|", PIPELINE)
    assert f"--parallelism N`, {PARALLELISM} if not given" in PIPELINE


def test_the_way_asks_for_outputs_that_there_are() -> None:
    there = set(re.findall(r'^output "(\w+)"', (ROOT / "infra" / "outputs.tf").read_text("utf-8"), re.MULTILINE))
    asked = set(re.findall(r"output -raw (\w+)", DEPLOY))
    assert asked
    assert asked <= there


def test_the_example_names_what_terraform_makes() -> None:
    infra = "".join(file.read_text("utf-8") for file in (ROOT / "infra").glob("*.tf"))
    example = config.read(ROOT / config.EXAMPLE)
    buckets = {f"gs://{example.project}{end}" for end in re.findall(r'name += "\$\{var\.project\}([\w-]+)"', infra)}
    accounts = {
        f"{name}@{example.project}.iam.gserviceaccount.com" for name in re.findall(r'account_id += "(.+)"', infra)
    }
    assert example.bucket in buckets
    assert example.service_account in accounts
    assert set(re.findall(r"gs://quiz-project-\w+", DEPLOY)) <= buckets


def test_every_role_that_terraform_gives_is_told() -> None:
    infra = "".join(file.read_text("utf-8") for file in (ROOT / "infra").glob("*.tf"))
    told = (ROOT / "infra" / "README.md").read_text("utf-8")
    roles = set(re.findall(r'"roles/([\w.]+)"', infra))
    assert roles
    assert not [role for role in roles if f"`{role}`" not in told]


def test_pages_name_files_that_there_are() -> None:
    named = set(re.findall(r"`((?:tests|pipelines|components|images|config|infra|src)/[\w./]+)`", PIPELINE + DEPLOY))
    made_by_the_reader = {"config/pipeline.toml"}
    assert not [name for name in named - made_by_the_reader if not (ROOT / name).exists()]
