"""A job's manifest in its store, changed only by compare-and-swap: two runs of one job cannot overwrite each other."""

from __future__ import annotations

from triviareel.jobs import manifest
from triviareel.jobs.manifest import Manifest
from triviareel.storage import Store


class Ledger:
    """The present version of one manifest, and the right to replace it."""

    def __init__(self, store: Store, name: str) -> None:
        """Read the manifest called `name`, if there is one.

        Raises:
            InputError: it is damaged or from a newer version of this package.
        """
        self._store = store
        self._name = name
        found = store.stat(name)
        self._generation = found.generation if found else 0
        self.manifest: Manifest | None = manifest.loads(store.read(name), store.uri(name)) if found else None

    def save(self, changed: Manifest) -> Manifest:
        """Replace the manifest by its next version, which is returned.

        Raises:
            Conflict: another run has changed it meanwhile.
        """
        if changed != self.manifest:
            written = self._store.write(self._name, manifest.dumps(changed), expect=self._generation)
            self._generation, self.manifest = written.generation, changed
        return changed
