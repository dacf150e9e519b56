"""A channel's ledger: every question that it has asked, over days and parallel writers, in a store.

    ledger/CHANNEL/parts/JOB-HASH.jsonl         one writer's questions; made once, never changed
    ledger/CHANNEL/segments/COUNT-NAME.bin      many parts compacted (see index.py); made once, never changed
    ledger/CHANNEL/head.json                    which segments count and which parts they hold; replaced by
                                                compare-and-swap

Writers only make new objects, so they cannot disturb each other; of two compactions at once one gives up. What a crash
leaves behind is either not yet mentioned by the head, or still listed there as held, and so never counts twice.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

from triviareel.errors import Conflict, InputError, StorageError
from triviareel.questions.ledger import index, normalise, similar
from triviareel.questions.ledger.files import Files, Head
from triviareel.questions.ledger.index import Entry, Segment
from triviareel.questions.ledger.normalise import Form
from triviareel.questions.ledger.similar import Likeness
from triviareel.questions.model import Question
from triviareel.storage import Store

BYTES_PER_TOKEN = 3
"""Of UTF-8; English has about 4 (Gemini API, "Understand and count tokens"), so that a budget is never exceeded."""
_LINE_BYTES = 3
"""A bullet, a space and a line end."""
RECENT_ROWS = 20_000
"""How far back `recent` looks for a topic."""
COMPARED = 100
"""Questions that are compared in full, those with the most common words; each takes some 70 µs."""
GROWTH = 4
"""A compaction takes in older segments up to this many times as large as what is new, so that each question is
rewritten log₄(N) times and there are as many segments."""
_READERS = 8
"""Parts read at a time: of a bucket each takes some 30 ms, whatever its size."""
_TRIES = 20
"""Compactions that may finish while a ledger is being read, before something must be wrong."""


@dataclass(frozen=True, slots=True)
class Match:
    """A question that was asked before."""

    question: str
    answer: str
    job: str
    at: str
    """When, in UTC."""
    exact: bool
    """Whether it has the same words; else it is a near repeat."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _View:
    """What was there at one time."""

    head: Head
    segments: tuple[Segment, ...]
    """Oldest first; what the head names, then one with all parts, if there are any."""
    parts: frozenset[str]
    """Names of the parts in the last segment."""


