"""How far a long list is gone through: a bar where the number is known, else a count; on terminals alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

T = TypeVar("T")


def counted(items: Iterable[T], what: str, total: int | None = None) -> Iterator[T]:
    """The items themselves, and on stderr how many there have been so far.

    Args:
        items: anything.
        what: what is being done with them.
        total: how many there will be; None if that is not known.
    """
    console = Console(stderr=True)
    columns = [SpinnerColumn(), TextColumn("{task.description}", markup=False), MofNCompleteColumn()]
    columns += [BarColumn(bar_width=None)] if total else []
    bar = Progress(*columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal)
    with bar:
        yield from bar.track(items, total=total, description=what)
