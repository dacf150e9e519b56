"""The third stage: a job's dataset becomes its questions.csv, and the manifest says which version of it is meant."""

from __future__ import annotations

from contextlib import suppress

from triviareel.errors import Conflict, InputError
from triviareel.jobs import gate, places
from triviareel.jobs.desk import QUESTIONS, Desk, Outcome, Stages, attempt
from triviareel.jobs.generating import generated, load
from triviareel.jobs.ledger import Ledger
from triviareel.jobs.manifest import Manifest, Output, State
from triviareel.jobs.places import JobPlace
from triviareel.jobs.plan import Job
from triviareel.jobs.premiere import output
from triviareel.questions import csvfile
from triviareel.storage import Stat, Store


def write(desk: Desk, job: Job) -> Outcome:
    """Bring a job to `written`; a questions.csv that is there stays, whoever wrote it, if it is a sound one."""
    place = places.of_job(desk.request.channel, job.name)

    def do(ledger: Ledger, outcome: Outcome) -> Outcome:
        store = desk.store
        outputs = {} if store.stat(place.questions) else _from_dataset(desk, place, ledger)
        gate.questions(store, place.questions, outcome.csv)
        outputs["questions"] = _present(store, place.questions, ledger.manifest.outputs.get("questions"))

        def change(manifest: Manifest) -> Manifest:
            if all(manifest.outputs.get(kind) == made for kind, made in outputs.items()):
                return manifest
            return manifest.reach(State.WRITTEN, desk.clock(), outputs={**manifest.outputs, **outputs})

        ledger.update(change)
        return outcome

    return attempt(desk, job, Stages(current=QUESTIONS), do)


def _from_dataset(desk: Desk, place: JobPlace, ledger: Ledger) -> dict[str, Output]:
    """Write questions.csv, and before it rejected.jsonl if some were dropped; the latter's version is told."""
    store = desk.store
    if not (found := store.stat(place.dataset)):
        raise InputError(
            f"{store.uri(place.questions)} is not there, and no dataset to write it from: run generate first"
        )
    data = load(store, place)
    where = _present(store, place.dataset, ledger.manifest.outputs.get("dataset"), found)
    ledger.update(lambda manifest: generated(manifest, data, where, desk.clock()))
    outputs = {}
    if data.rejected:
        outputs["rejected_questions"] = output(store.write(place.rejected_questions, data.rejected.encode()))
    with suppress(Conflict):  # another run was faster; what is there now is judged next
        store.write(place.questions, csvfile.dumps(data.questions), expect=0)
    return outputs


def _present(store: Store, name: str, known: Output | None, found: Stat | None = None) -> Output:
    """The present version of an object; its digest is computed only if the manifest does not know that version."""
    found = found or store.stat(name)
    if found is None:
        raise InputError(f"{store.uri(name)} was removed while it was in use: run the same command again")
    if known and (known.uri, known.generation, known.size) == (found.uri, found.generation, found.size):
        return known
    return Output(found.uri, found.size, found.sha256 or store.sha256(name), found.generation)
