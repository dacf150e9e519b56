"""Why steps of a run ended before they were done: what no single job's manifest can tell, such as a refused key."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from triviareel.errors import InputError, Stopped, TriviaError
from triviareel.jobs.runs import RunPlace
from triviareel.storage import Store

log = logging.getLogger(__name__)

_FOLDER = "ended"


@dataclass(frozen=True, slots=True)
class End:
    """One step that ended, until it is run again and comes through."""

    step: str
    shard: str
    """Its key; empty for a step of the whole run."""
    error: str
    """The class of the error."""
    message: str
    time: str
    """UTC, ISO 8601."""


@contextmanager
def noted(store: Store, place: RunPlace, step: str, shard: str, now: datetime) -> Iterator[None]:
    """Write down why the block ended, if it ends by an error; if it does not, what was written before is removed.

    A step that was only told to stop is run again by whoever stopped it, and has nothing to explain.
    """
    name = place.ended(step, shard)
    try:
        yield
    except Stopped:
        raise
    except Exception as error:
        end = End(step, shard, type(error).__name__, " ".join(str(error).split()), now.isoformat(timespec="seconds"))
        _try(lambda: store.write(name, (json.dumps(asdict(end), ensure_ascii=False) + "\n").encode()))
        raise
    _try(lambda: store.delete(name))


def load(store: Store, place: RunPlace) -> list[End]:
    """What is written down of a run, in order of steps and shards.

    Raises:
        InputError, StorageError: it cannot be read.
    """
    found = []
    for stat in store.list(f"{place.folder}/{_FOLDER}"):
        try:
            found.append(End(**json.loads(store.read(stat.name))))
        except InputError:
            if store.stat(stat.name):
                raise
            log.debug("%s is gone: its step has come through meanwhile", stat.uri)
        except (ValueError, TypeError):  # no file of ours
            log.warning("%s is damaged: delete it", stat.uri)
    return found


def _try(act: Callable[[], object]) -> None:
    try:
        act()
    except TriviaError as error:
        log.warning("why the step ended is not written down: %s", error)
