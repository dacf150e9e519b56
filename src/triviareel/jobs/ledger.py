"""A job's manifest in its store, changed only by compare-and-swap: two runs of one job cannot overwrite each other."""

from __future__ import annotations

from collections.abc import Callable

from triviareel.errors import Conflict
from triviareel.jobs import manifest
from triviareel.jobs.manifest import Manifest
from triviareel.storage import Store

TRIES = 20
"""Of a change that others are faster than; as many as could want to change one job at once, and some more."""


class Ledger:
    """The present version of one manifest, and the right to replace it; see `find` and `begin`."""

    def __init__(self, store: Store, name: str, generation: int, manifest: Manifest) -> None:
        self._store = store
        self._name = name
        self._generation = generation
        self.manifest = manifest

    def refresh(self) -> None:
        """Take note of what others have changed."""
        if present := find(self._store, self._name):
            self._generation, self.manifest = present._generation, present.manifest

    def save(self, changed: Manifest) -> Manifest:
        """Replace the manifest by its next version, which is returned.

        Raises:
            Conflict: another run has changed it meanwhile.
        """
        if changed != self.manifest:
            written = self._store.write(self._name, manifest.dumps(changed), expect=self._generation)
            self._generation, self.manifest = written.generation, changed
        return changed

    def update(self, change: Callable[[Manifest], Manifest]) -> Manifest:
        """Replace the manifest by what `change` makes of it or, if another run was faster, of what that one left.

        Raises:
            Conflict: others were faster again and again, or have removed it.
        """
        for _ in range(TRIES):
            try:
                return self.save(change(self.manifest))
            except Conflict:
                self.refresh()
        uri = self._store.uri(self._name)
        raise Conflict(f"{uri} is gone, or changed by others all the time: let them finish, then run it again")


def find(store: Store, name: str) -> Ledger | None:
    """The ledger of a manifest; None if there is none.

    Raises:
        InputError: it is damaged or from a newer version of this package.
    """
    if not (found := store.stat(name)):
        return None
    return Ledger(store, name, found.generation, manifest.loads(store.read(name), store.uri(name)))


def begin(store: Store, name: str, planned: Manifest) -> Ledger:
    """The ledger of a manifest, which is written if it is not there yet.

    Raises:
        InputError: it is damaged or from a newer version of this package.
    """
    if present := find(store, name):
        return present
    try:
        return Ledger(store, name, store.write(name, manifest.dumps(planned), expect=0).generation, planned)
    except Conflict:  # another run was faster; unless it is gone again, its manifest is as good as ours
        present = find(store, name)
        if present is None:
            raise
        return present