class Ledger:
    """What one channel has asked; several threads may use it at once.

    Args:
        store: where it is kept.
        channel: whose it is.
        clock: tells the time of what is added.

    Raises:
        InputError: it is damaged, or cannot be read by this version.
        StorageError: it cannot be read now.
    """

    def __init__(self, store: Store, channel: str, clock: Callable[[], datetime] = _now) -> None:
        self._files = Files(store, channel)
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Segment] = {}
        self._view = self._look()

    def __len__(self) -> int:
        return sum(segment.count for segment in self._view.segments)

    def refresh(self) -> None:
        """Take in what others have added."""
        with self._lock:
            self._view = self._look()

    def find(self, question: Question, job: str = "") -> Match | None:
        """An earlier question, of another job than `job`, that asks the same; exact repeats go first."""
        found = self._find(question, job, Likeness.SAME)
        return next((match for match in found if match.exact), found[0] if found else None)

    def perhaps(self, question: Question, limit: int = 3, job: str = "") -> tuple[str, ...]:
        """Earlier questions that may ask the same in other words, likeliest first: for the verifier to judge."""
        found = self._find(question, job, Likeness.PERHAPS)
        return tuple(dict.fromkeys(match.question for match in found))[:limit]

    def recent(self, tokens: int, topics: Sequence[str] = ()) -> tuple[str, ...]:
        """The questions asked last, newest first, as many as fit into some tokens of a prompt.

        Args:
            tokens: of all of them together, each on a line of its own.
            topics: slugs to keep to; none means all.
        """
        left, found = tokens * BYTES_PER_TOKEN, dict[str, None]()
        for entry in self._newest():
            if entry.question in found or (topics and entry.topic not in topics):
                continue
            left -= len(entry.question.encode()) + _LINE_BYTES
            if left < 0:
                break
            found[entry.question] = None
        return tuple(found)

    def add(self, questions: Sequence[Question], job: str) -> dict[str, Match]:
        """Remember what a job asks; the same again of the same job changes nothing.

        Returns:
            By id, those of the questions that another job has asked, as it did. Of two jobs that add the same question
            at the same time at least one is told so here, and drops it.

        Raises:
            StorageError, InputError: it cannot be written.
        """
        at = self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        entries = [Entry(at, job, q.topic, q.question, q.right_option) for q in questions]
        if entries:
            self._files.write_part(entries, job)
        self.refresh()  # only after writing, so that of two writers one sees the other
        found = ((question.id, self.find(question, job)) for question in questions)
        return {key: match for key, match in found if match}

    def compact(self, least: int = 200) -> bool:
        """Merge parts into segments, if there are at least `least`; whether it was done.

        Any number of processes may try at any time: of those that meet, all but one give up.
        """
        with self._lock:
            self._view = self._look()
            if len(self._view.parts) < max(least, 1):
                return False
            done = self._compact(self._view)
            self._view = self._look()
        return done

    def _compact(self, view: _View) -> bool:
        kept, merged = list(view.head.segments), [view.segments[-1]]
        while kept and view.segments[len(kept) - 1].count <= GROWTH * sum(segment.count for segment in merged):
            merged.insert(0, view.segments[len(kept) - 1])
            kept.pop()
        name = self._files.write_segment(merged)
        left = self._files.parts() & view.head.merged  # by a compaction that was ended
        # Whatever segment is there now and is not named by us belongs to a compaction that was ended, or that will
        # find our head in its way.
        useless = self._files.segments() - {*kept, name}
        try:
            self._files.replace_head(Head((*kept, name), view.parts | left), view.head.generation)
        except Conflict:
            self._files.drop((), [name])
            return False
        self._files.drop(view.parts | left, useless)
        return True

    def _look(self) -> _View:
        """A view of one moment: what a compaction replaces meanwhile is looked for again."""
        for _ in range(_TRIES):
            head = self._files.head()
            try:
                view = self._read(head)
            except InputError:
                if self._files.head().generation == head.generation:
                    raise
                continue
            if self._files.head().generation == head.generation:
                return view
        raise StorageError("the ledger changes faster than it can be read: try again when fewer jobs write to it")

    def _read(self, head: Head) -> _View:
        parts = self._files.parts() - head.merged
        missing = sorted(parts - self._known.keys())
        with ThreadPoolExecutor(_READERS) as readers:
            read = list(readers.map(self._files.read_part, missing))
        known = {name: segment for name, segment in self._known.items() if name in parts or name in head.segments}
        known |= {name: _built(entries, name) for name, entries in zip(missing, read, strict=True)}
        known |= {name: _current(self._files.segment(name), name) for name in head.segments if name not in known}
        self._known = known
        newest = sorted((known[name] for name in parts), key=lambda part: part.row(0))
        return _View(head, (*(known[name] for name in head.segments), *_joined(newest)), parts)

    def _find(self, question: Question, job: str, wanted: Likeness) -> list[Match]:
        """Earlier questions as like as wanted, those with the most common words first."""
        form = normalise.form(question.question, question.right_option)
        buckets = [int(bucket) for bucket in index.buckets([form])[0]]
        rows = (segment.row(at) for segment in self._view.segments for at in segment.likely(buckets))
        ranked = ((_share(form, row), number, row) for number, row in enumerate(rows))
        closest = heapq.nlargest(COMPARED, (found for found in ranked if found[0] >= similar.PERHAPS))
        entries = (Entry.of_row(row) for _, _, row in closest)
        return [
            Match(e.question, e.answer, e.job, e.at, exact=e.words == form.text)
            for e in entries
            if e.job != job and similar.compare(form, normalise.form(e.question, e.answer)) is wanted
        ]

    def _newest(self) -> Iterator[Entry]:
        rows = ((segment, at) for segment in reversed(self._view.segments) for at in reversed(range(segment.count)))
        return (Entry.of_row(segment.row(at)) for (segment, at), _ in zip(rows, range(RECENT_ROWS), strict=False))


def _share(form: Form, row: bytes) -> float:
    """Words in common, as a share of all (Dice's coefficient); of each of many rows, so no more of it is read."""
    words = row[row.rindex(b"\t") + 1 :].decode().split(" ")
    return 2 * len(form.words.intersection(words)) / (len(words) + len(form.words))


def _built(entries: Sequence[Entry], name: str) -> Segment:
    return Segment(memoryview(index.build(entries)), name)


def _current(segment: Segment, name: str) -> Segment:
    """The segment in this build's normal form."""
    return segment if segment.version == normalise.VERSION else index.rebuilt(segment, name)


def _joined(segments: Sequence[Segment]) -> Sequence[Segment]:
    """Many small segments as one, so that a look-up does not take longer with each."""
    if len(segments) < 2:
        return segments
    return [index.merged(segments, "parts")]
