"""A component describes and does nothing else."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import docstring_parser
import pytest

import components

FILES = sorted(file for file in Path(components.__file__).parent.glob("*.py") if "_" in file.stem.strip("_"))

DOES = (ast.If, ast.IfExp, ast.For, ast.While, ast.JoinedStr, ast.BinOp, ast.BoolOp, ast.Try, ast.With, ast.Lambda)
"""What would be a decision, a loop or a text made of placeholders."""


def test_there_is_one_for_each_step() -> None:
    assert [file.stem for file in FILES] == [
        "generate_questions", "plan_jobs", "render_videos", "report_run", "write_jobs",
    ]  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_wrapper_is_a_sentence(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, DOES)]
    (function,) = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert function.name == file.stem
    _, sentence = function.body  # the docstring is the other
    assert isinstance(sentence, ast.Return)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_argument_is_described(file: Path) -> None:
    component = getattr(importlib.import_module(f"components.{file.stem}"), file.stem)
    described = docstring_parser.parse(ast.get_docstring(_function(file)) or "")
    assert {one.arg_name for one in described.params} == {argument.arg for argument in _function(file).args.args}
    assert "Exit codes: 0" in (ast.get_docstring(_function(file)) or "")
    assert component.component_spec.name == file.stem.replace("_", "-")


def _function(file: Path) -> ast.FunctionDef:
    return next(node for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef))
