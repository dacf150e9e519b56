"""Compile the pipeline: build/trivia_videos.yaml, checked for what would fail only in a run.

    python compile.py [--render t4|l4|cpu] [--spot] [--parallelism N] [--output FILE]
    python compile.py --check     compare with tests/golden/, all kinds unless one is named
    python compile.py --bless     write tests/golden/ anew

Exit codes: 0 done; 1 the pipeline has faults or is not the committed one; 2 bad options, or nothing could be made.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipelines.compiled import DEFAULT, parse

KINDS = ("t4", "l4", "cpu")
GOLDEN = Path(__file__).resolve().parent / "tests" / "golden"

_TYPES = {"STRING": "str", "NUMBER_INTEGER": "int", "NUMBER_DOUBLE": "float", "BOOLEAN": "bool"}
_MOST_SHOWN = 10
_MOST_AT_ONCE = 300
"""All share 300 calls a minute to Gemini (its options' usual limit), and less than one cannot be had."""
_PACKAGES = "take .venv/bin/python, which `make test` sets up, or: pip install 'triviareel[pipeline]'"


def parser() -> argparse.ArgumentParser:
    """The command's options."""
    known = argparse.ArgumentParser(
        prog="python compile.py", description="Compile the pipeline and check it.", allow_abbrev=False
    )
    known.add_argument("--render", choices=KINDS, help="what videos are rendered on; t4 if not given")
    known.add_argument(
        "--spot", action="store_true", help="on machines that may be taken back, at a fraction of the price"
    )
    known.add_argument("--parallelism", type=_count, metavar="N", help="shards at a time, each on a machine of its own")
    known.add_argument("--output", type=Path, metavar="FILE", help=f"{DEFAULT} if not given")
    golden = known.add_mutually_exclusive_group()
    golden.add_argument("--check", action="store_true", help="compare with the committed pipelines")
    golden.add_argument("--bless", action="store_true", help="commit to what there is: write them anew")
    return known


def main(argv: list[str] | None = None) -> int:
    """What the shell is told: 0; 1 with the faults on stderr; or 2."""
    known = parser()
    given = known.parse_args(argv)
    golden = given.check or given.bless
    if golden and (given.output or given.parallelism):
        known.error("--output and --parallelism: what is committed has neither; leave them out")
    try:
        if golden:
            kinds = [given.render] if given.render else list(KINDS)
            spots = [True] if given.spot else [False, True]
            return max(_golden(kind, spot, given.bless) for kind in kinds for spot in spots)
        return _write(given.render or "t4", given.spot, given.parallelism, given.output or DEFAULT)
    except ModuleNotFoundError as error:
        print(f"{known.prog}: the package {error.name} is missing; {_PACKAGES}", file=sys.stderr)
    except OSError as error:
        where = error.filename or given.output or DEFAULT  # a full disk names no file
        print(f"{where}: {error.strerror}; choose another --output, or mend that", file=sys.stderr)
    return 2


def compiled(kind: str, spot: bool, parallelism: int | None = None) -> str:
    """The pipeline as YAML.

    Args:
        kind: one of KINDS.
        spot: see `--spot`.
        parallelism: shards at a time; the page's own if None.
    """
    from kfp.compiler import Compiler  # takes half a second, which `--help` need not

    from pipelines.rendering import rendering
    from pipelines.trivia_videos import PARALLELISM, trivia_videos

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "pipeline.yaml"
        Compiler().compile(trivia_videos(rendering(kind, spot), parallelism or PARALLELISM), str(file))
        return file.read_text("utf-8")


def parsed(text: str) -> list[Any]:
    """The documents of YAML; with the loader in C, which takes a tenth of the time."""
    import yaml

    return list(yaml.load_all(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def masked(document: Any) -> Any:
    """A document in which our images have names, whatever their version or digest."""
    from components import images

    names = {image.reference: f"({name} image)" for name, image in images.locked().items()}

    def mask(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: mask(value) for key, value in part.items()}
        if isinstance(part, list):
            return [mask(value) for value in part]
        return names.get(part, part) if isinstance(part, str) else part

    return mask(document)


def differences(one: Any, other: Any, at: str = "") -> Iterator[str]:
    """Where two documents differ, and how."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            if key not in one or key not in other:
                yield f"{at}/{key}: {'is new' if key in one else 'is gone'}"
            else:
                yield from differences(one[key], other[key], f"{at}/{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from differences(mine, theirs, f"{at}/{number}")
    elif one != other:
        yield f"{at}: {str(one)[:60]!r} was {str(other)[:60]!r}"


def _write(kind: str, spot: bool, parallelism: int | None, output: Path) -> int:
    from pipelines import lint

    text = compiled(kind, spot, parallelism)
    documents = parsed(text)
    if found := lint.problems(documents):
        return _faults(str(output), found)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, "utf-8")
    print(f"{output}: rendered on {kind}{' spot' if spot else ''}\n{_told(documents[0])}")
    for one in parse(documents[0], str(output)).unbuilt():
        print(f"note: {one}", file=sys.stderr)
    return 0


def _golden(kind: str, spot: bool, bless: bool) -> int:
    """One kind's file: written, or compared with what the pipeline is now."""
    import yaml

    from pipelines import lint

    documents = parsed(compiled(kind, spot))
    file = GOLDEN / f"trivia_videos_{kind}{'_spot' if spot else ''}.yaml"
    if found := lint.problems(documents):
        return _faults(file.name, found)
    now = masked(documents[0])
    if bless:
        file.write_text(yaml.safe_dump(now, width=120, allow_unicode=True), "utf-8")
    elif not file.exists():
        return _faults(file.name, ["is not there: python compile.py --bless"])
    elif changed := list(differences(now, parsed(file.read_text("utf-8"))[0])):
        more = [f"and {len(changed) - _MOST_SHOWN} more"] if len(changed) > _MOST_SHOWN else []
        return _faults(file.name, [*changed[:_MOST_SHOWN], *more, "if that is meant: python compile.py --bless"])
    print(f"{file.name}: {'written' if bless else 'as committed'}")
    return 0


def _faults(what: str, found: list[str]) -> int:
    for one in found:
        print(f"{what}: {one}", file=sys.stderr)
    return 1


def _told(spec: Mapping[str, Any]) -> str:
    """What was made, for people: images, machines, parameters."""
    from pipelines.spec import containers, declared, tasks

    running = containers(spec)
    retries = {task.component: task.body.get("retryPolicy", {}).get("maxRetryCount", 0) for task in tasks(spec)}
    lines = ["\nimages"]
    for image in dict.fromkeys(one.image for one in running):
        lines.append(f"  {image}  ({', '.join(one.name for one in running if one.image == image)})")
    lines.append("\ntasks")
    lines += [f"  {one.name:20}{one.machine!s:36}{retries[one.component]} retries" for one in running]
    limits = [task.body["iteratorPolicy"]["parallelismLimit"] for task in tasks(spec) if "iteratorPolicy" in task.body]
    lines.append(f"  {limits[0]} shards at a time")
    lines.append("\nparameters")
    for name, one in declared(spec["root"], "input", "parameters").items():
        kind = _TYPES[one["parameterType"]]
        lines.append(f"  {name:20}{kind:6}{_default(one.get('defaultValue'), kind):12}{one.get('description', '')}")
    return "\n".join(lines)


def _default(value: Any, kind: str) -> str:
    """As it would be written; whole numbers are doubles in the file."""
    if value is None:
        return "(needed)"
    return str(int(value)) if kind == "int" else str(value) or '""'


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= _MOST_AT_ONCE):
        raise argparse.ArgumentTypeError(f"{text}: choose 1 to {_MOST_AT_ONCE}")
    return int(text)


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `| head` has read enough: the file is written, nothing is wrong
    sys.exit(main())
