"""Parameters of a run, judged by what the compiled pipeline declares: Vertex AI judges them only in the run."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

from pipelines import limits
from pipelines.compiled import Compiled, Input
from pipelines.config import KEYS, near
from pipelines.errors import all_at_once

_EXACT = 2**53
"""Parameters travel as protobuf Struct, whose numbers are doubles: beyond this, integers are rounded."""
_PLACEHOLDER = "{{$"
_KINDS = {
    "STRING": "a text",
    "NUMBER_INTEGER": "a whole number",
    "NUMBER_DOUBLE": "a number",
    "BOOLEAN": "true or false",
    "LIST": 'a list, as in a,b or ["a", "b"]',
    "STRUCT": 'a JSON object, as in {"a": 1}',
}


def settle(
    compiled: Compiled, filed: Mapping[str, object], written: Iterable[str], implied: Mapping[str, object]
) -> dict[str, object]:
    """The parameters of a run, each of its declared type; those that are not given keep the pipeline's default.

    Args:
        compiled: says what there is.
        filed: from the config file, typed.
        written: NAME=VALUE, as given on the command line; they go before those of the file.
        implied: what some parameters are if they are not given.

    Raises:
        BadInput: all that is wrong with them.
    """
    problems: list[str] = []
    texts = _split(written, problems)
    values: dict[str, object] = {}
    for name in dict.fromkeys((*filed, *texts)):
        declared = compiled.inputs.get(name)
        if not declared:
            problems.append(f"there is no parameter {name}, {_meant(name, compiled)}")
            continue
        try:
            values[name] = convert(texts[name], declared) if name in texts else checked(filed[name], declared)
        except ValueError as error:
            problems.append(str(error))
        except RecursionError:
            problems.append(f"parameter {name} is nested too deeply, write it flatter")
    for name, declared in compiled.inputs.items():
        if name in filed or name in texts:
            continue
        if name in implied:
            values[name] = implied[name]
        elif declared.needed:
            problems.append(f"parameter {name} is missing, add --param {name}=… ({_KINDS[declared.kind]})")
    problems += limits.problems(compiled.name, values)
    all_at_once(f"parameters of {compiled.name}", problems)
    return values


def convert(text: str, declared: Input) -> object:
    """A value that was written as text, in its declared type.

    Raises:
        ValueError: it is none.
    """
    try:
        value = _READ[declared.kind](text)
    except ValueError:
        raise ValueError(_wrong(declared, f'"{text}"')) from None
    return checked(value, declared)


def checked(value: object, declared: Input) -> object:
    """A value that has its declared type.

    Raises:
        ValueError: it has another one.
    """
    if not _IS[declared.kind](value):
        shown = f'"{value}"' if isinstance(value, str) else str(value)
        raise ValueError(f"{_wrong(declared, shown)}{_mend(value, declared)}")
    if odd := next((leaf for leaf in _leaves(value) if not _travels(leaf)), None):
        raise ValueError(f"parameter {declared.name}: {odd} cannot be sent as it is, write it as a text")
    if _PLACEHOLDER in str(value):
        raise ValueError(
            f"parameter {declared.name}: placeholders such as {_PLACEHOLDER}… are not resolved in values; "
            "leave the parameter out, the pipeline fills in the run's name and time itself"
        )
    return float(cast(float, value)) if declared.kind == "NUMBER_DOUBLE" else value


def _meant(name: str, compiled: Compiled) -> str:
    """What to write in the place of a parameter that there is not."""
    if name in KEYS:  # TOML takes what follows [parameters] for one
        return "write it above [parameters] in the config file"
    return limits.ELSEWHERE.get(name) or near(name, compiled.inputs)


def _split(written: Iterable[str], problems: list[str]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for pair in written:
        name, equals, text = pair.partition("=")
        name = name.strip()
        if not name or not equals:
            problems.append(f'--param "{pair}" has to be NAME=VALUE')
        elif texts.setdefault(name, text) != text:
            problems.append(f"parameter {name} is given twice, keep one")
    return texts


def _wrong(declared: Input, what: str) -> str:
    return f"parameter {declared.name} is {what} and has to be {_KINDS[declared.kind]}"


def _mend(value: object, declared: Input) -> str:
    """How a value of another type is written in its declared one, where that is plain."""
    if declared.kind == "STRING":
        items = value if isinstance(value, list) else [value]
        return f', write "{",".join(str(item).lower() if isinstance(item, bool) else str(item) for item in items)}"'
    return ", write it without quotes" if isinstance(value, str) and declared.kind not in ("LIST", "STRUCT") else ""


def _truth(text: str) -> bool:
    word = text.strip().lower()
    if word not in ("true", "false"):
        raise ValueError(text)
    return word == "true"


def _list(text: str) -> object:
    if text.lstrip().startswith("["):
        return json.loads(text)
    return [item.strip() for item in text.split(",")] if text.strip() else []


def _leaves(value: object) -> Iterator[object]:
    """All that a value is made of."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    else:
        yield value


def _travels(leaf: object) -> bool:
    """Whether a value arrives as it is sent."""
    if isinstance(leaf, int):
        return abs(leaf) <= _EXACT
    return math.isfinite(leaf) if isinstance(leaf, float) else leaf is None or isinstance(leaf, str)


def _strict(read: Callable[[str], object]) -> Callable[[str], object]:
    """Reads a text as it was typed; Python's own numbers may also have underscores and other scripts' digits."""

    def strictly(text: str) -> object:
        if "_" in text or not text.isascii():
            raise ValueError(text)
        return read(text)

    return strictly


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_READ: dict[str, Callable[[str], object]] = {
    "STRING": str,
    "NUMBER_INTEGER": _strict(int),
    "NUMBER_DOUBLE": _strict(float),
    "BOOLEAN": _truth,
    "LIST": _list,
    "STRUCT": json.loads,
}
_IS: dict[str, Callable[[object], bool]] = {
    "STRING": lambda value: isinstance(value, str),
    "NUMBER_INTEGER": _is_whole,
    "NUMBER_DOUBLE": _is_number,
    "BOOLEAN": lambda value: isinstance(value, bool),
    "LIST": lambda value: isinstance(value, list),
    "STRUCT": lambda value: isinstance(value, dict),
}
