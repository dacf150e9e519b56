"""Check infra/ without a cloud: what can be said of Terraform files before anybody applies them.

    python tools/check_infra.py infra checkov.json

Parses every file with python-hcl2, sees that what they refer to is declared and everything is documented, and judges
checkov's report: no check fails, no file is left out, and whatever is skipped has its reason beside it. Called by
`make lint-infra`, in an environment of its own. Exit codes: 0 nothing found; 1 something was.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hcl2

_REFERENCE = re.compile(r"\b(var|local|data\.google_\w+|google_\w+)\.(\w+)")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_INTERPOLATION = re.compile(r"\$\{([^}]*)\}")
_SERVICE = "google_project_service.needed"
_MADE = re.compile(r"\bgoogle_\w+\.\w+")
_EXACT = re.compile(r"\d+\.\d+\.\d+")

_FEWEST_CHECKS = 30
"""Fewer mean that checkov has not read what it was given."""

Block = dict[str, Any]


def main(argv: list[str]) -> int:
    """What the shell is told."""
    folder, report = Path(argv[0]), json.loads(Path(argv[1]).read_text("utf-8"))
    files = {file: file.read_text("utf-8") for file in sorted(folder.glob("*.tf"))}
    documents = {file: hcl2.loads(text) for file, text in files.items()}
    found = [
        *undeclared(files, documents),
        *undocumented(documents),
        *unpinned(documents),
        *hasty(documents),
        *failed(report),
    ]
    for one in found:
        print(one, file=sys.stderr)
    passed, skipped = report["summary"]["passed"], report["summary"]["skipped"]
    print(f"{folder}: {len(files)} files, {passed} checks passed, {skipped} skipped, {len(found)} found")
    return 1 if found else 0


def undeclared(files: dict[Path, str], documents: dict[Path, Block]) -> Iterator[str]:
    """References to what no file declares, and variables that nothing refers to."""
    declared = {name for document in documents.values() for name in _declared(document)}
    used = set()
    for file, text in files.items():
        for kind, name in _REFERENCE.findall(_code(text)):
            used.add(f"{kind}.{name}")
            if f"{kind}.{name}" not in declared:
                yield f"{file}: {kind}.{name} is declared nowhere"
    for name in sorted(declared - used):
        if name.startswith(("var.", "local.")):
            yield f"{name}: is used nowhere"


def undocumented(documents: dict[Path, Block]) -> Iterator[str]:
    """Variables and outputs without a description; variables without a type."""
    for file, document in documents.items():
        for kind, wanted in (("variable", ("description", "type")), ("output", ("description",))):
            for name, body in _blocks(document, kind):
                for what in wanted:
                    if what not in body:
                        yield f"{file}: {kind} {name} has no {what}"


def unpinned(documents: dict[Path, Block]) -> Iterator[str]:
    """Providers that may be another version tomorrow."""
    for file, document in documents.items():
        for terraform in document.get("terraform", []):
            for providers in terraform.get("required_providers", []):
                for name, one in providers.items():
                    if isinstance(one, dict) and not _EXACT.fullmatch(_plain(one.get("version", ""))):
                        yield f"{file}: provider {name} is not pinned to one version"


def hasty(documents: dict[Path, Block]) -> Iterator[str]:
    """Resources that are made beside the switching on of their service: in an empty project, before it.

    Those that refer to others wait with them. Members of the project itself need what is on before Terraform is run.
    """
    for file, document in documents.items():
        for kinds in document.get("resource", []):
            for kind, names in kinds.items():
                for name, body in names.items():
                    if not (_plain(kind).endswith(("_service", "_iam_member")) or _MADE.search(json.dumps(body))):
                        yield f"{file}: {_plain(kind)}.{_plain(name)} may be made too early: let it wait for {_SERVICE}"


def failed(report: Block) -> Iterator[str]:
    """What checkov found, could not read, or was told to skip for no reason."""
    results = report["results"]
    for check in results["failed_checks"]:
        yield f"infra{check['file_path']}: {check['resource']}: {check['check_name']} ({check['check_id']})"
    for file in results["parsing_errors"]:
        yield f"{file}: checkov cannot read it"
    for check in results["skipped_checks"]:
        reason = check["check_result"].get("suppress_comment", "")
        if len(reason) < 20 or reason.startswith("No comment"):
            yield f"infra{check['file_path']}: {check['check_id']} is skipped without a reason beside it"
    if report["summary"]["passed"] < _FEWEST_CHECKS:
        yield f"checkov made {report['summary']['passed']} checks, and should have made {_FEWEST_CHECKS} at least"


def _declared(document: Block) -> Iterator[str]:
    """Addresses of all that a file declares."""
    for name, _ in _blocks(document, "variable"):
        yield f"var.{name}"
    for body in document.get("locals", []):
        yield from (f"local.{_plain(name)}" for name in body if not name.startswith("__"))
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kinds in document.get(section, []):
            for kind, names in kinds.items():
                if isinstance(names, dict):
                    yield from (f"{prefix}{_plain(kind)}.{_plain(name)}" for name in names if not name.startswith("__"))


def _blocks(document: Block, kind: str) -> Iterator[tuple[str, Block]]:
    for block in document.get(kind, []):
        for name, body in block.items():
            if isinstance(body, dict):
                yield _plain(name), body


def _plain(text: str) -> str:
    """Without the quotes that python-hcl2 keeps."""
    return text.strip('"')


def _code(text: str) -> str:
    """What is evaluated: no comments, and of strings what is interpolated."""
    lines = (
        line.split("#")[0] if '"' not in line.split("#")[0] else _without_comment(line) for line in text.splitlines()
    )
    return _STRING.sub(lambda string: " ".join(_INTERPOLATION.findall(string[0])), "\n".join(lines))


def _without_comment(line: str) -> str:
    """A line without the comment behind its last string."""
    outside = _STRING.sub(lambda string: "x" * len(string[0]), line)
    return line[: outside.index("#")] if "#" in outside else line


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
