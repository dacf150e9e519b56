"""The command that examines the machine."""

from __future__ import annotations

import json
from dataclasses import asdict

from rich.console import Console

from triviareel import settings
from triviareel.jobs import doctor as ward
from triviareel.jobs.doctor import Level

_MARKS = {Level.OK: "[green]✓[/]", Level.NOTE: "[yellow]–[/]", Level.MISSING: "[red]✗[/]"}


def doctor(root: str, *, as_json: bool) -> int:
    """Tell what there is; returns 0 if a video can be made, else 2."""
    console = Console(stderr=True, highlight=False)
    findings = []
    for finding in ward.examine(settings.read(), root):
        findings.append(finding)
        if as_json:
            print(json.dumps(asdict(finding), ensure_ascii=False), flush=True)
        console.print(f"{_MARKS[finding.level]} {finding.thing:<14} ", end="")
        console.print(
            finding.detail + (f"\n{'':17}→ {finding.mend}" if finding.mend else ""), markup=False, soft_wrap=True
        )
    well = ward.healthy(findings)
    console.print(
        "\nReady: make video, or triviareel make" if well else "\nNot ready: mend what is marked ✗", markup=False
    )
    return 0 if well else 2
